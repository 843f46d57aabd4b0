#!/usr/bin/env python3
"""Every spec is proved and certified; every mitigation of the threat model names a claim that holds in it; the documents that
are made of specs say what the specs say now. Every theorem about a model that a system declares is lost under a variant of the model, or of a
model of that system that has its name in its own (`FetchBare` beside `Fetch`); every action has a run that takes it."""
import glob
import json
import os
import re
import subprocess
import sys

import theorems

DOCUMENT = "docs/security/threat_model.md"
LIMIT = "600000"  # milliseconds: a loaded machine is no mistake
MODEL = re.compile(r"^model (\w+)", re.MULTILINE)
MADE = {"docs/security/sila.md": "specs/sila/platform.bh"}


def prove(bulkhead, path):
    done = subprocess.run([bulkhead, "prove", "--certify", "--no-cache", "--timeout", LIMIT, "--format", "json", path],
                          capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{path}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def models_of(pattern):
    """The models that the files which match declare."""
    found = set()
    for path in glob.glob(pattern):
        with open(path, encoding="utf-8") as file:
            found |= set(MODEL.findall(file.read()))
    return found


def unguarded(claims, library):
    """The proved theorems of models outside of the library that no mistake loses."""
    proved, lost, failed, _ = theorems.proved_and_lost(claims)
    for model, name in sorted(proved):
        alike = any(model in other and said == name for other, said in lost | (failed - {(model, name)}))
        if model not in library and not alike:
            yield f"{model}.{name}"


def stale_documents(bulkhead):
    for document, spec in MADE.items():
        words = ["prove", "--certify", "--no-cache", "--timeout", LIMIT, "--format", "markdown", spec]
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
    claims, said, problems, rows = {}, {}, [], 0
    for path in sorted(glob.glob("specs/*/*.bh")):
        system, report = path.split("/")[1], prove(bulkhead, path)
        proved = {claim["name"]: (claim["mode"], claim["status"]) for claim in report["claims"]}
        refuted = [name for name, (mode, _) in proved.items() if mode == "refute"]
        if not refuted:
            sys.exit(f"{path}: no refuted negative guards its claims")
        problems += [f"{path}: idle action {one['model']}.{one['action']}" for one in report.get("idle_actions", [])]
        claims.setdefault(system, {}).update(proved)
        said.setdefault(system, []).extend(report["claims"])
        print(f"{path}: {len(proved)} claims, {len(refuted)} of them refuted negatives")

    library = models_of("models/*.bh")
    problems += [f"specs/{system}: no mistake loses {name}" for system in said for name in unguarded(said[system], library)]
    problems += stale_documents(bulkhead)
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
