"""import arbac: role policies as models, and the answers that prove gives."""
import json
import os
import re
import unittest

from cli import CliTest
from needs import main

CORPORA = os.path.join(os.environ.get("BULKHEAD_CORPORA", ""), "arbac")
REACHABLE = {"policy1": True, "policy2": False, "policy3": True, "policy4": True}

# The clerk who lets somebody audit is made on the way, and whom he lets is no guest any more.
HOSPITAL = """Roles Boss Clerk Auditor Guest Chief ;
Users ann bob carl dora ;
UA <ann,Boss> <bob,Guest> <carl,Guest> <dora,Guest> ;
CA <Boss,-Auditor,Clerk>
   <Clerk,-Clerk&-Guest,Auditor>
   <Auditor,Auditor&-Clerk,Chief> ;
CR <Clerk,Guest> <Boss,Clerk> ;
Goal Chief ;
"""
CLOSED = HOSPITAL.replace("Auditor&-Clerk,", "Auditor&Guest,")  # nobody becomes a guest


class Import(CliTest):
    def answer(self, path, *options):
        """What `prove` says of an imported policy, with checked evidence: its run, or nothing."""
        self.expect(0, "import", "arbac", *options, "-o", "made.bh", path)
        self.expect(0, "fmt", "made.bh")
        done = self.run_it("prove", "--certify", "--no-cache", "--format", "json", "made.bh")
        claim = json.loads(done.stdout)["claims"][0]
        self.assertEqual(claim["name"], "goal_unreachable")
        case = claim["cases"][0]
        self.assertEqual(case["evidence"], "accepted", case)
        self.assertEqual(done.returncode, 0 if claim["status"] == "satisfied" else 1)
        return None if claim["status"] == "satisfied" else case["run"]

    def test_a_run_names_the_rule_of_each_step(self):
        path = self.file("hospital.arbac", HOSPITAL)
        for options in ([], ["--whole"]):
            run = self.answer(path, *options)
            self.assertIsNotNone(run)
            lines = HOSPITAL.splitlines()
            for step in run[1:]:
                kind, role, line, column = re.match(r"can_(assign|revoke)_(\w+?)_(\d+)_(\d+)\(", step["text"]).groups()
                rule = lines[int(line) - 1][int(column) - 1:].split(">")[0]
                self.assertTrue(rule.startswith("<") and rule.endswith("," + role), rule)
                self.assertTrue(any(f", {role}): " in change for change in step["changes"]), step)
            self.assertTrue(run[-1]["text"].startswith("can_assign_Chief_6_4("), run)
            self.assertTrue(any("Chief" in roles for roles in replay(HOSPITAL, run).values()), run)
            with self.assertRaises(AssertionError):
                replay(HOSPITAL, [run[0], run[-1]])  # the goal without the steps that lead to it

    def test_what_is_out_of_reach_is_proved(self):
        for options in ([], ["--whole"]):
            self.assertIsNone(self.answer(self.file("closed.arbac", CLOSED), *options))

    def test_asks_about_one_user(self):
        text = HOSPITAL.replace("Goal Chief", "SPEC bob Clerk")
        self.assertIsNotNone(self.answer(self.file("bob.arbac", text)))
        self.assertIsNone(self.answer(self.file("none.arbac", text.replace("<Boss,-", "<Chief,-"))))

    def test_tells_what_is_left_out_and_what_is_wrong(self):
        text = HOSPITAL.replace("CR <", "ADMIN ann ;\nCR <FALSE,Clerk> <")
        done = self.expect(0, "import", "arbac", self.file("more.arbac", text))
        self.assertIn("more.arbac:7: left out: the list of administrators", done.stderr)
        self.assertIn("more.arbac:8: left out: a rule with FALSE never applies", done.stderr)
        done = self.expect(2, "import", "arbac", self.file("wrong.arbac", HOSPITAL.replace("<carl,", "<carol,")))
        self.assertIn("BH1532", done.stderr)
        self.assertIn("wrong.arbac:3:28", done.stderr)


def entries(text, section):
    """What stands in a section of a policy, without the brackets."""
    found = re.search(rf"^\s*{section}\b(.*?);", text, re.DOTALL | re.MULTILINE)
    return [] if found is None else re.findall(r"<\s*([^,<>\s]+)\s*,\s*([^,<>\s]+)\s*>|([^\s<>,;]+)", found.group(1))


def satisfied(precondition, held):
    literals = [one.strip() for one in precondition.split("&")]
    return all(one == "TRUE" or (one[1:] not in held if one.startswith("-") else one in held) for one in literals)


def replay(text, run):
    """Takes the steps of a run by the rules of the policy as it is written, at the places that the steps name; whoever then has which roles."""
    held = {user: set() for _, _, user in entries(text, "Users")}
    for user, role, _ in entries(text, "UA"):
        held[user].add(role)
    alias = {name: user for step in run for change in step["changes"] for name, user in re.findall(r"who\((\w+)\) = (\w+)", change)}
    lines = text.split("\n")
    for step in run[1:]:
        kind, role, line, column = re.match(r"can_(assign|revoke)_(\w+?)_(\d+)_(\d+)\(", step["text"]).groups()
        rule = [part.strip() for part in lines[int(line) - 1][int(column) - 1:].split(">")[0].lstrip("<").split(",")]
        name = re.search(r"has\((\w+),", " ".join(step["changes"])).group(1)
        user = alias.get(name, name)
        assert rule[-1] == role and (rule[0] == "TRUE" or any(rule[0] in roles for roles in held.values())), (rule, step)
        if kind == "assign":
            assert satisfied(rule[1], held[user]), (rule, user, held[user])
            held[user].add(role)
        else:
            held[user].discard(role)
    return held


@unittest.skipUnless(os.path.isdir(CORPORA), "needs corpora: the role policies policy1 to policy4")
class Corpus(CliTest):
    answer = Import.answer

    def test_the_known_answers_are_found_and_their_runs_replayed_with_and_without_reductions(self):
        for name, reachable in REACHABLE.items():
            path = os.path.join(CORPORA, name + ".arbac")
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for options in ([], ["--whole"]):
                run = self.answer(path, *options)
                self.assertEqual(run is not None, reachable, f"{name} {options}")
                if run is not None:
                    [(_, _, goal)] = entries(text, "Goal")
                    self.assertTrue(any(goal in roles for roles in replay(text, run).values()), f"{name} {options}")


if __name__ == "__main__":
    main()
