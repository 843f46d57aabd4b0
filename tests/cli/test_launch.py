"""run, sandbox run, why: statuses that a caller can rely on, and what each option does."""
import json
import os
import pty
import shutil
import subprocess

from cli import BULKHEAD, CliTest
from needs import main

PYTHON = "/usr/bin/python3"
SLEEP = "import time; time.sleep(300)"
DENY = "\ntry: open('/etc/passwd')\nexcept OSError: pass\n"


class LaunchTest(CliTest):
    def setUp(self):
        super().setUp()
        self.degrade = [] if os.geteuid() == 0 else ["memory:rlimit"]

    def capabilities(self, *grants, **more):
        return self.file("caps.json", json.dumps({"capabilities": list(grants), "degrade": self.degrade, **more}, indent=1))

    def script(self, text, status, *options, words=(), **more):
        """Runs a script without grants; `more` goes to the process."""
        path = self.file("script.py", text)
        capabilities = more.pop("capabilities", None) or self.capabilities()
        return self.expect(status, "sandbox", "run", "--capabilities", capabilities, *options, path, "--", *words, **more)

    def policy(self, body="", head=""):
        degrade = "degrade memory: rlimit;" if self.degrade else ""
        return self.file("p.bh", "module p;\nimport linux;\nimport profiles;\n" + head +
                         f"container Box uses standard {{ {degrade} {body} }}\n" +
                         "net Anywhere = any;\nprove no_egress: Box cannot connect Anywhere;\n")

    def object_of(self, *words):
        """The bulkhead.run/v1 object, and the status."""
        read_end, write_end = os.pipe()
        done = subprocess.run([BULKHEAD, *words[:2], "--status-fd", str(write_end), *words[2:]], capture_output=True,
                              text=True, cwd=self.folder, env=self.environment, check=False, timeout=120,
                              pass_fds=(write_end,))
        os.close(write_end)
        with os.fdopen(read_end, encoding="utf-8") as pipe:
            return json.loads(pipe.read()), done

    def events(self):
        return [json.loads(line) for line in self.read("bulkhead-audit.jsonl").splitlines()]


class Status(LaunchTest):
    def test_passes_the_status_of_the_program_through(self):
        self.script("", 0)
        self.script("import sys; sys.exit(7)", 7)
        self.script("import sys; print('out'); print('err', file=sys.stderr); sys.exit(119)", 119)

    def test_is_125_where_the_sandbox_itself_does_not_fit_into_the_memory(self):
        if self.degrade:
            self.skipTest("needs root: the degraded limit of memory is each process's own")
        done = self.script("print('ran')", 125, capabilities=self.capabilities(limits={"memory": "1KiB"}))
        self.assertIn("raise the memory limit", done.stderr)
        self.assertEqual("", done.stdout)

    def test_is_125_and_the_story_where_a_claim_fails_by_what_the_program_needs_to_start(self):
        policy = self.policy(head='prove quiet: Box cannot read "/etc/**";\n')
        self.expect(0, "prove", policy)
        done = self.expect(125, "run", policy + "::Box", "--", "/bin/true")
        self.assertIn('Box may read "/etc/', done.stderr)
        self.assertIn("runtime closure:", done.stderr)

    def test_is_128_and_the_signal_where_one_ended_it(self):
        self.script("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 128 + 9)
        self.script("import os; os.abort()", 128 + 6)

    def test_is_120_where_something_was_denied_and_the_program_did_not_mind(self):
        self.script(DENY, 120)
        self.script(DENY, 0, "--on-denial=continue")
        self.script(DENY + "raise SystemExit(3)", 3)

    def test_is_121_where_the_denial_kills(self):
        done = self.script(DENY + "import time\ntime.sleep(300)", 121, "--on-denial=kill")
        self.assertEqual("", done.stdout)

    def test_is_122_where_a_limit_ends_it(self):
        text = "held = [bytearray(b'x' * 4096) * 256 for _ in range(80)]\nprint('done')"
        if self.degrade:
            self.skipTest("needs root: the degraded limit of memory is each process's own")
        done = self.script(text, 122, capabilities=self.capabilities(limits={"memory": "40MiB"}))
        self.assertEqual("", done.stdout)

    def test_is_124_where_the_time_is_over(self):
        self.script(SLEEP, 124, capabilities=self.capabilities(limits={"wall_time": "1s"}))

    def test_is_126_and_127_as_in_a_shell(self):
        policy = self.policy()
        self.expect(127, "run", f"{policy}::Box", "--", "no-such-program")
        self.expect(126, "run", f"{policy}::Box", "--", self.file("plain", "\177ELF"))
        self.expect(127, "sandbox", "run", "--capabilities", self.capabilities(), "no-such-script.py")

    def test_is_125_where_the_policy_is_wrong_unproved_or_missing(self):
        self.expect(125, "run", "nowhere.bh::Box", "--", "/bin/true")
        done = self.expect(125, "run", self.file("bad.bh", "module x;\ncontainer {") + "::Box", "--", "/bin/true")
        self.assertIn("bad.bh:2", done.stderr)
        done = self.expect(125, "run", self.policy("may connect Anywhere;") + "::Box", "--", "/bin/true")
        self.assertIn("no_egress", done.stderr)

    def test_is_125_where_the_policy_forbids_to_execute_the_program_itself(self):
        self.expect(0, "run", self.policy() + "::Box", "--", "/bin/true")
        done = self.expect(125, "run", self.policy('never execute "/usr/bin/true";') + "::Box", "--", "/bin/true")
        self.assertIn("forbids to execute it", done.stderr)
        self.assertIn('never execute "/usr/bin/true"', done.stderr)

    def test_is_125_where_a_grant_is_of_another_protocol_than_tcp(self):
        def grant(proto):
            to = {"cidr": "192.0.2.1/32", "port": 53, **proto}
            return self.capabilities({"kind": "NETWORK_CONNECT", "to": [to]})
        for proto in ({}, {"proto": "tcp"}):
            self.script("", 0, capabilities=grant(proto))
        for options in ((), ("--dry-run",)):
            done = self.script("", 125, *options, capabilities=grant({"proto": "udp"}))
            self.assertIn("another protocol than TCP", done.stderr)
            self.assertRegex(done.stderr, r"caps.json:\d+  may connect 192.0.2.1 port 53 udp")
        head, claim = "net Udp = 192.0.2.1 port 53 udp;\n", "prove no_egress: Box cannot connect Anywhere;\n"
        for rule in ("may connect Udp;", "may connect 192.0.2.1 port 53 tcp, Udp;",
                     "may connect 192.0.2.1 port 53 when net.proto == udp;"):
            path = self.policy(rule, head).replace(self.folder + "/", "")
            policy = self.file("p.bh", self.read(path).replace(claim, ""))
            done = self.expect(125, "run", policy + "::Box", "--", "/bin/true")
            self.assertRegex(done.stderr, r"p.bh:\d+  may connect")
        for rule in ("may connect 192.0.2.1 port 53;", "may connect 192.0.2.1 port 53 when net.proto != udp;",
                     "may connect 192.0.2.1 port 53 tcp; never connect Udp;"):
            path = self.policy(rule, head).replace(self.folder + "/", "")
            policy = self.file("p.bh", self.read(path).replace(claim, ""))
            self.expect(0, "run", policy + "::Box", "--", "/bin/true")

    def test_is_125_where_no_program_starts_with_so_few_files(self):
        for number in range(1, 8):
            capabilities = self.capabilities(limits={"open_files": number})
            done = self.script("print('ran')", 0 if number == 7 else 125, capabilities=capabilities)
            self.assertEqual("ran\n" if number == 7 else "", done.stdout)
            if number < 7:
                self.assertRegex(done.stderr, rf"caps.json:\d+  limits open_files {number}")
                self.assertIn("the smallest that a program can be started with at level standard is 7", done.stderr)

    def test_writes_an_object_that_says_what_no_status_can(self):
        script = self.file("s.py", "import sys; sys.exit(120)")
        caps = self.capabilities()
        said, done = self.object_of("sandbox", "run", "--capabilities", caps, script)
        self.assertEqual(120, done.returncode)
        self.assertEqual(("bulkhead.run/v1", True, "exit", 120, 0), (said["schema"], said["started"], said["cause"], said["code"], said["denials"]))
        said, done = self.object_of("sandbox", "run", "--capabilities", caps, self.file("d.py", DENY))
        self.assertEqual((120, 1), (done.returncode, said["denials"]))
        self.assertIn("/etc/passwd", said["first_denial"])
        said, done = self.object_of("sandbox", "run", "--capabilities", self.file("x.json", "{"), script)
        self.assertEqual((125, False, "refused"), (done.returncode, said["started"], said["cause"]))


class Options(LaunchTest):
    def test_dry_run_lists_the_closure_and_starts_nothing(self):
        done = self.script("open('/etc/passwd')", 0, "--dry-run")
        self.assertIn("closure", done.stdout)
        self.assertIn("/etc/ld.so.cache", done.stdout)
        self.assertIn("python", done.stdout)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "bulkhead-audit.jsonl")))

    def test_dump_policy_prints_what_prove_accepts(self):
        path = self.file("g.txt", "x")
        done = self.script("", 0, "--dump-policy", capabilities=self.capabilities({"kind": "FILE_READ", "paths": [path]}))
        self.assertIn(path, done.stdout)
        policy, closure = done.stdout.split("// runtime closure")
        self.expect(0, "prove", self.file("one.bh", policy), self.file("two.bh", "//" + closure))

    def test_audit_lifts_and_records_and_says_so(self):
        text = "open('/tmp/made', 'w').write('x')"
        self.script(text, 1)
        os.remove(os.path.join(self.folder, "bulkhead-audit.jsonl"))
        done = self.script(text, 0, "--audit", "--on-denial=continue")
        start = next(event for event in self.events() if event["event"] == "SandboxStart")
        self.assertIs(start["enforced"], False)
        self.assertTrue(all(not event["enforced"] for event in self.events() if event["event"] == "CapabilityDenied"))
        self.assertIn("not enforced", done.stderr.lower() + done.stdout.lower())

    def test_log_all_records_what_was_allowed(self):
        path = self.file("g.txt", "x")
        grant = self.capabilities({"kind": "FILE_READ", "paths": [path]})
        self.script(f"open('{path}').read()", 0, capabilities=grant)
        self.assertNotIn(path, [event.get("object") for event in self.events()])
        os.remove(os.path.join(self.folder, "bulkhead-audit.jsonl"))
        self.script(f"open('{path}').read()", 0, "--log=all", capabilities=grant)
        self.assertIn(path, [event.get("object") for event in self.events()])

    def test_stdin_is_empty_unless_it_is_asked_for(self):
        text = "import sys; print(repr(sys.stdin.read()))"
        self.assertEqual("''\n", self.script(text, 0, stdin="secret").stdout)
        self.assertEqual("'given'\n", self.script(text, 0, "--stdin", stdin="given").stdout)

    def test_tty_gives_a_terminal_of_its_own(self):
        text = "import os; print(os.isatty(1), os.isatty(0))"
        self.assertEqual("False False", self.script(text, 0).stdout.strip())
        ours, theirs = pty.openpty()
        try:
            path = self.file("script.py", text)
            done = subprocess.run([BULKHEAD, "sandbox", "run", "--tty", "--capabilities", self.capabilities(), path],
                                  stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder,
                                  env=self.environment, timeout=120, check=False)
        finally:
            os.close(ours)
            os.close(theirs)
        self.assertEqual((0, b"True True"), (done.returncode, done.stdout.strip()), done.stderr)

    def test_passes_arguments_to_the_script(self):
        done = self.script("import sys; print(sys.argv[1:])", 0, words=("a", "--level", "b c"))
        self.assertEqual("['a', '--level', 'b c']\n", done.stdout)

    def test_takes_no_argument_of_the_program_apart(self):
        words = ("[a,b]", '["c", "d"]', "[]", "", "--", "x[1]")
        done = self.script("import sys; print(sys.argv[1:])", 0, words=words)
        self.assertEqual(f"{list(words)}\n", done.stdout)

    def test_grants_and_revocations_on_the_command_line_count(self):
        path = self.file("g.txt", "x")
        text = f"print(open('{path}').read())"
        self.assertEqual("x\n", self.script(text, 0, "--grant", f"FILE_READ={path}").stdout)
        grant = self.capabilities({"kind": "FILE_READ", "paths": [path]})
        self.script(text, 1, "--revoke", f"FILE_READ={path}", capabilities=grant)

    def test_the_environment_is_built_from_nothing(self):
        self.environment["CANARY"] = "canary"
        text = "import os; print(os.environ.get('CANARY'))"
        self.assertEqual("None\n", self.script(text, 0).stdout)
        grant = self.capabilities({"kind": "ENV_READ", "names": ["CANARY"]})
        self.assertEqual("canary\n", self.script(text, 0, capabilities=grant).stdout)


class Refusals(LaunchTest):
    def test_names_the_container_that_was_meant(self):
        done = self.expect(125, "run", f"{self.policy()}::Bxo", "--", "/bin/true")
        self.assertIn("there is no container `Bxo`; did you mean `Box`?", done.stderr)
        # Nobody wrote the text that extends the container: a mistake in it would be no answer.
        self.assertNotIn("runtime closure", done.stderr)
        self.assertNotIn("extend container", done.stderr)

    def test_takes_the_only_container_where_none_is_named(self):
        done = self.expect(0, "run", self.policy(), "--", "/bin/echo", "ran")
        self.assertEqual("ran\n", done.stdout)
        two = self.policy(head="container Other uses standard { }\n")
        done = self.expect(125, "run", two, "--", "/bin/echo", "ran")
        self.assertIn("the policy has several containers: name one", done.stderr)

    def test_refuses_an_interpreter_that_is_a_shim(self):
        shim = self.file("python-shim", "#!/bin/sh\nexec /usr/bin/python3 \"$@\"\n")
        os.chmod(shim, 0o755)
        done = self.expect(126, "sandbox", "run", "--capabilities", self.capabilities(), "--interpreter", shim,
                           self.file("s.py", ""))
        self.assertIn("--interpreter", done.stderr)
        self.assertIn("/usr/bin/python3", done.stderr)

    def test_refuses_a_log_that_cannot_be_written(self):
        pipe = self.pipe("log.pipe")
        for log, word in ((self.folder, "name a file for the audit log"), (pipe, "start what reads the pipe"),
                          (os.path.join(self.folder, "no", "such", "folder.jsonl"), "name a file for the audit log")):
            done = self.script("print('ran')", 125, "--audit-log", log)
            self.assertEqual("", done.stdout)
            self.assertIn(word, done.stderr)

    def test_waits_for_no_pipe_without_a_writer(self):
        pipe = self.pipe("nobody.pipe")
        for words in (("--capabilities", pipe, self.file("s.py", "")), ("--capabilities", self.capabilities(), pipe)):
            self.assertIn("nobody writes to this pipe", self.expect(125, "sandbox", "run", *words).stderr)

    def test_refuses_to_run_with_a_stack_that_cannot_grow(self):
        words = [BULKHEAD, "sandbox", "run", "--capabilities", self.capabilities(), self.file("s.py", "print('ran')")]
        done = self.start_with_stack(64 << 10, 64 << 10, words)
        self.assertEqual((125, ""), (done.returncode, done.stdout), done.stderr)
        self.assertIn("the stack may not grow above 64 KiB here", done.stderr)

    def test_ends_where_the_log_is_full(self):
        done = self.script("print('ran')", 125, "--audit-log", "/dev/full")
        self.assertEqual("", done.stdout)

    def test_refuses_level_maximum_without_runsc(self):
        words = [BULKHEAD, "sandbox", "run", "--level", "maximum", "--capabilities", self.capabilities(), self.file("s.py", "print('ran')")]
        if os.geteuid() == 0 and shutil.which("runsc"):
            hide = f"mount --bind /dev/null {os.path.realpath(shutil.which('runsc'))} && exec \"$@\""
            words = ["unshare", "-m", "sh", "-c", hide, "sh", *words]
        done = subprocess.run(words, capture_output=True, text=True, cwd=self.folder, env=self.environment, check=False, timeout=120)
        self.assertEqual((125, ""), (done.returncode, done.stdout), done.stderr)
        self.assertIn("runsc" if os.geteuid() == 0 else "root", done.stderr)

    def test_says_where_a_capability_file_is_wrong(self):
        for text, word in (('{"capabilities": [\n {"kind": "FILE_RED", "paths": ["/a"]}]}', "did you mean `FILE_READ`"),
                           ('{"capabilities": [\n {"kind": "FILE_READ", "paths": ["a"]}]}', "/capabilities/0/paths/0"),
                           ('{"capabilities": [], "capabilities": []}', "capabilities"), ("[]", "object")):
            done = self.script("", 125, capabilities=self.file("wrong.json", text))
            self.assertIn("wrong.json:", done.stderr)
            self.assertIn(word, done.stderr)


class Why(LaunchTest):
    def test_tells_the_line_and_the_claim_and_stops_at_the_end(self):
        self.script(DENY, 120)
        done = self.expect(0, "why", "1")
        self.assertIn("caps.json", done.stdout)
        self.assertIn("secrets_untouched", done.stdout)
        self.assertIn("1", self.expect(2, "why", "2").stderr)
        self.expect(2, "why", "1", "--log", "nowhere.jsonl")

    def test_a_changed_log_is_rejected(self):
        self.script(DENY, 120)
        self.expect(0, "audit", "verify", "bulkhead-audit.jsonl")
        text = self.read("bulkhead-audit.jsonl")
        self.file("changed.jsonl", text.replace("/etc/passwd", "/etc/passwe"))
        self.expect(4, "audit", "verify", "changed.jsonl")


class WarmStart(LaunchTest):
    """The second start of an unchanged policy takes its table from the cache; the claims are checked again all the same."""

    def setUp(self):
        super().setUp()
        self.tables = os.path.join(self.folder, "cache", "bulkhead", "tables")
        self.path = self.policy()

    def start(self):
        self.expect(0, "run", f"{self.path}::Box", "--", "/bin/true")

    def entry(self):
        names = os.listdir(self.tables)
        self.assertEqual(1, len(names), names)
        return os.path.join(self.tables, names[0])

    def damage(self):
        with open(self.entry(), "wb") as file:
            file.write(b"damaged")

    def bytes_of_entry(self):
        with open(self.entry(), "rb") as file:
            return file.read()

    def test_keeps_one_table_in_a_folder_of_its_own(self):
        self.start()
        self.assertEqual(0o700, os.stat(self.tables).st_mode & 0o777)
        before = os.stat(self.entry())
        self.start()
        self.assertEqual(before.st_ino, os.stat(self.entry()).st_ino)

    def test_drops_a_damaged_entry_and_makes_it_anew(self):
        self.start()
        good = self.bytes_of_entry()
        self.damage()
        self.start()
        self.assertEqual(good, self.bytes_of_entry())

    def test_ignores_a_folder_that_others_may_use(self):
        self.start()
        self.damage()
        os.chmod(self.tables, 0o755)
        self.start()
        self.assertEqual(b"damaged", self.bytes_of_entry())

    def test_does_not_use_it_where_told_so(self):
        self.expect(0, "run", "--no-cache", f"{self.path}::Box", "--", "/bin/true")
        self.assertFalse(os.path.exists(self.tables))


if __name__ == "__main__":
    main()
