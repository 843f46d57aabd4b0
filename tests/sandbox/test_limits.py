"""Memory in every shape, files, processes: whatever is taken is counted."""
import subprocess

from attackers import BULKHEAD, LEVELS, AttackTest
from needs import main, needs_kernel


class Limits(AttackTest):
    def setUp(self):
        super().setUp()
        needs_kernel(self, BULKHEAD)

    def outside(self, *words):
        done = self.bare("fill", *words)
        self.assertEqual(done.stdout, "took\n")

    def test_memory_in_every_shape_is_counted(self):
        for kind in ("memfd", "sockets", "segment"):
            self.outside(kind, self.path("outside"), "60")
            for level in LEVELS:
                if kind == "memfd" and level == "enhanced":
                    continue  # no such files there at all: test_confinement
                with self.subTest(kind=kind, level=level):
                    done = self.confined(self.policy(level), "fill", kind, "/scratch", "60")
                    self.assertNotIn("took", done.stdout)
                    self.assertEqual(done.returncode, 122, done.stdout + done.stderr)

    def test_less_than_the_limit_is_given(self):
        for kind in ("sockets", "segment"):
            with self.subTest(kind=kind):
                done = self.confined(self.policy("standard"), "fill", kind, "/scratch", "20")
                self.assertEqual((done.returncode, done.stdout), (0, "took\n"), done.stderr)

    def test_files_in_memory_end_at_their_size_and_number(self):
        policy = self.policy("standard")
        for kind, amount in (("file", "17"), ("files", "70000")):
            self.outside(kind, self.path("outside"), amount)
            with self.subTest(kind=kind):
                done = self.confined(policy, "fill", kind, "/scratch", amount)
                self.assertEqual(done.stdout, "refused 28\n" if kind == "file" else done.stdout, done.stderr)
                self.assertNotIn("took", done.stdout)

    def test_a_sparse_file_is_as_long_as_it_claims(self):
        self.outside("sparse", self.path("outside"), "65")
        done = self.confined(self.policy("standard"), "fill", "sparse", "/out", "65")
        self.assertNotIn("took", done.stdout)
        self.assertEqual(done.returncode, 122, done.stdout + done.stderr)

    def test_processes_are_as_many_as_granted(self):
        done = self.confined(self.policy("standard"), "fill", "processes", "/scratch", "200")
        self.assertEqual((done.returncode, done.stdout), (0, "refused 11\n"), done.stderr)
        # Nothing of it is left: the first process took the namespace with it.
        left = subprocess.run(["pgrep", "-f", self.folder], stdout=subprocess.PIPE, text=True, check=False).stdout
        self.assertEqual(left, "")


if __name__ == "__main__":
    main()
