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
        path = self.file("duty.bh", self.policy("separation_of_duty"))
        told = self.run_it("diff", path, path)
        self.assertIn("under conditions is not compared", told.stdout)
        self.assertNotIn("added", told.stdout)
        told = self.run_it("query", path, "who can write Ledger")
        self.assertIn("Teller", told.stdout)
        told = self.run_it("query", path, "who can read Vault")
        self.assertNotIn("Teller", told.stdout)

    def claims(self, *words):
        report = json.loads(self.run_it("prove", "--format", "json", *words).stdout)
        return report.get("cache"), {claim["name"]: claim["status"] for claim in report["claims"]}

    def test_certificates_are_kept_and_found_for_the_same_conditions_alone(self):
        for name in ("separation_of_duty", "separation_lost_by_revoking", "conditions_in_a_chain"):
            path = self.file(f"{name}.bh", self.policy(name))
            first, before = self.claims(path)
            self.assertEqual((first["hits"], first["stored"]), (0, len(before)), name)
            again, after = self.claims(path)
            self.assertEqual((again["hits"], again["dropped"], after), (len(before), [], before), name)
        text = self.policy("separation_of_duty")
        # None of these changes the question of `separated`, which takes conditions for true.
        changes = (("when !(Teller holds read on Audit)", ""), ("Bank holds AuditCap;", ""),
                   ("Bank may revoke write on Ledger from Teller;", ""),
                   ("Teller holds write on Ledger && Teller holds read on Audit", "Teller holds write on Ledger"))
        verdicts = set()
        for old, new in changes:
            self.assertIn(old, text)
            changed = self.file("changed.bh", text.replace(old, new))
            kept, found = self.claims(changed)
            self.assertEqual(found, self.claims("--no-cache", changed)[1], old)
            self.assertEqual(kept["dropped"], [], old)
            verdicts.add(tuple(found.items()))
        self.assertGreater(len(verdicts), 1)

    def test_sentences_that_conditions_ask_for_are_covered(self):
        path = self.file("asked.bh", """
volume Ledger, Audit, Other;
subject Bank;
container Teller { mount Ledger at "/l"; mount Other at "/o"; may write Ledger; may read Other; }
capability AuditCap on Audit:"/**" { rights read, delegate; }
file Books = Ledger:"/**";
Bank holds AuditCap;
channel bus: Bank -> Teller { mediated by kernel; }
Bank may delegate read on Audit:"/**" to Teller via bus when Teller holds write on Books;
refute handed: Teller cannot acquire read on Audit:"/**";
""")
        told = self.expect(0, "prove", "--no-cache", path).stdout
        unproved = told[told.index("unproved policy"):]
        self.assertIn("may read Other", unproved)
        self.assertNotIn("may write Ledger", unproved)
        # Where a condition negates, who may less may get somebody more.
        with open(path, encoding="utf-8") as text:
            lacking = self.file("lacking.bh", text.read().replace("when Teller", "when !(Teller").replace("on Books;", "on Books);")
                                .replace("refute handed", "prove kept"))
        told = self.expect(0, "prove", "--no-cache", lacking).stdout
        unproved = told[told.index("unproved policy"):]
        self.assertIn("may read Other", unproved)
        self.assertNotIn("may write Ledger", unproved)

    def test_differences_are_told_where_nothing_is_asked_to_be_lacking(self):
        text = self.policy("conditions_in_a_chain")
        path = self.file("chain.bh", text)
        self.assertIn("grant the same", self.expect(0, "diff", path, path).stdout)
        more = self.file("more.bh", text.replace(" when B holds read on Right", ""))
        told = self.expect(1, "diff", path, more).stdout
        self.assertRegex(told, r"\+ A .*Left")
        self.assertRegex(told, r"\+ B .*Right")
        self.assertNotIn("?", told)

    def test_repairs_are_proved_where_conditions_ask_that_somebody_lacks_something(self):
        for name, claim in (("separation_of_duty", "writes"), ("separation_lost_by_revoking", "only_after_revoking")):
            text = self.policy(name).replace(f"refute {claim}", f"prove {claim}")
            path = self.file("wrong.bh", text)
            self.expect(1, "prove", "--no-cache", path)
            report = json.loads(self.expect(0, "repair", "--format", "json", path).stdout)
            self.assertFalse(report["exhausted"], "more can happen with fewer lines: nobody says that there is no other")
            self.assertTrue(report["repairs"])
            lines = text.splitlines(keepends=True)
            for repair in report["repairs"]:
                removed = {change["line"] for change in repair["changes"]}
                left = "".join(line for number, line in enumerate(lines, 1) if number not in removed)
                self.expect(0, "prove", "--no-cache", "--certify", self.file("repaired.bh", left))

    def test_a_repair_takes_what_becomes_possible_without_a_line_as_well(self):
        path = self.file("both.bh", """
device Work, Box;
subject Bank, B, C, D;
capability WorkCap on Work { rights write, delegate; }
capability BoxCap on Box { rights read, delegate; }
channel b: Bank -> B { mediated by kernel; }
channel c: Bank -> C { mediated by kernel; }
channel d: Bank -> D { mediated by kernel; }
Bank holds WorkCap;
Bank holds BoxCap;
Bank may delegate write on Work to B via b;
Bank may delegate read on Box to C via c when B holds write on Work;
Bank may delegate read on Box to C via c when !(B holds write on Work);
Bank may delegate read on Box to D via d;
prove kept: C cannot acquire read on Box;
refute works: B cannot acquire write on Work;
refute shared: D cannot acquire read on Box;
""")
        report = json.loads(self.expect(0, "repair", "--format", "json", path).stdout)
        removed = [sorted(change["line"] for change in one["changes"]) for one in report["repairs"]]
        self.assertIn([12, 13], removed)

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
