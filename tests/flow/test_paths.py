#!/usr/bin/env python3
"""Random policies: `path from A to network` and `path from network to A` are what the naive reference says, told, in brief and kept.

usage: tests/flow/test_paths.py BULKHEAD [FIRST LAST]
"""
import collections
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import naive  # noqa: E402
import policies  # noqa: E402


class Asked:
    def __init__(self, bulkhead, folder, seed):
        self.bulkhead, self.path = bulkhead, os.path.join(folder, f"policy{seed}.bh")
        self.policy = policies.random_policy(seed)
        self.policy.claims = []
        self.text = policies.policy_text(self.policy)
        self.environment = {**os.environ, "XDG_CACHE_HOME": os.path.join(folder, f"cache{seed}")}
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(self.text)

    def ask(self, question, *options):
        done = subprocess.run([self.bulkhead, "query", self.path, question, "--format", "json", *options], capture_output=True,
                              text=True, check=False, env=self.environment)
        if done.returncode not in (0, 3):
            sys.exit(f"{question}: status {done.returncode}: {done.stderr}\n{self.text}")
        return json.loads(done.stdout)


def expectations(policy):
    """(question, whether there is a path)"""
    reference = naive.Naive(policy)
    from_network = reference.reached({"net"})
    named = {"host": "host", "Node": "host", **{name: name for name in policy.containers + policy.subjects}}
    named.update({"o": "o"} if policy.has_open else {})
    for name, meant in named.items():
        ones = set(reference.instances(meant))
        yield f"path from {name} to network", "net" in reference.reached(ones)
        yield f"path from network to {name}", bool(from_network & ones)


def is_chain(answer):
    """The steps lead from one end to the other, each with what allows it."""
    names = [node["name"] for node in answer["nodes"]]
    steps = [(names[edge["from"]], names[edge["to"]]) for edge in answer["edges"] if not edge["label"].startswith("hands on")]
    joined = all(one[1] == two[0] for one, two in zip(steps, steps[1:]))
    return bool(steps) and joined and "network" in (steps[0][0], steps[-1][1]) and all(edge["sentences"] for edge in answer["edges"])


def main(bulkhead, first=0, last=14):
    seen, wrong = collections.Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(int(first), int(last)):
            one = Asked(bulkhead, folder, seed)
            for number, (question, expected) in enumerate(expectations(one.policy)):
                ways = {"told": ("--no-cache", "--certify")} if number % 2 else {"in brief": ("--brief",)}
                ways["kept"] = ("--brief",)
                for way, options in ways.items():
                    answer = one.ask(question, *options)
                    found = answer["headline"].startswith("a path from")
                    seen["path" if expected else "none"] += 1
                    seen["kept"] += answer.get("cached", False)
                    seen["unknown"] += bool(answer["unknown"]) and not found
                    if not found and answer["unknown"]:
                        continue
                    if found != expected or (way == "told" and found and not is_chain(answer)):
                        wrong += 1
                        print(f"seed {seed}: {question} ({way}): {answer['headline']}, and the reference says {expected}: {answer['edges']}")
    print(dict(seen), f"{wrong} differ")
    enough = seen["path"] > 50 and seen["none"] > 50 and seen["kept"] > 50 and 50 * seen["unknown"] < seen["path"] + seen["none"]
    return 1 if wrong or not enough else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
