"""Files, memory, processes and privilege: what works outside fails inside, at each level, as root and as a user."""
import os
import stat

from attackers import BULKHEAD, LEVELS, NOBODY, AttackTest, attempts, unknown_calls
from needs import main, needs_kernel

# What does not work outside either: the host's first process is closed to some callers, and races are won by chance.
BY_CHANCE = {"race_of_links", "race_of_bytes", "host_by_first", "host_by_first_folder", "first_memory"}
# A path of 8 MiB is no attack but a burden: the listener must outlive it. Answered as the kernel would.
SURVIVED = {"long_path"}


class Confinement(AttackTest):
    def setUp(self):
        super().setUp()
        needs_kernel(self, BULKHEAD)

    def arms(self, attacker, outside, inside, but=lambda level: (), chance=(), more=""):
        said = self.bare(attacker, *outside).stdout
        bare = attempts(said)
        self.assertTrue(bare)
        if os.geteuid() == 0:
            failed = {name for name, how in bare.items() if how != "worked"}
            self.assertEqual(failed - set(chance) - unknown_calls(said), set())
        for level in LEVELS:
            with self.subTest(level=level):
                self.expect_failures(self.confined(self.policy(level, more), attacker, *inside), bare, but(level))
        if os.geteuid() == 0:
            self.as_user(attacker, inside, bare, but, more)

    def as_user(self, attacker, inside, bare, but, more):
        self.give_to(NOBODY)
        for level in LEVELS:
            with self.subTest(level=level, user=NOBODY):
                policy = self.policy(level, "degrade memory: rlimit; " + more)
                self.expect_failures(self.confined(policy, attacker, *inside, user=NOBODY), bare, but(level))

    def test_files_that_no_rule_grants(self):
        self.arms("files", [self.path("outside", "allowed.txt"), self.path("outside", "secret.txt"), self.path("outside")],
                  ["/in/allowed.txt", "/in/secret.txt", "/out"], lambda level: SURVIVED, BY_CHANCE)
        for folder, _, names in os.walk(self.path("out")):
            for name in names:
                mode = os.lstat(os.path.join(folder, name)).st_mode
                self.assertEqual(mode & (stat.S_ISUID | stat.S_ISGID), 0, name)
        with open(self.path("in", "secret.txt"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "SECRET\n")

    def test_files_that_may_be_read_and_not_written_on_a_writable_mount(self):
        outside, inside = [self.path("outside", "allowed.txt"), self.path("outside")], self.path("mixed")
        os.makedirs(os.path.join(inside, "kept"))
        kept = os.path.join(inside, "kept", "file")
        for name in (outside[0], kept):
            with open(name, "w", encoding="utf-8") as file:
                file.write("kept\n")
            os.setxattr(name, "user.kept", b"1")
            os.chmod(name, 0o644)
        rules = f'mount Mixed at "/mixed"; may read Mixed:"/kept/**"; may write Mixed:"/free/**"; may read "/proc/**";'
        with_volume = self.policy
        self.policy = lambda level, more="", port=1: self.add_volume(with_volume(level, more, port), inside)
        # A watch on a folder of which nothing may be read is asked about at both levels.
        self.arms("kept", outside, ["/mixed/kept/file", "/mixed/kept"], more=rules)
        self.assertEqual(os.getxattr(kept, "user.kept"), b"1")
        self.assertEqual(os.listxattr(kept), ["user.kept"])
        self.assertEqual((os.stat(kept).st_mode & 0o777, os.stat(os.path.dirname(kept)).st_mode & 0o022), (0o644, 0))

    def test_code_that_no_rule_lets_run(self):
        # Level standard lets a program write code in its own memory, as interpreters do; no file is run for it.
        own_memory = ("written_page", "protected_later", "memory_file_mapped", "shared_segment")
        self.arms("code", [self.path("outside")], ["/out"], lambda level: own_memory if level == "standard" else ())

    def test_processes_privileges_and_the_kernel(self):
        chance = {"signal_first", "host_modules", "joined_namespace", "more_descriptors"}
        self.arms("process", [str(os.getpid()), self.path("outside", "secret.txt")], [str(os.getpid()), "/in/secret.txt"],
                  chance=chance)


if __name__ == "__main__":
    main()
