"""Proves every policy of a folder with --certify and holds the outcome against the first line of the policy.

    // expect: EXIT claim verdict, claim verdict ...    every claim of the policy, and the exit status
    // expect: EXIT BHnnnn ...                          the diagnostics that stop it
    // expect: EXIT refused                             the module is refused: no claim is answered at all

The verdict of a claim is `holds`, `violated`, `vacuous`, `unknown` or `rejected`, whatever its mode; every `holds` and
`violated` must have evidence that was accepted. What is not foreseen is a failure, so no claim goes unread.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

VERDICTS = {("prove", "satisfied"): "holds", ("prove", "failed"): "violated",
            ("refute", "satisfied"): "violated", ("refute", "failed"): "holds"}


def expectation(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        found = re.fullmatch(r"// expect: (\d+) (.+)", file.readline().rstrip("\n"))
    if found is None:
        raise ValueError("the first line is no `// expect: EXIT ...`")
    return int(found[1]), found[2]


def outcome(report):
    verdicts = {}
    for claim in report["claims"]:
        verdicts[claim["name"]] = VERDICTS.get((claim["mode"], claim["status"]), claim["status"])
        decided = [case for case in claim["cases"] if case["verdict"] in ("holds", "violated")]
        if any(case.get("evidence") != "accepted" for case in decided):
            verdicts[claim["name"]] += " without accepted evidence"
    return verdicts


def judge(bulkhead, path, folder):
    status, wanted = expectation(path)
    done = subprocess.run([bulkhead, "prove", "--certify", "--no-coverage", "--format", "json", path],
                          capture_output=True, text=True, check=False, timeout=240,
                          env={**os.environ, "XDG_CACHE_HOME": folder})
    if done.returncode != status:
        return f"exit status {done.returncode} instead of {status}\n{done.stdout}{done.stderr}"
    if re.fullmatch(r"(BH\d{4}\s?)+", wanted):
        missing = [code for code in wanted.split() if f"error[{code}]" not in done.stderr]
        return f"no {' '.join(missing)}\n{done.stderr}" if missing else None
    report = json.loads(done.stdout)
    if wanted == "refused":
        answered = outcome(report)
        return None if report.get("refused") and not answered else f"answered: {answered}"
    expected = dict(entry.split() for entry in wanted.split(","))
    return None if outcome(report) == expected else f"{outcome(report)}\ninstead of {expected}\n{done.stderr}"


def main(bulkhead, policies):
    failed = 0
    with tempfile.TemporaryDirectory(prefix="bulkhead-regress-") as folder:
        for path in policies:
            try:
                objection = judge(bulkhead, path, folder)
            except (ValueError, subprocess.TimeoutExpired) as error:
                objection = str(error)
            if objection is not None:
                failed += 1
                print(f"{os.path.basename(path)}: {objection}", file=sys.stderr)
    print(f"{len(policies) - failed} of {len(policies)} policies as expected")
    return 1 if failed or not policies else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
