#!/usr/bin/env python3
"""SELinux policies by bulkhead, checkpolicy, sedta and seinfoflow in one run, in turn: seconds of wall clock and of processor.

usage: bench/selinux.py BULKHEAD [--rounds N] [--android FILE.conf[.xz]] [--compiled FILE] [--setools] [--json FILE]

Assertions: `checkpolicy -M FILE` compiles the policy and checks its assertions; `bulkhead prove FILE` reads it, decides each, has the
evidence of each accepted by an independent checker, and prints a line for each. All pairs of flow: `bulkhead query FILE flow` reads the
policy, closes the flow of all its types and has that accepted (with --no-cache: nothing is kept). "Remembered" is one pair from the map that
an earlier question kept, the whole start of the program included. With --setools one pair of types by seinfoflow, and one by sedta, on the
compiled policy. A tool that fails or is missing, or an assertion that does not hold, ends the run.
"""
import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

PAIR = ("user_t", "shadow_t")


def measure(command):
    """Wall clock, processor time and peak memory of one start."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit("failed: " + " ".join(command))
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": wall, "cpu": cpu, "peak_mib": usage.ru_maxrss / 1024}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bulkhead")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--android", default=os.path.join(os.environ.get("BULKHEAD_CORPORA", ""), "selinux",
                                                         "android-sepolicy.conf.xz"))
    parser.add_argument("--compiled", default="/etc/selinux/default/policy/policy.33")
    parser.add_argument("--setools", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()
    for path, of in ((options.android, "the Android policy (--android, or BULKHEAD_CORPORA)"), (options.compiled, "selinux-policy-default")):
        if not os.path.exists(path):
            sys.exit(f"there is no {path}: {of} is needed")
    with tempfile.TemporaryDirectory() as folder:
        android, debian = os.path.join(folder, "android.conf"), os.path.join(folder, "debian.conf")
        unpack = ["xz", "-dc", options.android] if options.android.endswith(".xz") else ["cat", options.android]
        with open(android, "wb") as out:
            subprocess.run(unpack, stdout=out, check=True)
        subprocess.run(["checkpolicy", "-b", "-M", "-F", "-o", debian, options.compiled], check=True, capture_output=True)
        contenders = {
            "assertions: checkpolicy": ["checkpolicy", "-M", "-o", os.path.join(folder, "out"), android],
            "assertions: bulkhead prove": [options.bulkhead, "prove", android],
            "assertions: bulkhead prove, one thread": [options.bulkhead, "prove", "--jobs", "1", android],
            "all pairs of flow: bulkhead, source": [options.bulkhead, "query", "--no-cache", debian, "flow"],
            "all pairs of flow: bulkhead, compiled": [options.bulkhead, "query", "--no-cache", options.compiled, "flow"],
            "one pair of flow: bulkhead, compiled": [options.bulkhead, "query", "--no-cache", options.compiled, "flow", *PAIR],
            "one pair of flow: bulkhead, remembered": [options.bulkhead, "query", "--brief", options.compiled, "flow", *PAIR],
            "bulkhead --version": [options.bulkhead, "--version"],
            "one pair of transitions: bulkhead": [options.bulkhead, "query", options.compiled, "transition", "user_t", "sysadm_t"],
        }
        once = {}
        if options.setools:
            for tool in ("seinfoflow", "sedta"):
                if not shutil.which(tool):
                    sys.exit(f"there is no {tool}: the package setools is needed")
            once = {
                "one pair of flow: seinfoflow -S": ["seinfoflow", "-p", options.compiled, "-s", PAIR[0], "-t", PAIR[1], "-S"],
                "one pair of transitions: sedta -S": ["sedta", "-p", options.compiled, "-s", "user_t", "-t", "sysadm_t", "-S"],
            }
        os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "cache")
        measure(contenders["one pair of flow: bulkhead, remembered"])  # what is remembered then
        results = {name: [] for name in [*contenders, *once]}
        for number in range(options.rounds):
            names = list(contenders)
            for name in names[number % len(names):] + names[:number % len(names)]:
                results[name].append(measure(contenders[name]))
        for name, command in once.items():
            results[name].append(measure(command))
    print("%-46s %10s %10s %10s %10s" % ("", "wall least", "median", "cpu median", "peak MiB"))
    for name, runs in results.items():
        walls, cpus = sorted(run["wall"] for run in runs), sorted(run["cpu"] for run in runs)
        print("%-46s %10.2f %10.2f %10.2f %10.0f" % (name, walls[0], walls[len(walls) // 2], cpus[len(cpus) // 2],
                                                    max(run["peak_mib"] for run in runs)))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump(results, out, indent=2)


if __name__ == "__main__":
    main()
