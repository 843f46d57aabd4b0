"""emit, import and diff of foreign configurations, as a user meets them."""
import json
import os
import unittest

from cli import GOOD, CliTest
from needs import main

CORPORA = os.environ.get("BULKHEAD_CORPORA", "")


def profiles():
    """Docker's and Podman's default profiles, where the corpora are given."""
    folder = os.path.join(CORPORA, "seccomp")
    names = sorted(os.listdir(folder)) if CORPORA and os.path.isdir(folder) else []
    found = {}
    for who in ("moby", "podman"):
        for name in names:
            if name.endswith(".json") and (who in name or (who == "podman" and "containers" in name)):
                found.setdefault(who, os.path.join(folder, name))
    return found


class Emit(CliTest):
    def targets(self):
        done = self.expect(2, "emit", "--target", "nonsense", self.file("good.bh", GOOD))
        return [line.split()[0] for line in done.stderr.splitlines() if line.startswith("  ") and line.split()]

    def test_lists_the_targets_and_the_nearest_one(self):
        targets = self.targets()
        self.assertIn("table", targets)
        done = self.expect(2, "emit", "--target", targets[-1] + "z", self.file("good.bh", GOOD))
        self.assertIn(f"did you mean `{targets[-1]}`", done.stderr)

    def test_writes_every_target_the_same_twice(self):
        path = self.file("good.bh", GOOD)
        for target in self.targets():
            with self.subTest(target=target):
                self.expect(0, "emit", "--volume", f"Data={self.folder}", "--target", target, "-o", "first", path)
                self.expect(0, "emit", "--volume", f"Data={self.folder}", "--target", target, "-o", "second", path)
                with open(os.path.join(self.folder, "first"), "rb") as first, open(os.path.join(self.folder, "second"), "rb") as second:
                    bytes_of = first.read()
                    self.assertEqual(bytes_of, second.read())
                    self.assertTrue(bytes_of)

    def test_emits_nothing_of_a_policy_that_is_not_proved(self):
        path = self.file("bad.bh", GOOD.replace("may   read", "may   connect Anywhere;\n    may   read"))
        done = self.expect(1, "emit", "--target", "table", "-o", "made", path)
        self.assertIn("no_egress", done.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "made")))

    def test_writes_the_filter_of_either_machine(self):
        path = self.file("good.bh", GOOD)
        for machine, name in (("x86-64", "SCMP_ARCH_X86_64"), ("aarch64", "SCMP_ARCH_AARCH64")):
            self.expect(0, "emit", "--target", "seccomp-json", "--machine", machine, "-o", machine, path)
            self.assertEqual(json.loads(self.read(machine))["architectures"], [name])
            self.expect(0, "emit", "--target", "seccomp", "--machine", machine, "-o", machine + ".bpf", path)

    def test_an_older_landlock_is_not_counted_on_for_what_it_does_not_see(self):
        policy = GOOD.replace(' readonly;', ';').replace('may   read Data:"/**";',
                                                          'may   read Data:"/**";\n    may   write Data:"%s";')
        whole, part = self.file("whole.bh", policy % "/**"), self.file("part.bh", policy % "/out/**")
        for abi in ("2", "3"):
            self.expect(0, "emit", "--target", "landlock", "--landlock-abi", abi, "-o", abi, whole)
        handled = [json.loads(self.read(abi))["handled_fs"] for abi in ("2", "3")]
        self.assertEqual(handled[1] & ~handled[0], 1 << 14, "truncation")
        self.expect(0, "emit", "--target", "landlock", "--landlock-abi", "3", "-o", "made", part)
        done = self.expect(4, "emit", "--target", "landlock", "--landlock-abi", "2", "-o", "made", part)
        self.assertIn("pid and network namespaces keep signals",
                      self.expect(0, "emit", "--target", "landlock", "--landlock-abi", "2", whole).stderr)
        self.assertIn("files below `/data` could be emptied", done.stderr)
        self.expect(2, "emit", "--target", "landlock", "--landlock-abi", "0", part)

    def test_names_the_container_that_was_meant(self):
        done = self.expect(2, "emit", "--target", "table", "--container", "Agnet", self.file("good.bh", GOOD))
        self.assertIn("did you mean `Agent`", done.stderr)


class Import(CliTest):
    def test_capabilities_become_a_policy_whose_claims_hold(self):
        path = self.file("caps.json", json.dumps({"capabilities": [
            {"kind": "FILE_READ", "paths": ["/srv/data/*.csv"]}, {"kind": "FILE_WRITE", "paths": ["/srv/out/**"]},
            {"kind": "NETWORK_CONNECT", "to": [{"cidr": "10.0.7.0/24", "port": 443, "proto": "tcp"}]},
            {"kind": "PROCESS_SPAWN", "paths": ["/usr/bin/git"], "max": 8}, {"kind": "ENV_READ", "names": ["LANG"]}]}))
        self.expect(0, "import", "capabilities", "-o", "made.bh", path)
        self.expect(0, "check", "made.bh")
        self.expect(0, "prove", "--certify", "made.bh")

    def test_a_seccomp_profile_survives_import_and_emission(self):
        path = self.file("small.json", json.dumps({
            "defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
            "syscalls": [{"names": ["read", "write", "exit_group"], "action": "SCMP_ACT_ALLOW"},
                         {"names": ["personality"], "action": "SCMP_ACT_ALLOW",
                          "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]}]}))
        self.expect(0, "import", "seccomp", "--name", "Small", "-o", "made.bh", path)
        self.expect(0, "check", "made.bh")
        self.assertIn("personality", self.read("made.bh"))
        self.round_trip("made.bh")

    def round_trip(self, policy):
        """Emitted and imported again, the policy grants the same."""
        self.expect(0, "emit", "--target", "seccomp-json", "-o", "again.json", policy)
        self.expect(0, "import", "seccomp", "--name", "Small", "-o", "again.bh", "again.json")
        self.expect(0, "diff", policy, "again.bh")
        self.expect(0, "diff", "again.bh", policy)

    def test_an_oci_configuration_becomes_a_policy(self):
        path = self.file("config.json", json.dumps({
            "ociVersion": "1.0.2", "root": {"path": "rootfs", "readonly": True},
            "process": {"user": {"uid": 1000, "gid": 1000}, "args": ["/bin/true"], "cwd": "/", "env": ["LANG=C.UTF-8"],
                        "capabilities": {"bounding": ["CAP_CHOWN"], "effective": ["CAP_CHOWN"], "permitted": ["CAP_CHOWN"]},
                        "noNewPrivileges": True},
            "mounts": [{"destination": "/data", "source": "/srv/data", "type": "bind", "options": ["bind", "ro"]}],
            "linux": {"namespaces": [{"type": kind} for kind in ("pid", "network", "ipc", "uts", "mount", "user", "cgroup")],
                      "seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
                                  "syscalls": [{"names": ["read", "execve"], "action": "SCMP_ACT_ALLOW"}]}}}))
        self.expect(0, "import", "oci", "--name", "Imported", "-o", "made.bh", path)
        self.expect(0, "check", "made.bh")
        self.assertIn("/srv/data", self.read("made.bh"))
        self.assertIn("syscalls allow execve, read;", self.read("made.bh"))
        self.expect(0, "emit", "--target", "oci", "--machine", "x86-64", "-o", "again.json", "made.bh")
        self.expect(0, "import", "oci", "--name", "Imported", "-o", "again.bh", "again.json")
        self.expect(0, "emit", "--target", "oci", "--machine", "x86-64", "-o", "third.json", "again.bh")
        self.assertEqual(self.read("third.json"), self.read("again.json"))

    def test_says_where_a_configuration_is_wrong(self):
        for kind in ("seccomp", "oci", "capabilities"):
            done = self.expect(2, "import", kind, self.file("wrong.json", '{"a": }'))
            self.assertIn("wrong.json:1", done.stderr)
        self.expect(2, "import", "nonsense", "wrong.json")


@unittest.skipUnless(len(profiles()) == 2, "needs corpora: the default profiles of Docker and Podman")
class Profiles(CliTest):
    def test_the_two_default_profiles_differ_both_ways_with_witnesses(self):
        for who, path in profiles().items():
            self.expect(0, "import", "seccomp", "--name", "Default", "-o", f"{who}.bh", path)
            self.expect(0, "check", f"{who}.bh")
        for older, newer in (("moby", "podman"), ("podman", "moby")):
            done = self.expect(1, "diff", f"{older}.bh", f"{newer}.bh")
            self.assertIn("+ Default invoke ", done.stdout)
            self.assertIn("- Default invoke ", done.stdout)
            # Podman lets clone3 through without a capability; mseal stands in Docker's profile alone.
            for call, owner in (("clone3", "podman"), ("mseal", "moby")):
                sign = "+" if newer == owner else "-"
                self.assertIn(f"{sign} Default invoke {call}\n", done.stdout)
        for who in profiles():
            self.expect(0, "diff", f"{who}.bh", f"{who}.bh")


if __name__ == "__main__":
    main()
