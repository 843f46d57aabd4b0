"""`check --dump=ir` is the language: what is dumped reads again, adds and removes no access, and the same claims have the
same verdicts."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

BULKHEAD, SOURCE = sys.argv[1:3]
UNREADABLE = re.compile(r"^prove pack |^\w+ holds \w+", re.MULTILINE)  # what a dump does not write as it is read (docs/limitations.md)


def bulkhead(*words):
    return subprocess.run([BULKHEAD, *words], capture_output=True, text=True, check=False, timeout=240,
                          env={**os.environ, "BULKHEAD_MODELS": os.path.join(SOURCE, "models")})


class DumpTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bulkhead-dumps-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def verdicts(self, path):
        done = bulkhead("prove", "--no-coverage", "--format", "json", path)
        self.assertIn(done.returncode, {0, 1, 3}, done.stderr)
        return {claim["name"]: (claim["mode"], claim["status"]) for claim in json.loads(done.stdout)["claims"]}

    def check(self, path, compare_claims):
        again = os.path.join(self.folder, "again.bh")
        dumped = bulkhead("check", "--dump", "ir", "--output", again, path)
        self.assertEqual(0, dumped.returncode, dumped.stderr)
        read = bulkhead("check", again)
        self.assertEqual(0, read.returncode, f"{path}\n{read.stderr}")
        changes = json.loads(bulkhead("diff", "--format", "json", path, again).stdout)
        # Of a policy that hands rights over `diff` says that it cannot compare all of it; everything else is no change.
        told = [one for one in changes["changes"] if "hands rights over" not in one.get("reason", "")]
        self.assertEqual(([], []), (told, changes["settings"]), path)
        if compare_claims:
            claims = self.verdicts(path)
            self.assertTrue(claims, path)
            self.assertEqual(claims, self.verdicts(again), path)

    def test_every_spec_and_model_reads_again(self):
        policies = sorted(glob.glob(os.path.join(SOURCE, "specs/*/*.bh")))
        models = sorted(glob.glob(os.path.join(SOURCE, "models/*.bh")))
        self.assertTrue(policies and models)
        for path in models:
            self.check(path, False)
        left_out = 0
        for path in policies:
            with open(path, encoding="utf-8") as file:
                unreadable = UNREADABLE.search(file.read()) is not None
            left_out += unreadable
            if not unreadable:
                self.check(path, True)
        self.assertEqual(3, left_out, "agents, isolation and node")

    def test_policies_with_ranges_of_addresses_and_rules_for_all_read_again(self):
        path = os.path.join(self.folder, "odd.bh")
        with open(path, "w", encoding="utf-8") as file:
            file.write("""module odd;
import linux;
import profiles;
label Low < Middle < High;
net Odd = 10.0.0.0/8, 192.0.2.7 port 80, 443, 8000..8080 tcp or fd00::/9 or any port 53 udp;
volume Data from host:"/srv/data";
file Kept = Data:"/keep/**", host:"/srv/**" label Middle;
container Agent uses standard {
    mount Data at "/data";
    clearance Low;
    may connect 10.1.0.0/16 port 1..1023 tcp, fd00:1::/32 udp, 10.1.2.3;
    may connect Odd when net.port in 80..90;
    may read Data:"/**";
}
forbid c: container to write f: file in Data:"/keep/**" when !(c holds sys_admin);
permit c: container to read f: file when f.label <= c.clearance;
forbid c: container to connect n: net when n.proto == udp && n.port == 53;
subject Clerk;
Clerk may connect 10.9.0.0/24;
prove clerk: Clerk cannot connect 10.9.1.0/24;
prove out: Agent cannot connect 10.1.2.4 port 2000;
""")
        self.check(path, True)

    def test_labels_of_nets_and_devices_read_again(self):
        path = os.path.join(self.folder, "labelled.bh")
        with open(path, "w", encoding="utf-8") as file:
            file.write("""module labelled;
label Public < Secret, Public < Untrusted;
device Disk label Secret;
device Tape;
volume Vault label Secret;
net Web = 10.0.0.0/8 port 80, 443 tcp or 192.0.2.7 label Untrusted;
net Other = 172.16.0.0/12;
subject Plain;
container Gateway { mount Vault at "/v"; may read Vault; may connect Other; }
container Hears { mount Vault at "/v"; may read Vault; }
channel out: Gateway -> Other { protect integrity, confidentiality with ml_kem_1024, ml_dsa_87; }
channel feed: Web -> Hears { protect integrity, confidentiality with ml_kem_1024, ml_dsa_87; limit 4 in flight; }
Gateway declassifies Secret to Public through out;
Gateway declassifies Untrusted to Public through out;
prove apart: for s in subjects: s keeps Secret, Untrusted, network apart except through declassifiers;
prove hears: Hears keeps Secret, Untrusted, network apart;
refute steered: for s in subjects: s keeps Secret, Untrusted, network apart;
""")
        self.check(path, True)
        with open(os.path.join(self.folder, "again.bh"), encoding="utf-8") as file:
            again = file.read()
        for said in ("device Disk label Secret;", "device Tape;", "192.0.2.7/32 label Untrusted;", "channel feed: Web -> Hears"):
            self.assertIn(said.replace("/32", ""), again.replace("/32", ""))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
