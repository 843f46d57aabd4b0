#!/usr/bin/env python3
"""Random policies: what a question finds kept by an earlier one is what the policy itself answers; what is damaged, or of another text, is
not used.

usage: tests/flow/test_kept.py BULKHEAD [FIRST LAST]
"""
import collections
import json
import os
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import policies  # noqa: E402


class Asked:
    """One policy in a folder, and its questions."""

    def __init__(self, bulkhead, folder, seed):
        self.bulkhead, self.path, self.seed = bulkhead, os.path.join(folder, f"policy{seed}.bh"), seed
        self.policy = policies.random_policy(seed)
        self.environment = {**os.environ, "XDG_CACHE_HOME": os.path.join(folder, f"cache{seed}")}
        self.answers = os.path.join(folder, f"cache{seed}", "bulkhead", "answers")
        self.write("")

    def write(self, more):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(policies.policy_text(self.policy) + f"pod Both = {', '.join(self.policy.containers[:2])};\n" + more)

    def questions(self):
        pick = random.Random(self.seed)
        names = self.policy.containers + self.policy.subjects + (["o"] if self.policy.has_open else []) + ["Node", "host", "Both"]
        things = ['V:"/a/**"', 'W:"/**/b"', "network"]
        ends = names + things
        return [f"path from {pick.choice(names)} to {pick.choice(names)}", f"path from {pick.choice(ends)} to {pick.choice(things)}",
                f"path from {pick.choice(things)} to {pick.choice(names)}", f"what can {pick.choice(names)} reach",
                f"who can {pick.choice(('read', 'write, rename', 'read, execute'))} {pick.choice(things[:2])}", "who can connect Web"]

    def ask(self, question, *options):
        done = subprocess.run([self.bulkhead, "query", self.path, question, "--format", "json", *options], capture_output=True,
                              text=True, check=False, env=self.environment)
        if done.returncode not in (0, 3):
            sys.exit(f"{question}: status {done.returncode}: {done.stderr}\n{policies.policy_text(self.policy)}")
        answer = json.loads(done.stdout)
        kept = answer.pop("cached", False)
        answer["assumptions"].sort()
        return answer, kept


def damage(answers, pick):
    """Every file of answers: cut short, or with one bit turned."""
    for name in sorted(os.listdir(answers)):
        if not name.endswith(".answer"):
            continue
        with open(os.path.join(answers, name), "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            if pick.random() < 0.4:
                file.truncate(pick.randrange(size))
                continue
            at = pick.randrange(size)
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ 1 << pick.randrange(8)]))


class Run:
    def __init__(self):
        self.seen, self.wrong = collections.Counter(), 0

    def same(self, one, question, expected, found):
        if found == expected:
            return
        self.wrong += 1
        print(f"seed {one.seed}: {question}\n  the policy says {expected}\n  and what is kept {found}")

    def ask_again(self, one):
        for question in one.questions():
            expected, kept = one.ask(question, "--brief", "--no-cache")
            assert not kept, "--no-cache asks the policy"
            self.same(one, question, expected, one.ask(question, "--brief")[0])
            again, kept = one.ask(question, "--brief")
            self.same(one, question, expected, again)
            self.seen["kept" if kept else "not kept"] += 1
            self.seen["edges" if expected["edges"] else "none"] += 1
            story, kept = one.ask(question)
            self.same(one, question, expected["headline"], story["headline"])
            if kept and story["edges"]:
                self.wrong += 1
                print(f"seed {one.seed}: {question}: a story that nobody told")

    def damaged(self, one, pick):
        damage(one.answers, pick)
        for question in one.questions():
            self.same(one, question, one.ask(question, "--brief", "--no-cache")[0], one.ask(question, "--brief")[0])

    def changed(self, one):
        before = one.questions()[0]
        one.ask(before, "--brief")
        one.write('A may read, write W:"/**";\nB may read, write W:"/**";\n')
        self.ask_again(one)


def main(bulkhead, first=0, last=12):
    run, pick = Run(), random.Random(int(first))
    with tempfile.TemporaryDirectory() as folder:
        asked = [Asked(bulkhead, folder, seed) for seed in range(int(first), int(last))]
        time.sleep(3)  # files that were changed just now are not noted
        for one in asked:
            run.ask_again(one)
        for one in asked[::3]:
            run.damaged(one, pick)
        for one in asked[1::3]:
            run.changed(one)
    print(dict(run.seen), f"{run.wrong} differ")
    enough = run.seen["kept"] > 4 * run.seen["not kept"] and run.seen["edges"] > 20 and run.seen["none"] > 5
    return 1 if run.wrong or not enough else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
