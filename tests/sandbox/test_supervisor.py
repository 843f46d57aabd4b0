"""The supervisor's own side: it dies, it is stopped, its log is tampered with, two of it run at once."""
import os
import signal
import subprocess
import time

from attackers import BULKHEAD, LEVELS, AttackTest
from needs import main, needs_kernel

PATIENCE = 60.0


class Supervisor(AttackTest):
    def setUp(self):
        super().setUp()
        needs_kernel(self, BULKHEAD)

    def start(self, level, attacker, *words):
        started = subprocess.Popen(self.command(self.policy(level), attacker, *words), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=self.path("home"),
                                   env=self.environment())
        self.addCleanup(self.end, started)
        return started

    @staticmethod
    def end(started):
        started.kill()
        started.wait()
        started.stdout.close()

    @staticmethod
    def descendants(root):
        """The processes below `root`, as (pid, start time)."""
        parents = {}
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    fields = file.read().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(name)] = (int(fields[1]), fields[19])
        found, grew = {root}, True
        while grew:
            more = {pid for pid, (parent, _) in parents.items() if parent in found} - found
            found |= more
            grew = bool(more)
        return {(pid, parents[pid][1]) for pid in found - {root} if pid in parents}

    @staticmethod
    def alive(process):
        try:
            with open(f"/proc/{process[0]}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            return False
        return fields[19] == process[1] and fields[0] != "Z"

    def test_nothing_outlives_a_killed_supervisor(self):
        for level in LEVELS:
            with self.subTest(level=level):
                started = self.start(level, "daemon")
                self.assertEqual(started.stdout.readline(), "stands\n")
                inside = self.descendants(started.pid)
                self.assertGreaterEqual(len(inside), 3)  # the first process, the program, its daemon
                started.send_signal(signal.SIGKILL)
                started.wait()
                end = time.monotonic() + PATIENCE
                while any(self.alive(one) for one in inside) and time.monotonic() < end:
                    time.sleep(0.01)
                self.assertEqual([one for one in inside if self.alive(one)], [])

    def test_a_stopped_supervisor_lets_nothing_pass(self):
        for level in LEVELS:
            with self.subTest(level=level):
                started = self.start(level, "files", "/in/allowed.txt", "/in/secret.txt", "/out")
                started.send_signal(signal.SIGSTOP)
                time.sleep(0.2)
                started.send_signal(signal.SIGCONT)
                text, _ = started.communicate(timeout=200)
                self.assertIn("direct failed", text)
                self.assertIn("no_streams failed", text)

    def test_a_log_that_is_a_link_is_refused(self):
        target = self.path("home", "elsewhere")
        os.symlink(target, self.path("home", "log.jsonl"))
        done = self.confined(self.policy("standard"), "fill", "sockets", "/scratch", "1")
        self.assertEqual((done.returncode, done.stdout), (125, ""), done.stderr)
        self.assertFalse(os.path.exists(target))

    def test_the_log_is_whole_after_every_attack(self):
        for level in LEVELS:
            self.confined(self.policy(level), "process", str(os.getpid()), "/in/secret.txt")
            self.confined(self.policy(level), "files", self.path("home", "log.jsonl"), self.path("home", "log.jsonl"), "/out")
        done = subprocess.run([os.environ["BULKHEAD"], "audit", "verify", self.path("home", "log.jsonl")],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_two_at_once_are_two(self):
        first = self.start("standard", "daemon")
        self.assertEqual(first.stdout.readline(), "stands\n")
        inside = next(iter(self.descendants(first.pid)))[0]
        done = self.confined(self.policy("enhanced"), "process", str(inside), "/in/secret.txt")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("worked", done.stdout)


if __name__ == "__main__":
    main()
