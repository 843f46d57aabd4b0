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

BARE = {"flow", "linux", "locks", "profiles"}  # modules without a model
INVARIANT = re.compile(r"^(?P<model>\w+)\.(?:(?P<variant>\w+)\.)?(?P<property>\w+)$")
NO_LEAK = re.compile(r"^(?P<model>\w+)(?:\.(?P<variant>\w+))? (?P<property>leaks nothing to .*)$")
VARIANT = re.compile(r"^ +variant (\w+)", re.MULTILINE)
LIVENESS = re.compile(r"^in (?P<model>\w+)(?:\.(?P<variant>\w+))?: (?P<property>.* leads to .*)$")


def report_of(bulkhead, path):
    done = subprocess.run([bulkhead, "prove", "--certify", "--no-cache", "--format", "json", path],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{path}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def unguarded(claims):
    """The proved theorems that no variant of their model loses, and the variants that lose some theorem."""
    proved, lost, useful = set(), set(), set()
    for claim in claims:
        said = INVARIANT.match(claim["text"]) or NO_LEAK.match(claim["text"]) or LIVENESS.match(claim["text"])
        if not said or claim["status"] != "satisfied":
            sys.exit(f"claim {claim['name']}: {claim['text']}: {claim['status']}")
        if claim["mode"] == "prove" and not said["variant"]:
            proved.add((said["model"], said["property"]))
        if claim["mode"] == "refute" and said["variant"]:
            lost.add((said["model"], said["property"]))
            useful.add(said["variant"])
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
