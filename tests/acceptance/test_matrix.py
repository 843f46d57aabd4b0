"""Every cell of the access matrix of the example policies is tried by a real process: container x right x object.

What each cell should be comes from the reference semantics (matrix_oracle), asked about the policy that the run proves. An
allowed cell has to succeed, a denied one has to fail with an errno of denial; the same attempts outside of a sandbox succeed.
"""
import json
import os
import re
import shutil
import subprocess

from acceptance import BULKHEAD, IS_ROOT, PYTHON, SOURCE, Acceptance, NetworkOfItsOwn
from needs import main

ORACLE, PROGRAM = os.environ["BULKHEAD_MATRIX_ORACLE"], os.environ["BULKHEAD_MATRIX_PROGRAM"]
HERE = os.path.dirname(os.path.abspath(__file__))
ATTEMPTS = os.path.join(HERE, "matrix_attempts.py")

# What an act needs: the right, on the object and on the further names that it makes.
FILE_ACTS = {"read": ("read", ("",)), "write": ("write", ("",)), "truncate": ("write", ("",)),
             "attributes": ("write", ("",)), "execute": ("execute", ("",)), "link": ("link", ("", ".linked")),
             "rename": ("rename", ("", ".moved")), "remove": ("write", ("",))}
# What the table allows and Landlock cannot say, so that the kernel denies more (docs/limitations.md): making and removing
# names needs a right on the folder, which a grant of one file is not, and what has a hole is no grant of a folder.
ONLY_OPENS = {"link", "rename", "remove", "truncate", "execute"}
DENIAL = {"EACCES", "EPERM", "EROFS", "ENOENT", "EXDEV"}
NO_NETWORK = {"ENETUNREACH", "EADDRNOTAVAIL"}
# The own root: the program's runtime, files of the host's that it is not shown, the kernel's, and devices.
OWN_FILES = ("/usr/bin/" + os.path.basename(os.path.realpath(PYTHON)), "/etc/passwd", "/etc/shadow", "/etc/hostname",
             "/usr/bin/env", "/proc/self/status", "/proc/version", "/proc/kcore", "/dev/null", "/dev/zero", "/dev/mem",
             "/opt/nothing/here", "/root/.profile")
OWN_FOLDERS = ("/", "/etc", "/usr/bin", "/proc", "/dev", "/opt")
DEVICES = ("/dev/null", "/dev/zero")


class Cell:
    def __init__(self, act, words, questions, outside=None, own=False):
        self.act, self.words, self.questions, self.outside, self.own = act, words, questions, outside, own

    def __str__(self):
        return f"{self.act} {' '.join(map(str, self.words))}"


def file_cells(volume, target, tree, outside):
    """Each act on each file of a volume, and on its folders."""
    cells = []
    folders = sorted({"/"} | {path[:i] for path in tree for i in range(1, len(path)) if path[i] == "/"})

    def cell(act, right, path, *names):
        cells.append(Cell(act, [target + path], [(right, volume, path + name) for name in names], [outside + path]))

    for folder in folders:
        cell("read", "read", folder, "")
        cell("create", "write", folder.rstrip("/") + "/new.txt", "")
        cell("create", "write", folder.rstrip("/") + "/new.bin", "")
    for act, (right, names) in FILE_ACTS.items():
        for path in tree:
            cell(act, right, path, *names)
    return cells


def own_cells():
    cells = [Cell("read", [path], [("read", "root", path)], own=True) for path in OWN_FOLDERS]
    cells += [Cell("create", [f"{path.rstrip('/')}/new.txt"], [("write", "root", f"{path.rstrip('/')}/new.txt")], own=True)
              for path in OWN_FOLDERS]
    for act, (right, names) in FILE_ACTS.items():
        # The answer to /proc/self is about what it leads to; a device keeps its mode and its name, which no rule changes.
        cells += [Cell(act, [path], [(right, "root", path.replace("/self/", "/1/") + name) for name in names], own=True)
                  for path in OWN_FILES if path not in DEVICES or act in ("read", "write")]
    return cells


def net_cells(address, ports):
    places = [(address, port, "tcp") for port in ports] + [(address, ports[0], "udp"), ("192.0.2.1", 443, "tcp")]
    cells = [Cell(act, list(place), [(act, *place)], list(place) if place[0] == address and act == "connect" else None)
             for act in ("connect", "bind") for place in places]
    doors = [("0.0.0.0", port, proto) for port, proto in ((ports[0], "tcp"), (ports[1], "tcp"), (ports[0], "udp"))]
    return cells + [Cell("bind", list(door), [("bind", *door)]) for door in doors]


class Matrix:
    """Mixed into a caller at one level."""
    volumes, trees, in_memory = {}, {}, ()
    closed = {}  # by container: folders, and the acts that are denied there though the policy allows them
    maxDiff = None

    def setUp(self):
        if not IS_ROOT:
            self.skipTest("needs root: the accounts of the policies")
        super().setUp()
        self.needs_level(self.level)
        self.granted, self.other = self.server(), self.server()

    def write_policy(self):
        with open(self.policy, encoding="utf-8") as file:
            text = file.read().replace("PORT", str(self.granted.port)).replace("ADDRESS", self.address)
        # The level is the only thing that is changed.
        text = re.sub(r"\buses (standard|enhanced)\b", f"uses {self.level}", text)
        # The host reads the folders that lie on it, and the interpreter's files are more than a profile has: claims about
        # influence and refinement speak of the policy without a place and a program. No right depends on a claim.
        return self.file("policy.bh", re.sub(r"(?m)^prove .*\b(isolated|protected|refines)\b.*\n", "", text))

    def fill(self, tree, folder):
        """The files of a volume, open to everyone: nothing but the policy is in the way."""
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for path in tree:
            os.makedirs(os.path.dirname(folder + path), exist_ok=True)
            shutil.copy(PROGRAM, folder + path)
        for base, _, names in os.walk(folder):
            for name in ["", *names]:
                os.chmod(os.path.join(base, name), 0o777)

    def expectations(self, cells, policy, closure, container):
        questions = [question for cell in cells for question in cell.questions]
        words = [ORACLE, policy, closure, container, *(f"{name}={self.folder}/{name}" for name in self.kept())]
        asked = "".join(" ".join(map(str, question)) + "\n" for question in questions)
        done = subprocess.run(words, input=asked, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        answers = iter(done.stdout.split("\n"))
        return [all([next(answers) == "allowed" for _ in cell.questions]) for cell in cells]

    def kept(self):
        return [name for name in self.trees if name not in self.in_memory]

    def run_options(self, container):
        return [word for name in self.kept() for word in ("--volume", f"{name}={self.folder}/{name}")]

    def attempt_outside(self, cells):
        outside = [cell for cell in cells if cell.outside]
        for name, tree in self.trees.items():
            self.fill(tree, f"{self.folder}/{name}")
        done = subprocess.run([PYTHON, ATTEMPTS, "cells=" + json.dumps([[cell.act, *cell.outside] for cell in outside])],
                              capture_output=True, text=True, check=False)
        for cell, outcome in zip(outside, json.loads(done.stdout)):
            self.assertEqual(outcome, "ok", f"outside of a sandbox: {cell}")

    def attempt_inside(self, cells, policy, container):
        for name, tree in self.trees.items():
            self.fill(tree, f"{self.folder}/{name}")
        words = [BULKHEAD, "run", *self.run_options(container), f"{policy}::{container}", "--", self.script]
        shown = subprocess.run([*words[:2], "--dump-policy", *words[2:]], capture_output=True, text=True, check=False)
        closure = self.file("closure.bh", shown.stdout)
        ran = self.run_words([*words[:2], "--audit-log", self.log, *words[2:],
                              "cells=" + json.dumps([[cell.act, *cell.words] for cell in cells])])
        self.assertEqual((ran.status, ran.object["cause"]), (0, "exit"), ran.err)
        return closure, self.parsed(ran.out, ran), ran

    def parsed(self, text, ran):
        self.assertTrue(text.startswith("["), ran.out[:300] + ran.err)
        return json.loads(text)

    def compare(self, container, told, executes, cell, allowed, outcome):
        """Nothing, or what is wrong with the cell."""
        if self.level == "maximum" and not allowed and cell.act == "execute" and cell.words[0] == OWN_FILES[0]:
            # Where nothing may be executed the filter refuses it. Else gVisor's mounts decide, which cannot tell the
            # program's start from what it executes later: the sink tells the latter.
            known = outcome == "EACCES" and not told or outcome == "ok" and cell.words[0] in told
            if executes != (outcome == "ok") or not known:
                return f"NO LONGER WIDER OR NOT TOLD {cell}: {outcome}, {told}"
            return ""
        for folder, acts in self.closed.get(container, {}).items():
            if allowed and cell.act in acts and cell.words[0].startswith(folder):
                return "" if outcome == "EACCES" else f"NO LONGER NARROWER {cell}: {outcome}"
        if allowed:
            if outcome == "ok" or (cell.own and outcome == "ENOENT") or cell.act == "bind" and outcome in NO_NETWORK:
                return ""
            return f"NARROWER {cell}: {outcome}"
        if outcome == "ok":
            return f"WIDER    {cell}"
        classes = DENIAL | NO_NETWORK if cell.act in ("connect", "bind") else DENIAL
        return "" if outcome in classes else f"STRANGE  {cell}: {outcome}"

    def test_every_cell_is_what_the_policy_means(self):
        policy = self.write_policy()
        with open(ATTEMPTS, encoding="utf-8") as file:
            self.script = self.file("matrix.py", file.read())
        for container, mounts in self.volumes.items():
            cells = own_cells() + net_cells(self.address, (self.granted.port, self.other.port))
            for name, target in mounts.items():
                cells += file_cells(name, target, self.trees[name], f"{self.folder}/{name}")
            with self.subTest(container=container, level=self.level, cells=len(cells)):
                self.attempt_outside(cells)
                closure, outcomes, ran = self.attempt_inside(cells, policy, container)
                expected = self.expectations(cells, policy, closure, container)
                self.assertIn(True, expected)
                self.assertIn(False, expected)
                told = {event["object"] for event in ran.denials
                        if event["capability"] == "PROCESS_SPAWN" and not event["enforced"]}
                executes = any(yes and cell.act == "execute" for cell, yes in zip(cells, expected))
                wrong = [self.compare(container, told, executes, *each) for each in zip(cells, expected, outcomes, strict=True)]
                self.assertEqual("\n".join(filter(None, wrong)), "")
                self.assert_nothing_left(ran)


class Demo(Matrix):
    policy = f"{SOURCE}/examples/demo/agent.bh"
    volumes = {"Agent": {}, "Reader": {"DataVol": "/data"}}
    trees = {"DataVol": ["/allowed.txt", "/other.txt", "/allowed", "/below/allowed.txt"]}


class Kai(Matrix):
    policy = f"{SOURCE}/specs/kai/agent.bh"
    volumes = {"Agent": {"DataVol": "/agent/data", "TmpVol": "/agent/tmp"},
               "Neighbour": {"OtherData": "/agent/data", "OtherTmp": "/agent/tmp"}}
    trees = {name: ["/a.txt", "/below/b.txt"] for name in ("DataVol", "TmpVol", "OtherData", "OtherTmp")}


class Exotic(Matrix):
    policy = f"{HERE}/exotic.bh"
    mounts = {"Tree": "/tree", "Single": "/single/deep", "Drop": "/drop", "Scratch": "/scratch"}
    volumes = {"Nested": mounts, "Pierced": mounts}
    trees = {"Tree": ["/a.txt", "/open/a.txt", "/open/deep/er/b.txt", "/open/bin/tool", "/open/bin/inner/tool",
                      "/open/bin/inner/one.key", "/open/closed/a.txt", "/open/closed/deep/b.txt", "/openly/a.txt",
                      "/half/a.txt", "/half/b.bin"],
             "Single": ["/only.txt", "/other.txt", "/below/only.txt"], "Drop": ["/a.txt", "/below/b.txt"], "Scratch": []}
    in_memory = ("Scratch",)
    closed = {"Nested": {"/single/deep/": {"remove"}},
              "Pierced": {"/single/deep/": {"remove"}, "/tree/open/": ONLY_OPENS, "/tree/half/": ONLY_OPENS}}


class Maximum(NetworkOfItsOwn):
    """gVisor: what differs there from the other levels stands in docs/limitations.md, and is held here to differ."""
    level = "maximum"
    NOT_REACHED = {"ENETUNREACH", "EHOSTUNREACH", "ECONNREFUSED"}

    def write_policy(self):
        path = super().write_policy()
        with open(path, encoding="utf-8") as file:
            text = file.read()
        # What a mount cannot say is refused there (runtime_maximum_tests): writing without reading, renaming here and not there.
        text = text.replace("may    write Drop:", "may    read, write Drop:")
        return self.file("policy.bh", text.replace("may    read, write, rename, link Scratch:", "may    read, write Scratch:"))

    def compare(self, container, told, executes, cell, allowed, outcome):
        path = str(cell.words[0])
        if cell.act == "bind" or cell.words[-1] == "udp":
            # gVisor's own network stack: whatever is bound or set there, nothing of it is seen outside.
            return "" if outcome == "ok" or outcome in DENIAL | NO_NETWORK | self.NOT_REACHED else f"STRANGE  {cell}: {outcome}"
        if cell.act == "connect" and not allowed:
            return "" if outcome in self.NOT_REACHED else f"WIDER    {cell}: {outcome}"
        if cell.own and (path.startswith(("/proc/", "/dev/")) or cell.act == "read" and path in OWN_FOLDERS):
            # gVisor's own kernel files and the names on the way to what is mounted.
            return ""
        if not cell.own and cell.act == "read" and path.endswith("/") and outcome == "ok":
            return ""  # the names of what is mounted below a volume, and no others
        if allowed and cell.act == "attributes" and outcome == "EPERM":
            return ""  # files keep the host's owners
        return super().compare(container, told, executes, cell, allowed, outcome)


class DemoStandard(Demo, Acceptance):
    level = "standard"


class DemoEnhanced(Demo, Acceptance):
    level = "enhanced"


class KaiStandard(Kai, Acceptance):
    level = "standard"


class KaiEnhanced(Kai, Acceptance):
    level = "enhanced"


class ExoticStandard(Exotic, Acceptance):
    level = "standard"
    volumes = {"Nested": Exotic.mounts}


class ExoticEnhanced(Exotic, Acceptance):
    level = "enhanced"


class DemoMaximum(Maximum, Demo, Acceptance):
    pass


class KaiMaximum(Maximum, Kai, Acceptance):
    pass


class ExoticMaximum(Maximum, Exotic, Acceptance):
    volumes = {"Nested": Exotic.mounts}


if __name__ == "__main__":
    main()
