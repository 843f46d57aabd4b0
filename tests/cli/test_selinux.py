"""SELinux policies: prove, query and import, from source and compiled."""

import json
import os
import shutil
import subprocess
import xml.etree.ElementTree as tree

from cli import CliTest
from needs import main

POLICY = """class process class file sid kernel
class process { transition fork }
class file { read write append execute entrypoint }
sensitivity s0; dominance { s0 } category c0; level s0:c0;
mlsconstrain file read (l1 dom l2);
attribute domain; type app, domain; type daemon, domain; type secret; type config; type daemon_exec;
bool debug false;
allow domain config:file read;
allow daemon secret:file { read write };
allow daemon config:file write;
allow app daemon:process transition; allow app daemon_exec:file execute; allow daemon daemon_exec:file entrypoint;
type_transition app daemon_exec:process daemon;
if (debug) { allow app secret:file append; }
neverallow app secret:file read;
neverallow { domain -daemon } config:file { write append };
role some_r; role some_r types { app daemon };
user some_u roles some_r level s0 range s0 - s0:c0;
sid kernel some_u:some_r:daemon:s0
"""
VIOLATED = POLICY.replace("bool debug", "allow app secret:file read;\nbool debug")


class Selinux(CliTest):
    def setUp(self):
        super().setUp()
        self.cache = os.path.join(self.folder, "cache")
        before = os.environ.get("XDG_CACHE_HOME")
        os.environ["XDG_CACHE_HOME"] = self.cache
        self.addCleanup(lambda: os.environ.pop("XDG_CACHE_HOME") if before is None else os.environ.update(XDG_CACHE_HOME=before))

    def policy(self, text=POLICY):
        return self.file("policy.conf", text)

    def test_proves_every_assertion_with_its_line(self):
        done = self.expect(0, "prove", self.policy())
        self.assertIn("policy.conf:14: holds", done.stdout)
        self.assertIn("2 of 2 assertions hold", done.stdout)

    def test_names_both_rules_of_a_violated_assertion(self):
        done = self.expect(1, "prove", self.policy(VIOLATED))
        self.assertIn("policy.conf:15: neverallow app secret:file read", done.stdout)
        self.assertIn("policy.conf:7: allow app secret:file read", done.stdout)
        self.assertIn("`app` is given read on `secret`:file", done.stdout)
        found = json.loads(self.expect(1, "prove", "--format", "json", self.policy(VIOLATED)).stdout)
        self.assertEqual([one["status"] for one in found["assertions"]], ["violated", "holds"])
        crossing = found["assertions"][0]["crossings"][0]
        self.assertEqual((crossing["source"], crossing["target"], crossing["permissions"]), ("app", "secret", "read"))

    def test_a_policy_without_assertions_proves_nothing(self):
        policy = self.policy("class f class f { r } type a; allow a a:f r;")
        self.expect(3, "prove", policy)
        self.assertIn("::error title=unknown::the policy has no assertions", self.expect(3, "prove", "--format", "github", policy).stdout)
        self.assertEqual("1", tree.fromstring(self.expect(3, "prove", "--format", "junit", policy).stdout).get("errors"))
        self.expect(3, "certify", policy, "--certificates", "x")

    def test_writes_sarif_junit_and_github(self):
        policy = self.policy(VIOLATED)
        log = json.loads(self.expect(1, "prove", "--format", "sarif", policy).stdout)
        [result] = log["runs"][0]["results"]
        self.assertEqual(("claim-failed", "error"), (result["ruleId"], result["level"]))
        self.assertEqual(15, result["locations"][0]["physicalLocation"]["region"]["startLine"])
        self.assertEqual([7], [one["physicalLocation"]["region"]["startLine"] for one in result["relatedLocations"]])
        cases = tree.fromstring(self.expect(1, "prove", "--format", "junit", policy).stdout).findall(".//testcase")
        self.assertEqual(["line_15", "line_16"], [case.get("name") for case in cases])
        self.assertEqual(["failure", None], [case[0].tag if len(case) else None for case in cases])
        self.assertIn("`app` is given read on `secret`:file", cases[0][0].text)
        annotations = self.expect(1, "prove", "--format", "github", policy).stdout
        self.assertRegex(annotations, r"(?m)^::error file=.*policy\.conf,line=15,col=1,title=line_15 violated by 1 rule::")
        self.assertEqual(1, annotations.count("::error"))
        self.assertEqual("", self.expect(0, "prove", "--format", "github", self.policy()).stdout)

    def test_proves_only_what_is_named(self):
        marked = VIOLATED.replace("neverallow {", '#line 7 "te_macros"\nneverallow {')
        policy = self.policy(marked)
        asked = lambda status, *words: [one["name"] for one in json.loads(
            self.expect(status, "prove", "--format", "json", policy, *[part for word in words for part in ("--only", word)]).stdout)["assertions"]]
        self.assertEqual(["line_15"], asked(1, "line_15"))
        self.assertEqual(["line_17"], asked(0, policy + ":17"))
        self.assertEqual(["line_17"], asked(0, "te_macros:7"))
        self.assertEqual(["line_15", "line_17"], asked(1, "te_macros:7", "line_15", "line_17"))
        self.assertIn("line_16", self.expect(2, "prove", policy, "--only", "line_16").stderr)
        two = self.policy("class f class f { r } type a; type b; neverallow a b:f r; neverallow b a:f r;")
        self.assertIn("1 of 1", self.expect(0, "prove", two, "--only", "line_1_2").stdout)

    def certificate(self, text, status):
        policy, folder = self.policy(text), os.path.join(self.folder, "certificates")
        self.expect(status, "prove", policy, "--certificates", folder)
        return policy, folder, os.path.join(folder, "assertions.cert")

    def test_certificates_are_accepted_again(self):
        for text, status, answers in ((POLICY, 0, ("line_14  holds", "line_15  holds")), (VIOLATED, 1, ("line_15  violated", "line_16  holds"))):
            policy, folder, _ = self.certificate(text, status)
            told = self.expect(0, "certify", policy, "--certificates", folder).stdout
            for answer in answers:
                self.assertIn("accepted  " + answer, told)
            if shutil.which("cvc5") is not None:
                self.assertIn("says the same of 2, gave no answer to 0", told)
                self.assertIn("says the same of 2", self.expect(status, "prove", "--certify", policy).stdout)

    def test_certificates_that_were_tampered_with_are_rejected(self):
        policy, folder, path = self.certificate(VIOLATED, 1)
        good = self.read(path)
        lines = good.splitlines()
        self.assertEqual("assertion line_16 kept s2 t1", lines[3])
        crossed = lines[2].split()
        wrong = [good.replace("kept s2 t1", other) for other in ("kept", "kept s2", "kept s3", "kept s2 t1 t1", "kept q2 t1", "kept s99999999999",
                                                                 "kept s-2 t1", "kept_of_no_type s2 t1", "crossed", "kept  s2 t1")]
        wrong += [good.replace(lines[2], "assertion line_15 kept s1"), good.replace(lines[2], "assertion line_15 kept x2"),
                 good.replace(lines[3] + "\n", ""), good.replace(lines[2] + "\n", ""), good.replace(lines[3], lines[3] + "\n" + lines[3]),
                 good.replace("/v1", "/v2"), good.replace(lines[1], "policy " + "0" * 64), good.replace("end\n", ""), good + "x", "",
                 good.replace(lines[2] + "\n" + lines[3], lines[3] + "\n" + lines[2])]
        for field in range(3, 8):  # rule, source, target, class, permissions
            other = list(crossed)
            other[field] = str(int(other[field]) + 1)
            wrong.append(good.replace(lines[2], " ".join(other)))
        for text in wrong:
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            self.assertNotEqual(good, text)
            self.expect(4, "certify", policy, "--certificates", folder)
        os.remove(path)
        self.expect(4, "certify", policy, "--certificates", folder)

    def test_a_certificate_is_about_the_bytes_of_its_policy(self):
        _, folder, _ = self.certificate(POLICY, 0)
        self.assertIn("another policy", self.expect(4, "certify", self.policy(POLICY + "\n"), "--certificates", folder).stderr)

    def test_writes_the_questions_for_other_solvers(self):
        policy = self.policy(VIOLATED)
        self.assertEqual(2, self.expect(0, "export", "--format", "smt2", policy).stdout.count("(check-sat)"))
        self.expect(2, "export", "--format", "horn", policy)
        self.expect(2, "export", "--format", "smt2", policy, "--only", "line_1")
        if shutil.which("cvc5") is None:
            self.skipTest("needs cvc5: it answers the questions")
        for name, answer in (("line_15", "sat"), ("line_16", "unsat")):
            script = self.expect(0, "export", "--format", "smt2", policy, "--only", name).stdout
            self.assertIn("(set-info :status %s)" % answer, script)
            done = subprocess.run(["cvc5", "--lang=smt2"], input=script, capture_output=True, text=True, timeout=60)
            self.assertEqual(answer, done.stdout.strip())

    def test_tells_mistakes_with_their_place(self):
        done = self.expect(2, "prove", self.policy("class f class f { r }\ntype a;\nallow a a:g r;\n"))
        self.assertIn("BH1521", done.stderr)
        self.assertIn("policy.conf:3:11", done.stderr)
        self.expect(2, "prove", self.policy(), self.policy())
        self.expect(2, "prove", "--format", "markdown", self.policy())
        self.expect(2, "prove", "--charts", "x", self.policy())
        self.expect(2, "prove", "absent.conf")

    def test_follows_information_over_several_rules(self):
        done = self.expect(0, "query", self.policy(), "flow", "secret", "app")
        self.assertIn("secret -> daemon", done.stdout)
        self.assertIn("policy.conf:9: allow daemon secret:file { read write }", done.stdout)
        self.assertRegex(done.stdout, r"narrowed by .*policy.conf:5: mlsconstrain")
        found = json.loads(self.expect(0, "query", self.policy(), "flow", "secret", "app", "--format", "json").stdout)
        self.assertEqual([step["to"] for step in found["steps"]], ["daemon", "config", "app"])
        self.assertTrue(found["over_approximate"])
        self.assertIn("while (debug)", self.expect(0, "query", self.policy(), "flow", "app", "secret").stdout)

    def test_constraints_that_types_decide_take_away_or_are_not_told(self):
        ask = lambda constraint, *words: json.loads(self.expect(
            0, "query", self.policy(POLICY.replace("(l1 dom l2)", constraint)), *words, "--format", "json", "--no-cache").stdout)
        true_for_app = ask("(l1 dom l2 or t1 == app)", "flow", "config", "app")
        self.assertEqual(("path", False), (true_for_app["answer"], true_for_app["over_approximate"]))
        self.assertTrue(ask("(l1 dom l2 or t1 == daemon)", "flow", "config", "app")["over_approximate"])
        self.assertEqual("none", ask("(t1 != app)", "flow", "config", "app")["answer"])
        self.assertEqual("path", ask("(t1 != daemon)", "flow", "config", "app")["answer"])
        entry = POLICY.replace("mlsconstrain file read (l1 dom l2)", "mlsconstrain file entrypoint (%s)")
        for constraint, answer in (("t1 != daemon", "none"), ("t1 == daemon", "steps")):
            policy = self.policy(entry % constraint)
            found = json.loads(self.expect(0, "query", policy, "transition", "app", "daemon", "--format", "json").stdout)
            self.assertEqual(answer, found["answer"])
        self.assertFalse(found["over_approximate"])
        found = json.loads(self.expect(0, "query", self.policy(entry % "l1 dom l2"), "transition", "app", "daemon", "--format", "json").stdout)
        self.assertIn("policy.conf:5: mlsconstrain", found["steps"][0]["entrypoint"]["narrowed_by"])
        self.assertTrue(found["over_approximate"])

    def test_shows_that_no_information_passes(self):
        done = self.expect(0, "query", self.policy(), "flow", "daemon_exec", "secret")
        self.assertNotIn("no information", done.stdout)
        done = self.expect(0, "query", self.policy(), "flow", "secret", "daemon_exec")
        self.assertIn("no information passes", done.stdout)
        self.assertIn("daemon", self.expect(0, "query", self.policy(), "flow", "daemon_exec").stdout)
        everything = json.loads(self.expect(0, "query", self.policy(), "flow", "--format", "json").stdout)
        self.assertEqual(everything["evidence"], "accepted")
        self.assertEqual(everything["pairs"] + everything["separated_pairs"], 20)

    def test_remembers_all_pairs_of_the_same_bytes(self):
        policy, again = self.policy(), ["flow", "secret", "daemon_exec", "--format", "json"]
        ask = lambda *words: json.loads(self.expect(0, "query", policy, *words).stdout)
        first, second = ask(*again), ask(*again)
        self.assertNotIn("cached", first)
        self.assertEqual(second, dict(first, cached=True))
        self.assertNotIn("cached", ask(*again, "--no-cache"))
        self.assertEqual(ask("flow", "secret", "app", "--brief", "--format", "json"),
                         {"schema": "bulkhead.query/v1", "question": "flow", "names": ["secret", "app"], "answer": "path", "cached": True})
        self.assertEqual([step["to"] for step in ask("flow", "secret", "app", "--format", "json")["steps"]], ["daemon", "config", "app"])
        self.policy(POLICY.replace("allow daemon secret", "allow app daemon_exec:file write;\nallow daemon secret"))
        self.assertEqual(ask("flow", "app", "daemon_exec", "--format", "json")["answer"], "path", "the text is another one")
        self.policy(POLICY + "\n")  # other bytes, the same flow
        self.assertNotIn("cached", ask(*again))

    def test_remembers_nothing_that_others_could_have_written(self):
        policy, again = self.policy(), ["flow", "secret", "daemon_exec", "--format", "json"]
        self.expect(0, "query", policy, *again)
        flows = os.path.join(self.cache, "bulkhead", "flows")
        for mode in (0o755, 0o770, 0o777):
            os.chmod(flows, mode)
            self.assertNotIn("cached", json.loads(self.expect(0, "query", policy, *again).stdout))
        os.chmod(flows, 0o700)
        self.assertIn("cached", json.loads(self.expect(0, "query", policy, *again).stdout))
        kept = [name for name in os.listdir(flows) if name.endswith(".flow")]
        self.assertEqual(len(kept), 1)
        with open(os.path.join(flows, kept[0]), "r+b") as file:
            file.seek(-1, os.SEEK_END)
            last = file.read(1)
            file.seek(80)
            file.write(b"\xff" * 16)
        self.assertTrue(last)
        self.assertNotIn("cached", json.loads(self.expect(0, "query", policy, *again).stdout), "damaged, so it is asked anew")
        self.assertIn("cached", json.loads(self.expect(0, "query", policy, *again).stdout), "and kept anew")

    def test_reports_follow_their_schemas(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("needs jsonschema: reports are validated against docs/schema")

        def follows(schema, status, *words):
            with open(os.path.join(os.environ["BULKHEAD_SOURCE"], "docs", "schema", schema), encoding="utf-8") as file:
                jsonschema.validate(json.loads(self.expect(status, *words, "--format", "json").stdout), json.load(file))

        follows("assertions.v1.json", 0, "prove", self.policy())
        follows("assertions.v1.json", 1, "prove", self.policy(VIOLATED))
        follows("assertions.v1.json", 0, "prove", "--certify", self.policy())
        policy = self.policy()
        for words in (["flow"], ["flow", "secret"], ["flow", "secret", "app"], ["flow", "secret", "app", "--brief"],
                      ["flow", "secret", "daemon_exec"], ["flow", "secret", "daemon_exec"], ["transition"], ["transition", "app"],
                      ["transition", "app", "daemon"], ["transition", "daemon", "app"]):
            follows("query.v1.json", 0, "query", policy, *words)

    def test_follows_processes_into_other_domains(self):
        done = self.expect(0, "query", self.policy(), "transition", "app", "daemon")
        self.assertIn("app -> daemon by a program of type daemon_exec", done.stdout)
        self.assertIn("policy.conf:12: type_transition app daemon_exec:process daemon", done.stdout)
        self.assertIn("no process gets there", self.expect(0, "query", self.policy(), "transition", "daemon", "app").stdout)
        self.assertIn("1 transitions", self.expect(0, "query", self.policy(), "transition").stdout)

    def test_refuses_questions_that_it_does_not_know(self):
        self.expect(2, "query", self.policy())
        self.expect(2, "query", self.policy(), "love")
        self.expect(2, "query", self.policy(), "flow", "nobody")
        self.expect(2, "query", self.policy(), "flow", "app", "daemon", "secret")
        self.expect(2, "query", self.policy(), "flow", "--map", self.file("map", "up read\n"))

    def test_another_map_gives_other_flows(self):
        nothing = self.file("map", "none read write append execute entrypoint transition fork\n")
        done = self.expect(0, "query", self.policy(), "flow", "secret", "daemon", "--map", nothing)
        self.assertIn("no information passes", done.stdout)

    def test_imports_as_far_as_the_language_goes(self):
        done = self.expect(0, "import", "selinux", self.policy(), "-o", "made.bh")
        self.assertIn("policy.conf:11: left out: allow: process { transition }", done.stderr)
        text = self.read("made.bh")
        self.assertIn("container t_app", text)
        self.expect(0, "check", "made.bh")
        proved = self.expect(0, "prove", "made.bh").stdout
        self.assertIn("line_14_read", proved)

    def test_an_import_is_not_violated_where_a_constraint_denies_or_may_deny_it(self):
        crossed = VIOLATED.replace("mlsconstrain file read (l1 dom l2)", "mlsconstrain file read (%s)")
        for constraint, status, found in (("t1 != app", 0, "prove line_15_read"), ("t1 != daemon", 1, "prove line_15_read"),
                                          ("l1 dom l2 or t1 == app", 1, "prove line_15_read")):
            self.expect(0, "import", "selinux", self.policy(crossed % constraint), "-o", "made.bh")
            self.assertIn(found, self.read("made.bh"))
            self.expect(status, "prove", "made.bh")
        done = self.expect(0, "import", "selinux", self.policy(VIOLATED), "-o", "made.bh")
        self.assertIn("policy.conf:15: left out: neverallow: read: over-approximate, not claimed", done.stderr)
        self.assertNotIn("line_15_read", self.read("made.bh"))
        self.expect(1, "prove", self.policy(VIOLATED))

    def test_reads_compiled_policies(self):
        if shutil.which("checkpolicy") is None:
            self.skipTest("needs checkpolicy: it compiles the policy")
        compiled = os.path.join(self.folder, "policy.33")
        subprocess.run(["checkpolicy", "-M", "-o", compiled, self.policy()], check=True, capture_output=True, timeout=60)
        found = json.loads(self.expect(0, "query", compiled, "flow", "secret", "app", "--format", "json").stdout)
        self.assertEqual([step["to"] for step in found["steps"]], ["daemon", "config", "app"])
        self.assertIn("never does", self.expect(3, "prove", compiled).stdout)

    def test_refuses_damaged_compiled_policies(self):
        path = os.path.join(self.folder, "damaged")
        for rest in (b"", b"\x08\x00\x00\x00SE Linux", b"\xff" * 5000):
            with open(path, "wb") as out:
                out.write(b"\x8c\xff\x7c\xf9" + rest)
            self.assertIn("BH1523", self.expect(2, "query", path, "flow").stderr)


if __name__ == "__main__":
    main()
