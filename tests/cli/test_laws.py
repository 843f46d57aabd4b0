"""Laws that relate the verdicts of one policy to those of another: what is taken away adds no way, order and names do not matter, and
of two pods that become one each member can do what it could."""
import json
import random
import re
import unittest

from cli import CliTest
from needs import main

CONTAINERS = "ABCDEF"
VOLUMES = ("V0", "V1", "V2")
SEEDS = range(12)


def claims_of():
    """Claims about authority and about influence; both are violated by more sentences, never by fewer."""
    for name in CONTAINERS:
        yield f"prove keeps_{name}: {name} cannot acquire read, write on V0:\"/x/**\";"
    for one, other in zip(CONTAINERS, CONTAINERS[1:] + CONTAINERS[:1]):
        yield f"prove from_{one}: {one} protected from {other};"
        yield f"prove apart_{one}: {one} isolated from {other};"
    yield "prove inside: no flow Secret -> network;"
    yield "prove cleared: no flow Secret -> Public;"


class System:
    """A random policy: containers with their sentences, two pods, channels and delegations between containers and pods."""

    def __init__(self, seed):
        draw = random.Random(seed)
        self.bodies = {name: [] for name in CONTAINERS}
        for name, body in self.bodies.items():
            for volume in draw.sample(VOLUMES, 2):
                body.append(f"mount {volume} at \"/{volume.lower()}\";")
            for _ in range(draw.randrange(3)):
                right, place = draw.choice(("read", "write", "read, write")), draw.choice(("x", "y", "z"))
                body.append(f"may {right} {draw.choice(VOLUMES)}:\"/{place}/**\";")
            if draw.random() < 0.2:
                body.append("may connect Away;")
        self.pods = {"P": draw.sample("ABC", 2), "Q": draw.sample("DEF", 2)}
        self.sentences = []
        for number in range(4):
            giver, taker = draw.sample([*CONTAINERS, "P", "Q"], 2)
            if self.pods.get(giver) and taker in self.pods[giver] or self.pods.get(taker) and giver in self.pods[taker]:
                continue
            self.sentences.append(f"channel c{number}: {giver} -> {taker} {{ mediated by kernel; }}")
            right, place = draw.choice(("read", "write")), draw.choice(("x", "y"))
            if draw.random() < 0.7:
                self.sentences.append(f"{giver} may delegate {right} on V{draw.randrange(2)}:\"/{place}/**\" to {taker} via c{number};")

    def text(self, turned=False):
        declared = ["label Public < Secret;", "volume V0 label Secret;", "volume V1, V2;", "net Away = any;"]
        declared += [f"container {name} {{ {' '.join(reversed(body) if turned else body)} }}" for name, body in self.bodies.items()]
        declared += [f"pod {name} = {', '.join(members)};" for name, members in self.pods.items()]
        declared += self.sentences + list(claims_of())
        if turned:  # the first two stay: labels are declared before they are used
            declared = declared[:1] + declared[:0:-1]
        return "module laws;\n" + "\n".join(declared) + "\n"


class Laws(CliTest):
    def violated(self, text):
        """The claims that are violated; nothing here is unknown."""
        done = self.run_it("prove", "--no-cache", "--no-coverage", "--timeout", "300000", "--format", "json", self.file("laws.bh", text))
        self.assertIn(done.returncode, (0, 1), done.stdout + done.stderr + text)
        found = {claim["name"]: {case["verdict"] for case in claim["cases"]} for claim in json.loads(done.stdout)["claims"]}
        self.assertLessEqual(set().union(*found.values()), {"holds", "vacuous", "violated"}, text)
        return {name for name, verdicts in found.items() if "violated" in verdicts}

    def test_a_sentence_that_is_taken_away_adds_no_way(self):
        lost = 0
        for seed in SEEDS:
            system = System(seed)
            before = self.violated(system.text())
            draw = random.Random(seed)
            if system.sentences:
                gone = draw.choice(system.sentences)
                via = re.match(r"channel (\w+):", gone)
                system.sentences = [one for one in system.sentences
                                    if one != gone and not (via and one.endswith(f"via {via.group(1)};"))]
            else:
                body = draw.choice([body for body in system.bodies.values() if len(body) > 2] or [["", "", ""]])
                body.pop()
            after = self.violated(system.text())
            self.assertLessEqual(after, before, system.text())
            lost += after != before
        self.assertGreater(lost, 2, "what is taken away decides nothing")

    def test_order_and_names_do_not_matter(self):
        found = 0
        for seed in SEEDS:
            system = System(seed)
            turned = re.sub(r"\b([A-FPQ]|V\d|c\d)\b", r"other_\1", system.text(turned=True))
            before = self.violated(system.text())
            self.assertEqual(self.violated(turned), before, turned)
            found += len(before)
        self.assertGreater(found, 20, "nothing is violated")

    def test_a_pack_of_ones_own_is_proved_where_it_is_asked_for(self):
        self.file("mine.bh", "module mine;\nprove quiet: for c in containers: c cannot connect any;\n")
        policy = "module p;\nimport mine;\ncontainer Walled {}\ncontainer Talker { may connect any; }\npod Inner = Walled;\n"
        for asked, status, names in (("prove pack mine for pod Inner;", 0, ["Inner.mine.quiet"]), ("prove pack mine;", 1, ["mine.quiet"]),
                                     ("prove here: Walled cannot connect any;", 1, ["here", "quiet"])):
            done = self.expect(status, "prove", "--format", "json", self.file("p.bh", policy + asked + "\n"))
            self.assertEqual(sorted(claim["name"] for claim in json.loads(done.stdout)["claims"]), names)

    def test_merged_pods_do_whatever_their_parts_did(self):
        more = 0
        for seed in SEEDS:
            system = System(seed)
            before = self.violated(system.text())
            merged = system.pods["P"] + system.pods["Q"]
            system.pods = {"R": merged}
            system.sentences = [re.sub(r"\b[PQ]\b", "R", one) for one in system.sentences]
            try:
                after = self.violated(system.text())
            except AssertionError as refused:
                raise AssertionError(f"seed {seed}: {refused}") from refused
            self.assertLessEqual(before, after, system.text())
            more += after != before
        self.assertGreater(more, 0, "what is merged does no more than its parts")


if __name__ == "__main__":
    main()
