#!/usr/bin/env python3
"""check_readme.py policy|demo BUILD SOURCE: the README's examples, run; figures aside, the output is what it shows."""
import os
import re
import subprocess
import sys
import tempfile


def blocks(text):
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.S | re.M)


def normal(text):
    """Figures, ports and runs of spaces do not count."""
    return [re.sub(r" +", " ", re.sub(r"\d+(\.\d+)?", "N", line)).strip() for line in text.strip().split("\n")]


def compare(shown, real):
    if normal(shown) != normal(real):
        sys.exit(f"README.md shows\n{shown}\nand what happens is\n{real}")
    print(real)


def policy(build, readme, folder):
    text = next(body for kind, body in blocks(readme) if kind == "bh")
    with open(os.path.join(folder, "agent.bh"), "w", encoding="utf-8") as file:
        file.write(text)
    session = next(body for _, body in blocks(readme) if body.startswith("$ bulkhead prove"))
    lines = session.strip().split("\n")
    done = subprocess.run([os.path.join(build, "cli", "bulkhead"), *lines[0].split()[2:], "--no-cache"], cwd=folder,
                          capture_output=True, text=True, check=False)
    compare("\n".join(lines[1:-2]), done.stdout)
    if str(done.returncode) != lines[-1]:
        sys.exit(f"README.md shows status {lines[-1]}, and it is {done.returncode}")


def demo(build, source, readme, folder):
    shown = next(body for _, body in blocks(readme) if body.startswith("proved "))
    done = subprocess.run([os.path.join(source, "examples", "demo", "run"), build], cwd=folder, capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    compare(shown, done.stdout)


def main():
    which, build, source = sys.argv[1], os.path.abspath(sys.argv[2]), os.path.abspath(sys.argv[3])
    with open(os.path.join(source, "README.md"), encoding="utf-8") as file:
        readme = file.read()
    with tempfile.TemporaryDirectory(prefix="bulkhead-readme-") as folder:
        if which == "policy":
            policy(build, readme, folder)
        else:
            demo(build, source, readme, folder)


if __name__ == "__main__":
    main()
