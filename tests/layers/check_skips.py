"""Every test that leaves itself out says `needs WORD: why`, with a word that .ci/run requires: no layer goes untested unseen.

usage: check_skips.py ROOT
"""
import os
import re
import sys

SAID = re.compile(r'(?:GTEST_SKIP\(\)\s*<<|skipTest\(|skipUnless\([^"\n]*|skipIf\([^"\n]*)\s*f?("[^"]*")?')
NEEDS = re.compile(r'"needs (\w+|\{word\}): ')  # `word`: a name made at run time
ELSEWHERE = {"corpora"}  # files of other projects, which are read where they are at hand


def main(root):
    with open(os.path.join(root, ".ci", "run"), encoding="utf-8") as file:
        required = set(re.search(r"BULKHEAD_REQUIRE='([^']*)'", file.read()).group(1).split())
    problems, count = [], 0
    for folder, _, names in os.walk(os.path.join(root, "tests")):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if not name.endswith((".cpp", ".h", ".py")) or path == os.path.abspath(__file__):
                continue
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for found in SAID.finditer(text):
                where = f"{os.path.relpath(path, root)}:{text.count(chr(10), 0, found.start()) + 1}"
                said = NEEDS.match(found.group(1) or "")
                count += 1
                if said is None:
                    problems.append(f"{where}: a skip that does not say `needs WORD: why`")
                elif said.group(1) not in required | ELSEWHERE | {"{word}"}:
                    problems.append(f"{where}: .ci/run does not require `{said.group(1)}`")
    print("\n".join(problems) or f"{count} skips, all named")
    return 1 if problems or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
