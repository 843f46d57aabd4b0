#!/usr/bin/env python3
"""Random policies about influence: the prover and the naive reference agree on every claim.

usage: tests/flow/test_naive.py BULKHEAD [FIRST LAST]
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

STATUS = {"satisfied": "holds", "failed": "violated"}


def flow_map(remote):
    """The one of the library, or without what remote hosts tell each other."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../models/flow.bh"), encoding="utf-8") as file:
        lines = file.readlines()
    kept = [line for line in lines if remote or not line.startswith("flow remote")]
    assert remote or len(kept) == len(lines) - 1
    return "".join(kept)


def told(bulkhead, folder, text, remote):
    with open(os.path.join(folder, "flow.bh"), "w", encoding="utf-8") as file:
        file.write(flow_map(remote))
    path = os.path.join(folder, "random.bh")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    done = subprocess.run([bulkhead, "prove", "--no-cache", "--no-coverage", "--format", "json", path], capture_output=True, text=True)
    if done.returncode not in (0, 1, 3, 4):
        sys.exit(f"{text}\nstatus {done.returncode}: {done.stderr}")
    claims = json.loads(done.stdout)["claims"]
    return [(claim["text"], STATUS.get(claim["status"], claim["status"])) for claim in claims]


def main(bulkhead, first=0, last=40):
    seen, wrong = collections.Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(int(first), int(last)):
            policy = policies.random_policy(seed)
            if not policy.claims:
                continue
            text = policies.policy_text(policy)
            reference = naive.Naive(policy)
            for claim, (words, verdict) in zip(policy.claims, told(bulkhead, folder, text, policy.remote), strict=True):
                expected = reference.decide(claim)
                seen[expected] += 1
                if verdict == expected:
                    continue
                if verdict == "rejected":  # no answer: who is handed the moving of which folder is over-approximated, and replay says no
                    seen["rejected"] += 1
                    continue
                wrong += 1
                print(f"seed {seed}: {words}: {verdict}, and the reference says {expected}")
    print(dict(seen), f"{wrong} differ")
    enough = seen["holds"] > 50 and seen["violated"] > 50 and 100 * seen["rejected"] < seen["holds"] + seen["violated"]
    return 1 if wrong or not enough else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
