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


if __name__ == "__main__":
    main()
