"""import arbac: role policies as models, and the answers that prove gives."""
import json
import os
import re
import unittest

from cli import CliTest
from needs import main

CORPORA = os.path.join(os.environ.get("BULKHEAD_CORPORA", ""), "arbac")
REACHABLE = {"policy1": True, "policy2": False, "policy3": True, "policy4": True}

# The clerk who lets somebody audit is made on the way, and whom he lets is no guest any more.
HOSPITAL = """Roles Boss Clerk Auditor Guest Chief ;
Users ann bob carl dora ;
UA <ann,Boss> <bob,Guest> <carl,Guest> <dora,Guest> ;
CA <Boss,-Auditor,Clerk>
   <Clerk,-Clerk&-Guest,Auditor>
   <Auditor,Auditor&-Clerk,Chief> ;
CR <Clerk,Guest> <Boss,Clerk> ;
Goal Chief ;
"""
CLOSED = HOSPITAL.replace("Auditor&-Clerk,", "Auditor&Guest,")  # nobody becomes a guest


class Import(CliTest):
    def answer(self, path, *options):
        """What `prove` says of an imported policy, with checked evidence: its run, or nothing."""
        self.expect(0, "import", "arbac", *options, "-o", "made.bh", path)
        self.expect(0, "fmt", "made.bh")
        done = self.run_it("prove", "--certify", "--no-cache", "--format", "json", "made.bh")
        claim = json.loads(done.stdout)["claims"][0]
        self.assertEqual(claim["name"], "goal_unreachable")
        case = claim["cases"][0]
        self.assertEqual(case["evidence"], "accepted", case)
        self.assertEqual(done.returncode, 0 if claim["status"] == "satisfied" else 1)
        return None if claim["status"] == "satisfied" else case["run"]

    def test_a_run_names_the_rule_of_each_step(self):
        path = self.file("hospital.arbac", HOSPITAL)
        for options in ([], ["--whole"]):
            run = self.answer(path, *options)
            self.assertIsNotNone(run)
            lines = HOSPITAL.splitlines()
            for step in run[1:]:
                kind, role, line, column = re.match(r"can_(assign|revoke)_(\w+?)_(\d+)_(\d+)\(", step["text"]).groups()
                rule = lines[int(line) - 1][int(column) - 1:].split(">")[0]
                self.assertTrue(rule.startswith("<") and rule.endswith("," + role), rule)
                self.assertTrue(any(f", {role}): " in change for change in step["changes"]), step)
            self.assertTrue(run[-1]["text"].startswith("can_assign_Chief_6_4("), run)

    def test_what_is_out_of_reach_is_proved(self):
        for options in ([], ["--whole"]):
            self.assertIsNone(self.answer(self.file("closed.arbac", CLOSED), *options))

    def test_asks_about_one_user(self):
        text = HOSPITAL.replace("Goal Chief", "SPEC bob Clerk")
        self.assertIsNotNone(self.answer(self.file("bob.arbac", text)))
        self.assertIsNone(self.answer(self.file("none.arbac", text.replace("<Boss,-", "<Chief,-"))))

    def test_tells_what_is_left_out_and_what_is_wrong(self):
        text = HOSPITAL.replace("CR <", "ADMIN ann ;\nCR <FALSE,Clerk> <")
        done = self.expect(0, "import", "arbac", self.file("more.arbac", text))
        self.assertIn("more.arbac:7: left out: the list of administrators", done.stderr)
        self.assertIn("more.arbac:8: left out: a rule with FALSE never applies", done.stderr)
        done = self.expect(2, "import", "arbac", self.file("wrong.arbac", HOSPITAL.replace("<carl,", "<carol,")))
        self.assertIn("BH1532", done.stderr)
        self.assertIn("wrong.arbac:3:28", done.stderr)


@unittest.skipUnless(os.path.isdir(CORPORA), "needs corpora: the role policies policy1 to policy4")
class Corpus(CliTest):
    answer = Import.answer

    def test_the_known_answers_are_found_with_and_without_reductions(self):
        for name, reachable in REACHABLE.items():
            for options in ([], ["--whole"]):
                run = self.answer(os.path.join(CORPORA, name + ".arbac"), *options)
                self.assertEqual(run is not None, reachable, f"{name} {options}")


if __name__ == "__main__":
    main()
