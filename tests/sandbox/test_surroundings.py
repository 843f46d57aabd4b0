"""What surrounds a run is hostile or poor: descriptors, limits and environment of the caller, a full disk, a swapped source."""
import errno
import json
import os
import resource
import signal
import subprocess
import threading
import time

from attackers import BULKHEAD, AttackTest
from needs import main, needs_kernel

EXECUTE = os.environ["BULKHEAD_EXEC"]
IS_ROOT = os.geteuid() == 0
PATIENCE = 60
NOISE = "for i in range(20000):\n  try: open('/etc/shadow%d' % i)\n  except OSError: pass\nprint('ran to its end')\n"


class Surroundings(AttackTest):
    def setUp(self):
        if not IS_ROOT:
            self.skipTest("needs root: the accounts of the policies")
        super().setUp()
        needs_kernel(self, BULKHEAD)
        self.log = self.path("home", "log.jsonl")

    def words(self, table, *more, log=None):
        return [EXECUTE, "--table-fd", str(table), "--audit-log", log or self.log, *more, "--"]

    def execute(self, table, command, *options, pass_fds=(), log=None, **more):
        more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **more}
        return subprocess.run([*self.words(table, *options, log=log), *command], check=False, timeout=PATIENCE,
                              pass_fds=(table, *pass_fds), cwd=self.path("home"), **more)

    def verified(self):
        done = subprocess.run([BULKHEAD, "audit", "verify", self.log], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    # ---- the root -------------------------------------------------------------------------------------------------------

    def test_nothing_of_the_hosts_tree_is_left_in_the_root(self):
        """The host's tree hangs in a folder of the root while the sandbox is built."""
        script = ("import os\nfor call in os.lstat, os.mkdir:\n try: call('/.bulkhead-old-root')\n"
                  " except OSError as error: print(error.errno)\nprint(open('/proc/self/mountinfo').read().count(' / / '))")
        command = ["/usr/bin/python3", "-I", "-S", "-c", script]
        done = self.execute(self.table(*command), command)
        self.assertEqual(done.stdout.split(), [str(errno.ENOENT), str(errno.EACCES), "1"], done.stderr)

    # ---- the status descriptor ------------------------------------------------------------------------------------------

    def test_a_status_descriptor_that_is_not_open_starts_nothing(self):
        """The first file that is opened would get its number, and the object would be written into it."""
        table = self.table("/bin/echo", "ran")
        for number in range(3, 12):
            if number == table:
                continue
            done = self.execute(table, ["/bin/echo", "ran"], "--status-fd", str(number))
            self.assertEqual((done.returncode, done.stdout), (125, ""), done.stderr)
            self.assertIn(f"--status-fd {number}", done.stderr)
        self.assertFalse(os.path.exists(self.log), "a run was recorded")
        done = subprocess.run([BULKHEAD, "run", "--status-fd", "9", self.policy("standard") + "::Target", "--", "/bin/echo", "ran"],
                              capture_output=True, text=True, check=False, env=self.environment(), cwd=self.path("home"))
        self.assertEqual((done.returncode, done.stdout), (125, ""), done.stderr)

    def test_a_status_pipe_without_a_reader_or_without_room_costs_the_object_only(self):
        table = self.table("/bin/echo", "ran")
        for full in (False, True):
            with self.subTest(full=full):
                read_end, write_end = os.pipe()
                if full:
                    os.set_blocking(write_end, False)
                    with self.assertRaises(BlockingIOError):
                        while True:
                            os.write(write_end, b"x" * 4096)
                    os.set_blocking(write_end, True)
                else:
                    os.close(read_end)
                done = self.execute(table, ["/bin/echo", "ran"], "--status-fd", str(write_end), pass_fds=(write_end,))
                os.close(write_end)
                if full:
                    os.close(read_end)
                self.assertEqual((done.returncode, done.stdout), (0, "ran\n"), done.stderr)
                self.assertIn("status object", done.stderr)
        self.assertEqual(self.verified()[0], 0, self.verified()[1])

    def test_a_status_descriptor_that_is_no_pipe_gets_the_object(self):
        table = self.table("/bin/echo", "ran")
        with open(self.path("home", "status.json"), "w+", encoding="utf-8") as file:
            self.execute(table, ["/bin/echo", "ran"], "--status-fd", str(file.fileno()), pass_fds=(file.fileno(),))
            file.seek(0)
            self.assertEqual(json.load(file)["cause"], "exit")

    # ---- the caller's streams, limits, environment and words --------------------------------------------------------------

    def test_closed_streams_give_nothing_of_ours_to_the_program(self):
        table = self.table("/bin/ls", "-l", "/proc/self/fd")
        for closed in ((0,), (1,), (2,), (0, 1, 2), (0, 2)):
            with self.subTest(closed=closed):
                words = [*self.words(table), "/bin/ls", "-l", "/proc/self/fd"]
                done = subprocess.run(["/bin/sh", "-c", '"$@" ' + " ".join(f"{fd}>&-" for fd in closed), "sh", *words],
                                      capture_output=True, text=True, check=False, timeout=PATIENCE, pass_fds=(table,),
                                      cwd=self.path("home"))
                self.assertEqual(done.returncode, 0, done.stderr)
                for secret in ("log.jsonl", "memfd", "table", "socket"):
                    self.assertNotIn(secret, done.stdout)
        self.assertEqual(self.verified()[0], 0, self.verified()[1])

    def test_closed_streams_of_the_whole_command_let_nothing_of_the_program_into_the_log(self):
        for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            with self.subTest(closed=closed):
                if os.path.exists(self.log):
                    os.remove(self.log)
                words = self.command(self.policy("standard"), "once", "/in/allowed.txt", "/in/secret.txt", "/out")
                done = subprocess.run(["/bin/sh", "-c", f'"$@" {closed}', "sh", *words], stdin=subprocess.DEVNULL, capture_output=True,
                                      text=True, check=False, timeout=PATIENCE, cwd=self.path("home"), env=self.environment())
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(self.verified()[0], 0, self.verified()[1])
                with open(self.log, encoding="utf-8") as log:
                    self.assertEqual([line for line in log if not line.startswith("{")], [])

    def test_few_descriptors_or_a_small_file_limit_are_a_refusal_or_enough(self):
        table = self.table("/bin/echo", "ran")
        for which, values in ((resource.RLIMIT_NOFILE, (8, 12, 16, 20, 24, 28, 32, 40, 64)), (resource.RLIMIT_FSIZE, (0, 10, 600))):
            for value in values:
                with self.subTest(which=which, value=value):
                    if os.path.exists(self.log):
                        os.remove(self.log)
                    if which == resource.RLIMIT_NOFILE and table >= value:
                        continue
                    done = self.execute(table, ["/bin/echo", "ran"],
                                        preexec_fn=lambda w=which, v=value: resource.setrlimit(w, (v, v)))
                    self.assertIn((done.returncode, done.stdout), ((125, ""), (0, "ran\n"), (125, "ran\n")), done.stderr)
                    if done.returncode == 125:
                        self.assertIn("layer", done.stderr)

    def test_nothing_of_a_hostile_environment_reaches_the_program(self):
        table = self.table("/usr/bin/env")
        hostile = {"LD_PRELOAD": "/nowhere/evil.so", "LD_LIBRARY_PATH": "/nowhere", "GCONV_PATH": "/nowhere", "IFS": "x",
                   "PYTHONPATH": "/nowhere", "BASH_ENV": "/nowhere", "GLIBC_TUNABLES": "glibc.malloc.check=3", "TMPDIR": "/nowhere"}
        done = self.execute(table, ["/usr/bin/env"], env=hostile)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("nowhere", done.stdout)
        self.assertNotIn("GLIBC_TUNABLES", done.stdout)

    def test_more_words_than_the_kernel_takes_are_a_refusal(self):
        table = self.table("/bin/echo")
        fits = self.execute(table, ["/bin/echo", *["x" * 1000] * 500])
        self.assertEqual((fits.returncode, len(fits.stdout)), (0, 500 * 1001), fits.stderr)
        self.assertEqual(self.verified()[0], 0, self.verified()[1])

    # ---- the log ----------------------------------------------------------------------------------------------------------

    def test_a_log_that_runs_full_ends_the_run_and_stays_whole(self):
        """A disk of 64 KiB, and a program that is denied until it is full."""
        program = "/usr/bin/python3"
        table = self.table(program)
        script = ('mount -t tmpfs -o size=64k none "$1" && shift && "$@"; status=$?; '
                  f'{BULKHEAD} audit verify "$LOG" >&2; echo "verify $?" >&2; exit $status')
        disk = self.path("home", "disk")
        os.mkdir(disk)
        log = os.path.join(disk, "log.jsonl")
        done = subprocess.run(["unshare", "-m", "--propagation", "private", "sh", "-c", script, "sh", disk,
                               *self.words(table, "--log=all", log=log), program, "-c", NOISE],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=200,
                              pass_fds=(table,), env={**os.environ, "LOG": log})
        self.assertEqual((done.returncode, done.stdout), (125, ""), done.stderr)
        self.assertIn(os.strerror(errno.ENOSPC).lower(), done.stderr.lower())
        # The last line, SandboxExit, had no room: the chain ends early, which verify says, and no line of it is torn.
        self.assertRegex(done.stderr, r"verify [01]\n")
        self.assertNotIn("torn", done.stderr)

    # ---- the supervisor ended at any moment -----------------------------------------------------------------------------------

    def test_killed_or_stopped_at_any_moment_it_leaves_nothing(self):
        table = self.table("/bin/sleep", "100")
        mark = f"{time.monotonic_ns()}"
        pids = []
        for step in range(24):
            started = subprocess.Popen([*self.words(table), "/bin/sleep", "100." + mark], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(table,), cwd=self.path("home"))
            pids.append(started.pid)
            time.sleep(0.0015 * step)
            if step % 3 == 0:
                started.send_signal(signal.SIGSTOP)
                time.sleep(0.005)
            started.kill()
            started.wait()
        end = time.monotonic() + PATIENCE
        while self.processes_with(mark) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(self.processes_with(mark), [])
        # What a killed supervisor could not remove, its empty groups, the next run removes.
        self.execute(table, ["/bin/sleep", "0"])
        left = [name for folder, names, _ in os.walk("/sys/fs/cgroup") for name in names
                if any(name.startswith(f"bulkhead-{pid}-") for pid in pids)]
        self.assertEqual(left, [])

    @staticmethod
    def processes_with(word):
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    if word.encode() in file.read() and int(pid) != os.getpid():
                        found.append(pid)
            except OSError:
                pass
        return found

    # ---- the volumes -------------------------------------------------------------------------------------------------------

    def test_a_source_that_becomes_a_link_never_shows_what_it_leads_to(self):
        table = self.table("/bin/cat", "/in/secret.txt", "/in/allowed.txt")
        given, aside, secret = self.path("in"), self.path("aside"), self.path("outside")
        with open(os.path.join(secret, "allowed.txt"), "w", encoding="utf-8") as file:
            file.write("SECRET\n")
        stop = threading.Event()

        def swap():
            while not stop.is_set():
                os.rename(given, aside)
                os.symlink(secret, given)
                os.remove(given)
                os.rename(aside, given)

        swapper = threading.Thread(target=swap)
        swapper.start()
        seen = set()
        try:
            for _ in range(25):
                done = self.execute(table, ["/bin/cat", "/in/allowed.txt"])
                seen.add(done.returncode)
                self.assertNotIn("SECRET", done.stdout)
                self.assertIn((done.returncode, done.stdout), ((0, "allowed\n"), (125, "")), done.stderr)
        finally:
            stop.set()
            swapper.join()
        self.assertTrue(seen <= {0, 125})

    def test_a_path_longer_than_the_kernel_names_is_denied_and_harms_nobody(self):
        program = "/usr/bin/python3"
        table = self.table(program)
        script = ("import os\n"
                  "os.chdir('/out')\n"
                  "try:\n  for i in range(200): os.mkdir('d' * 200); os.chdir('d' * 200)\n"
                  "except OSError as error: print('at', i, error.errno)\n"
                  "try: open('e' * 200, 'w'); print('made')\n"
                  "except OSError as error: print('no', error.errno)\n"
                  "try: open('/etc/shadow')\n"
                  "except OSError as error: print('no', error.errno)\n")
        done = self.execute(table, [program, "-c", script])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^at 2\d 36\n(made|no 36)\nno (2|13)\n$", done.stderr)
        self.assertEqual(self.verified()[0], 0, self.verified()[1])


if __name__ == "__main__":
    main()
