#!/usr/bin/env python3
"""Instructions of `bulkhead prove` (callgrind, one thread) for policies that used to cost a question for each pair, or a
round for each subject: n writers beside n readers in one volume; `attenuates` and ports in policies where rights go round.

usage: instructions.py BULKHEAD [BULKHEAD ...]        # several builds side by side
"""
import os
import random
import re
import subprocess
import sys
import tempfile


def apart(n):
    text = ["module apart;", "volume V;"]
    for i in range(n):
        text.append(f'container W{i} {{ mount V at "/v"; may write V:"/w/{i}/**"; }}')
        text.append(f'container R{i} {{ mount V at "/v"; may read V:"/r/{i}/**"; }}')
    for pod, letter in (("Writers", "W"), ("Readers", "R")):
        text.append(f"pod {pod} = " + ", ".join(f"{letter}{i}" for i in range(n)) + ";")
    return text + ["prove apart: pod Readers protected from pod Writers;"]


PARTS = ["/public/**", "/team/*/shared/**", "/{news,docs}/**", "/public/images/**"]


def round_trips(n, each, give):
    """Everybody hands on to the next one, and to others that are drawn."""
    draw, text, number = random.Random(4), [], 0
    for i in range(n):
        for k in range(each):
            to = (i + 1) % n if k == 0 else draw.randrange(n)
            to = (i + 2) % n if to == i else to
            text.append(f"channel c{number}: C{i} -> C{to} {{ mediated by kernel; }}")
            text.append(f"C{i} may delegate {give(k, draw)} to C{to} via c{number};")
            number += 1
    return text


def attenuates(n, each):
    text = ["module attenuates;", "volume V;"]
    for i in range(n):
        everything = 'may read V:"/**";' if i == 0 else ""
        text.append(f'container C{i} {{ mount V at "/v"; may read V:"/own/{i % 16}/**"; {everything} }}')
    text += round_trips(n, each, lambda k, draw: f'read, delegate on V:"{PARTS[0 if k == 0 else draw.randrange(4)]}"')
    return text + [f"prove less: C{n // 2} attenuates C{n // 2 + 1};", f"refute more: C0 attenuates C{n // 2};"]


def ports(n, each):
    text = ["module ports;", "context mfa: bool;", "net Inside = 10.0.0.0/8;", "net Outside = 11.0.0.0/8;"]
    text += [f"net N{i} = 10.{i}.0.0/16;" for i in range(4)]
    text += [f"container C{i} {{ {'may connect Inside;' if i == 0 else ''} }}" for i in range(n)]
    text.append("permit c: container to connect n: net when n.port == 7777 && context.mfa;")
    text += round_trips(n, each, lambda k, draw: f"connect, delegate on N{k % 4}")
    return text + [f"prove no: C{n // 2} cannot acquire connect on Outside;"]


POLICIES = {"50 writers, 50 readers": apart(50), "100 writers, 100 readers": apart(100),
            "ports, 50 with 2 delegations": ports(50, 2), "attenuates, 100 with 2 delegations": attenuates(100, 2),
            "attenuates, 100 with 10 delegations": attenuates(100, 10)}


def main():
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in POLICIES.items():
            path = os.path.join(folder, "policy.bh")
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
            counts = []
            for program in sys.argv[1:]:
                done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, "prove", "--no-cache",
                                       "--no-coverage", "--jobs", "1", path], capture_output=True, text=True, check=False)
                counts.append(int(re.search(r"Collected : (\d+)", done.stderr).group(1)))
            print(f"{name:36}", *(f"{count / 1e6:10.1f} M" for count in counts), flush=True)


if __name__ == "__main__":
    main()
