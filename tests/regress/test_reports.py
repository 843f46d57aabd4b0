"""Reports as machines read them: JSON follows its schema, SARIF and JUnit are what their readers ask for, also where the
policy cannot be read."""
import glob
import json
import os
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as tree

from needs import main

try:
    import jsonschema
    import sarif
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
            parsed = json.loads(text)
            validator.validate(parsed)
            self.assertEqual(parsed["exit_status"], status, path)
            seen |= {case["verdict"] for claim in parsed["claims"] for case in claim["cases"]}
        self.assertEqual(seen, {"holds", "violated", "vacuous", "unknown"}, "a verdict that no report shows")

    def test_every_form_names_the_models_of_a_protocol_and_of_lives_by_hash(self):
        for name, models in (("issue_003_protocol_replay.bh", 1), ("issue_003_lifecycle_holds.bh", 2)):
            path = os.path.join(HERE, name)
            about = [claim for claim in json.loads(report(path, "json")[1])["claims"] if claim["models"]]
            self.assertTrue(about, name)
            text, markdown = report(path, "text")[1], report(path, "markdown")[1]
            for claim in about:
                self.assertGreaterEqual(len(claim["models"]), models, "the model, and what it was made of")
                for model in claim["models"]:
                    self.assertRegex(model["sha256"], "^[0-9a-f]{64}$")
                    self.assertIn(f"{model['name']} {model['sha256'][:12]}", text)
                    self.assertIn(model["sha256"], markdown)

    def test_sarif_results_have_rules_levels_and_places(self):
        for name in ("issue_002_quantifiers.bh", "issue_002_several_hosts.bh", "issue_002_dynamic_detect.bh"):
            status, text = report(os.path.join(HERE, name), "sarif")
            self.assertNotEqual(status, 0)
            log = json.loads(text)
            sarif.check(log)
            self.assertTrue(log["runs"][0]["results"], "a run that failed shows no result")


@unittest.skipUnless(jsonschema, "needs jsonschema: python3-jsonschema is not installed")
class UnreadableTest(unittest.TestCase):
    """Whoever waits for a document gets a whole one that says what is wrong, and status 2."""

    SELINUX = "class file\nsid kernel\nclass file { read }\ntype a;\nallow a b:file read;\n"
    BAD = ('module bad;\nvolume Late;\nvolume Late;\ncontainer A { may reed "/\u00e9\u2264"; }\nvolume A;\n'
           'prove p: A cannot read "/x";\n')

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bulkhead-reports-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        for name, text in (("b\u00e4d policy.bh", self.BAD), ("bad.conf", self.SELINUX), ("bytes.bh", "module \udcff;\n"),
                           ("good.bh", "module good;\n")):
            with open(os.path.join(self.folder, name), "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
        self.cases = [("b\u00e4d policy.bh",), ("bad.conf",), ("bytes.bh",), ("absent.bh",), (".",),
                      ("good.bh", "--volume", "Data=/absent"), ("good.bh", "absent.bh")]

    def report(self, command, form, words):
        done = subprocess.run([BULKHEAD, command, "--format", form, *words], cwd=self.folder, capture_output=True, text=True,
                              check=False, timeout=240)
        self.assertEqual(2, done.returncode, done.stderr)
        self.assertIn("BH", done.stderr, "people are told too")
        return done.stdout

    def schema(self, name):
        with open(os.path.join(SOURCE, "docs/schema", name), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        return jsonschema.Draft202012Validator(schema)

    def commands(self):
        return [(command, words) for command in ("prove", "check") for words in self.cases
                if command == "prove" or words != ("bad.conf",)]

    def test_json_says_what_is_wrong_by_the_schema(self):
        for command, words in self.commands():
            told = json.loads(self.report(command, "json", words))
            verdicts = command == "prove" and words != ("bad.conf",)
            self.schema("verdict.v1.json" if verdicts else "diagnostics.v1.json").validate(told)
            self.assertEqual(2, told["exit_status"])
            self.assertIn("error", [one["severity"] for one in told["diagnostics"]])

    def test_the_schema_of_a_diagnostic_is_one(self):
        verdict, alone = (self.schema(name).schema["$defs"] for name in ("verdict.v1.json", "diagnostics.v1.json"))
        self.assertEqual(alone, {name: verdict[name] for name in alone})

    def test_sarif_has_a_result_with_code_level_and_place_for_each(self):
        for command, words in self.commands():
            log = json.loads(self.report(command, "sarif", words))
            sarif.check(log)
            run = log["runs"][0]
            self.assertFalse(run["invocations"][0]["executionSuccessful"])
            self.assertTrue([one for one in run["results"] if one["level"] == "error" and one["ruleId"].startswith("BH")])
        results = json.loads(self.report("prove", "sarif", self.cases[0]))["runs"][0]["results"]
        reed = [one for one in results if one["ruleId"] == "BH2011"][0]
        place = reed["locations"][0]["physicalLocation"]
        self.assertEqual("b%C3%A4d%20policy.bh", place["artifactLocation"]["uri"])
        self.assertEqual({"startLine": 4, "startColumn": 19, "endLine": 4, "endColumn": 23}, place["region"])
        self.assertEqual({"BH2011": "error", "BH2002": "error"},
                         {one["ruleId"]: one["level"] for one in results})

    def test_junit_has_a_case_with_an_error_for_each(self):
        for command, words in self.commands():
            root = tree.fromstring(self.report(command, "junit", words).encode())
            cases = root.findall(".//testcase")
            self.assertTrue(cases)
            self.assertEqual(str(len(cases)), root.get("errors"))
            self.assertEqual(str(len(cases)), root.get("tests"))
            for case in cases:
                self.assertRegex(case.find("error").get("type"), "^BH[0-9]{4}$")
        told = self.report("prove", "junit", self.cases[0])
        self.assertIn("\u00e9\u2264", told, "what is UTF-8 stays")

    def test_other_commands_answer_in_json_as_well(self):
        schema = self.schema("diagnostics.v1.json")
        bad = self.cases[0][0]
        for words in (("diff", "--format", "json", "good.bh", bad), ("diff", "--format", "json", bad, "good.bh"),
                      ("repair", "--format", "json", bad), ("query", "--format", "json", bad, "who can read X"),
                      ("query", "--format", "json", "good.bh", "who can read Nothing")):
            done = subprocess.run([BULKHEAD, *words], cwd=self.folder, capture_output=True, text=True, check=False, timeout=240)
            self.assertEqual(2, done.returncode, done.stderr)
            schema.validate(json.loads(done.stdout))

    def test_warnings_stand_in_the_reports_of_what_was_read(self):
        with open(os.path.join(self.folder, "warned.bh"), "w", encoding="utf-8") as file:
            file.write('module warned;\nfile Lonely = "/x";\ncontainer A { may read "/y"; }\nprove p: A cannot read "/z";\n')
        for command in ("check", "prove"):
            told = {}
            for form in ("json", "sarif", "junit", "github"):
                done = subprocess.run([BULKHEAD, command, "--format", form, "warned.bh"], cwd=self.folder, capture_output=True,
                                      text=True, check=False, timeout=240)
                self.assertEqual(0, done.returncode, done.stderr)
                told[form] = done.stdout
            document = json.loads(told["json"])
            self.schema("verdict.v1.json" if command == "prove" else "diagnostics.v1.json").validate(document)
            self.assertEqual([("BH4004", "warning", 2)],
                             [(one["code"], one["severity"], one["line"]) for one in document["diagnostics"]])
            log = json.loads(told["sarif"])
            sarif.check(log)
            self.assertTrue(log["runs"][0]["invocations"][0]["executionSuccessful"])
            self.assertIn(("BH4004", "warning"), [(one["ruleId"], one["level"]) for one in log["runs"][0]["results"]])
            root = tree.fromstring(told["junit"])
            self.assertEqual("0", root.get("errors"))
            self.assertIn("BH4004", root.find(".//system-out").text)
            self.assertIn("::warning file=warned.bh,line=2,col=6,title=BH4004::", told["github"])


if __name__ == "__main__":
    main()
