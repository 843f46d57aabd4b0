"""prove --certificates and certify: evidence that others can check, and that nothing else is taken for it."""
import os

from cli import BAD, GOOD, SOURCE, CliTest
from needs import main


SCOPED = """module scoped;
model M {
    sort S;
    var p: S -> bool = false; var q: S -> bool = false;
    action a(s: S) do p(s) := true, q(s) := true;
    invariant same: forall s: S. p(s) -> q(s);
}
prove scoped: M.same for 3 S;
prove any: M.same;
"""


def refuted(cnf, lrat):
    """Whether the proof shows that the clauses have no model: LRAT, by unit propagation along its hints."""
    lines = [line.split() for line in cnf.splitlines() if line[0] not in "cp"]
    clauses = {number: [int(word) for word in line[:-1]] for number, line in enumerate(lines, 1)}
    for line in lrat.splitlines():
        number, *words = line.split()
        if words[0] == "d":
            for gone in words[1:-1]:
                del clauses[int(gone)]
            continue
        end = words.index("0")
        clause = [int(word) for word in words[:end]]
        false, closed = set(clause), False
        for hint in words[end + 1:-1]:
            left = [literal for literal in clauses.get(int(hint), [1, 2]) if literal not in false]
            if len(left) > 1:
                return False
            closed = not left
            false.update(-literal for literal in left)
        if not closed:
            return False
        clauses[int(number)] = clause
    return [] in clauses.values()


class Certify(CliTest):
    def test_certificates_have_their_scripts_and_clauses_without_being_checked(self):
        path = self.file("scoped.bh", SCOPED)
        self.expect(0, "prove", "--no-cache", "--certificates", "certs", path)
        self.assertIn("(check-sat)", self.read("certs/any.0.cert"))
        names = [name[:-4] for name in os.listdir(os.path.join(self.folder, "certs")) if name.endswith(".cnf")]
        self.assertEqual(len(names), 5, "at first, for each element a step, and what it implies")
        for name in names:
            cnf, proof = self.read(f"certs/{name}.cnf"), self.read(f"certs/{name}.lrat")
            self.assertTrue(refuted(cnf, proof), name)
            head = cnf.splitlines()[1].split()
            self.assertEqual(int(head[3]), len(cnf.splitlines()) - 2)
            self.assertFalse(refuted("\n".join(line for line in cnf.splitlines() if line[0] in "cp"), proof))

    def test_accepts_what_prove_wrote_and_rejects_what_was_changed(self):
        path = self.file("good.bh", GOOD)
        self.expect(0, "prove", "--certify", "--certificates", "certs", path)
        self.expect(0, "certify", "--certificates", "certs", path)
        name = sorted(os.listdir(os.path.join(self.folder, "certs")))[0]
        text = self.read(f"certs/{name}")
        self.file(f"certs/{name}", text.replace("/", "//", 3)[:-3])
        self.expect(4, "certify", "--certificates", "certs", path)

    def test_certificates_tell_what_is_handed_over_said_over_channels_and_labelled(self):
        folder = os.path.join(SOURCE, "tests", "regress")
        accepted = 0
        for name in sorted(os.listdir(folder)):
            if not name.startswith("issue_004_") or not name.endswith(".bh"):
                continue
            with self.subTest(policy=name):
                kept = os.path.join(self.folder, name + ".certificates")
                done = self.run_it("prove", "--no-cache", "--no-coverage", "--certificates", kept, os.path.join(folder, name))
                if done.returncode == 2:
                    continue
                told = self.run_it("certify", "--certificates", kept, os.path.join(folder, name))
                self.assertNotIn("rejected", told.stdout + told.stderr)
                accepted += told.stdout.count("accepted ")
        self.assertGreater(accepted, 30)

    def test_rejects_certificates_for_a_policy_of_which_they_are_not_true(self):
        self.expect(0, "prove", "--certificates", "certs", self.file("good.bh", GOOD))
        self.expect(4, "certify", "--certificates", "certs", self.file("bad.bh", BAD))


if __name__ == "__main__":
    main()
