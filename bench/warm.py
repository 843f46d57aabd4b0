#!/usr/bin/env python3
"""Every model and every module of specs/sila, proved and certified with an empty cache and then with the one that this left.

usage: bench/warm.py BULKHEAD        (in the folder of the sources)
"""
import glob
import os
import resource
import subprocess
import sys
import tempfile
import time

BARE = {"flow", "linux", "locks", "profiles"}  # modules without a model


def run(bulkhead, path, cache):
    """Wall clock and processor time of one run, child processes included."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([bulkhead, "prove", "--certify", path], stdout=subprocess.DEVNULL,
                          env={**os.environ, "XDG_CACHE_HOME": cache})
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{path}: status {done.returncode}")
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main(bulkhead):
    files = [path for path in sorted(glob.glob("models/*.bh")) if os.path.basename(path)[:-3] not in BARE]
    files += sorted(glob.glob("specs/sila/*.bh"))
    total = [0.0] * 4
    print(f"{'':26}      cold: wall  processor      warm: wall  processor")
    for path in files:
        with tempfile.TemporaryDirectory() as cache:
            times = [*run(bulkhead, path, cache), *run(bulkhead, path, cache)]
        total = [a + b for a, b in zip(total, times)]
        print(f"{path:26} {times[0]:14.2f} s {times[1]:8.2f} s {times[2]:14.2f} s {times[3]:8.2f} s")
    print(f"{'all':26} {total[0]:14.2f} s {total[1]:8.2f} s {total[2]:14.2f} s {total[3]:8.2f} s")


if __name__ == "__main__":
    main(sys.argv[1])
