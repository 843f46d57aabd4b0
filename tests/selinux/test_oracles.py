"""checkpolicy says which assertions fail, sedta which domains follow each other, seinfoflow what flows: bulkhead says the same."""
import json
import os
import random
import re
import shutil
import subprocess
import tempfile
import unittest

from needs import main

BULKHEAD = os.environ["BULKHEAD"]
SOURCE = os.environ["BULKHEAD_SOURCE"]
ANDROID = os.path.join(os.environ.get("BULKHEAD_CORPORA", ""), "selinux", "android-sepolicy.conf.xz")
DEBIAN = "/etc/selinux/default/policy"

# Names have no hexadecimal beginnings: checkpolicy reads `u:r:a` as an address.
SMALL = """class process class file sid kernel
class process { transition }
class file { read write execute entrypoint }
sensitivity s0; dominance { s0 } category c0; level s0:c0;
mlsconstrain file read (l1 dom l2);
attribute group; type one, group; type two, group; type other;
"""
SMALL_END = """role some_r; role some_r types { one two other };
user some_u roles some_r level s0 range s0 - s0:c0;
sid kernel some_u:some_r:one:s0
"""


def ask(*words):
    done = subprocess.run([BULKHEAD, *words, "--format", "json"], capture_output=True, text=True, check=False, timeout=600)
    return json.loads(done.stdout) if done.stdout else done.stderr


class Oracles(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="bulkhead-selinux-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def android(self):
        if not os.path.exists(ANDROID):
            self.skipTest("needs corpora: BULKHEAD_CORPORA with selinux/android-sepolicy.conf.xz")
        return subprocess.run(["xz", "-dc", ANDROID], capture_output=True, text=True, check=True).stdout

    def crossed_by_checkpolicy(self, path):
        """Lines within the assertions that checkpolicy names; it counts at the end of a sentence."""
        done = subprocess.run(["checkpolicy", "-M", "-o", os.path.join(self.folder, "out"), path],
                              capture_output=True, text=True, check=False, timeout=600)
        said = done.stdout + done.stderr
        self.assertNotIn("syntax error", said)
        found = set()
        for line, physical in re.findall(r"neverallow(?:xperm)? on line (\d+) of [^ ]+ (?:\(or line (\d+) of [^ ]+\) )?violated", said):
            found.add(int(physical or line))
        return found

    def expect_agreement(self, path, about):
        assertions = ask("prove", path)["assertions"]
        lines = [int(one["place"].rsplit(":", 1)[1]) for one in assertions]
        crossed = {line for line, one in zip(lines, assertions) if one["status"] != "holds"}
        expected = {max(line for line in lines if line <= end) for end in self.crossed_by_checkpolicy(path)}
        self.assertEqual(crossed, expected, about)
        return crossed

    def test_checkpolicy_fails_the_same_assertions(self):
        if shutil.which("checkpolicy") is None:
            self.skipTest("needs checkpolicy: the assertions of the same policies")
        choose = random.Random(3)
        sets = ["one", "two", "other", "group", "{ one other }", "{ group -one }", "{ group -group }"]
        for _ in range(40):
            rules = "".join("allow %s %s:file { %s };\n" % (choose.choice(sets), choose.choice(sets + ["self"]),
                                                           choose.choice(["read", "write", "read write"])) for _ in range(3))
            rules += "".join("neverallow %s %s:file { %s };\n" % (choose.choice(sets + ["*", "~one"]),
                                                                 choose.choice(sets + ["self", "*", "~{ two other }"]),
                                                                 choose.choice(["read", "execute read", "write"])) for _ in range(3))
            path = self.file("small.conf", SMALL + rules + SMALL_END)
            self.expect_agreement(path, rules)

    def test_checkpolicy_fails_the_same_assertions_of_a_mutated_production_policy(self):
        if shutil.which("checkpolicy") is None:
            self.skipTest("needs checkpolicy: the assertions of the same policies")
        text = self.android()
        end = text.index("\nuser ")
        rules = ["allow shell kernel:process transition;", "allow untrusted_app_all system_file:file write;",
                 "allow { domain -init } proc:file { write append };", "allow appdomain self:capability sys_admin;"]
        path = self.file("android.conf", text[:end] + "\n" + "\n".join(rules) + text[end:])
        self.assertGreater(len(self.expect_agreement(path, rules)), 3)

    def debian(self):
        found = sorted(os.listdir(DEBIAN)) if os.path.isdir(DEBIAN) else []
        if not found:
            self.skipTest("needs refpolicy: nothing stands in " + DEBIAN)
        return os.path.join(DEBIAN, found[0])

    def setools(self):
        try:
            import setools  # pylint: disable=import-outside-toplevel
        except ImportError:
            self.skipTest("needs setools: the oracle of flow and transitions")
        return setools

    def test_sedta_finds_the_same_transitions(self):
        setools, path = self.setools(), self.debian()
        analysis = setools.DomainTransitionAnalysis(setools.SELinuxPolicy(path))
        steps = int(re.search(r"edges: (\d+)", analysis.get_stats()).group(1))
        self.assertEqual(ask("query", path, "transition")["transitions"], steps)
        for domain in ("init_t", "user_t", "sshd_t", "initrc_t"):
            expected = {str(one.target) for one in analysis.transitions(domain)}
            found = ask("query", path, "transition", domain)["steps"]
            self.assertEqual({one["to"] for one in found}, expected, domain)
            for one in found:
                self.assertIn("place", one.get("transition", one.get("dyntransition")))

    def permission_map(self, policy):
        """models/selinux_flow.map for every permission of a policy, as setools writes it."""
        words = {}
        with open(os.path.join(SOURCE, "models", "selinux_flow.map"), encoding="utf-8") as lines:
            for line in lines:
                parts = line.split("#")[0].split()
                words.update({word: {"in": "r", "out": "w", "both": "b", "none": "n"}[parts[0]] for word in parts[1:]})
        classes = []
        for one in policy.classes():
            names = set(one.perms)
            try:
                names |= set(one.common.perms)
            except Exception:  # pylint: disable=broad-except
                pass  # it has no common
            rows = []
            for name in sorted(names):
                way = words.get("%s:%s" % (one, name), words.get("%s:*" % one, words.get(name, "b")))
                rows.append("%s %s 10" % (name, way))
            classes.append("class %s %d\n%s\n" % (one, len(rows), "\n".join(rows)))
        return self.file("map", "%d\n\n%s" % (len(classes), "\n".join(classes)))

    def test_seinfoflow_finds_the_same_flows(self):
        setools, text = self.setools(), self.android()
        if shutil.which("checkpolicy") is None:
            self.skipTest("needs checkpolicy: the assertions of the same policies")
        source, compiled = self.file("android.conf", text), os.path.join(self.folder, "android.policy")
        subprocess.run(["checkpolicy", "-M", "-o", compiled, source], check=True, capture_output=True, timeout=600)
        policy = setools.SELinuxPolicy(compiled)
        analysis = setools.InfoFlowAnalysis(policy, setools.PermissionMap(self.permission_map(policy)))
        edges = int(re.search(r"edges: (\d+)", analysis.get_stats()).group(1))
        everything = ask("query", source, "flow")
        self.assertEqual(everything["direct_flows"], edges)
        self.assertEqual(ask("query", compiled, "flow"), everything, "compiled and source say the same")
        types = sorted(str(one) for one in policy.types())
        choose = random.Random(5)
        for source_type in choose.sample(types, 6):
            reached = set(ask("query", source, "flow", source_type)["types"])
            for target in choose.sample(types, 4):
                paths = list(analysis.shortest_path(source_type, target)) if source_type != target else []
                steps = len(list(paths[0])) if paths else 0
                self.assertEqual(target in reached, steps > 0, (source_type, target))
                if steps:
                    self.assertEqual(len(ask("query", source, "flow", source_type, target)["steps"]), steps)


if __name__ == "__main__":
    main()
