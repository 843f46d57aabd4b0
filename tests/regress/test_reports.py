"""Reports as machines read them: the JSON one follows its schema, the SARIF one has what SARIF asks for."""
import glob
import json
import os
import subprocess
import unittest

from needs import main

try:
    import jsonschema
except ImportError:
    jsonschema = None

BULKHEAD = os.environ["BULKHEAD"]
SOURCE = os.environ["BULKHEAD_SOURCE"]
HERE = os.path.dirname(os.path.abspath(__file__))


def report(path, form, *more):
    done = subprocess.run([BULKHEAD, "prove", "--no-cache", "--format", form, *more, path], capture_output=True, text=True,
                          check=False, timeout=240)
    return done.returncode, done.stdout


@unittest.skipUnless(jsonschema, "needs jsonschema: python3-jsonschema is not installed")
class ReportTest(unittest.TestCase):
    def test_every_json_report_is_valid(self):
        with open(os.path.join(SOURCE, "docs/schema/verdict.v1.json"), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        seen = set()
        for path in sorted(glob.glob(os.path.join(HERE, "*.bh"))):
            status, text = report(path, "json", "--certify")
            if not text:
                continue  # errors of the policy's text are no report
            parsed = json.loads(text)
            validator.validate(parsed)
            self.assertEqual(parsed["exit_status"], status, path)
            seen |= {case["verdict"] for claim in parsed["claims"] for case in claim["cases"]}
        self.assertEqual(seen, {"holds", "violated", "vacuous", "unknown"}, "a verdict that no report shows")

    def test_sarif_results_have_rules_levels_and_places(self):
        for name in ("issue_002_quantifiers.bh", "issue_002_several_hosts.bh", "issue_002_dynamic_detect.bh"):
            status, text = report(os.path.join(HERE, name), "sarif")
            self.assertNotEqual(status, 0)
            log = json.loads(text)
            self.assertEqual(log["version"], "2.1.0")
            self.assertIn("sarif", log["$schema"])
            run = log["runs"][0]
            rules = {rule["id"] for rule in run["tool"]["driver"].get("rules", [])}
            self.assertTrue(run["results"], "a run that failed shows no result")
            for result in run["results"]:
                self.assertIn(result["level"], {"error", "warning", "note", "none"})
                self.assertTrue(result["message"]["text"])
                self.assertTrue(not rules or result["ruleId"] in rules)
                for place in result["locations"]:
                    physical = place["physicalLocation"]
                    self.assertTrue(physical["artifactLocation"]["uri"])
                    self.assertGreaterEqual(physical["region"]["startLine"], 1)


if __name__ == "__main__":
    main()
