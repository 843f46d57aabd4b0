"""Each system call of a command made to fail: it says the same as ever, or ends with an error that it names; never less, never more."""
import os
import re
import shutil
import subprocess

from cli import BAD, BULKHEAD, GOOD, CliTest
from needs import main

# What a call may really answer; all others EIO. Only these: files, pipes and processes, not the memory of the C library.
ERRORS = {"openat": "EACCES", "read": "EIO", "pread64": "EIO", "write": "ENOSPC", "newfstatat": "EACCES", "pipe2": "EMFILE",
          "clone3": "EAGAIN", "clone": "EAGAIN", "mkdir": "EROFS", "rename": "EXDEV", "unlink": "EROFS", "poll": "ENOMEM",
          "memfd_create": "EMFILE", "fcntl": "EBADF", "readlink": "EACCES", "lseek": "EIO", "getcwd": "ENOENT", "fchmod": "EPERM",
          "getdents64": "EIO", "access": "EACCES", "link": "EPERM", "symlink": "EPERM", "fsync": "EIO", "fdatasync": "EIO"}
MOST = 12  # of a call that a command makes often, this many and then every seventh
INTERNAL = 70


def calls_of(trace):
    """[(name, its how-manieth)] from the first look at something below the folder `policy` on: the loader's calls are not ours."""
    counts, kept, begun = {}, [], False
    with open(trace, encoding="utf-8", errors="replace") as file:
        for line in file:
            name = line.split("(", 1)[0]
            begun = begun or "/policy/" in line
            if not re.fullmatch(r"[a-z0-9_]+", name):
                continue
            counts[name] = counts.get(name, 0) + 1
            if begun and name in ERRORS and (counts[name] <= MOST or counts[name] % 7 == 0):
                kept.append((name, counts[name]))
    return kept


class FailingCalls(CliTest):
    def setUp(self):
        super().setUp()
        if shutil.which("strace") is None:
            self.skipTest("needs strace: apt-get install strace")
        os.mkdir(os.path.join(self.folder, "policy"))
        self.good = self.file("policy/good.bh", GOOD)
        self.bad = self.file("policy/bad.bh", BAD)

    def traced(self, words, *inject):
        shutil.rmtree(os.path.join(self.folder, "cache"), ignore_errors=True)
        if os.path.exists(self.output()):
            os.remove(self.output())
        return subprocess.run(["strace", "-o", os.path.join(self.folder, "trace"), *inject, BULKHEAD, *words],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                              cwd=self.folder, env=self.environment, timeout=60)

    def output(self):
        return os.path.join(self.folder, "output")

    def written(self):
        if not os.path.exists(self.output()):
            return None
        with open(self.output(), "rb") as file:
            return file.read()

    def told(self, text):
        text = re.sub(r"^cache: .*\n", "", text, flags=re.M)  # an entry that could not be read is made anew
        return re.sub(r"\d+(\.\d+)? (s|ms)\b", "", text)  # figures of time differ

    def try_each(self, *words):
        usual = self.traced(words)
        usual_bytes = self.written()
        for name, nth in calls_of(os.path.join(self.folder, "trace")):
            with self.subTest(words=words[0], call=f"{name} {nth} {ERRORS[name]}"):
                done = self.traced(words, "-e", f"inject={name}:error={ERRORS[name]}:when={nth}")
                said = f"{done.returncode}\n{done.stdout}\n{done.stderr}"
                self.assertGreaterEqual(done.returncode, 0, said)
                self.assertNotEqual(done.returncode, INTERNAL, said)
                if done.returncode == usual.returncode and usual.returncode == 0:
                    self.assertEqual(self.told(done.stdout), self.told(usual.stdout), said)
                    self.assertEqual(self.written(), usual_bytes, said)
                elif done.returncode != usual.returncode:
                    self.assertNotEqual(done.returncode, 0, said)
                    self.assertNotEqual(done.stdout + done.stderr, "", said)
                if self.written() is not None:
                    self.assertEqual(self.written(), usual_bytes, "an output that is not whole: " + said)

    def test_of_prove_never_turn_a_verdict_into_holds(self):
        self.try_each("prove", "--jobs", "1", "--certify", self.good)
        self.try_each("prove", "--jobs", "4", self.bad)

    def test_of_check_and_fmt(self):
        self.try_each("check", self.good)
        self.try_each("fmt", "--check", self.good)

    def test_of_emit_leave_no_half_artifact(self):
        self.try_each("emit", "--target", "seccomp", "--output", self.output(), self.good)

    def test_of_diff_hide_no_access(self):
        self.try_each("diff", self.good, self.bad)


if __name__ == "__main__":
    main()
