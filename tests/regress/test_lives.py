"""Claims about the lives of containers: each sentence that they rest on is needed, the report names the one that is missing, and
whoever emits or runs such a policy is told what nothing here enforces."""
import os
import subprocess
import tempfile
import unittest

from needs import main

BULKHEAD = os.environ["BULKHEAD"]
SOURCE = os.environ["BULKHEAD_SOURCE"]
POLICY = """module lives;
import linux;
import profiles;
import lifecycle;
key Board { alg ml_dsa_87; }
image "agent" { digest sha256:...; channel stable; }
container Agent uses enhanced {
    image "agent" signed by Board;
}
container Helper uses enhanced {
    image "helper" signed by Board;
}
lifecycle Agent { idle 10 min -> sleep; revoked -> purge; }
lifecycle Helper { revoked -> purge; }
prove verified: no container runs before its image is verified;
prove purged: revoked leads to purged;
"""


class Lives(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "lives.bh")
        self.environment = {**os.environ, "XDG_CACHE_HOME": folder.name}

    def bulkhead(self, text, *words):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(text)
        return subprocess.run([BULKHEAD, *words], capture_output=True, text=True, check=False, timeout=240, env=self.environment)

    def prove(self, text):
        return self.bulkhead(text, "prove", "--certify", "--no-coverage", self.path)

    def mutant(self, old, new, claim, missing, line):
        self.assertIn(old, POLICY)
        done = self.prove(POLICY.replace(old, new))
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(f"FAIL  {claim}: violated", done.stdout)
        lines = done.stdout.splitlines()
        said = [number for number, one in enumerate(lines) if missing in one]
        self.assertEqual(len(said), 1, done.stdout)
        self.assertIn(f"lives.bh:{line}:", lines[said[0] + 1])

    def test_the_policy_holds(self):
        done = self.prove(POLICY)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_without_its_signature_a_container_runs_unverified(self):
        self.mutant('"agent" signed by Board', '"agent"', "verified", "the policy does not say: signed(Agent)", 8)

    def test_without_its_image_the_container_itself_is_named(self):
        self.mutant('    image "helper" signed by Board;\n', "\n", "verified", "the policy does not say: signed(Helper)", 10)

    def test_without_its_trigger_a_revoked_container_stays(self):
        self.mutant("lifecycle Helper { revoked -> purge; }", "", "purged",
                    "the policy does not say: answers(Helper, revoked, purge)", 10)

    def test_another_answer_is_named_where_it_stands(self):
        self.mutant("lifecycle Helper { revoked -> purge; }", "lifecycle Helper { revoked -> sleep; }", "purged",
                    "the policy does not say: answers(Helper, revoked, purge)", 14)

    def test_a_dozen_containers_are_certified_soon(self):
        """The second solver did not decide within a minute what six containers are told by one formula with quantifiers."""
        text = "module lives;\nimport lifecycle;\n" + "".join(
            f"container C{i} {{}}\nlifecycle C{i} {{ idle 10 min -> sleep; revoked -> purge; }}\n" for i in range(12))
        done = self.prove(text + "prove purged: revoked leads to purged;\n")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("ok    purged: holds", done.stdout)

    def test_emit_names_what_no_artifact_enforces(self):
        done = self.bulkhead(POLICY, "emit", "--target", "seccomp", "--container", "Agent", "--output", os.devnull, self.path)
        self.assertEqual(done.returncode, 0, done.stderr)
        for gap in ("gap: lifecycle idle -> sleep", "gap: lifecycle revoked -> purge", "gap: image `agent` signed by Board"):
            self.assertIn(gap, done.stderr)

    def test_run_says_that_nothing_acts_on_triggers(self):
        done = self.bulkhead(POLICY, "run", "--dry-run", self.path + "::Agent", "--", "/bin/true")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("not enforced: lifecycle revoked -> purge", done.stderr)
        helper = self.bulkhead(POLICY.replace("lifecycle Agent", "lifecycle Helper", 1).replace(
            "lifecycle Helper { revoked -> purge; }", "lifecycle Agent { revoked -> purge; }"),
            "run", "--dry-run", self.path + "::Agent", "--", "/bin/true")
        self.assertNotIn("idle -> sleep", helper.stderr)


if __name__ == "__main__":
    main()
