"""What an untrusted script can and cannot do at each level; every denial with its three arms."""
import json
import os
import socket
import subprocess
import threading

from acceptance import BULKHEAD, IS_ROOT, PYTHON, Acceptance, NetworkOfItsOwn
from needs import main

ALLOWED, OTHER = "allowed.txt", "other.txt"


class Levels:
    """Mixed into a caller at one level."""

    def setUp(self):
        super().setUp()
        self.needs_level(self.level)

    def grant(self, kind, **what):
        return {"capabilities": [{"kind": kind, **what}]}

    def test_reads_no_password_file_without_a_grant(self):
        attempt, done = "read=/etc/passwd", "read /etc/passwd done\n"
        self.assertEqual(self.bare(attempt), done)
        level = self.level
        granted = self.sandbox(level, self.grant("FILE_READ", paths=["/etc/passwd"]), attempt)
        self.assertEqual((granted.status, granted.out), (0, done), str(granted))
        self.assertEqual(granted.denials, [], str(granted))
        denied = self.sandbox(level, {"capabilities": []}, attempt)
        self.assertEqual(denied.status, 120, str(denied))
        self.assertRegex(denied.out, r"^read /etc/passwd failed (2|13)\n$")
        self.assert_denied(denied, ["/etc/passwd"])
        self.assertEqual(denied.denials[0]["claim"]["name"], "secrets_untouched")
        self.assertEqual(denied.object["level"], level)
        self.assertEqual((denied.object["cause"], denied.object["code"]), ("exit", 0))
        self.assert_nothing_left(denied)

    def test_opens_no_outbound_connection_without_a_grant(self):
        server = self.server()
        attempt, done = f"connect={server.port}", f"connect {server.port} done\n"
        self.assertEqual(self.bare(attempt), done)
        level = self.level
        grant = self.grant("NETWORK_CONNECT", to=[{"cidr": f"{self.address}/32", "port": server.port}])
        granted = self.sandbox(level, grant, attempt)
        self.assertEqual((granted.status, granted.out), (0, done), str(granted))
        self.assertEqual(granted.denials, [], str(granted))
        self.wait_for(lambda: server.accepted == 2)  # bare, and granted
        denied = self.sandbox(level, {"capabilities": []}, attempt)
        self.assertEqual(denied.status, 120, str(denied))
        self.assertIn("failed", denied.out)
        self.assert_denied(denied, [f"{self.address}:{server.port}"])
        self.assertEqual(denied.denials[0]["claim"]["name"], "no_egress")
        self.assertEqual(server.accepted, 2, "the sandbox reached the server without a grant")
        self.assert_nothing_left(denied)

    def test_reaches_the_granted_port_and_no_other(self):
        granted, other = self.server(), self.server()
        attempts = (f"connect={granted.port}", f"connect={other.port}")
        self.assertEqual(self.bare(*attempts).count("done"), 2)
        level = self.level
        self.wait_for(lambda: other.accepted == 1)  # the bare one; it is counted by a thread
        grant = self.grant("NETWORK_CONNECT", to=[{"cidr": f"{self.address}/32", "port": granted.port}])
        ran = self.sandbox(level, grant, *attempts)
        self.assertEqual(ran.status, 120, str(ran))
        self.assertIn(f"connect {granted.port} done\nconnect {other.port} failed", ran.out)
        self.assert_denied(ran, [f"{self.address}:{other.port}"])
        self.assertEqual(ran.denials[0]["claim"]["name"], "no_other_egress")
        self.assertEqual(other.accepted, 1, "the sandbox reached a port without a grant")
        both = self.grant("NETWORK_CONNECT", to=[{"cidr": f"{self.address}/32", "port": port}
                                                 for port in (granted.port, other.port)])
        self.assertEqual(self.sandbox(level, both, *attempts).out.count("done"), 2)

    def test_reads_the_granted_file_and_not_its_neighbour(self):
        os.mkdir(os.path.join(self.folder, "data"))
        allowed, other = (self.file(f"data/{name}", name) for name in (ALLOWED, OTHER))
        attempts = (f"read={allowed}", f"read={other}")
        self.assertEqual(self.bare(*attempts).count("done"), 2)
        level = self.level
        both = self.sandbox(level, self.grant("FILE_READ", paths=[allowed, other]), *attempts)
        self.assertEqual((both.status, both.out.count("done")), (0, 2), str(both))
        ran = self.sandbox(level, self.grant("FILE_READ", paths=[allowed]), *attempts)
        self.assertEqual(ran.status, 120, str(ran))
        self.assertRegex(ran.out, rf"^read {allowed} done\nread {other} failed (2|13)\n$")
        self.assert_denied(ran, [other])
        self.assertEqual(ran.denials[0]["claim"]["name"], "nothing_beside")

    def test_executes_its_own_interpreter_again_only_where_that_is_granted(self):
        program = os.path.realpath(PYTHON)
        attempts = (f"spawn={PYTHON}", f"spawn={program}")
        self.assertEqual(self.bare(*attempts).count("done"), 2)
        granted = self.sandbox(self.level, self.grant("PROCESS_SPAWN", paths=[PYTHON], max=2), *attempts)
        self.assertEqual((granted.status, granted.out.count("done")), (0, 2), str(granted))
        self.assertEqual(granted.denials, [], str(granted))
        other = self.sandbox(self.level, self.grant("PROCESS_SPAWN", paths=["/usr/bin/true"]), *attempts)
        denied = self.sandbox(self.level, {"capabilities": []}, *attempts)
        self.assertEqual(denied.out.count("failed 13"), 2, str(denied))
        if self.level == "maximum":  # the filter inside gVisor answers before gVisor's sink is asked
            self.assertEqual((denied.status, denied.denials), (0, []), str(denied))
        for ran in (other,) if self.level == "maximum" else (other, denied):
            self.assertEqual(ran.status, 120, str(ran))
            self.assertEqual([(event["capability"], event["object"]) for event in ran.denials],
                             [("PROCESS_SPAWN", program)] * 2, str(ran))
            self.assertEqual({event["claim"]["name"] for event in ran.denials}, {"runtime_unexecuted"}, str(ran))
            self.assertEqual({event["rule"]["line"] for event in ran.denials}, {self.line_of('"capabilities"')}, str(ran))
            self.assertEqual({event["enforced"] for event in ran.denials}, {self.level != "maximum"}, str(ran))
            if self.level != "maximum":  # where some exec is granted, the mounts alone decide: they let the start through
                self.assertEqual(ran.out.count("failed 13"), 2, str(ran))

    def test_reads_a_granted_file_and_does_not_write_it(self):
        path = self.file("kept.txt", "kept")
        level = self.level
        ran = self.sandbox(level, self.grant("FILE_READ", paths=[path]), f"read={path}", f"write={path}")
        self.assertEqual(ran.status, 120, str(ran))
        self.assertIn(f"read {path} done\nwrite {path} failed", ran.out)
        self.assert_denied(ran, [path], path)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "kept")

    def test_writes_and_renames_in_a_granted_folder_and_links_nothing(self):
        out = os.path.join(self.folder, "out")
        os.mkdir(out)
        os.chmod(out, 0o777)
        self.script = self.file("renames.py", f"""
import os
with open('{out}/a', 'w') as file: file.write('x')
os.rename('{out}/a', '{out}/b')
try: os.link('{out}/b', '{out}/c'); print('linked')
except OSError as error: print('no', error.errno)
""")
        paths = {"paths": [f"{out}/**"]}
        ran = self.sandbox(self.level, {"capabilities": [{"kind": "FILE_READ", **paths}, {"kind": "FILE_WRITE", **paths}]})
        self.assertRegex(ran.out, r"^no (1|13)\n$", str(ran))
        self.assertEqual(os.listdir(out), ["b"], str(ran))

    def test_takes_forty_of_fifty_megabytes_and_not_sixty(self):
        self.assertEqual(self.bare("take=60"), "take 60 done\n")
        level = self.level
        limited = {"capabilities": [], "limits": {"memory": "50MiB"}}
        roomy = {"capabilities": [], "limits": {"memory": "128MiB"}}
        self.assertEqual(self.sandbox(level, roomy, "take=60").out, "take 60 done\n")
        within = self.sandbox(level, limited, "take=40")
        self.assertEqual((within.status, within.out), (0, "take 40 done\n"), str(within))
        beyond = self.sandbox(level, limited, "take=60")
        self.assertNotIn("done", beyond.out)
        self.assert_memory_ended(beyond)
        self.assert_nothing_left(beyond)

    def start_unread(self, text, **limits):
        """A run whose output nobody reads yet."""
        if os.path.exists(self.log):
            os.remove(self.log)
        document = {"level": self.level, "capabilities": [], "limits": limits, "degrade": list(self.degrade)}
        capabilities = self.file("caps.json", json.dumps(document))
        words = [BULKHEAD, "sandbox", "run", "--capabilities", capabilities, "--audit-log", self.log,
                 self.file("writes.py", text)]
        started = subprocess.Popen(self.as_user(words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder,
                                   env=self.environment)
        self.addCleanup(started.stdout.close)
        self.addCleanup(started.stderr.close)
        self.addCleanup(started.wait)
        self.addCleanup(started.kill)
        return started

    def logged(self):
        try:
            with open(self.log, encoding="utf-8") as log:
                return [json.loads(line)["event"] for line in log if line.endswith("\n")]
        except OSError:
            return []

    def test_an_output_that_nobody_reads_delays_neither_the_end_nor_its_events(self):
        endless = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
        over = self.start_unread(endless, wall_time="3s")
        self.wait_for(lambda: self.logged()[-2:] == ["ResourceExceeded", "SandboxExit"])
        self.assertEqual(over.wait(timeout=120), 124)  # and the reader that took nothing does not hold the caller
        self.assertGreater(len(over.stdout.read()), 0)
        large = "import sys; sys.stdout.write('x' * 100000)"
        kept = self.start_unread(large, wall_time="60s")
        self.wait_for(lambda: self.logged()[-1:] == ["SandboxExit"])
        self.assertIsNone(kept.poll())  # what a program has written that ended by itself waits for its reader
        self.assertEqual(len(kept.stdout.read()), 100000)
        self.assertEqual(kept.wait(timeout=120), 0)

    def assert_memory_ended(self, ran):
        self.assertEqual((ran.status, ran.object["cause"]), (122, "resource"), str(ran))
        exceeded = ran.named("ResourceExceeded")
        self.assertEqual(exceeded[0]["resource"], "memory", str(ran))
        self.assertEqual(exceeded[0]["rule"]["file"], self.capabilities)
        self.assertEqual(exceeded[0]["rule"]["line"], self.line_of('"memory"'))


class AsRoot(Levels, Acceptance):
    level = "standard"

    def setUp(self):
        if not IS_ROOT:
            self.skipTest("needs root: callers without privilege have tests of their own")
        super().setUp()


class AsRootEnhanced(AsRoot):
    level = "enhanced"


# Each way to execute something, in a child of its own, which says `executed`.
WAYS_NAMED = ("interpreter", "loader", "script", "descriptor", "magic", "thread", "memfd")
WAYS = """
import os, sys, threading
program, loader, script = sys.argv[1:]
words = ['python', '-IS', '-c', "print('executed')"]

def interpreter(): os.execv(program, words)
def by_loader(): os.execv(loader, [loader, program, *words[1:]])
def by_script(): os.execv(script, [script])
def descriptor(): os.execve(os.open(program, os.O_RDONLY), words, {})
def magic(): os.execv('/proc/self/exe', words)
def thread():
    failed = []
    def run():
        try: os.execv(program, words)
        except OSError as error: failed.append(error)
    started = threading.Thread(target=run)
    started.start()
    started.join()
    raise failed[0]
def memfd():
    made = os.memfd_create('code', 0)
    with open(program, 'rb') as file: os.write(made, file.read())
    os.execve(made, words, {})

for name, way in (('interpreter', interpreter), ('loader', by_loader), ('script', by_script), ('descriptor', descriptor),
                  ('magic', magic), ('thread', thread), ('memfd', memfd)):
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try: way()
        except OSError as error: print(name, 'failed', error.errno, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""

# By number, as the kernel of x86-64 counts; each in a child, for some cannot be made twice.
CALLS = """
import ctypes, mmap, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)

def call(*words):
    if libc.syscall(*words) < 0: raise OSError(ctypes.get_errno(), '')

def written_code():
    libc.mmap.restype = ctypes.c_void_p
    if libc.mmap(None, 4096, 7, 0x22, -1, 0) == ctypes.c_void_p(-1).value: raise OSError(ctypes.get_errno(), '')

for name, act in (('ptrace', lambda: call(101, 0, 0, 0, 0)), ('unshare', lambda: call(272, 0x10000000)),
                  ('netlink', lambda: socket.socket(16, 3, 0)), ('keyctl', lambda: call(250, 0, -3, 1)),
                  ('memfd', lambda: os.memfd_create('x')), ('written_code', written_code),
                  ('unix', lambda: socket.socket(socket.AF_UNIX))):
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            act()
            print(name, 'done', flush=True)
        except OSError as error: print(name, 'failed', error.errno, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


class AsRootMaximum(NetworkOfItsOwn, AsRoot):
    level = "maximum"

    def test_executes_nothing_by_any_way_where_no_exec_is_granted(self):
        self.script = self.file("ways.py", WAYS)
        program = os.path.realpath(PYTHON)
        loader = os.path.realpath("/lib64/ld-linux-x86-64.so.2")
        script = self.file("hello", f"#!{program} -IS\nprint('executed')\n")
        os.chmod(script, 0o755)
        os.chmod(self.folder, 0o755)
        words = (program, loader, script)
        self.assertEqual(self.bare(*words).count("executed"), len(WAYS_NAMED), "each way works outside")
        granted = self.sandbox(self.level, {"capabilities": [
            {"kind": "PROCESS_SPAWN", "paths": [program, loader, script], "max": 8},
            {"kind": "FILE_READ", "paths": [script]}]}, *words)
        # A file of memory has no name that could be granted, and the profile refuses to make one.
        self.assertEqual(granted.out.count("executed"), len(WAYS_NAMED) - 1, str(granted))
        denied = self.sandbox(self.level, {"capabilities": [{"kind": "FILE_READ", "paths": [script]}]}, *words)
        self.assertEqual(denied.out, "".join(f"{way} failed {1 if way == 'memfd' else 13}\n" for way in WAYS_NAMED), str(denied))
        self.assertEqual(denied.status, 0, str(denied))
        self.assert_nothing_left(denied)

    def test_a_program_that_is_faster_than_its_judge_loses_no_event(self):
        self.script = self.file("many.py", """
for i in range(20000):
    try: open(f'/etc/nothing{i}')
    except OSError: pass
print('ran to its end')
""")
        ran = self.sandbox(self.level, {"capabilities": []})
        self.assertEqual((ran.status, ran.out, ran.object["denials"]), (120, "ran to its end\n", 20000), ran.err)

    def test_refuses_the_calls_that_the_profile_refuses(self):
        self.script = self.file("calls.py", CALLS)
        self.assertEqual(self.bare(), "ptrace done\nunshare done\nnetlink done\nkeyctl done\nmemfd done\nwritten_code done\n"
                                      "unix done\n")
        ran = self.sandbox(self.level, {"capabilities": []})
        self.assertEqual(ran.out, "ptrace failed 1\nunshare failed 1\nnetlink failed 1\nkeyctl failed 1\nmemfd failed 1\n"
                                  "written_code failed 1\nunix done\n", str(ran))

    def test_bytes_pass_both_ways_and_a_peer_that_refuses_is_no_success(self):
        counting, closed = socket.create_server((self.address, 0)), self.server()
        self.addCleanup(counting.close)
        closed.close()
        threading.Thread(target=answer_with_the_length, args=(counting,), daemon=True).start()
        port = counting.getsockname()[1]
        self.script = self.file("talk.py", f"""
import socket
made = socket.create_connection(('{self.address}', {port}), timeout=20)
made.sendall(b'x' * 300000)
made.shutdown(socket.SHUT_WR)
print(made.recv(100).decode())
try:
    lost = socket.create_connection(('{self.address}', {closed.port}), timeout=20)
    print('lost', lost.recv(1))
except OSError as error:
    print('refused', error.errno)
""")
        grant = self.grant("NETWORK_CONNECT", to=[{"cidr": f"{self.address}/32", "port": each}
                                                 for each in (port, closed.port)])
        ran = self.sandbox(self.level, grant)
        # A reset that comes while the connection is being made can read as its end: nothing was sent, either way.
        self.assertRegex(ran.out, r"^300000\n(refused (104|111)|lost b'')\n$", str(ran))
        self.assert_nothing_left(ran)


def answer_with_the_length(server):
    made, _ = server.accept()
    with made:
        length = 0
        while part := made.recv(1 << 16):
            length += len(part)
        made.sendall(str(length).encode())


if __name__ == "__main__":
    main()
