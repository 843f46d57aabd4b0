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
# Where a line comes from: another file of a dump, and what is implied is written out there.
PLACE = re.compile(r" *// (?:[^/]*:\d+|implied: .*)$", re.MULTILINE)


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
        # Claims of packs are claims of the policy in a dump, and named as such.
        return {claim["name"].replace(".", "_"): (claim["mode"], claim["status"])
                for claim in json.loads(done.stdout)["claims"]}

    def dump(self, path, name):
        written = os.path.join(self.folder, name)
        dumped = bulkhead("check", "--dump", "ir", "--output", written, path)
        self.assertEqual(0, dumped.returncode, f"{path}\n{dumped.stderr}")
        return written

    def lines(self, path):
        with open(path, encoding="utf-8") as file:
            return PLACE.sub("", file.read()).splitlines()

    def check(self, path, compare_claims):
        again = self.dump(path, "again.bh")
        read = bulkhead("check", again)
        self.assertEqual(0, read.returncode, f"{path}\n{read.stderr}")
        self.assertEqual(self.lines(again), self.lines(self.dump(again, "twice.bh")), path)
        changes = json.loads(bulkhead("diff", "--format", "json", path, again).stdout)
        # Of a policy that hands rights over `diff` says that it cannot compare all of it; everything else is no change.
        known = ("hands rights over", "handed over under conditions")
        told = [one for one in changes["changes"] if not any(part in one.get("reason", "") for part in known)]
        self.assertEqual(([], []), (told, changes["settings"]), path)
        if compare_claims:
            claims = self.verdicts(path)
            self.assertTrue(claims, path)
            self.assertEqual(claims, self.verdicts(again), path)

    def test_every_model_reads_again(self):
        models = sorted(glob.glob(os.path.join(SOURCE, "models/*.bh")))
        self.assertTrue(models)
        for path in models:
            self.check(path, False)

    def test_every_spec_and_example_reads_again(self):
        policies = sorted(glob.glob(os.path.join(SOURCE, "specs/*/*.bh")))
        examples = sorted(glob.glob(os.path.join(SOURCE, "examples/**/*.bh"), recursive=True))
        self.assertTrue(policies and examples)
        for path in policies + examples:
            self.check(path, True)

    def test_capabilities_packs_and_strengths_read_again(self):
        path = os.path.join(self.folder, "odd.bh")
        with open(path, "w", encoding="utf-8") as file:
            file.write("""module odd;
import packs.no_egress;
import packs.no_shared_writable;
device Disk;
volume Ledger;
subject Owner, Clerk;
container First { mount Ledger at "/l"; }
container Second {}
pod Both = First, Second;
pod One = Second;
net Sites = 10.0.0.0/8;
capability DiskCap on Disk { rights read, write, delegate; }
file Kept = Ledger:"/kept/**";
capability LedgerCap on Kept { rights read; }
Owner holds DiskCap;
Clerk holds DiskCap(read);
Clerk holds LedgerCap;
channel bus: Owner -> Both { mediated by kernel; }
channel wire: Clerk -> Sites { protect integrity with ml_dsa_44, aes_128_gcm; protect freshness, confidentiality with aes_256_gcm; }
channel open_wire: Owner -> Sites { protect integrity with ed25519; limit 3 in flight; }
Owner may delegate read, delegate on Disk to Both via bus when !(Clerk holds read on Kept);
Owner may revoke read on Disk from Both;
prove pack no_egress;
prove pack no_egress for pod One;
prove pack no_shared_writable for pod Both;
prove reads: First can read Disk;
refute strong: every channel to Sites uses strength >= category 2;
""")
        self.check(path, True)
        with open(self.dump(path, "strengths.bh"), encoding="utf-8") as file:
            dumped = file.read()
        self.assertIn("protect integrity with ml_dsa_44, aes_128_gcm, aes_256_gcm;", dumped)
        self.assertIn("protect confidentiality with aes_256_gcm;", dumped)
        self.assertIn("limit 1 in flight; protect integrity with ed25519;", dumped)
        self.assertIn("Clerk holds DiskCap(read);", dumped)
        self.assertIn("for c in pod One: c cannot connect, bind any;", dumped)

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

    def test_open_containers_and_what_a_host_is_cleared_for_read_again(self):
        path = os.path.join(self.folder, "open.bh")
        with open(path, "w", encoding="utf-8") as file:
            file.write("""module open;
label Public < Internal < Secret;
device Disk;
volume Vault label Secret;
net Sites = 10.0.0.0/8;
subject Owner;
profile Untrusted { mount Vault at "/v"; clearance Internal; may connect Sites; }
container Agent { mount Vault at "/v"; may read Vault; clearance Secret; }
host Machine { clearance Public; label Secret; }
open container peer: Untrusted;
open container guest: Untrusted;
pod Crowd = peer, Agent;
pod Alone = guest;
capability DiskCap on Disk { rights read, delegate; }
Owner holds DiskCap;
peer holds DiskCap(read);
channel gives: Owner -> peer { mediated by kernel; }
channel among: peer <-> peer { mediated by kernel; }
channel crowd: Crowd <-> Alone { mediated by kernel; limit 2 in flight; }
channel out: peer -> Sites { protect integrity, confidentiality with ml_kem_1024, ml_dsa_87; }
Owner may delegate read, delegate on Disk to peer via gives when !(peer holds read on Vault);
peer may delegate read on Disk to peer via among;
Crowd may delegate read on Disk to guest via crowd when Owner holds read on Disk;
Owner may revoke read on Disk from peer;
peer may revoke read on Disk from peer;
peer declassifies Secret to Public through out;
refute out_of_all: no flow Secret -> network except through peer;
prove spread: guest cannot acquire read on Vault;
refute gossip: peer isolated from peer;
refute to_host: no flow Secret -> Internal;
""")
        self.check(path, True)
        said = self.lines(self.dump(path, "said.bh"))
        for line in ("    clearance Public;", "    label Secret;", "peer may delegate read on Disk to peer via among;",
                     "peer may delegate read on Disk to guest via crowd when Owner holds read on Disk;",
                     "Owner may revoke read on Disk from peer;", "peer declassifies Secret to Public through out;"):
            self.assertEqual(1, said.count(line), line)
        self.assertIn("channel among: peer <-> peer { mediated by kernel; }", said)
        self.assertFalse([one for one in said if "another" in one and "// " not in one])

    def test_a_host_that_alone_is_cleared_reads_again(self):
        path = os.path.join(self.folder, "cleared.bh")
        with open(path, "w", encoding="utf-8") as file:
            file.write("""module cleared;
label Low < High;
volume Vault from host:"/srv/v" label High;
host Machine { clearance High; }
container Agent { mount Vault at "/v"; may read Vault; }
prove kept: no flow High -> Low;
""")
        self.check(path, False)
        self.assertEqual(1, self.lines(self.dump(path, "said.bh")).count("    clearance High;"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
