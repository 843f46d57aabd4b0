#!/usr/bin/env python3
"""The library's models: every theorem is proved and certified, every known mistake is refuted, and no theorem survives them all.
Every variant loses some theorem, and a run was found to every action of every model and variant.

usage: tests/models/check_models.py BULKHEAD ROOT
"""
import glob
import json
import os
import re
import subprocess
import sys

import theorems

LIMIT = "600000"  # milliseconds: a loaded machine is no mistake
BARE = {"flow", "linux", "locks", "profiles"}  # modules without a model
VARIANT = re.compile(r"^ +variant (\w+)", re.MULTILINE)


def report_of(bulkhead, path):
    done = subprocess.run([bulkhead, "prove", "--certify", "--no-cache", "--timeout", LIMIT, "--format", "json", path],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{path}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def unguarded(claims):
    """The proved theorems that no variant of their model loses, and the variants that lose some theorem."""
    for claim in claims:
        if theorems.read(claim["text"]) is None or claim["status"] != "satisfied":
            sys.exit(f"claim {claim['name']}: {claim['text']}: {claim['status']}")
    proved, lost, _, useful = theorems.proved_and_lost(claims)
    return proved - lost, useful


def main(bulkhead, root):
    os.chdir(root)
    models = [path for path in sorted(glob.glob("models/*.bh")) if os.path.basename(path)[:-3] not in BARE]
    problems = []
    for path in models:
        report = report_of(bulkhead, path)
        claims = report["claims"]
        print(f"{path}: {len(claims)} claims")
        kept, useful = unguarded(claims)
        problems += [f"{path}: no variant loses {model}.{name}" for model, name in sorted(kept)]
        with open(path, encoding="utf-8") as file:
            variants = set(VARIANT.findall(file.read()))
        problems += [f"{path}: the variant {name} loses nothing" for name in sorted(variants - useful)]
        problems += [f"{path}: idle action {one['model']}.{one['action']}" for one in report.get("idle_actions", [])]
        if not any(claim["mode"] == "prove" for claim in claims):
            problems.append(f"{path}: nothing is proved")
    print("\n".join(problems))
    print(f"{len(models)} models, {len(problems)} problems")
    return 1 if problems or len(models) < 10 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
