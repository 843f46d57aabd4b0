"""Starts the attackers, as they are and under a policy, and reads what became of each attempt."""
import errno
import fcntl
import os
import shutil
import subprocess
import tempfile
import unittest

from installed import install

BULKHEAD = os.environ["BULKHEAD"]
ATTACKERS = os.environ["BULKHEAD_ATTACKERS"]
LEVELS = ("standard", "enhanced")
NOBODY = 65533
F_ADD_SEALS, ALL_SEALS = 1033, 15

POLICY = """module attack;
import linux;
import profiles;

volume In;
volume Out;
volume Scratch tmpfs 16 MiB;
net Everywhere = any tcp;
net Loopback   = 127.0.0.0/8, ::1/128;
net Granted    = 127.0.0.1 port {port} tcp;

container Target uses {level} {{
    user 10001;
    mount In at "/in" readonly;
    mount Out at "/out";
    mount Scratch at "/scratch";
    limits {{ memory 50 MiB; cpu 1; pids 32; time 120 s; disk 64 MiB; open_files 512; }}
    may read In:"/allowed.txt";
    may read, write, rename, link Out:"/**";
    may read, write Scratch:"/**";
    {more}
}}
"""


def attempts(text):
    """{name: "worked" | "failed"} of an attacker's lines."""
    return {line.split()[0]: line.split()[1] for line in text.splitlines() if len(line.split()) >= 2}


def unknown_calls(text):
    """The attempts by calls that this kernel does not have (ENOSYS); asked of attackers outside of any sandbox."""
    return {line.split()[0] for line in text.splitlines() if line.split()[1:] == ["failed", str(errno.ENOSYS)]}


class AttackTest(unittest.TestCase):
    """Folders of its own below /var/tmp: programs below /tmp cannot be shown in a sandbox."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="bulkhead-attack-", dir="/var/tmp")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        os.chmod(self.folder, 0o755)
        for name in ("in", "out", "outside", "home"):
            os.mkdir(self.path(name))
        self.attackers = shutil.copytree(ATTACKERS, self.path("attackers"))
        self.program, self.models = install(BULKHEAD, self.path("installed"))
        for folder in ("in", "outside"):
            for name, text in (("allowed.txt", "allowed"), ("secret.txt", "SECRET")):
                with open(self.path(folder, name), "w", encoding="utf-8") as file:
                    file.write(text + "\n")

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def give_to(self, user):
        for folder, _, names in os.walk(self.folder):
            os.chown(folder, user, user)
            for name in names:
                os.chown(os.path.join(folder, name), user, user)

    def policy(self, level, more="", port=1):
        path = self.path(f"{level}.bh")
        with open(path, "w", encoding="utf-8") as file:
            file.write(POLICY.format(level=level, more=more, port=port))
        return path

    @staticmethod
    def add_volume(policy, folder):
        """The policy with one volume more, `Mixed`, kept in `folder`."""
        with open(policy, encoding="utf-8") as file:
            text = file.read()
        with open(policy, "w", encoding="utf-8") as file:
            file.write(text.replace("volume Out;", f'volume Out;\nvolume Mixed from host:"{folder}";'))
        return policy

    def bare(self, attacker, *words):
        return subprocess.run([os.path.join(self.attackers, attacker), *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, timeout=120, cwd=self.path("outside"))

    def command(self, policy, attacker, *words):
        return [self.program, "run", policy + "::Target", "--audit-log", self.path("home", "log.jsonl"),
                "--volume", "In=" + self.path("in"), "--volume", "Out=" + self.path("out"), "--",
                os.path.join(self.attackers, attacker), *words]

    def environment(self):
        return {"PATH": "/usr/bin:/bin", "HOME": self.path("home"), "XDG_CACHE_HOME": self.path("home"), **self.models}

    def confined(self, policy, attacker, *words, user=None, first=None):
        """`first` is called in the new process, before the program."""
        who = {} if user is None else {"user": user, "group": user, "extra_groups": []}
        return subprocess.run(self.command(policy, attacker, *words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False, timeout=200, cwd=self.path("home"),
                              env=self.environment(), preexec_fn=first, **who)

    def table(self, program, *words, level="standard"):
        """The table of a run of `program`, sealed; the runs of it need no proof."""
        path = self.path("table.bin")
        done = subprocess.run([BULKHEAD, "run", "--quiet", "--emit-table", path, "--volume", "In=" + self.path("in"), "--volume",
                               "Out=" + self.path("out"), self.policy(level) + "::Target", "--", program, *words],
                              capture_output=True, text=True, check=False, env=self.environment(), timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        made = os.memfd_create("table", os.MFD_ALLOW_SEALING)
        self.addCleanup(os.close, made)
        with open(path, "rb") as file:
            os.write(made, file.read())
        fcntl.fcntl(made, F_ADD_SEALS, ALL_SEALS)
        return made

    def expect_failures(self, done, names, but=()):
        """Every attempt was made, and none worked but those named."""
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        found = attempts(done.stdout)
        self.assertEqual(set(found), set(names), done.stdout + done.stderr)
        worked = {name for name, how in found.items() if how != "failed"}
        self.assertEqual(worked, set(but), done.stdout)
