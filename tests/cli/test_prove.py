"""prove: statuses that a gate can trust."""
import json
import os
import resource
import signal
import stat
import subprocess
import time
import xml.etree.ElementTree as tree

from cli import BAD, BULKHEAD, GOOD, SOURCE, CliTest
from needs import main


class Prove(CliTest):
    def test_ends_with_zero_where_every_claim_holds(self):
        done = self.expect(0, "prove", "--certify", self.file("good.bh", GOOD))
        self.assertIn("no_egress", done.stdout)

    def test_ends_with_one_and_a_story_where_a_claim_is_violated(self):
        done = self.expect(1, "prove", self.file("bad.bh", BAD))
        self.assertIn("bad.bh:11", done.stdout)
        self.assertIn("connect", done.stdout)

    def test_proves_as_ever_where_the_standard_streams_are_closed(self):
        path = self.file("good.bh", GOOD)
        for closed in ("<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"):
            with self.subTest(closed=closed):
                words = ["/bin/sh", "-c", f'"$@" {closed}', "sh", BULKHEAD, "prove", "--certify", "--no-cache", "-o", "report", path]
                done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=self.folder,
                                      env=self.environment, timeout=120)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("3 of 3 claims are satisfied", self.read("report"))

    def test_prints_what_flows_at_each_arrow(self):
        path = self.file("good.bh", GOOD)
        claims = ("no_egress", "quiet", "closed")
        told = self.expect(0, "prove", "--dump", "obligations", path).stdout
        self.assertEqual([line[8:] for line in told.splitlines() if line.startswith("; claim ")], list(claims))
        self.assertIn("query net", told)
        told = self.expect(0, "prove", "--dump", "terms", path).stdout
        self.assertEqual(told.count("(set-logic "), told.count("(check-sat)"))
        self.assertGreater(told.count("(check-sat)"), 0)
        told = self.expect(0, "prove", "--no-cache", "--dump", "verdict", path).stdout
        for claim in claims[:2]:
            self.assertRegex(told, rf"claim \d+:{claim} 0 0\nverdict 0 \d+:\w+\nholds\n")

    def test_prints_the_obligations_and_terms_of_every_kind_of_claim(self):
        limits = "\ncontainer Other uses standard { reserve { memory 64 MiB; } }\nhost Machine { capacity { memory 1 GiB; } }\n"
        claims = ("prove apart: Agent isolated from Other;\nprove fits: all reservations fit Machine;\n"
                  "prove nothing_bad: Toggle.safe;\n")
        model = ("model Toggle { sort Thing; var on: Thing -> bool = false; var off: Thing -> bool = true; action flip(x: Thing) "
                 "when true do on(x) := !on(x), off(x) := !off(x); invariant safe: forall x: Thing. on(x) != off(x); }\n")
        path = self.file("kinds.bh", GOOD + limits + model + claims)
        told = self.expect(0, "prove", "--dump", "obligations", path).stdout
        self.assertIn("; no path from 1 sources to 1 targets", told)
        self.assertIn("in every reachable state of Toggle, for sorts of any size, by induction over flip", told)
        self.assertRegex(told, r";.*memory.*<= 1073741824")
        told = self.expect(0, "prove", "--no-cache", "--dump", "terms", path).stdout
        for claim in ("no_egress", "quiet", "nothing_bad"):
            self.assertIn(f"; claim {claim}\n", told)

    def test_counts_the_claims_on_a_terminal_and_nowhere_else(self):
        path = self.file("good.bh", GOOD)
        self.assertNotIn("3/3 claims", self.expect(0, "prove", path).stderr)
        ours, theirs = os.openpty()
        done = subprocess.run([BULKHEAD, "prove", "--no-cache", path], stdout=subprocess.DEVNULL, stderr=theirs, check=False,
                              env=self.environment, timeout=120)
        os.close(theirs)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"3/3 claims", os.read(ours, 65536))
        os.close(ours)

    def test_ends_with_one_where_a_refutation_fails(self):
        text = GOOD.replace("refute closed:   Agent cannot read Data", "refute closed:   Agent can read Data")
        self.expect(0, "prove", self.file("ok.bh", text.replace("refute closed", "prove closed")))
        self.expect(1, "prove", self.file("not.bh", text))

    def test_ends_with_three_where_a_claim_is_vacuous(self):
        text = GOOD + 'pod None = Agent;\nprove empty: for c in containers with spare == true: c cannot read Secrets;\n'
        text = text.replace("container Agent uses standard {", "container Agent uses standard {\n    spare false;")
        self.assertIn("vacuous", self.expect(3, "prove", self.file("v.bh", text)).stdout)

    def test_refuses_sentences_without_a_meaning_instead_of_answering_without_them(self):
        text = GOOD + 'detect traversal { on open request.raw like "**/../**" -> deny, alert; }\n'
        done = self.run_it("prove", self.file("d.bh", text))
        self.assertIn(done.returncode, (2, 3), done.stdout + done.stderr)
        self.assertNotIn("holds", done.stdout.replace("no_egress", ""))

    def test_lists_who_a_container_is_and_its_image_as_unproved_since_no_claim_reads_them(self):
        who = 'image "base";\n    user 10001;\n    group 10002;\n    '
        told = self.expect(0, "prove", self.file("who.bh", GOOD.replace("mount Data", who + "mount Data"))).stdout
        unproved = told.split("unproved policy:")[1]
        for line in ('who.bh:10: image "base"', "who.bh:11: user 10001", "who.bh:12: group 10002"):
            self.assertIn(line, unproved)
        self.assertNotIn("may read", unproved, "`closed` is refuted by it")

    def test_writes_json_sarif_junit_and_github(self):
        path = self.file("bad.bh", BAD)
        report = json.loads(self.expect(1, "prove", "--format", "json", path).stdout)
        self.assertEqual("bulkhead.verdict/v1", report["schema"])
        claims = {claim["name"]: claim for claim in report["claims"]}
        self.assertEqual("failed", claims["no_egress"]["status"])
        self.assertEqual("violated", claims["no_egress"]["cases"][0]["verdict"])
        sarif = json.loads(self.expect(1, "prove", "--format", "sarif", path).stdout)
        self.assertEqual("2.1.0", sarif["version"])
        tree.fromstring(self.expect(1, "prove", "--format", "junit", path).stdout)
        self.assertIn("::error", self.expect(1, "prove", "--format", "github", path).stdout)

    def test_annotates_the_mistakes_of_a_policy_that_cannot_be_read(self):
        path = self.file("bad.bh", "module bad;\ncontainer A { may reed \"/x\"; }\n")
        done = self.expect(2, "prove", "--format", "github", "bad.bh")
        self.assertEqual("::error file=bad.bh,line=2,col=19,title=BH2011::there is no right `reed`%0A"
                         "help: did you mean `read`?\n", done.stdout)
        self.assertEqual("", self.expect(2, "prove", "--format", "text", path).stdout)

    def test_writes_a_document_of_requirements_in_their_order(self):
        asked = "/// requirement: 2.10 late | odd; 2.9 early\nprove again: Agent cannot connect any;\n"
        told = self.expect(0, "prove", "--format", "markdown", self.file("asked.bh", GOOD + asked)).stdout
        rows = [line for line in told.splitlines() if "`again`" in line]
        self.assertEqual(2, len(rows), told)
        self.assertTrue(rows[0].startswith("| 2.9 early | `again` |"), rows)
        self.assertTrue(rows[1].startswith("| 2.10 late \\| odd | `again` |"), rows)
        self.assertIn("| holds |", rows[0])
        self.assertIn("| A1 | `no alias outside the declared mounts` |", told)

    def test_without_the_second_solver_nothing_is_accepted_and_nothing_blamed(self):
        path = self.file("good.bh", GOOD)
        self.expect(0, "prove", "--certificates", "certs", path)
        self.environment["PATH"] = self.folder
        for status, words in ((3, ("certify", "--certificates", "certs", path)), (3, ("prove", "--no-cache", "--certify", path))):
            told = self.expect(status, *words).stdout
            self.assertIn("no such file or directory (it is the second solver; Debian: apt-get install cvc5)", told)
            self.assertNotIn("rejected", told)
        self.assertIn("unchecked quiet  holds", self.expect(3, "certify", "--certificates", "certs", path).stdout)

    def test_says_that_a_policy_without_claims_proves_nothing(self):
        told = self.expect(3, "prove", self.file("mute.bh", "module mute;\n")).stdout
        self.assertIn("claims nothing", told)

    def test_waits_for_no_pipe_that_was_left_among_certificates(self):
        path = self.file("good.bh", GOOD)
        self.expect(0, "prove", "--certificates", "certs", path)
        folders = [os.path.join(self.folder, name) for name in ("certs", "cache/bulkhead/certificates")]
        for folder in folders:
            for name in sorted(os.listdir(folder)):
                if name.endswith(".cert"):
                    os.unlink(os.path.join(folder, name))
                    os.mkfifo(os.path.join(folder, name))
        self.assertIn("it is no regular file", self.expect(4, "certify", "--certificates", "certs", path).stderr)
        self.assertIn("dropped", self.expect(0, "prove", path).stderr)
        self.expect(0, "prove", path)

    def test_an_interrupt_ends_a_proof_at_once_and_not_a_question_of_it(self):
        path = os.path.join(SOURCE, "specs/sila/platform.bh")  # seconds of Z3, cvc5 and Spacer
        for wait in (0.3, 0.9, 1.5):
            proof = subprocess.Popen([BULKHEAD, "prove", "--no-cache", path], stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL, env=self.environment)
            time.sleep(wait)
            proof.send_signal(signal.SIGINT)
            self.assertEqual(-signal.SIGINT, proof.wait(timeout=60))

    def test_says_when_a_file_may_not_grow_or_memory_is_out(self):
        path = self.file("good.bh", GOOD)
        small = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        self.assertIn("write `report", self.expect(2, "prove", "-o", "report", path, preexec_fn=small).stderr)
        self.assertFalse([name for name in os.listdir(self.folder) if name.startswith("report")])
        with open(BULKHEAD, "rb") as program:
            if b"__asan_init" in program.read():
                return  # AddressSanitizer reserves more than any bound
        sizes = [mib << 20 for mib in range(40, 400, 10)]
        told = []
        for size in sizes:  # it starts with some, has enough with others, and dies without a word with none
            done = self.run_it("prove", "--no-cache", path,
                               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size)))
            self.assertIn(done.returncode, {0, 3, 127}, (size, done.stderr))  # 127: the loader found no room
            told.append(done.returncode)
            if done.returncode == 3:
                self.assertTrue("out of memory" in done.stderr or "unknown" in done.stdout, (size, done.stderr, done.stdout))
            if done.returncode == 0:
                break
        self.assertEqual(0, told[-1])

    def test_writes_a_report_into_a_pipe_and_behind_a_link_and_never_in_their_place(self):
        path = self.file("good.bh", GOOD)
        pipe = os.path.join(self.folder, "pipe")
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        self.expect(0, "prove", "-o", pipe, path)
        self.assertIn(b"ok    quiet", os.read(reader, 65536))
        self.assertTrue(stat.S_ISFIFO(os.stat(pipe).st_mode))
        link = os.path.join(self.folder, "link")
        os.symlink(self.file("report", ""), link)
        self.expect(0, "prove", "-o", link, path)
        self.assertTrue(os.path.islink(link))
        self.assertIn("ok    quiet", self.read("report"))

    def test_names_the_report_that_cannot_be_written(self):
        path = os.path.join(self.folder, "no", "report")
        self.assertIn(f"create `{path}`: no such file or directory", self.expect(2, "prove", "-o", path, self.file("good.bh", GOOD)).stderr)

    def test_gives_the_same_bytes_for_the_same_seed(self):
        path = self.file("bad.bh", BAD)
        first = self.expect(1, "prove", "--format", "sarif", "--seed", "7", "--no-cache", path).stdout
        self.assertEqual(first, self.expect(1, "prove", "--format", "sarif", "--seed", "7", "--no-cache", path).stdout)

    def test_drops_a_forged_cache_entry(self):
        path = self.file("good.bh", GOOD)
        self.expect(0, "prove", "--certify", path)
        entries = [os.path.join(base, name) for base, _, names in os.walk(os.path.join(self.folder, "cache")) for name in names]
        self.assertTrue(entries)
        for entry in entries:
            with open(entry, "wb") as file:
                file.write(b"forged")
        self.expect(0, "prove", "--certify", path)


if __name__ == "__main__":
    main()
