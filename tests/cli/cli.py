"""Starts `bulkhead` for the tests of the command line, in a folder of their own."""
import os
import resource
import shutil
import subprocess
import tempfile
import unittest

BULKHEAD = os.environ["BULKHEAD"]
SOURCE = os.environ["BULKHEAD_SOURCE"]

GOOD = """module small;
import linux;
import profiles;

volume Data;
file Secrets = "/etc/shadow";
net  Anywhere = any;

container Agent uses standard {
    mount Data at "/data" readonly;
    may   read Data:"/**";
}

prove no_egress: Agent cannot connect Anywhere;
prove quiet:     Agent cannot read Secrets;
refute closed:   Agent cannot read Data:"/**";
"""
BAD = GOOD.replace("may   read", "may   connect Anywhere;\n    may   read")


class CliTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="bulkhead-cli-")
        self.environment = {**os.environ, "XDG_CACHE_HOME": os.path.join(self.folder, "cache")}
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def pipe(self, name):
        path = os.path.join(self.folder, name)
        os.mkfifo(path)
        return path

    def start_with_stack(self, soft, hard, words):
        return subprocess.run(words, capture_output=True, text=True, cwd=self.folder, env=self.environment, check=False,
                              timeout=300, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_STACK, (soft, hard)))

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def read(self, name):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return file.read()

    def run_it(self, *words, stdin="", stdout=subprocess.PIPE, **more):
        return subprocess.run([BULKHEAD, *words], input=stdin, stdout=stdout, stderr=subprocess.PIPE, text=True,
                              cwd=self.folder, env=self.environment, check=False, timeout=120, **more)

    def expect(self, status, *words, **more):
        done = self.run_it(*words, **more)
        self.assertEqual(done.returncode, status, f"bulkhead {' '.join(words)}\n{done.stdout}\n{done.stderr}")
        return done
