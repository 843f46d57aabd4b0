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

    def arms(self, attacker, outside, inside, but=lambda level: (), chance=()):
        said = self.bare(attacker, *outside).stdout
        bare = attempts(said)
        self.assertTrue(bare)
        if os.geteuid() == 0:
            failed = {name for name, how in bare.items() if how != "worked"}
            self.assertEqual(failed - set(chance) - unknown_calls(said), set())
        for level in LEVELS:
            with self.subTest(level=level):
                self.expect_failures(self.confined(self.policy(level), attacker, *inside), bare, but(level))
        if os.geteuid() == 0:
            self.as_user(attacker, inside, bare, but)

    def as_user(self, attacker, inside, bare, but):
        self.give_to(NOBODY)
        for level in LEVELS:
            with self.subTest(level=level, user=NOBODY):
                policy = self.policy(level, "degrade memory: rlimit;")
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
