"""What is believed: certificates of other policies, damaged ones, and second solvers that lie, die or are missing."""
import glob
import json
import os
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

from needs import main

BULKHEAD = os.environ["BULKHEAD"]
STRICT = """container Agent {{ {rule} }}
prove quiet: Agent cannot read "/etc/shadow";
prove deaf:  Agent cannot connect any port 2..9;
"""
CLOSED = STRICT.format(rule='may read "/etc/**"; never read "/etc/shad*"; may connect any when net.port == 1;')
OPEN = STRICT.format(rule='may read "/etc/**"; may connect any;')


class EvidenceTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="bulkhead-evidence-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.cache = os.path.join(self.folder, "cache/bulkhead/certificates")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o644):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def run_it(self, *words, tools=None):
        environment = {**os.environ, "XDG_CACHE_HOME": self.path("cache")}
        if tools is not None:
            environment["PATH"] = tools
        return subprocess.run([BULKHEAD, *words], capture_output=True, text=True, check=False, timeout=240,
                              cwd=self.folder, env=environment)

    def prove(self, policy, *words, tools=None):
        name = self.write("policy.bh", policy)
        done = self.run_it("prove", "--format", "json", "--no-coverage", *words, name, tools=tools)
        report = json.loads(done.stdout)
        return done.returncode, {claim["name"]: claim["status"] for claim in report["claims"]}, report

    def solver(self, body):
        """A folder whose `cvc5` is this shell script; its shell finds the real one by $REAL."""
        os.makedirs(self.path("tools"), exist_ok=True)
        real = shutil.which("cvc5")
        self.write("tools/cvc5", f"#!/bin/sh\nREAL={real}\nPATH=/usr/bin:/bin\n{body}\n", stat.S_IRWXU)
        return self.path("tools")

    def entries(self):
        return sorted(glob.glob(os.path.join(self.cache, "*.cert")))

    def test_certificates_of_an_open_policy_do_not_serve_a_closed_one(self):
        self.prove(CLOSED, "--certify")
        closed = {}
        for name in self.entries():
            with open(name, "rb") as file:
                closed[name] = file.read()
        status, statuses, _ = self.prove(OPEN, "--certify")
        self.assertEqual((status, set(statuses.values())), (1, {"failed"}))
        mixed = [name for name in self.entries() if name not in closed]
        self.assertTrue(closed and mixed)
        for victim in mixed:  # every valid certificate in the place of every other one
            for bytes_ in closed.values():
                with open(victim, "wb") as file:
                    file.write(bytes_)
                status, statuses, report = self.prove(OPEN, "--certify")
                self.assertEqual((status, set(statuses.values())), (1, {"failed"}))
                self.assertTrue(report["cache"]["dropped"])

    def test_damaged_entries_are_noticed_and_searched_again(self):
        self.prove(CLOSED, "--certify")
        good = {}
        for name in self.entries():
            with open(name, encoding="utf-8", errors="surrogateescape") as file:
                good[name] = file.read()
        self.assertTrue(good)
        damages = [lambda t: "", lambda t: t[: len(t) // 2], lambda t: t + t, lambda t: "\0" * 64,
                   lambda t: re.sub(r"\d+", "18446744073709551616", t), lambda t: re.sub(r"\b\d+\b", "-1", t),
                   lambda t: re.sub(r"\b\d+\b", "4294967295", t), lambda t: t.replace("\n", "\n\n"),
                   lambda t: "\n".join(line for pair in zip(t.split("\n"), t.split("\n")) for line in pair),
                   lambda t: t.replace("unsat", "sat"), lambda t: "9" * 100000]
        for damage in damages:
            if any(damage(text) == text for text in good.values()):
                continue
            for name, text in good.items():
                with open(name, "w", encoding="utf-8", errors="surrogateescape") as file:
                    file.write(damage(text))
            status, statuses, report = self.prove(CLOSED, "--certify")
            self.assertEqual((status, set(statuses.values())), (0, {"satisfied"}))
            self.assertEqual(report["cache"]["hits"], 0, "a damaged entry was used")
            self.assertEqual(len(report["cache"]["dropped"]), len(good))

    def test_certificate_files_of_another_policy_are_rejected(self):
        name = self.write("policy.bh", CLOSED)
        self.assertEqual(self.run_it("prove", "--certify", "--certificates", "certs", name).returncode, 0)
        self.assertEqual(self.run_it("certify", "--certificates", "certs", name).returncode, 0)
        self.write("policy.bh", OPEN)
        self.assertNotEqual(self.run_it("certify", "--certificates", "certs", name).returncode, 0)
        self.write("policy.bh", CLOSED.replace("port 2..9", "port 1..9"))
        self.assertNotEqual(self.run_it("certify", "--certificates", "certs", name).returncode, 0)
        shutil.rmtree(self.path("certs"))
        os.makedirs(self.path("certs"))
        self.write("policy.bh", CLOSED)
        self.assertNotEqual(self.run_it("certify", "--certificates", "certs", name).returncode, 0)

    def unbelieved(self, body):
        status, statuses, report = self.prove(CLOSED, "--certify", "--no-cache", tools=self.solver(body))
        self.assertNotEqual(status, 0)
        self.assertNotIn("satisfied", [statuses["quiet"], statuses["deaf"]])
        return report

    ANSWER = 'case "$1" in --version) exec "$REAL" --version;; esac\n'

    def test_a_solver_that_always_says_unsat_is_not_believed(self):
        self.unbelieved(self.ANSWER + "sed -n -e 's/^(check-sat)$/unsat/p' -e 's/^(echo \\(.*\\))$/\\1/p'")

    def test_a_solver_that_always_says_sat_is_not_believed(self):
        self.unbelieved(self.ANSWER + "sed -n -e 's/^(check-sat)$/sat/p' -e 's/^(echo \\(.*\\))$/\\1/p'")

    def test_a_solver_that_turns_answers_round_is_not_believed(self):
        self.unbelieved(self.ANSWER + '"$REAL" "$@" | sed -e s/^sat/x/ -e s/^unsat/sat/ -e s/^x/unsat/')

    def test_a_solver_that_turns_bad_in_the_middle_is_not_believed(self):
        self.unbelieved(self.ANSWER + '"$REAL" "$@" | sed -e "14,\\$s/^sat/unsat/"')

    def test_a_solver_that_dies_in_the_middle_is_not_believed(self):
        self.unbelieved(self.ANSWER + "head -c 300 | \"$REAL\" \"$@\"; kill -9 $$")

    def test_a_solver_that_says_too_much_is_not_believed(self):
        self.unbelieved(self.ANSWER + '"$REAL" "$@" | sed -e "s/^unsat/unsat\\nunsat/"')

    def test_without_a_solver_nothing_is_certified(self):
        os.makedirs(self.path("nothing"))
        status, statuses, _ = self.prove(CLOSED, "--certify", "--no-cache", tools=self.path("nothing"))
        self.assertNotEqual(status, 0)
        self.assertNotIn("satisfied", statuses.values())

    def test_an_unknown_answer_is_no_success(self):
        self.unbelieved(self.ANSWER + '"$REAL" "$@" | sed -e "9,\\$s/^unsat/unknown/"')

    def test_only_speaks_of_the_claims_that_it_names(self):
        policy = OPEN.replace('may connect any;', '')
        status, statuses, _ = self.prove(policy, "--certify", "--only", "deaf")
        self.assertEqual((status, statuses), (0, {"deaf": "satisfied"}))
        name = self.write("policy.bh", policy)
        self.assertEqual(self.run_it("prove", "--only", "nobody", name).returncode, 2)


if __name__ == "__main__":
    main()
