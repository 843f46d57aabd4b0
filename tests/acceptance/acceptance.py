"""Starts hostile scripts through `bulkhead sandbox run` and reads back what became of them."""
import ctypes
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from needs import needs_kernel

BULKHEAD = os.environ["BULKHEAD"]
SOURCE = os.environ["BULKHEAD_SOURCE"]
PYTHON = "/usr/bin/python3"
IS_ROOT = os.geteuid() == 0
CLONE_NEWNET = 0x40000000
LEVELS = ("standard", "enhanced", "maximum")
# The least that a level needs on this machine, asked once.
DOCTOR = json.loads(subprocess.run([BULKHEAD, "doctor", "--json"], capture_output=True, text=True, check=True).stdout)

# One script for every attempt: it says what it reached, and nothing else may be read from its exit status.
ATTEMPTS = """
import socket, sys

def read(path):
    with open(path, 'rb') as file:
        return len(file.read())

def write(path):
    with open(path, 'wb') as file:
        file.write(b'x')

def connect(port):
    made = socket.create_connection(('127.0.0.1', int(port)), timeout=20)
    made.sendall(b'x')
    made.close()

def spawn(path):
    import os
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.execv(path, [path, '-I', '-S', '-c', 'pass'])
        except OSError as error:
            os.write(write_end, str(error.errno).encode())
        os._exit(1)
    os.close(write_end)
    failed = os.read(read_end, 16)
    if os.waitpid(child, 0)[1] != 0 or failed:
        raise OSError(int(failed or 8), 'exec')

def take(megabytes):
    held = [bytearray(b'x' * 4096) * 256 for _ in range(int(megabytes))]
    return len(held)

for word in sys.argv[1:]:
    what, _, argument = word.partition('=')
    try:
        globals()[what](argument)
        print(what, argument, 'done', flush=True)
    except (OSError, MemoryError) as error:
        print(what, argument, 'failed', getattr(error, 'errno', 'memory'), flush=True)
"""


class Server:
    """A listener that counts who came."""

    def __init__(self, address):
        self.socket = socket.create_server((address, 0))
        self.port = self.socket.getsockname()[1]
        self.accepted = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                made, _ = self.socket.accept()
            except OSError:
                return
            self.accepted += 1
            made.close()

    def close(self):
        self.socket.close()


class Ran:
    def __init__(self, done, events, status, log):
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr
        self.events, self.object, self.log = events, status, log

    def named(self, name):
        return [event for event in self.events if event["event"] == name]

    @property
    def denials(self):
        return self.named("CapabilityDenied")

    def __str__(self):
        return f"status {self.status}\n{self.out}\n{self.err}\n{json.dumps(self.events, indent=1)}"


class Acceptance(unittest.TestCase):
    """`user` is who starts bulkhead: None is whoever runs the tests."""
    user = None
    degrade = ()
    address = "127.0.0.1"  # where servers listen
    program = BULKHEAD

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="bulkhead-acceptance-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        os.chmod(self.folder, 0o755)
        self.script = self.file("attempts.py", ATTEMPTS.replace("127.0.0.1", self.address))
        self.log = os.path.join(self.folder, "audit.jsonl")
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "LANG": "C.UTF-8",
                            "XDG_CACHE_HOME": os.path.join(self.folder, "cache")}
        for name, value in os.environ.items():
            if name.startswith("BULKHEAD") or name.startswith("LLVM") or name.startswith("GCOV"):
                self.environment[name] = value
        if self.user is not None:
            os.chown(self.folder, self.user, self.user)

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o644)
        if self.user is not None:
            os.chown(path, self.user, self.user)
        return path

    def server(self):
        made = Server(self.address)
        self.addCleanup(made.close)
        return made

    def wait_for(self, condition):
        """What another thread is about to see."""
        for _ in range(1200):
            if condition():
                return
            time.sleep(0.05)
        self.fail("it did not happen within a minute")

    def as_user(self, words):
        if self.user is None:
            return list(words)
        number = str(self.user)
        return ["setpriv", "--reuid", number, "--regid", number, "--clear-groups", *words]

    def needs_level(self, level):
        """Skips where this machine cannot offer a level that the support table promises to the caller."""
        if level == "maximum" and shutil.which("runsc") is None:
            self.skipTest("needs runsc: the program is not installed")
        needs_kernel(self, BULKHEAD)

    @staticmethod
    def mechanisms():
        return {item["name"]: item for item in DOCTOR["mechanisms"]}

    def bare(self, *attempts):
        """The arm without a sandbox."""
        done = subprocess.run(self.as_user([PYTHON, self.script, *attempts]), capture_output=True, text=True,
                              check=False, timeout=120)
        return done.stdout

    def sandbox(self, level, capabilities, *attempts, options=()):
        """The arm in a sandbox, its log verified."""
        document = {"level": level, **capabilities}
        if self.degrade:
            document.setdefault("degrade", list(self.degrade))
        self.capabilities = self.file("caps.json", json.dumps(document, indent=1) + "\n")
        words = [self.program, "sandbox", "run", "--capabilities", self.capabilities, "--audit-log", self.log, *options,
                 self.script, "--", *attempts]
        return self.run_words(words)

    def run_words(self, words):
        if os.path.exists(self.log):
            os.remove(self.log)
        read_end, write_end = os.pipe()
        words = [*words[:3], "--status-fd", str(write_end), *words[3:]] if words[1] == "sandbox" else \
                [*words[:2], "--status-fd", str(write_end), *words[2:]]
        done = subprocess.run(self.as_user(words), capture_output=True, text=True, check=False, timeout=300,
                              pass_fds=(write_end,), cwd=self.folder, env=self.environment)
        os.close(write_end)
        with os.fdopen(read_end, encoding="utf-8") as pipe:
            status = pipe.read()
        events = []
        if os.path.exists(self.log):
            with open(self.log, encoding="utf-8") as log:
                events = [json.loads(line) for line in log]
            verified = subprocess.run([BULKHEAD, "audit", "verify", self.log], capture_output=True, text=True, check=False)
            self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        ran = Ran(done, events, json.loads(status) if status else None, self.log)
        self.assertIsNotNone(ran.object, str(ran))
        self.assertEqual(ran.object["status"], ran.status, str(ran))
        return ran

    def line_of(self, needle):
        """Where the capability file says it."""
        with open(self.capabilities, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if needle in line:
                    return number
        raise AssertionError(f"{needle} does not stand in the capability file")

    def assert_denied(self, ran, objects, line='"capabilities"'):
        """Exactly these objects were denied, each with the line of the capability file and a claim."""
        self.assertEqual([event["object"] for event in ran.denials], list(objects), str(ran))
        for event in ran.denials:
            self.assertTrue(event["enforced"], str(ran))
            self.assertEqual(event["rule"]["file"], self.capabilities, str(ran))
            self.assertEqual(event["rule"]["line"], self.line_of(line), str(ran))
            self.assertTrue(event["claim"]["name"], str(ran))
            why = subprocess.run([BULKHEAD, "why", str(ran.denials.index(event) + 1), "--log", self.log],
                                 capture_output=True, text=True, check=False)
            self.assertIn(event["claim"]["name"], why.stdout, why.stderr)
        self.assertEqual(ran.object["denials"], len(ran.denials), str(ran))

    def assert_nothing_left(self, ran):
        """Neither groups nor mounts nor processes nor containers of this run."""
        starts = ran.named("SandboxStart")
        if not starts:
            return
        self.assertEqual(leftovers(starts[0]["run"]), [], str(ran))


def leftovers(run):
    """Whatever on this machine still carries the id of the run."""
    left = []
    for base, folders, _ in os.walk("/sys/fs/cgroup"):
        left += [os.path.join(base, name) for name in folders if run in name]
    with open("/proc/self/mountinfo", encoding="utf-8") as mounts:
        left += [line for line in mounts if run in line]
    for folder in ("/run/bulkhead", "/run/runsc", "/var/run/runsc"):
        for base, folders, files in os.walk(folder):
            left += [os.path.join(base, name) for name in folders + files if run in name]
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as words, open(f"/proc/{pid}/cgroup", encoding="utf-8") as group:
                if run.encode() in words.read() or run in group.read():
                    left.append(f"process {pid}")
        except OSError:
            pass
    return left


class NetworkOfItsOwn:
    """Mixed in: the tests run in a network namespace with an address that is not loopback, which gVisor keeps to itself."""
    address = "198.51.100.7"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        libc = ctypes.CDLL(None, use_errno=True)
        cls.home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        if not IS_ROOT or libc.unshare(CLONE_NEWNET) != 0:
            return
        cls.addClassCleanup(lambda: libc.setns(cls.home, CLONE_NEWNET))
        for words in ("link set lo up", f"address add {cls.address}/32 dev lo"):
            subprocess.run(["ip", *words.split()], check=True)


def a_user():
    """A number that no other run uses and nobody has an account for."""
    return 600_000 + os.getpid() % 50_000
