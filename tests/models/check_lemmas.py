#!/usr/bin/env python3
"""The invariants that `prove --certificates` writes, round trip: every lemma is taken out of a model of the library, its theorems are proved,
the lemmas that were found are put into the model, and the theorems are proved by written lemmas alone.

usage: tests/models/check_lemmas.py BULKHEAD ROOT
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

MODELS = ("memory", "capability", "lifecycle", "directfs")
LEMMA = re.compile(r"^ +lemma \w+:.*?;\n", re.MULTILINE | re.DOTALL)
REFUTED = re.compile(r"^refute \w+:.*?;\n", re.MULTILINE | re.DOTALL)
HEAD = re.compile(r"^// .* in `model (\w+)`$", re.MULTILINE)


def prove(bulkhead, text, folder):
    path = os.path.join(folder, "model.bh")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    done = subprocess.run([bulkhead, "prove", "--no-cache", "--no-coverage", "--timeout", "600000", "--format", "json",
                           "--certificates", os.path.join(folder, "certificates"), path], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"status {done.returncode}\n{done.stdout}{done.stderr}")
    return {case["engine"] for claim in json.loads(done.stdout)["claims"] for case in claim["cases"] if "engine" in case}


def written(folder):
    """By model: the lemmas of all invariants in the folder, each formula once."""
    lemmas = {}
    for path in sorted(glob.glob(os.path.join(folder, "certificates", "*.bh"))):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        found = lemmas.setdefault(HEAD.search(text).group(1), {})
        for line in text.splitlines():
            if line.startswith("lemma "):
                found.setdefault(line.split(": ", 1)[1], line)
    return {model: list(found.values()) for model, found in lemmas.items()}


def main(bulkhead, root):
    total = 0
    for name in MODELS:
        with open(os.path.join(root, "models", name + ".bh"), encoding="utf-8") as file:
            bare = REFUTED.sub("", LEMMA.sub("", file.read()))
        with tempfile.TemporaryDirectory() as folder:
            before = prove(bulkhead, bare, folder)
            lemmas = written(folder)
        text = bare
        for model, lines in lemmas.items():
            head = re.search(rf"^model {model}(\([^)]*\))? {{\n", text, re.MULTILINE)
            text = text[:head.end()] + "".join(f"    {line}\n" for line in lines) + text[head.end():]
            total += len(lines)
        with tempfile.TemporaryDirectory() as folder:
            after = prove(bulkhead, text, folder)
        print(f"{name}: {sorted(before)} without a lemma, {sorted(after)} with {sum(map(len, lemmas.values()))} that were found")
        if "inference" not in before or "inference" in after:
            sys.exit(f"{name}: the lemmas that were written are not those that are needed\n{text}")
    return 0 if total > 10 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
