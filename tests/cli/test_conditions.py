"""Conditions on handing over: stories, dumps, and what other commands say where they do not know."""
import json
import os

from cli import SOURCE, CliTest
from needs import main

REGRESS = os.path.join(SOURCE, "tests", "regress")


class Conditions(CliTest):
    def policy(self, name):
        with open(os.path.join(REGRESS, f"issue_004_{name}.bh"), encoding="utf-8") as text:
            return text.read()

    def test_a_violation_is_told_with_what_is_taken_back_in_between(self):
        path = self.file("lost.bh", self.policy("separation_lost_by_revoking"))
        report = json.loads(self.expect(0, "prove", "--no-cache", "--certify", "--format", "json", path).stdout)
        claims = {claim["name"]: claim["cases"][0] for claim in report["claims"]}
        trace = claims["only_after_revoking"]["trace"]
        taken = [at for at, step in enumerate(trace) if "taken_back" in step]
        self.assertEqual(len(taken), 1)
        self.assertEqual(trace[taken[0]]["taken_back"]["by"], "Bank")
        self.assertEqual(trace[taken[0]]["taken_back"]["from"], "B")
        handed = [(step["handover"]["to"], step["handover"]["object"]) for step in trace if "handover" in step]
        self.assertEqual(handed[0][0], "B")
        self.assertEqual(handed[-1][0], "C")
        self.assertGreater(taken[0], 1)
        self.assertIn("ic3", claims["not_without"]["engine"])
        told = self.expect(1, "prove", "--no-cache", self.file("wrong.bh", self.policy("separation_lost_by_revoking").replace(
            "refute only", "prove only"))).stdout
        self.assertRegex(told, r"Bank takes back from B the right to write .*derived from it")
        self.assertIn("wrong.bh:22", told)

    def test_the_dump_and_the_formatter_keep_conditions(self):
        path = self.file("duty.bh", self.policy("separation_of_duty"))
        dump = self.expect(0, "check", "--dump=ir", path).stdout
        self.assertIn("via bus when !(Teller holds read on Audit);", dump)
        self.assertIn("via bus when (Teller holds read on Audit && Teller holds write on Ledger);", dump)
        self.assertIn("Bank may revoke write on ", dump)
        self.expect(0, "fmt", "--check", path)

    def test_other_commands_say_what_they_do_not_know(self):
        text = self.policy("separation_of_duty")
        path = self.file("duty.bh", text)
        wrong = self.file("wrong.bh", text.replace("refute writes", "prove writes"))
        told = self.run_it("repair", wrong)
        self.assertIn("lacks something", told.stdout + told.stderr)
        told = self.run_it("diff", path, path)
        self.assertIn("under conditions is not compared", told.stdout)
        self.assertNotIn("added", told.stdout)
        told = self.run_it("query", path, "who can write Ledger")
        self.assertIn("Teller", told.stdout)
        told = self.run_it("query", path, "who can read Vault")
        self.assertNotIn("Teller", told.stdout)

    def test_certificates_are_accepted_for_their_policy_and_for_no_other(self):
        path = self.file("duty.bh", self.policy("separation_of_duty"))
        self.expect(0, "prove", "--no-cache", "--certificates", "certs", path)
        self.expect(0, "certify", "--certificates", "certs", path)
        kept = [self.read(f"certs/{name}") for name in sorted(os.listdir(os.path.join(self.folder, "certs")))]
        self.assertTrue(any("excluded_by_conditions" in text for text in kept))
        loose = self.policy("separation_of_duty").replace(" when !(Teller holds write on Ledger)", "")
        self.expect(4, "certify", "--certificates", "certs", self.file("loose.bh", loose))


if __name__ == "__main__":
    main()
