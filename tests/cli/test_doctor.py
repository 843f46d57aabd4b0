"""doctor: what this machine can enforce, and what to do about what it cannot."""
import json
import os
import shutil
import subprocess

from cli import BULKHEAD, CliTest
from needs import main


class Doctor(CliTest):
    def test_names_every_level_and_mechanism_with_a_remedy_for_what_is_missing(self):
        lines = self.expect(0, "doctor").stdout.splitlines()
        self.assertTrue(lines[0].startswith("caller: "))
        for level in ("standard", "enhanced", "maximum"):
            self.assertTrue(any(line.startswith(level) and line.split()[1] in ("available", "refused") for line in lines), level)
        for i, line in enumerate(lines):
            if line[40:].startswith("missing") and line[:40].strip() not in ("second solver", "bulkhead-exec"):
                self.assertIn("for ", lines[i + 1] if i + 1 < len(lines) else "", line)

    def test_says_the_same_as_json(self):
        report = json.loads(self.expect(0, "doctor", "--json").stdout)
        self.assertEqual(report["schema"], "bulkhead.doctor/v1")
        self.assertEqual(sorted(report["levels"]), ["enhanced", "maximum", "standard"])
        for item in report["mechanisms"]:
            self.assertIn(item["support"], ("works", "missing", "not needed"))
        text = self.expect(0, "doctor").stdout
        self.assertIn(f"caller: {report['caller']}\n", text)
        for level, told in report["levels"].items():
            self.assertRegex(text, rf"(?m)^{level} +{'available' if told['available'] else 'refused'} ")

    def test_finds_neither_the_second_solver_nor_bulkhead_exec_where_they_are_not(self):
        alone = shutil.copy(BULKHEAD, os.path.join(self.folder, "bulkhead"))
        models = os.path.join(os.environ["BULKHEAD_SOURCE"], "models")
        self.environment.update(PATH=self.folder, BULKHEAD_MODELS=models)
        for words, missing in ((("doctor",), "missing"), (("doctor", "--json"), None)):
            done = self.run_alone(alone, *words)
            self.assertEqual(done.returncode, 0, done.stderr)
            if missing:
                for name in ("second solver", "bulkhead-exec"):
                    self.assertRegex(done.stdout, rf"(?m)^{name} +missing ")
            else:
                self.assertNotEqual(json.loads(done.stdout)["bulkhead_exec"], "found")

    def run_alone(self, program, *words):
        return subprocess.run([program, *words], capture_output=True, text=True, cwd=self.folder, env=self.environment, check=False,
                              timeout=120)


if __name__ == "__main__":
    main()
