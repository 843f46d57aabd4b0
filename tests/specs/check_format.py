"""Every policy that is shipped is written as `bulkhead fmt` writes it, and so are those that the README shows."""
import glob
import os
import re
import subprocess
import sys

BULKHEAD, SOURCE = sys.argv[1:3]
FOLDERS = ("specs", "models", "examples")


def main():
    policies = [path for folder in FOLDERS for path in glob.glob(os.path.join(SOURCE, folder, "**/*.bh"), recursive=True)]
    assert len(policies) > 30, policies
    done = subprocess.run([BULKHEAD, "fmt", "--check", *sorted(policies)], check=False)
    with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as file:
        shown = re.findall(r"```bh\n(.*?)```", file.read(), re.DOTALL)
    assert shown, "the README shows no policy"
    for text in shown:
        canonical = subprocess.run([BULKHEAD, "fmt", "-"], input=text, stdout=subprocess.PIPE, text=True, check=True).stdout
        if canonical != text:
            sys.exit(f"README.md: not as `bulkhead fmt` writes it, which is\n{canonical}")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
