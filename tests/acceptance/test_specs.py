"""The specs as a user starts them: the default agent container with its two folders on the host."""
import os
import subprocess

from acceptance import ATTEMPTS, BULKHEAD, IS_ROOT, PYTHON, SOURCE, Acceptance
from needs import main

AGENT = f"{SOURCE}/specs/kai/agent.bh"


class Kai(Acceptance):
    def setUp(self):
        if not IS_ROOT:
            self.skipTest("needs root: the accounts of the policies")
        super().setUp()
        self.needs_level("enhanced")
        self.script = self.file("attempts.py", f"#!{PYTHON}\n" + ATTEMPTS)
        self.data, self.scratch = os.path.join(self.folder, "data"), os.path.join(self.folder, "tmp")
        os.mkdir(self.data)
        os.mkdir(self.scratch)
        with open(os.path.join(self.data, "given.txt"), "w", encoding="utf-8") as file:
            file.write("given")

    def agent(self, *attempts):
        return self.run_words([BULKHEAD, "run", "--audit-log", self.log, "--volume", f"DataVol={self.data}", "--volume",
                               f"TmpVol={self.scratch}", f"{AGENT}::Agent", "--", self.script, *attempts])

    def test_the_agent_reads_its_data_and_writes_its_scratch_folder(self):
        ran = self.agent("read=/agent/data/given.txt", "write=/agent/tmp/made.txt")
        self.assertEqual(ran.out, "read /agent/data/given.txt done\nwrite /agent/tmp/made.txt done\n", str(ran))
        self.assertEqual((ran.status, ran.object["denials"]), (0, 0), str(ran))
        with open(os.path.join(self.scratch, "made.txt"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "x")
        self.assert_nothing_left(ran)

    def test_the_agent_reaches_nothing_else(self):
        server = self.server()
        ran = self.agent("write=/agent/data/given.txt", "write=/agent/data/new.txt", "read=/etc/passwd", "write=/etc/new",
                         f"connect={server.port}")
        self.assertEqual([line.split()[2] for line in ran.out.splitlines()], ["failed"] * 5, str(ran))
        self.assertEqual([event["object"] for event in ran.denials],
                         ["/agent/data/given.txt", "/agent/data/new.txt", "/etc/passwd", "/etc/new",
                          f"127.0.0.1:{server.port}"], str(ran))
        self.assertEqual((os.listdir(self.data), server.accepted), (["given.txt"], 0))

    def test_claims_about_the_platform_are_refused_where_the_host_opens_the_folder(self):
        """platform.bh says of an agent whose folders lie on the host what is not so there: it does not start."""
        done = subprocess.run([BULKHEAD, "run", "--volume", f"DataVol={self.data}", "--volume", f"TmpVol={self.scratch}",
                               f"{SOURCE}/specs/kai/platform.bh::Agent", "--", PYTHON, "-c", "print('ran')"],
                              capture_output=True, text=True, check=False, env=self.environment, cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (125, ""), done.stderr)
        self.assertRegex(done.stderr, "not proved: claim `(host_untouched|agents_apart|is_folders_or_less)`")


if __name__ == "__main__":
    main()
