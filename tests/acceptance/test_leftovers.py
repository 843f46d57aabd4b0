"""After a run nothing of it remains, also where its supervisor was killed."""
import json
import os
import signal
import subprocess
import time

from acceptance import BULKHEAD, IS_ROOT, Acceptance, leftovers
from needs import main

SLEEPER = "import time\nprint('up', flush=True)\ntime.sleep(600)\n"


def gone(run, seconds=60):
    """Waits until nothing of the run is left; returns what is left at the end."""
    end = time.monotonic() + seconds
    while leftovers(run) and time.monotonic() < end:
        time.sleep(0.1)
    return leftovers(run)


class Leftovers(Acceptance):
    level = "standard"

    def setUp(self):
        if not IS_ROOT:
            self.skipTest("needs root: groups of cgroup v1 and gVisor")
        super().setUp()
        self.needs_level(self.level)

    def start(self):
        script = self.file("sleeper.py", SLEEPER)
        capabilities = self.file("caps.json", json.dumps({"level": self.level, "capabilities": []}))
        made = subprocess.Popen([BULKHEAD, "sandbox", "run", "--capabilities", capabilities, "--audit-log", self.log, script],
                                stdout=subprocess.PIPE, text=True, cwd=self.folder, env=self.environment)
        self.addCleanup(made.stdout.close)
        self.addCleanup(made.kill)
        self.assertEqual(made.stdout.readline(), "up\n")
        with open(self.log, encoding="utf-8") as log:
            return made, json.loads(log.readline())["run"]


    def test_a_run_that_ends_leaves_nothing(self):
        ran = self.sandbox(self.level, {"capabilities": []}, "read=/etc/passwd")
        self.assert_nothing_left(ran)

    def test_a_supervisor_that_is_killed_takes_everything_along(self):
        made, run = self.start()
        self.assertTrue(leftovers(run), "the run is visible while it lasts")
        inside = self.processes_inside(run)
        self.assertTrue(inside)
        made.send_signal(signal.SIGKILL)
        made.wait()
        end = time.monotonic() + 60
        while any(os.path.exists(f"/proc/{pid}") for pid in inside) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual([pid for pid in inside if os.path.exists(f"/proc/{pid}")], [])
        # An empty group outlives its supervisor until the next run sweeps it.
        following = self.sandbox(self.level, {"capabilities": []})
        self.assertEqual(following.status, 0, str(following))
        self.assertEqual(gone(run), [])

    def with_full_disk(self, room, *options):
        """A run whose log is on a disk with this many KiB left, seen by it alone: what it said, its status object, its log."""
        disk = os.path.join(self.folder, "disk")
        os.makedirs(disk, exist_ok=True)
        kept, told = os.path.join(self.folder, "kept.jsonl"), os.path.join(self.folder, "told")
        script = self.file("denied.py", "for i in range(500):\n    try: open(f'/etc/nothing{i}')\n    except OSError: pass\n"
                                        "print('ran to its end')\n")
        words = [BULKHEAD, "sandbox", "run", "--level", self.level, *options, "--audit-log", f"{disk}/log", "--status-fd", "9",
                 "--capabilities", self.file("caps.json", json.dumps({"capabilities": []})), script]
        shell = f"""mount -t tmpfs -o size=64k none {disk} && head -c {(64 - room) * 1024} /dev/zero >{disk}/fill || exit 99
                    "$@" 9>{told}; status=$?; cp {disk}/log {kept}; exit $status"""
        done = subprocess.run(["unshare", "-m", "sh", "-c", shell, "sh", *words], capture_output=True, text=True, check=False,
                              timeout=300, env=self.environment)
        with open(told, encoding="utf-8") as file:
            return done, json.load(file), kept

    def test_a_full_disk_under_the_log_ends_the_run_and_leaves_nothing(self):
        for room in (0, 20):
            done, told, kept = self.with_full_disk(room)
            self.assertEqual((done.returncode, done.stdout), (125, ""), done.stderr)
            self.assertIn("layer audit log: write: no space left on device; help: make room for the log", done.stderr)
            self.assertEqual((told["cause"], told["started"]), ("refused", room > 0), told)
            with open(kept, encoding="utf-8") as log:
                lines = [json.loads(line) for line in log]
            self.assertEqual(bool(lines), room > 0)
            for run in {line["run"] for line in lines}:
                self.assertEqual(gone(run), [])

    def test_a_loss_of_events_that_was_allowed_ends_nothing(self):
        done, told, _ = self.with_full_disk(20, "--audit-loss=continue")
        self.assertEqual((done.returncode, done.stdout), (120, "ran to its end\n"), done.stderr)
        self.assertEqual((told["denials"], told["started"]), (500, True), told)

    def test_a_run_that_is_told_to_stop_leaves_nothing(self):
        made, run = self.start()
        made.send_signal(signal.SIGTERM)
        self.assertNotEqual(made.wait(60), 0)
        self.assertEqual(gone(run), [])

    @staticmethod
    def processes_inside(run):
        """Processes in groups of the run: the program and whatever holds it."""
        found = []
        for base, _, files in os.walk("/sys/fs/cgroup"):
            if run in base and "cgroup.procs" in files:
                try:
                    with open(os.path.join(base, "cgroup.procs"), encoding="utf-8") as pids:
                        found += pids.read().split()
                except OSError:
                    pass
        return sorted(set(found))


class LeftoversEnhanced(Leftovers):
    level = "enhanced"


class LeftoversMaximum(Leftovers):
    level = "maximum"

    def test_a_state_folder_without_room_is_a_refusal_that_says_so(self):
        words = [BULKHEAD, "sandbox", "run", "--level", self.level, "--audit-log", self.log, "--capabilities",
                 self.file("caps.json", json.dumps({"capabilities": []})), self.file("s.py", "print('ran')")]
        for room in ("16k", "256k", "600k"):
            done = subprocess.run(["unshare", "-m", "sh", "-c", f"mount -t tmpfs -o size={room} none /run && exec \"$@\"", "sh", *words],
                                  capture_output=True, text=True, check=False, timeout=300, env=self.environment)
            self.assertEqual((done.returncode, done.stdout), (125, ""), done.stderr)
            self.assertRegex(done.stderr, "layer gvisor: write bundle .*no space left on device; help: make room", room)


if __name__ == "__main__":
    main()
