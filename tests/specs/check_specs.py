#!/usr/bin/env python3
"""Every spec is proved and certified; every mitigation of the threat model names a claim that holds in it; the documents that
are made of specs say what the specs say now."""
import glob
import json
import os
import re
import subprocess
import sys

DOCUMENT = "docs/security/threat_model.md"
MADE = {"docs/security/sila.md": "specs/sila/platform.bh"}


def prove(bulkhead, path):
    done = subprocess.run([bulkhead, "prove", "--certify", "--no-cache", "--format", "json", path],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{path}: status {done.returncode}\n{done.stdout}{done.stderr}")
    report = json.loads(done.stdout)
    return {claim["name"]: (claim["mode"], claim["status"]) for claim in report["claims"]}


def stale_documents(bulkhead):
    for document, spec in MADE.items():
        words = ["prove", "--certify", "--no-cache", "--format", "markdown", spec]
        made = subprocess.run([bulkhead, *words], capture_output=True, text=True)
        with open(document, encoding="utf-8") as file:
            if made.returncode != 0 or file.read() != made.stdout:
                yield f"{document} is not what `bulkhead {' '.join(words)}` writes (status {made.returncode})"


def mitigation_rows(text):
    """(line number, names) of every table row whose last column names claims."""
    for number, line in enumerate(text.split("\n"), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4 and cells[0] not in ("threat", "---"):
            yield number, re.findall(r"`([a-z0-9_:]+)`", cells[3])


def main(bulkhead, root):
    os.chdir(root)
    claims = {}
    for path in sorted(glob.glob("specs/*/*.bh")):
        proved = prove(bulkhead, path)
        refuted = [name for name, (mode, _) in proved.items() if mode == "refute"]
        if not refuted:
            sys.exit(f"{path}: no refuted negative guards its claims")
        claims.setdefault(path.split("/")[1], {}).update(proved)
        print(f"{path}: {len(proved)} claims, {len(refuted)} of them refuted negatives")

    problems, rows = list(stale_documents(bulkhead)), 0
    with open(DOCUMENT, encoding="utf-8") as document:
        text = document.read()
    for number, names in mitigation_rows(text):
        rows += 1
        if not names:
            problems.append(f"{DOCUMENT}:{number}: this mitigation names no claim")
        for name in names:
            system, _, claim = name.rpartition(":")
            if claims[system or "omnibase"].get(claim) != ("prove", "satisfied"):
                problems.append(f"{DOCUMENT}:{number}: `{name}` is not a claim that holds")
    print("\n".join(problems))
    print(f"{rows} mitigations, {len(problems)} problems")
    return 1 if problems or rows < 20 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
