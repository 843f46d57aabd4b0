"""query and repair: answers with requests and lines, changes that are proved and that patch accepts."""
import json
import os
import re
import shlex
import subprocess
import unittest
import xml.etree.ElementTree

from cli import SOURCE, CliTest
from needs import main

try:
    import jsonschema
except ImportError:
    jsonschema = None

OFFICE = """module office;
import profiles;
volume Data, Tmp;
file Secrets = Data:"/secrets/**";
file Public  = Data:"/public/**";
net  Anywhere = any;
container Desk uses standard {
    mount Data at "/d";
    mount Tmp at "/t";
    may read Data:"/**";
    may read, write Tmp:"/**";
}
container Till uses standard {
    mount Tmp at "/t";
    may read, write Tmp:"/**";
    may connect 10.0.0.0/8 port 443 tcp;
}
container Shop uses standard { }
prove works: Desk can read Public;
prove swaps: Desk can write Tmp:"/**";
prove shut:  Shop cannot connect Anywhere;
"""
VIOLATED = OFFICE + "prove quiet: Desk cannot read Secrets;\n"


class Query(CliTest):
    def ask(self, question, *options, status=0, text=OFFICE):
        return self.expect(status, "query", self.file("office.bh", text), question, *options).stdout

    def graph(self, question):
        answer = json.loads(self.ask(question, "--format", "json"))
        if jsonschema:
            with open(os.path.join(SOURCE, "docs/schema/answer.v1.json"), encoding="utf-8") as file:
                jsonschema.validate(answer, json.load(file))
        names = [node["name"] for node in answer["nodes"]]
        return answer, [(names[edge["from"]], edge["label"], names[edge["to"]]) for edge in answer["edges"]]

    def test_who_can(self):
        answer, edges = self.graph("who can read Secrets")
        self.assertEqual(edges, [("Desk", "may read", "Secrets")])
        edge = answer["edges"][0]
        self.assertEqual(edge["witness"], ['Desk may read Data:"/secrets"'])
        self.assertEqual([(each["file"].split("/")[-1], each["line"]) for each in edge["sentences"]], [("office.bh", 10)])
        self.assertEqual(answer["headline"], "1 of 4 subjects can read Secrets")
        self.assertEqual(self.graph('who can read, write Tmp:"/x"')[1],
                         [("Desk", "may read", 'Tmp:"/x"'), ("Desk", "may write", 'Tmp:"/x"'),
                          ("Till", "may read", 'Tmp:"/x"'), ("Till", "may write", 'Tmp:"/x"')])
        self.assertEqual(self.graph("who can write Secrets")[1], [])

    def test_what_can_it_reach(self):
        _, edges = self.graph("what can Till reach")
        self.assertIn(("Till", "may connect", "network"), edges)
        self.assertIn(("Till", "a shared object", "Desk"), edges)
        self.assertIn(("Till", "may write", 'Tmp:"/**"'), edges)
        self.assertFalse([edge for edge in edges if "Secrets" in edge or "Shop" in edge], edges)

    def test_a_path_goes_over_files_and_the_network(self):
        answer, edges = self.graph("path from Secrets to network")
        self.assertEqual([(a, c) for a, _, c in edges], [("Secrets", "Desk"), ("Desk", "Till"), ("Till", "network")])
        self.assertTrue(all(edge["witness"] and edge["sentences"] for edge in answer["edges"]))
        self.assertIn("there is no path from Secrets to Shop", self.ask("path from Secrets to Shop"))
        self.assertEqual(self.graph("path from Till to Desk")[1], [("Till", "a shared object", "Desk")])

    def test_the_absence_of_a_path_is_certified(self):
        self.assertIn("no path", self.ask("path from Shop to Desk", "--certify"))

    def test_what_breaks(self):
        done = json.loads(self.ask("what breaks if I add Shop may connect 192.0.2.1 port 80 tcp", "--format", "json", status=1))
        self.assertEqual([claim["name"] for claim in done["broken"]], ["shut"])
        self.assertEqual(done["claims"], 3)
        self.assertIn("Shop may connect 192.0.2.1 port 80 tcp", done["broken"][0]["story"][0])
        if jsonschema:
            with open(os.path.join(SOURCE, "docs/schema/breakage.v1.json"), encoding="utf-8") as file:
                jsonschema.validate(done, json.load(file))
        self.assertIn("0 of 3 claims break", self.ask("what breaks if I add Till may connect 192.0.2.1 port 80 tcp"))
        never = "what breaks if I add extend container Desk { never write Tmp:\"/**\"; }"
        self.assertIn("swaps", self.ask(never, status=1))
        self.assertIn("mended: quiet", self.ask('what breaks if I add Desk never read Secrets', text=VIOLATED))

    def test_what_breaks_of_claims_that_are_added_or_about_nobody(self):
        false = "what breaks if I add 'prove loud: Desk cannot read Data:\"/x\"'"
        self.assertIn("1 of 4 claims break", self.ask(false, status=1))
        self.assertIn("0 of 4 claims break", self.ask("what breaks if I add refute loud: Desk cannot read Data:\"/x\""))
        text = OFFICE + "attribute old: bool optional;\nprove none_old: for c in containers with !(c has old): c cannot write \"/x\";\n"
        old = "".join(f"extend container {name} {{ old true; }} " for name in ("Desk", "Till", "Shop"))
        for form in ("text", "json", "dot", "svg"):
            self.assertIn("none_old", self.ask(f"what breaks if I add {old}", "--format", form, text=text, status=1))

    def test_pictures(self):
        for question, status in (("path from Secrets to network", 0), ("what breaks if I add Shop may connect any", 1)):
            self.assertTrue(self.ask(question, "--format", "dot", status=status).startswith("digraph"))
            root = xml.etree.ElementTree.fromstring(self.ask(question, "--format", "svg", status=status))
            self.assertTrue(root.tag.endswith("svg"))
            words = "".join(root.itertext())
            for name in ("Secrets", "Desk", "Till") if status == 0 else ("shut", "Shop may connect any"):
                self.assertIn(name, words)

    def test_what_is_no_question_is_refused(self):
        for question in ("who may read Secrets", "who can raed Secrets", "who can read", "what can Tlil reach", "path from Desk",
                         "who can read Secrets; prove x: Desk can read Public", "who can read Nothing", "what breaks if I add",
                         "what breaks if I add Nobody may read Secrets"):
            self.ask(question, status=2)
        self.assertIn("did you mean `Till`", self.expect(2, "query", "office.bh", "what can Tlil reach").stderr)

    HANDED = """module handed;
label Public < Secret;
device Disk;
volume Vault label Secret;
subject Files;
capability DiskCap on Disk { rights read, write, delegate; }
Files holds DiskCap(read, delegate);
container Indexer { mount Vault at "/v"; may read Vault; }
container Sender { }
pod Pair = Indexer, Sender;
channel bus: Files -> Indexer { mediated by kernel; }
Files may delegate read on Disk to Indexer via bus;
"""

    def test_what_is_handed_on_is_told_with_its_sentences(self):
        made = self.file("handed.bh", self.HANDED)
        answer = json.loads(self.expect(0, "query", made, "who can read Disk", "--format", "json").stdout)
        names = [node["name"] for node in answer["nodes"]]
        edges = {(names[edge["from"]], edge["label"], names[edge["to"]]): edge for edge in answer["edges"]}
        texts = lambda edge: [each["text"] for each in edges[edge]["sentences"]]
        self.assertEqual(texts(("Files", "may read", "Disk")), ["Files holds DiskCap(read, delegate)"])
        handed = texts(("Files", "hands on read", "Indexer"))
        for sentence in ("Files holds DiskCap(read, delegate)", "Files may delegate read on Disk to Indexer via bus"):
            self.assertIn(sentence, handed)
        self.assertTrue(any("channel bus" in text for text in handed), handed)
        self.assertIn(("Indexer", "may read", "Disk"), edges)
        text = self.expect(0, "query", made, "who can read Disk").stdout
        self.assertIn("Files hands Indexer the right to read", text)
        self.assertIn("Files may delegate read on Disk to Indexer via bus", text)

    def test_what_is_taken_back_is_told_too(self):
        path = os.path.join(SOURCE, "tests/regress/issue_004_separation_lost_by_revoking.bh")
        answer = json.loads(self.expect(0, "query", path, "who can read Vault", "--format", "json").stdout)
        names = [node["name"] for node in answer["nodes"]]
        edges = [(names[edge["from"]], edge["label"], names[edge["to"]]) for edge in answer["edges"]]
        self.assertIn(("Bank", "takes back write", "B"), edges)
        self.assertIn(("C", "may read", "Vault"), edges)
        self.assertEqual(edges.count(("Bank", "hands on read", "C")), 2, "Audit, and then Vault")
        for edge in answer["edges"]:
            if edge["label"].startswith("takes back"):
                self.assertTrue(edge["sentences"][0]["text"].startswith("Bank may revoke write on Ledger from B"))
        self.assertIn("Bank takes back from B the right to write", self.expect(0, "query", path, "who can read Vault").stdout)

    def test_labelled_volumes_and_pods_can_be_asked_about(self):
        made = self.file("handed.bh", self.HANDED)
        edges = json.loads(self.expect(0, "query", made, "what can Pair reach", "--format", "json").stdout)
        names = [node["name"] for node in edges["nodes"]]
        found = [(names[edge["from"]], edge["label"], names[edge["to"]]) for edge in edges["edges"]]
        self.assertIn(("Indexer", "may read", 'Vault:"/**"'), found)
        self.assertNotIn("all_of_Vault", names)
        self.assertIn("a path from Files to Pair", self.expect(0, "query", made, "path from Files to Pair").stdout)
        self.assertIn("there is no path from Pair to Files", self.expect(0, "query", made, "path from Pair to Files").stdout)
        self.assertIn("did you mean `Pair`", self.expect(2, "query", made, "what can Piar reach").stderr)

    def test_policies_with_open_containers_can_be_asked_about(self):
        for spec, objects in (("kos/agents.bh", "UserVault"), ("mesh/node.bh", "any")):
            right = "connect" if objects == "any" else "read"
            path = os.path.join(SOURCE, "specs", spec)
            done = self.run_it("query", path, f"who can {right} {objects}")
            self.assertIn(done.returncode, (0, 3), done.stderr)
            self.assertRegex(done.stdout, r"^\d+ of \d+ subjects can")
            self.assertNotIn("another ", done.stdout)
        both = """module open;
volume Shared;
profile any_of_them { mount Shared at "/s"; may read, write Shared; }
open container newcomer: any_of_them;
container Clerk { }
"""
        told = self.expect(0, "query", self.file("open.bh", both), "what can newcomer reach").stdout
        self.assertIn("another newcomer -> newcomer  (a shared object)", told)  # two of a kind: either of them is meant
        self.assertIn("may influence 1 of 3 other subjects", told)


class Repair(CliTest):
    def repairs(self, text, *options, status=0):
        self.file("office.bh", text)
        report = json.loads(self.expect(status, "repair", "office.bh", *options, "--format", "json").stdout)
        if jsonschema:
            with open(os.path.join(SOURCE, "docs/schema/repair.v1.json"), encoding="utf-8") as file:
                jsonschema.validate(report, json.load(file))
        return report

    def patched(self, text, patch):
        self.file("office.bh", text)
        done = subprocess.run(["patch", "-p0"], input=patch, cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return self.read("office.bh")

    def test_an_exception_keeps_what_other_claims_need(self):
        report = self.repairs(VIOLATED)
        self.assertEqual(len(report["repairs"]), 1)
        self.assertTrue(report["exhausted"])
        self.assertEqual(report["repairs"][0]["size"], "minimum")
        self.assertEqual(report["repairs"][0]["changes"][0]["change"], "followed by `never read Secrets;`")
        self.assertEqual(report["repairs"][0]["changes"][0]["line"], 10)
        self.assertIn("    never read Secrets;\n", self.patched(VIOLATED, report["repairs"][0]["diff"]))
        self.expect(0, "prove", "office.bh")

    def test_the_diff_format_is_the_first_repair(self):
        self.file("office.bh", VIOLATED)
        diff = self.expect(0, "repair", "office.bh", "quiet", "--format", "diff").stdout
        self.patched(VIOLATED, diff)
        self.expect(0, "prove", "office.bh")

    def test_influence_loses_a_right_on_either_side(self):
        text = OFFICE.replace("prove swaps: Desk can write Tmp:\"/**\";\n", "") + "prove apart: Desk isolated from Till;\n"
        report = self.repairs(text)
        for repair in report["repairs"]:
            self.patched(text, repair["diff"])
            self.expect(0, "prove", "office.bh")
        changed = {tuple(change["line"] for change in repair["changes"]) for repair in report["repairs"]}
        self.assertEqual(changed, {(11,), (15,)})  # either sentence alone, and no larger set
        self.assertTrue(all(repair["size"] == "minimum" for repair in report["repairs"]))

    def test_what_meets_in_one_container_is_parted_at_either_end(self):
        text = """module triple;
label Public < Secret, Public < Untrusted;
volume Vault label Secret;
net Web = 10.0.0.0/8 label Untrusted;
container Agent { mount Vault at "/v"; may read Vault; may connect Web; }
prove apart: for s in subjects: s keeps Secret, Untrusted, network apart;
"""
        report = self.repairs(text)
        removed = [line for repair in report["repairs"] for line in repair["diff"].splitlines() if line.startswith("+container")]
        self.assertEqual(sorted(removed), ['+container Agent { mount Vault at "/v"; may connect Web; }',
                                           '+container Agent { mount Vault at "/v"; may read Vault; }'])
        for repair in report["repairs"]:
            self.assertEqual(len(repair["changes"]), 1)
            self.patched(text, repair["diff"])
            self.expect(0, "prove", "office.bh")

    def test_several_claims_are_repaired_together_or_one_by_one(self):
        text = VIOLATED + "prove offline: Till cannot connect Anywhere;\n"
        together = self.repairs(text)
        self.assertEqual([claim["name"] for claim in together["claims"]], ["quiet", "offline"])
        self.assertEqual(sorted(change["line"] for change in together["repairs"][0]["changes"]), [10, 16])
        alone = self.repairs(text, "offline")
        self.assertEqual([change["line"] for change in alone["repairs"][0]["changes"]], [16])
        self.patched(text, together["repairs"][0]["diff"])
        self.expect(0, "prove", "office.bh")

    def test_two_grants_of_one_thing_both_have_to_go(self):
        text = VIOLATED.replace("    mount Data at", "    may read Secrets;\n    mount Data at")
        report = self.repairs(text)
        self.assertEqual(len(report["repairs"]), 1)
        # Both grants would have to be removed; an exception beats both.
        self.assertEqual(len(report["repairs"][0]["changes"]), 1)
        self.patched(text, report["repairs"][0]["diff"])
        self.expect(0, "prove", "office.bh")

    def test_what_nothing_restores_is_said(self):
        text = OFFICE + 'prove more: Shop can read Secrets;\n'
        done = self.expect(3, "repair", self.file("office.bh", text))
        self.assertIn("no permission alone gives it", done.stdout)  # Shop mounts no Data
        done = self.expect(3, "repair", self.file("office.bh", VIOLATED + 'prove more: Desk can write Public;\n'))
        self.assertIn("not violated by what the policy allows", done.stdout)  # one claim lacks something, one has too much
        conflict = OFFICE + 'prove less: Desk cannot read Public;\n'
        report = self.repairs(conflict, status=1)
        self.assertEqual(report["repairs"], [])
        self.assertIn("without losing", report["reason"])
        self.assertIn("nothing is violated", self.expect(0, "repair", self.file("office.bh", OFFICE)).stdout)
        self.expect(2, "repair", "office.bh", "nonsense")

    def test_what_is_missing_is_permitted_where_no_other_claim_forbids_it(self):
        text = OFFICE + 'prove kept:  Desk cannot write Secrets;\nprove notes: Desk can write Data:"/**";\n'
        report = self.repairs(text)
        self.assertEqual(len(report["repairs"]), 1, "all of Data would break `kept`")
        change = report["repairs"][0]["changes"][0]
        self.assertEqual(change["line"], 23)
        self.assertRegex(change["change"], 'followed by `Desk may write Data:"/[^*]*";`')
        self.assertIn("Desk may write Data", self.patched(text, report["repairs"][0]["diff"]))
        self.expect(0, "prove", "office.bh")

    def test_of_several_rights_only_the_missing_ones_are_permitted(self):
        text = OFFICE + "prove edits: Desk can read, write Public;\nprove runs: Shop can execute \"/x\";\n"
        report = self.repairs(text, "edits")
        said = [[change["change"] for change in repair["changes"]] for repair in report["repairs"]]
        self.assertEqual(said[1], ["followed by `Desk may write Public;`"])
        self.assertEqual(len(said[0]), 1)
        together = self.repairs(text)
        self.assertEqual(len(together["repairs"][0]["changes"]), 2)
        for repair in together["repairs"]:
            self.patched(text, repair["diff"])
            self.expect(0, "prove", "office.bh")

    def test_sentences_of_models_are_left_alone(self):
        text = OFFICE + 'prove devices: Shop cannot read "/dev/null";\n'
        done = self.expect(3, "repair", self.file("office.bh", text))
        self.assertIn("outside of the files", done.stdout)

    CHAIN = """module chain;
device Disk;
subject F;
container A { }
container B { }
capability K on Disk { rights read, write, delegate; }
channel fa: F -> A { mediated by kernel; }
F holds K(read, write, delegate);
F may delegate read, write on Disk to A via fa;
"""

    def changes(self, claims, *options, status=0, text=None):
        report = self.repairs((text or self.CHAIN) + claims, *options, status=status)
        for repair in report["repairs"]:
            self.patched((text or self.CHAIN) + claims, repair["diff"])
            self.expect(0, "prove", "office.bh")
        return [[(each["text"].split(";")[0].split(" {")[0], each["change"]) for each in repair["changes"]] for repair in report["repairs"]]

    def test_what_is_delegated_is_narrowed_and_what_hands_it_over_removed(self):
        found = self.changes("prove b: A cannot acquire read on Disk;\nprove w: A can write Disk;\n")
        self.assertIn([("F may delegate read, write on Disk to A via fa", "without `read`")], found)
        found = self.changes("prove b: A cannot acquire read on Disk;\n")
        self.assertIn([("F holds K(read, write, delegate)", "removed")], found)
        channel = [repair for repair in found if ("channel fa: F -> A", "removed") in repair]
        self.assertTrue(not channel or ("F may delegate read, write on Disk to A via fa", "removed") in channel[0])

    def test_a_channel_is_removed(self):
        found = self.changes("prove apart: F isolated from A;\n", text=self.CHAIN.replace("F may delegate read, write on Disk to A via fa;\n", ""))
        self.assertEqual(found, [[("channel fa: F -> A", "removed")]])

    def test_a_channel_in_a_longer_conflict_is_weighed_against_permits(self):
        text = """module weigh;
volume V;
container A { mount V at "/v"; may read V; }
container B { }
channel ab: A -> B { mediated by kernel; }
subject S;
channel bs: B -> S { mediated by kernel; }
"""
        found = self.changes("prove apart: A isolated from S;\n", text=text)
        self.assertEqual(sorted(found), [[("channel ab: A -> B", "removed")], [("channel bs: B -> S", "removed")]])


class Page(CliTest):
    def test_the_examples_of_the_page_are_what_happens(self):
        with open(os.path.join(SOURCE, "docs/questions.md"), encoding="utf-8") as file:
            blocks = re.findall(r"^```(\w*)\n(.*?)^```$", file.read(), re.S | re.M)
        self.file("office.bh", next(text for kind, text in blocks if kind == "bh"))
        sessions = [text.partition("\n") for _, text in blocks if text.startswith("$ bulkhead")]
        self.assertEqual(len(sessions), 2)
        for command, _, shown in sessions:
            self.assertEqual(self.expect(0, *shlex.split(command)[2:]).stdout, shown, command)


if __name__ == "__main__":
    main()
