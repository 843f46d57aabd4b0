"""export, solve: the questions behind claims as other tools read them, and their files as we do."""
import glob
import os
import re
import shutil
import subprocess
import unittest

from cli import BAD, GOOD, SOURCE, CliTest
from needs import main

TOKEN = """module ring;
model Ring {
    sort Station;
    var holder: Station -> bool = false;
    var issued: bool = false;
    action issue(s: Station) when !issued do issued := true, holder(s) := true;
    action pass(s: Station, t: Station) when holder(s) do holder(s) := false, holder(t) := true;
    invariant single: forall s: Station, t: Station. holder(s) && holder(t) -> s == t;
    lemma started: forall s: Station. holder(s) -> issued;
    variant Copies { replace guard in issue with true; }
}
prove single: Ring.single;
refute copies: Ring.Copies.single;
prove never_two: Ring.single for 2 Station;
prove counts: Ring unreachable forall s: Station. holder(s) && !issued;
"""
COUNTER = """module counter;
model Counter {
    var n: int = 0;
    action raise() when true do n := n + 3;
    action mirror() when n < 0 do n := 0 - n;
    invariant natural: n >= 0;
    invariant small: n <= 3;
}
prove natural: Counter.natural;
refute small: Counter.small;
"""


def needs(*programs):
    word = next((program for program in programs if shutil.which(program) is None), "").removeprefix("berkeley-")
    return unittest.skipIf(word, f"needs {word}: it reads what is exported")


def told(*words, text=None):
    return subprocess.run(words, input=text, capture_output=True, text=True, check=False, timeout=120).stdout


class Export(CliTest):
    def answers(self, name, text, *words):
        """What the file says that the answers are, and what cvc5 answers."""
        script = self.expect(0, "export", "--format", "smt2", *words, self.file(name, text)).stdout
        wanted = re.findall(r"set-info :status (\w+)", script)
        self.assertTrue(wanted)
        given = told("cvc5", "--lang=smt2", "--incremental", "-q", text=script).split()
        return wanted, given

    @needs("cvc5")
    def test_every_claim_is_a_question_of_smtlib(self):
        for name, text in (("good.bh", GOOD), ("bad.bh", BAD), ("ring.bh", TOKEN), ("counter.bh", COUNTER)):
            wanted, given = self.answers(name, text)
            self.assertEqual(wanted, given, name)
        self.assertIn("sat", wanted)
        self.assertIn("unsat", wanted)

    @needs("cvc5")
    def test_sums_and_influence_are_questions_too(self):
        text = GOOD.replace("container Agent", "host Node { capacity { memory 1 GiB; } }\ncontainer Other uses standard { }\ncontainer Agent")
        text = text.replace("may   read", "reserve { memory 128 MiB; }\n    may   read")
        text += "prove alone: Agent isolated from Other;\nprove fits: all reservations fit Node;\nprove used: Agent can read Data:\"/x\";\n"
        self.expect(0, "prove", "--no-coverage", self.file("sums.bh", text))
        wanted, given = self.answers("sums.bh", text)
        self.assertEqual(wanted, given)

    @needs("z3")
    def test_horn_clauses_are_decided_by_spacer(self):
        path = self.file("ring.bh", TOKEN)
        generalising = "fp.spacer.use_inductive_generalizer=false"  # which sometimes never ends
        for claim, answer in (("single", "sat"), ("copies", "unsat"), ("counts", "sat")):
            text = self.expect(0, "export", "--format", "horn", "--only", claim, "--scope", "Station=2", path).stdout
            self.assertEqual(told("z3", "-T:60", generalising, "-in", text=text).strip(), answer, claim)
        path = self.file("counter.bh", COUNTER)
        for claim, answer in (("natural", "sat"), ("small", "unsat")):
            text = self.expect(0, "export", "--format", "horn", "--only", claim, path).stdout
            self.assertEqual(told("z3", "-T:60", "-in", text=text).strip(), answer, claim)

    @needs("berkeley-abc")
    def test_aiger_is_decided_by_abc(self):
        path = self.file("ring.bh", TOKEN)
        for claim, scope, answer in (("single", ["--scope", "Station=3"], "Property proved"), ("never_two", [], "Property proved"),
                                     ("copies", ["--scope", "Station=3"], "was asserted")):
            out = os.path.join(self.folder, "ring.aig")
            self.expect(0, "export", "--format", "aiger", "--only", claim, *scope, "-o", out, path)
            self.assertIn(answer, told("berkeley-abc", "-c", f"read_aiger {out}; pdr"), claim)

    @needs("cvc5")
    def test_vmt_keeps_sorts_of_any_size(self):
        text = self.expect(0, "export", "--format", "vmt", "--only", "single", self.file("ring.bh", TOKEN)).stdout
        self.assertIn("declare-sort", text)
        self.assertIn(":invar-property 0", text)
        script = "(set-logic ALL)\n" + text + "(assert init)\n(assert (not property.0))\n(check-sat)\n"
        self.assertEqual(told("cvc5", "--lang=smt2", "-q", text=script).strip(), "unsat")

    def test_what_a_format_cannot_say_is_refused_with_the_reason(self):
        ring, counter, policy = self.file("ring.bh", TOKEN), self.file("counter.bh", COUNTER), self.file("good.bh", GOOD)
        for words, reason in (
                (["horn", "--only", "single", ring], "`Station` has any size, and the file needs one: --scope Station=3"),
                (["aiger", "--only", "natural", counter], "integers have no bits"),
                (["btor2", "--only", "natural", counter], "BTOR2 has bit-vectors"),
                (["horn", ring], "name the claim by --only"),
                (["horn", "--only", "quiet", policy], "is about no transition system"),
                (["horn", policy], "no claim is about a transition system"),
                (["horn", "--only", "none", ring], "there is no claim `none`"),
                (["horn", "--only", "single", "--scope", "Station=0", ring], "it is written SORT=SIZE"),
                (["horn", "--only", "single", "--scope", "Frame=2", ring], "the model has no such sort"),
                (["btor2", "--only", "single", "--scope", "Station=9999", ring], "the scope is too large")):
            done = self.expect(2, "export", "--format", *words)
            self.assertIn(reason, done.stderr)
            self.assertEqual(done.stdout, "")


EVEN = """(set-logic HORN)
(declare-fun |the loop| (Int Int) Bool)
(assert (forall ((n Int)) (=> (>= n 0) (|the loop| n 0))))
(assert (forall ((n Int) (m Int)) (=> (and (|the loop| n m) (> n 0)) (|the loop| (- n 1) (+ m 2)))))
(assert (forall ((n Int) (m Int)) (=> (and (|the loop| n m) (BAD)) false)))
(check-sat)
"""
FIBONACCI = """(set-logic HORN)
(declare-fun fib (Int Int) Bool)
(assert (forall ((n Int)) (=> (and (>= n 0) (<= n 1)) (fib n n))))
(assert (forall ((n Int) (a Int) (b Int)) (=> (and (> n 1) (fib (- n 1) a) (fib (- n 2) b)) (fib n (+ a b)))))
(assert (forall ((n Int) (r Int)) (=> (and (fib n r) BAD) false)))
(check-sat)
"""
FILLED = """(set-logic HORN)
(declare-fun filled ((Array Int Int) Int) Bool)
(assert (filled ((as const (Array Int Int)) 0) 0))
(assert (forall ((a (Array Int Int)) (i Int)) (=> (filled a i) (filled (store a i (+ i 5)) (+ i 1)))))
(assert (forall ((a (Array Int Int)) (i Int)) (=> (and (filled a i) BAD) false)))
(check-sat)
"""
COUNT = """1 sort bitvec 1
2 sort bitvec 6
3 zero 2
4 state 2 n
5 init 2 4 3
6 input 1 up
7 inc 2 4
8 ite 2 6 7 4
9 next 2 4 8
10 constd 2 20
11 eq 1 4 10
12 bad 11 twenty
"""
HELD = COUNT.replace("7 inc 2 4", "7 or 2 4 -4").replace("12 bad 11 twenty", "12 bad 11")


class Solve(CliTest):
    @needs("cvc5")
    def test_horn_clauses_are_satisfiable_where_they_are_safe(self):
        safe = self.expect(0, "solve", "--witness", "w.smt2", self.file("a.smt2", EVEN.replace("(BAD)", "(< m 0)")))
        self.assertEqual(safe.stdout, "sat\n")
        self.assertIn("accepted by the second solver", safe.stderr)
        answers = set(told("cvc5", "--lang=smt2", "--incremental", "-q", text=self.read("w.smt2")).split())
        self.assertEqual(answers, {"unsat"})
        unsafe = self.expect(1, "solve", "--witness", "w.txt", self.file("b.smt2", EVEN.replace("(BAD)", "(= m 6)")))
        self.assertEqual(unsafe.stdout, "unsat\n")
        self.assertRegex(unsafe.stderr, "the (run|derivation) replays")
        self.assertRegex(self.read("w.txt"), "bad: line 5|false by the clause of line 5")

    @needs("cvc5")
    def test_clauses_with_two_relations_in_a_body_are_decided(self):
        safe = self.expect(0, "solve", "--witness", "w.smt2", self.file("a.smt2", FIBONACCI.replace("BAD", "(< r (- n 1))")))
        self.assertEqual(safe.stdout, "sat\n")
        self.assertIn("the interpretation is accepted by the second solver", safe.stderr)
        answers = told("cvc5", "--lang=smt2", "--incremental", "-q", text=self.read("w.smt2")).split()
        self.assertEqual(answers, ["unsat"] * 3, "one question for each clause")
        unsafe = self.expect(1, "solve", "--witness", "w.txt", self.file("b.smt2", FIBONACCI.replace("BAD", "(= r 5)")))
        self.assertEqual(unsafe.stdout, "unsat\n")
        self.assertIn("the derivation replays", unsafe.stderr)
        self.assertRegex(self.read("w.txt"), r"fib\(5, 5\) by the clause of line 4 from #\d+, #\d+\n#\d+ false by the clause of line 5 from #\d+\n")

    def test_btor2_is_safe_or_unsafe(self):
        unsafe = self.expect(1, "solve", "--witness", "w.txt", self.file("a.btor2", COUNT))
        self.assertEqual(unsafe.stdout, "unsafe\n")
        self.assertIn("bad: twenty", self.read("w.txt"))
        self.assertEqual(self.read("w.txt").count("#b"), 42, "21 moments, each with a new state and an input")
        held = self.expect(0, "solve", self.file("b.btor2", HELD))
        self.assertEqual(held.stdout, "safe\n")
        self.assertIn("accepted by the checker of refutations", held.stderr)

    def test_what_is_not_read_is_refused_with_its_place(self):
        for name, text, reason in (("a.smt2", "(set-logic HORN)\n(declare-fun P (Real) Bool)\n", "a.smt2:2:17: only Bool, Int"),
                                   ("a.btor2", "1 sort bitvec 4\n2 frob 1\n", "a.btor2:2: "),
                                   ("b.smt2", "", "b.smt2:1:1: the text has no clause")):
            self.assertIn(reason, self.expect(2, "solve", self.file(name, text)).stderr)
        self.expect(2, "solve", "nowhere.smt2")


    def test_what_nobody_finds_in_time_is_unknown(self):
        factors = ("1 sort bitvec 1\n2 sort bitvec 32\n3 sort bitvec 64\n4 input 2 a\n5 input 2 b\n6 uext 3 4 32\n7 uext 3 5 32\n8 mul 3 6 7\n"
                   "9 constd 3 %d\n10 eq 1 8 9\n11 bad 10\n")
        easy = self.expect(1, "solve", self.file("a.btor2", factors % 35))
        self.assertEqual(easy.stdout, "unsafe\n")
        hard = self.expect(3, "solve", "--timeout", "300", self.file("b.btor2", factors % (3267000013 * 2860486313)))
        self.assertIn("it was stopped", hard.stderr)


class Certify(CliTest):
    def written(self, name, text, status):
        """The problem, and the folder with the evidence for its answer."""
        path, folder = self.file(name, text), os.path.join(self.folder, name + ".evidence")
        self.expect(status, "solve", "--certificates", folder, path)
        return path, folder

    def change(self, folder, name, *words):
        path = os.path.join(folder, name)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertIn(words[0], text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(*words, 1))

    @needs("cvc5")
    def test_what_solve_wrote_is_accepted_and_refused_for_another_problem(self):
        for name, safe, unsafe, yes, no in (
                ("a.smt2", EVEN.replace("(BAD)", "(< m 0)"), EVEN.replace("(BAD)", "(= m 6)"), "sat", "unsat"),
                ("b.smt2", FIBONACCI.replace("BAD", "(< r (- n 1))"), FIBONACCI.replace("BAD", "(= r 5)"), "sat", "unsat"),
                ("c.btor2", HELD, COUNT, "safe", "unsafe"),
                ("d.smt2", FILLED.replace("BAD", "(< (select a 1) 0)"), FILLED.replace("BAD", "(= (select a 1) 6)"), "sat", "unsat")):
            for problem, other, status, word in ((safe, unsafe, 0, yes), (unsafe, safe, 1, no)):
                path, folder = self.written(word + name, problem, status)
                self.assertRegex(self.expect(0, "certify", "--certificates", folder, path).stdout, f"^accepted  {word}  ")
                self.file(word + name, other)
                told = self.expect(4, "certify", "--certificates", folder, path)
                self.assertNotIn("accepted", told.stdout)

    def test_a_refutation_that_was_tampered_with_is_rejected(self):
        path, folder = self.written("a.btor2", HELD, 0)
        self.assertIn("refutations", self.expect(0, "certify", "--certificates", folder, path).stdout)
        os.rename(os.path.join(folder, "condition.1.lrat"), os.path.join(folder, "aside"))
        self.assertIn("condition.1.lrat", self.expect(4, "certify", "--certificates", folder, path).stdout)
        with open(os.path.join(folder, "condition.1.lrat"), "w", encoding="utf-8") as file:
            file.write("")
        refused = self.expect(4, "certify", "--certificates", folder, path).stdout  # of whichever engine was faster
        self.assertRegex(refused, "each step keeps (the invariant|what is known)")
        self.change(folder, "evidence.smt2", "(evidence 1", "(evidence 2")
        self.assertIn("evidence.smt2:1:1", self.expect(4, "certify", "--certificates", folder, path).stderr)
        self.expect(4, "certify", "--certificates", os.path.join(self.folder, "nowhere"), path)
        self.expect(2, "certify", "--certificates", folder, "nowhere.btor2")

    def test_a_run_that_was_tampered_with_is_rejected(self):
        path, folder = self.written("a.btor2", COUNT, 1)
        self.change(folder, "evidence.smt2", "(moment (#b000011)", "(moment (#b000111)")
        self.assertRegex(self.expect(4, "certify", "--certificates", folder, path).stdout, "^rejected  unsafe  step 2 does not")

    @needs("cvc5", "berkeley-abc")
    def test_the_conditions_are_refuted_by_others(self):
        for name, text in (("a.smt2", EVEN.replace("(BAD)", "(< m 0)")),
                           ("b.btor2", HELD)):
            _, folder = self.written(name, text, 0)
            with open(os.path.join(folder, "conditions.smt2"), encoding="utf-8") as file:
                answers = told("cvc5", "--lang=smt2", "--incremental", "-q", text=file.read()).split()
            self.assertEqual(set(answers), {"unsat"}, name)
        files = glob.glob(os.path.join(folder, "condition.*.cnf"))
        self.assertEqual(len(files), len(answers))
        for path in files:
            self.assertIn("UNSAT", told("berkeley-abc", "-c", f"dsat {path}"), path)

    @needs("cvc5")
    def test_without_a_second_solver_integers_stay_unchecked(self):
        path, folder = self.written("a.smt2", EVEN.replace("(BAD)", "(< m 0)"), 0)
        self.environment["PATH"] = self.folder
        told = self.expect(3, "certify", "--certificates", folder, path)
        self.assertRegex(told.stdout, "^unchecked sat  ")


class Models(CliTest):
    """Every invariant of the library, and its variants, in scopes of two elements: the engines and other checkers agree."""

    @needs("berkeley-abc")
    def test_every_checker_says_the_same_of_every_claim_in_a_small_scope(self):
        compared, unsafe = 0, 0
        for path in sorted(glob.glob(os.path.join(SOURCE, "models", "*.bh"))):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            models = dict(re.findall(r"^model (\w+)((?:\([^)]*\))? \{.*?)^\}", text, re.MULTILINE | re.DOTALL))
            for claim, model in re.findall(r"^(?:prove|refute) (\w+): (\w+)(?:\.\w+)+;", text, re.MULTILINE):
                sorts = re.findall(r"(?:^\s+|[(, ])sort (\w+)", models[model], re.MULTILINE)
                scope = [word for sort in sorts for word in ("--scope", f"{sort}=2")]
                out = os.path.join(self.folder, "claim")
                words = ["--only", claim, *scope, path]
                made = self.run_it("export", "--format", "aiger", "-o", out + ".aig", *words)
                if made.returncode != 0:  # integers
                    self.assertIn("integers", made.stderr)
                    continue
                self.expect(0, "export", "--format", "btor2", "-o", out + ".btor2", *words)
                other = told("berkeley-abc", "-c", f"read_aiger {out}.aig; pdr -T 20")
                own = self.run_it("solve", "--timeout", "20000", out + ".btor2")
                self.assertIn(own.stdout, ("safe\n", "unsafe\n"), f"{claim}: {own.stderr}")
                self.assertIn("was asserted" if own.stdout == "unsafe\n" else "Property proved", other, claim)
                compared, unsafe = compared + 1, unsafe + (own.stdout == "unsafe\n")
        self.assertGreaterEqual(compared, 40)
        self.assertGreater(unsafe, 10)


if __name__ == "__main__":
    main()
