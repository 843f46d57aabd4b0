#!/usr/bin/env python3
"""Generated policies as text, from reading to certificates, and questions about them, first and kept.

usage: bench/system.py BULKHEAD [--sizes 100x1000,1000x10000] [--claims 8] [--instructions]

For each size (subjects x grants, a tenth of them delegations, by bench/generate_system.py): processor time and peak memory of `check` and of
`prove --certify` (nothing kept, no coverage; child processes included); then `query --brief 'path from ... to ...'` three times: the first
question closes and certifies all pairs, the second finds them, as does one about another pair; and `bulkhead --version`, which is what a
start of the program takes. With --instructions (needs valgrind) the instructions of the kept question, less those of `--version`.
"""
import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from generate_system import system  # noqa: E402


def run(words, environment):
    """Wall clock and processor time in seconds, peak in MiB, status, output; of the program with its children."""
    with tempfile.TemporaryFile() as out:
        begin = time.monotonic()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode()
    spent = usage.ru_utime + usage.ru_stime
    return wall, max(spent, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), usage.ru_maxrss / 1024, process.returncode, text


def instructions(words, environment):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *words], capture_output=True, text=True,
                          check=False, env=environment)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def measure(options, subjects, grants, folder):
    path = os.path.join(folder, f"s{subjects}x{grants}.bh")
    with open(path, "w", encoding="utf-8") as file:
        file.write(system(subjects, grants, grants // 10, options.claims))
    time.sleep(3)  # what was changed just now is not noted
    environment = {**os.environ, "XDG_CACHE_HOME": os.path.join(folder, f"cache{subjects}x{grants}")}
    top, bottom = f"C{subjects - 1}", "C0"
    questions = [f"path from {bottom} to {top}", f"path from {bottom} to {top}", f"path from {top} to {bottom}"]
    runs = [("check", ["check", path], 0), ("prove --certify", ["prove", "--certify", "--no-cache", "--no-coverage", "--timeout", "600000", path], 0)]
    runs += [(name, ["query", path, question, "--brief"], 0)
             for name, question in zip(("first question", "kept", "kept, another pair"), questions)]
    runs.append(("--version", ["--version"], 0))
    print(f"{subjects} subjects, {grants} grants, {os.path.getsize(path) / 1e6:.1f} MB")
    for name, words, wanted in runs:
        wall, spent, peak, status, text = run([options.bulkhead, *words], environment)
        last = text.strip().splitlines()[-1] if text.strip() else ""
        note = "" if status == wanted else f"  status {status}: {last}"
        if name.startswith("kept") and "kept by an earlier run" not in text:
            note += "  (asked of the policy)"
        print(f"  {name:20} {spent:8.2f} s of processor time, {wall:8.2f} s wall, {peak:7.0f} MiB{note}", flush=True)
    if options.instructions:
        words = [options.bulkhead, "query", path, questions[1], "--brief"]
        instructions(words, environment)  # under valgrind the program is another build, which keeps answers of its own
        kept = instructions(words, environment)
        start = instructions([options.bulkhead, "--version"], environment)
        print(f"  the kept question: {kept} instructions, {kept - start} more than --version")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bulkhead")
    parser.add_argument("--sizes", default="100x1000,300x3000,1000x10000")
    parser.add_argument("--claims", type=int, default=8)
    parser.add_argument("--instructions", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes.split(","):
            subjects, grants = (int(part) for part in size.split("x"))
            measure(options, subjects, grants, folder)


if __name__ == "__main__":
    main()
