"""Each system call of the supervisor made to fail: the run is refused or goes on as it was; nothing is widened, nothing is left.

strace makes the calls fail. It traces the supervisor alone, so that the sandbox is read back as always.
"""
import fcntl
import os
import re
import shutil
import subprocess
import time

from attackers import BULKHEAD, AttackTest, attempts
from needs import main, needs_kernel

EXEC = os.path.join(os.path.dirname(BULKHEAD), "..", "bulkhead-exec")

PATIENCE = 100  # seconds for one run on a loaded machine
UNDISTURBED = {"started": "worked", "allowed": "worked", "secret": "failed", "connect": "failed", "mount": "failed"}
FORBIDDEN = ("secret", "connect", "mount")
REFUSED = (125, 126)
STATUSES = (0, 120, *REFUSED)  # the attacker's own is 0; level standard says 120 where something was denied
BY_CALL = {"setfsuid": (70,), "setfsgid": (70,), "capset": (70,),  # borrowed ids that cannot be laid off end the supervisor
           "write": (141,), "read": (141,)}  # the output cannot be passed on any more: SIGPIPE for the program
STARTED = "SECCOMP_IOCTL_NOTIF_RECV"  # from here on the program runs and the supervisor answers it

# What a call may really answer; all others EIO.
ERRORS = {"openat": "EMFILE", "openat2": "EMFILE", "mmap": "ENOMEM", "clone3": "EAGAIN", "pipe2": "EMFILE", "socketpair": "EMFILE",
          "mkdir": "EROFS", "ptrace": "EPERM", "setgroups": "EPERM", "access": "EACCES", "pidfd_getfd": "EPERM", "capset": "EPERM"}
# Calls whose failure cannot be noticed, or that cannot fail: closing, killing one's own child, the C library's memory, one's own number.
LEFT_OUT = {"execve", "exit_group", "close", "kill", "brk", "munmap", "madvise", "mprotect", "arch_prctl", "set_tid_address", "set_robust_list",
            "rseq", "futex", "getpid", "gettid", "geteuid", "getegid", "getuid", "getgid", "rt_sigprocmask", "rt_sigaction", "lseek",
            "nanosleep", "clock_nanosleep", "rt_sigtimedwait", "restart_syscall", "sched_yield", "readlink", "fchmod", "ftruncate"}
INTERRUPTED = {"read", "poll", "epoll_wait", "recvmsg", "wait4", "waitid", "ioctl", "sendto"}


def calls_of(trace):
    """[(name, its how-manieth, whether the program runs)] of a trace, in order."""
    counts, calls, running = {}, [], False
    with open(trace, encoding="utf-8", errors="replace") as file:
        for line in file:
            name = line.split("(", 1)[0]
            if not re.fullmatch(r"[a-z0-9_]+", name):
                continue
            counts[name] = counts.get(name, 0) + 1
            running = running or STARTED in line
            calls.append((name, counts[name], running))
    return calls


def chosen(calls):
    """Every call of the launch; of the answers to the program, which repeat, the first three of a kind and every ninth."""
    seen, kept = {}, []
    for name, nth, running in calls:
        if name in LEFT_OUT:
            continue
        if running:
            seen[name] = seen.get(name, 0) + 1
            if seen[name] > 3 and seen[name] % 9 != 0:
                continue
        kept.append((name, nth, running))
    return kept


class FailingCalls(AttackTest):
    def setUp(self):
        super().setUp()
        needs_kernel(self, BULKHEAD)
        if shutil.which("strace") is None:
            self.skipTest("needs strace: apt-get install strace")
        if os.geteuid() != 0:
            self.skipTest("needs root: the calls of a launch with every layer")

    def take_table(self, level):
        """The table and the words that `bulkhead run` hands over, taken by a program that stands in for bulkhead-exec."""
        folder = self.path("stand_in")
        os.makedirs(folder, exist_ok=True)
        ours = shutil.copy(BULKHEAD, folder)
        taker = os.path.join(folder, "bulkhead-exec")
        with open(taker, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\ncat /proc/self/fd/$2 > {folder}/table\nprintf '%s\\n' \"$@\" > {folder}/words\n")
        os.chmod(taker, 0o755)
        command = self.command(self.policy(level), "once", "/in/allowed.txt", "/in/secret.txt", "/out")
        command[0] = ours
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              timeout=120, cwd=self.path("home"), env=self.environment())
        self.assertEqual(done.returncode, 0, done.stdout)
        with open(os.path.join(folder, "table"), "rb") as file:
            self.table = file.read()
        with open(os.path.join(folder, "words"), encoding="utf-8") as file:
            self.words = file.read().splitlines()

    def traced(self, *inject):
        """bulkhead-exec under strace, with a log of its own; the trace is in `trace`."""
        if os.path.exists(self.path("home", "log.jsonl")):
            os.remove(self.path("home", "log.jsonl"))
        memory = os.memfd_create("table", os.MFD_ALLOW_SEALING)
        try:
            os.write(memory, self.table)
            fcntl.fcntl(memory, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE)
            words = [str(memory) if before == "--table-fd" else word for before, word in zip([""] + self.words, self.words)]
            return subprocess.run(["strace", "-o", self.path("trace"), *inject, EXEC, *words], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=PATIENCE,
                                  cwd=self.path("home"), env=self.environment(), pass_fds=(memory,))
        finally:
            os.close(memory)

    def log(self):
        try:
            with open(self.path("home", "log.jsonl"), encoding="utf-8") as file:
                return file.read()
        except OSError:
            return ""

    def still_running(self):
        """Processes that are the attacker or ours that start it, whatever their namespace, and that do not end by themselves.

        A supervisor that had to give up waits for nobody: what it held is killed because it is gone, a little later.
        """
        deadline = time.monotonic() + PATIENCE
        while self.running() and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.running()

    def running(self):
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/cmdline", encoding="utf-8", errors="replace") as file:
                    words = file.read().split("\0")
            except OSError:
                continue
            if os.path.join(self.attackers, "once") in words:
                found.append(name)
        return found

    def prepare(self, level):
        self.take_table(level)
        done = self.traced()
        self.assertEqual(attempts(done.stdout), UNDISTURBED, done.stderr)
        return done.returncode, calls_of(self.path("trace"))

    def fail_each(self, level, of_launch):
        _, calls = self.prepare(level)
        for name, nth, running in chosen(calls):
            if not running and not of_launch:
                continue
            error = ERRORS.get(name, "EIO")
            with self.subTest(level=level, call=f"{name} {nth} {error}"):
                done = self.traced("-e", f"inject={name}:error={error}:when={nth}")
                said = done.stdout + done.stderr
                found = attempts(done.stdout)
                self.assertEqual([name for name in FORBIDDEN if found.get(name, "failed") != "failed"], [], said)
                self.assertIn(done.returncode, STATUSES + BY_CALL.get(name, ()), said)
                if done.returncode in REFUSED:
                    self.assertIn("help: ", done.stderr)
                if found:
                    self.assertIn("SandboxStart", self.log(), said)
                self.assertEqual(self.still_running(), [])

    def test_of_a_launch_widen_nothing_at_level_standard(self):
        self.fail_each("standard", of_launch=True)

    def test_of_the_answers_widen_nothing_at_level_enhanced(self):
        self.fail_each("enhanced", of_launch=False)

    def test_at_which_the_supervisor_is_killed_leave_no_process_that_waits(self):
        """For its id map, or to be looked at: it would hold the output, so the run would not come back, and it has no name to
        be found by."""
        self.prepare("standard")
        with open(self.path("trace"), encoding="utf-8", errors="replace") as file:
            opened = [line for line in file if line.startswith("openat(")]
        waits = [nth for nth, line in enumerate(opened, 1) if re.search(r'"/proc/\d+/(setgroups|gid_map|uid_map|ns/user)"', line)]
        self.assertEqual(len(waits), 6)
        for call in [f"openat:signal=SIGKILL:when={nth}" for nth in waits] + ["sendto:signal=SIGKILL:when=1"]:
            with self.subTest(call=call):
                self.traced("-e", f"inject={call}")
                self.assertEqual(self.still_running(), [])

    def test_that_a_signal_interrupts_are_made_again(self):
        status, calls = self.prepare("standard")
        for name, nth, _ in chosen(calls):
            if name not in INTERRUPTED:
                continue
            with self.subTest(call=f"{name} {nth} EINTR"):
                done = self.traced("-e", f"inject={name}:error=EINTR:when={nth}")
                self.assertEqual((done.returncode, attempts(done.stdout)), (status, UNDISTURBED), done.stderr)


if __name__ == "__main__":
    main()
