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


def ring(n, each, give, first, other=""):
    """Everybody hands on to the next one, and to others that are drawn."""
    draw = random.Random(4)
    text = [f"container C{i} {{ {first if i == 0 else other} }}" for i in range(n)]
    for i in range(n):
        for k in range(each):
            to = (i + 1) % n if k == 0 else draw.randrange(n)
            to = (i + 2) % n if to == i else to
            text.append(f"channel c{i}_{k}: C{i} -> C{to} {{ mediated by kernel; }}")
            text.append(f"C{i} may delegate {give} to C{to} via c{i}_{k};")
    return text


def attenuates(n, each):
    mount = 'mount V at "/v"; '
    return ["module attenuates;", "volume V;"] + ring(
        n, each, 'read, delegate on V:"/pub/**"', mount + 'may read V:"/**";', mount + 'may read V:"/own/**";') + [
        f"prove less: C{n // 2} attenuates C{n // 2 + 1};"]


def ports(n, each):
    return ["module ports;", "context mfa: bool;", "net Inside = 10.0.0.0/8;", "net Outside = 11.0.0.0/8;",
            "permit c: container to connect n: net when n.port == 7777 && context.mfa;"] + ring(
        n, each, "connect, delegate on Inside", "may connect Inside;") + [
        f"prove no: C{n // 2} cannot acquire connect on Outside;"]


POLICIES = {"50 writers, 50 readers": apart(50), "100 writers, 100 readers": apart(100),
            "attenuates, ring of 100": attenuates(100, 1), "attenuates, 100 with 2 delegations": attenuates(100, 2),
            "attenuates, 50 with 10 delegations": attenuates(50, 10), "ports, 25 with 2 delegations": ports(25, 2)}


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
