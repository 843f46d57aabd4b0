"""check, fmt, explain, and what the command line says to mistakes."""
import os
import re
import resource
import shutil
import subprocess

from cli import BULKHEAD, GOOD, SOURCE, CliTest
from needs import main


class CommandLine(CliTest):
    def test_names_the_nearest_command_for_a_misspelt_one(self):
        done = self.expect(2, "prvoe", "x.bh")
        self.assertIn("did you mean `prove`", done.stderr)
        self.assertIn("no command `audit verfy`; did you mean `audit verify`", self.expect(2, "audit", "verfy", "x").stderr)
        self.assertIn("name what to do: `audit verify`", self.expect(2, "audit").stderr)

    def test_names_the_nearest_option_before_it_asks_for_what_is_missing(self):
        for words in (("prove", "--certfy"), ("prove", "x.bh", "--certfy"), ("prove", "--certfy=1", "x.bh")):
            self.assertIn("there is no option `--certfy`; did you mean `--certify`?", self.expect(2, *words).stderr, words)
        done = self.expect(125, "sandbox", "run", "--capabilites", "c.json", "s.py")
        self.assertIn("there is no option `--capabilites`; did you mean `--capabilities`?", done.stderr)

    def test_takes_help_and_version_for_commands_too(self):
        self.assertEqual(self.expect(0, "--help").stdout, self.expect(0, "help").stdout)
        self.assertEqual(self.expect(0, "prove", "--help").stdout, self.expect(0, "help", "prove").stdout)
        self.assertEqual(self.expect(0, "sandbox", "run", "--help").stdout, self.expect(0, "help", "sandbox", "run").stdout)
        self.assertEqual(self.expect(0, "--version").stdout, self.expect(0, "version").stdout)
        self.assertIn("there is no command `prvoe`", self.expect(2, "help", "prvoe").stderr)

    def test_says_what_is_missing_or_wrong_as_it_is_written(self):
        self.assertIn("bulkhead: FILE is required", self.expect(2, "prove").stderr)
        self.assertIn("`0` is not a whole number above 0", self.expect(2, "prove", "--timeout", "0", "x.bh").stderr)
        for words, why in ((("--seed", "-1"), "`-1` is not a whole number"), (("--memory", "99999999999"), "is more than 4294967295"),
                           (("--seed", str(1 << 64)), "is more than 18446744073709551615"),
                           (("--timeout", "1e3"), "`1e3` is not a whole number above 0")):
            self.assertIn(why, self.expect(2, "prove", *words, "x.bh").stderr)
        done = self.expect(125, "run", "--on-denial=stop", "x.bh::A", "--", "/bin/true")
        self.assertIn("stop not in {continue,fail,kill}", done.stderr)

    def test_tells_a_usage_error_of_run_from_the_program(self):
        self.expect(125, "run", "--no-such-option")
        self.expect(125, "sandbox", "run")

    def test_prints_help_and_version_with_status_zero(self):
        self.assertIn("prove", self.expect(0, "--help").stdout)
        self.assertIn("--certify", self.expect(0, "prove", "--help").stdout)
        self.assertRegex(self.expect(0, "--version").stdout, r"bulkhead \d+\.\d+\.\d+")

    def test_makes_completion_and_manual_from_the_command_tree(self):
        self.assertIn("complete -F _bulkhead bulkhead", self.expect(0, "completion").stdout)
        self.assertIn(".SS sandbox run", self.expect(0, "man").stdout)

    def test_waits_for_no_pipe_that_nobody_writes_to(self):
        pipe = self.pipe("nobody.pipe")
        for words in (("fmt",), ("solve",), ("import", "seccomp"), ("import", "oci"), ("import", "arbac"), ("import", "selinux")):
            self.assertIn("nobody writes to this pipe", self.expect(2, *words, pipe).stderr, words)
        self.assertIn("nobody reads from this pipe", self.expect(2, "prove", "-o", pipe, self.file("good.bh", GOOD)).stderr)

    def test_reads_a_pipe_that_somebody_writes_to_late(self):
        late = subprocess.run(["bash", "-c", f"exec {BULKHEAD} fmt --check <(sleep 0.5; echo 'volume Data')"],
                              capture_output=True, text=True, check=False, timeout=120, env=self.environment)
        self.assertEqual(2, late.returncode, late.stderr)
        self.assertIn("volume Data", late.stderr)  # it was read: the text lacks its `;`

    def test_makes_room_for_its_stack_or_says_that_there_is_none(self):
        path = self.file("good.bh", GOOD)
        done = self.start_with_stack(64 << 10, resource.RLIM_INFINITY, [BULKHEAD, "prove", path])
        self.assertEqual(0, done.returncode, done.stderr)
        done = self.start_with_stack(64 << 10, 1 << 20, [BULKHEAD, "prove", path])
        self.assertEqual((2, ""), (done.returncode, done.stdout))
        self.assertIn("the stack may not grow above 1024 KiB here", done.stderr)

    def test_notices_a_full_disk_behind_stdout(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = self.expect(2, "--help", stdout=full)
        self.assertIn("no space left", done.stderr)


class Check(CliTest):
    def test_accepts_a_good_policy(self):
        self.expect(0, "check", self.file("good.bh", GOOD))

    def test_reports_every_mistake_with_its_place(self):
        text = GOOD.replace("Data:\"/**\";", "Dta:\"/**\";", 1).replace("Anywhere = any", "Anywhere = anny")
        done = self.expect(2, "check", self.file("bad.bh", text))
        self.assertIn("bad.bh:11", done.stderr)
        self.assertIn("did you mean `Data`", done.stderr)
        self.assertIn("bad.bh:7", done.stderr)

    def test_says_which_file_is_missing(self):
        self.assertIn("nowhere.bh", self.expect(2, "check", "nowhere.bh").stderr)

    def test_refuses_a_folder(self):
        self.expect(2, "check", self.folder)

    def test_survives_bytes_that_are_no_text(self):
        path = self.file("x.bh", "")
        with open(path, "wb") as file:
            file.write(bytes(range(256)) * 64)
        self.assertIn("error", self.expect(2, "check", path).stderr)

    def test_dumps_what_desugaring_made(self):
        done = self.expect(0, "check", "--dump", "ir", self.file("good.bh", GOOD))
        self.assertIn("never", done.stdout)

    def test_dumps_the_tree_as_it_was_read_even_where_names_are_wrong(self):
        done = self.expect(0, "check", "--dump", "ast", self.file("good.bh", GOOD.replace("Agent cannot read Secrets", "Agnet cannot read Secrets")))
        self.assertIn("Agnet", done.stdout)
        self.expect(2, "check", "--dump", "ast", self.file("bad.bh", GOOD.replace("prove quiet:", "prove quiet")))
        self.expect(2, "check", "--dump", "ast", "missing.bh")

    def test_warns_of_files_with_two_labels(self):
        labelled = "label Public < Secret;\nvolume Data;\nfile Reports = Data:\"/*/report\" label Public;\n"
        both = labelled + 'file Keys = Data:"/keys/*" label Secret;\n'
        done = self.expect(0, "check", self.file("labels.bh", "module labels;\n" + both))
        self.assertIn("`Reports` and `Keys` share files", done.stderr)
        self.assertIn("/keys/report", done.stderr)
        apart = both.replace("/keys/*", "/keys/*/key")
        self.assertNotIn("share files", self.expect(0, "check", self.file("apart.bh", "module labels;\n" + apart)).stderr)

    def test_models_beside_a_policy_are_not_blamed_for_what_it_does_not_use(self):
        for name in ("linux.bh", "profiles.bh"):
            shutil.copy(os.path.join(SOURCE, "models", name), self.folder)
        path = self.file("own.bh", GOOD.replace("module small", "module own") + 'file Lonely = "/x";\n')
        told = self.expect(0, "check", path).stderr
        self.assertEqual(1, told.count("warning["), told)
        self.assertIn("`Lonely`", told)

    def test_says_of_a_pipe_that_it_is_one(self):
        self.assertIn("is a device or pipe, not a file", self.expect(2, "check", "/dev/stdin", stdin=GOOD).stderr)
        self.assertIn("policies are read from files", self.expect(2, "check", "-", stdin=GOOD).stderr)
        self.assertIn("BH2001", self.expect(0, "explain", "bh2001").stdout)

    def test_prints_no_colour_into_a_pipe(self):
        done = self.expect(2, "check", self.file("bad.bh", "module x;\nfile A = ;\n"))
        self.assertNotIn("\x1b[", done.stderr)


class Fmt(CliTest):
    def test_is_idempotent_and_keeps_comments(self):
        path = self.file("a.bh", "module   a ; // why\nlabel  A<B;\n")
        self.expect(1, "fmt", "--check", path)
        self.expect(0, "fmt", path)
        once = self.read("a.bh")
        self.assertIn("// why", once)
        self.expect(0, "fmt", "--check", path)
        self.expect(0, "fmt", path)
        self.assertEqual(once, self.read("a.bh"))

    def test_leaves_a_file_with_mistakes_alone(self):
        path = self.file("a.bh", "module a;\nfile = = ;\n")
        self.expect(2, "fmt", path)
        self.assertEqual("module a;\nfile = = ;\n", self.read("a.bh"))

    def test_reads_stdin(self):
        self.assertEqual("module a;\n", self.expect(0, "fmt", "-", stdin="module  a;").stdout)

    def test_formats_what_a_link_leads_to_and_leaves_the_link(self):
        path = self.file("a.bh", "module  a;")
        os.symlink(path, os.path.join(self.folder, "link.bh"))
        self.expect(0, "fmt", "link.bh")
        self.assertTrue(os.path.islink(os.path.join(self.folder, "link.bh")))
        self.assertEqual(self.read("a.bh"), "module a;\n")


class Explain(CliTest):
    def test_examples_of_the_codes_that_need_proofs_fail_and_pass_as_their_pages_say(self):
        for code, command in (("BH4015", "check"), ("BH4015", "prove"), ("BH4016", "prove")):
            page = self.expect(0, "explain", code).stdout
            for kind, told in (("fail", True), ("ok", False)):
                examples = re.findall(rf"```bh {kind}\n(.*?)```", page, re.DOTALL)
                self.assertTrue(examples)
                for example in examples:
                    with self.subTest(code=code, command=command, kind=kind):
                        done = self.run_it(command, self.file("example.bh", "module example;\n" + example))
                        self.assertEqual(code in done.stdout + done.stderr, told, done.stdout + done.stderr)

    def test_check_tells_of_a_variant_what_its_model_has_not(self):
        chain = ("module chain;\nmodel Chain { sort Node; var next: Node -> Node; var mark: Node -> bool = false;\n"
                 "action pass(n: Node) when mark(n) do mark(n) := true; action move(n, m: Node) do next(n) := m;\n"
                 "invariant none: forall n: Node. !mark(n);\n"
                 "variant Far { replace update mark in pass with mark(next(n)) := true; } }\n")
        told = self.expect(0, "check", self.file("chain.bh", chain)).stderr
        self.assertEqual(told.count("BH4015"), 1, told)
        self.assertIn("Chain.Far", told)

    def test_explains_a_code_and_refuses_what_is_none(self):
        self.assertIn("BH1001", self.expect(0, "explain", "BH1001").stdout)
        self.expect(2, "explain", "BH0000")


if __name__ == "__main__":
    main()
