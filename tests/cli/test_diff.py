"""diff: what a change of the policy lets somebody do, and a status that a gate can trust."""
import json

from cli import BAD, GOOD, CliTest
from needs import main


class Diff(CliTest):
    def test_ends_with_one_and_a_witness_where_access_is_added(self):
        old, new = self.file("old.bh", GOOD), self.file("new.bh", BAD)
        done = self.expect(1, "diff", old, new)
        self.assertIn("connect", done.stdout)
        self.expect(0, "diff", new, old)
        self.expect(0, "diff", old, old)

    def test_ends_with_one_where_a_setting_is_loosened_and_no_rule_is_new(self):
        text = GOOD.replace("volume Data;", 'volume Data from host:"/srv/data";').replace(
            "mount Data", "user 10001; limits { memory 64 MiB; }\n    mount Data").replace("standard", "enhanced")
        old = self.file("old.bh", text)
        changes = {
            'Data volume kept in host:"/etc" (was: in host:"/srv/data")': ('"/srv/data"', '"/etc"'),
            "Data volume kept where the run says (": (' from host:"/srv/data"', ""),
            "Agent namespace net: host (was: private)": ("user 10001;", "user 10001; namespaces { net: host; }"),
            "Agent user 0 (was: 10001)": ("user 10001", "user 0"),
            "Agent limits memory 64 GiB (was: limits memory 64 MiB)": ("64 MiB", "64 GiB"),
            "Agent level standard (was: enhanced)": ("uses enhanced", "uses standard"),
            "Agent environment TOKEN": ("user 10001;", "user 10001; environment TOKEN;"),
            "Agent degrade memory:rlimit": ("user 10001;", "user 10001; degrade memory: rlimit;"),
        }
        for said, (was, now) in changes.items():
            with self.subTest(said):
                new = self.file("new.bh", text.replace(was, now))
                self.assertIn("+ " + said, self.expect(1, "diff", old, new).stdout)
                report = json.loads(self.expect(1, "diff", "--format", "json", old, new).stdout)
                self.assertTrue(report["loosens_settings"])
                if "kept" in said or "user" in said:
                    continue  # no way back is the tighter one
                self.assertIn("- Agent ", self.run_it("diff", new, old).stdout)
        new = self.file("new.bh", text.replace("64 MiB", "32 MiB"))
        self.assertIn("- Agent limits memory 32 MiB", self.expect(0, "diff", old, new).stdout)

    def test_tells_of_what_is_handed_over_and_of_who_influences_whom(self):
        text = """module handed;
device Disk;
subject Files;
container Index {}
container Plugin {}
channel bus: Files -> Index { mediated by kernel; }
channel gossip: Index -> Plugin { mediated by kernel; }
capability DiskCap on Disk { rights read, write, delegate; }
Files holds DiskCap(read, write, delegate);
Files may delegate read on Disk to Index via bus;
Index may delegate read on Disk to Plugin via gossip;
"""
        old = self.file("old.bh", text)
        self.expect(0, "diff", old, old)
        new = self.file("new.bh", text.replace("delegate read on Disk to Index ", "delegate read, delegate on Disk to Index "))
        said = self.expect(1, "diff", old, new).stdout
        self.assertIn('+ Plugin read Disk:"/"\n    Files hands Index the right to read', said)
        self.assertIn("new.bh:11: Index may delegate read on Disk to Plugin via gossip", said)
        self.assertNotIn("?", said)
        self.assertIn('- Plugin read Disk:"/"', self.expect(0, "diff", new, old).stdout)
        report = json.loads(self.expect(1, "diff", "--format", "json", old, new).stdout)
        self.assertEqual(["Files", "Index"], [step["handover"]["from"] for step in report["changes"][0]["before"]])

        back = self.file("back.bh", text + "channel back: Plugin -> Files { mediated by kernel; }\n")
        said = self.expect(1, "diff", old, back).stdout
        self.assertIn("+ back channel Plugin -> Files\n", said)
        self.assertIn("+ Plugin may influence Index\n    Plugin influences Files by a channel `back`", said)
        report = json.loads(self.expect(1, "diff", "--format", "json", old, back).stdout)
        self.assertTrue(report["adds_influence"])
        self.assertFalse(report["adds_access"])
        self.assertIn("- Plugin may influence Files", self.expect(0, "diff", back, old).stdout)

    def test_knows_no_equality_of_names_that_mean_another_thing(self):
        calls = "module own;\nsyscalls mine {{ harmless {0} {0}; }}\ncontainer A {{ may invoke mine; }}\n"
        old, new = self.file("old.bh", calls.format(39)), self.file("new.bh", calls.format(101))
        self.assertIn("another number", self.expect(1, "diff", old, new).stdout)
        order = "module order;\nenum Mode {{ {} }}\ncontext mode: Mode;\ncontainer A {{ may read \"/x\" when context.mode == Mode.Open; }}\n"
        old, new = self.file("old.bh", order.format("Shut, Open")), self.file("new.bh", order.format("Open, Shut"))
        self.assertIn("other members", self.expect(1, "diff", old, new).stdout)


if __name__ == "__main__":
    main()
