"""What the Python tests need of the machine: a test that cannot run says `needs WORD: why`, and tests/run_all lists it."""
import functools
import json
import subprocess
import sys
import unittest

KERNEL = {"user namespaces": "userns", "Landlock": "landlock", "seccomp listener": "seccomp"}


@functools.lru_cache(maxsize=None)
def mechanisms(bulkhead):
    """{name: "works" | "missing" | ...}, asked once."""
    said = subprocess.run([bulkhead, "doctor", "--json"], stdout=subprocess.PIPE, text=True, check=True, timeout=120).stdout
    return {item["name"]: item["support"] for item in json.loads(said)["mechanisms"]}


def needs_kernel(test, bulkhead):
    """Skips where the kernel lacks what every level is made of."""
    for name, word in KERNEL.items():
        if mechanisms(bulkhead)[name] == "missing":
            test.skipTest(f"needs {word}: {name} do not work on this machine")


def main():
    """`unittest.main` that tells, test by test, what was left out: ctest sees whole files only."""
    result = unittest.main(exit=False).result
    for test, why in result.skipped:
        name = test.id().removeprefix("__main__.")
        print(f"left out {name}: {why}")
    if result.testsRun and len(result.skipped) == result.testsRun:
        print(f"SKIPPED: {result.skipped[0][1]}")
    sys.exit(0 if result.wasSuccessful() else 1)
