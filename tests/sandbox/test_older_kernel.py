"""Level enhanced where the kernel cannot keep memory from becoming code by itself (before Linux 6.3): the filter does, or nothing starts.

A filter of the caller's own answers PR_SET_MDWE as an older kernel would; tests/machine/run asks a real one.
"""
import ctypes
import os
import platform
import struct
import subprocess

from attackers import BULKHEAD, AttackTest, attempts
from needs import main, needs_kernel

EXECUTE = os.environ["BULKHEAD_EXEC"]
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, PR_SET_MDWE, PR_GET_MDWE = 38, 22, 65, 66
PRCTL = 157
EINVAL = 22
OWN_RULES = "level enhanced; never hold any; never invoke memfd_create; never invoke shmat when (call.arg2 & 0x8000) != 0;"


def kernel_has_mdwe():
    return ctypes.CDLL(None).prctl(*(ctypes.c_ulong(word) for word in (PR_GET_MDWE, 0, 0, 0, 0))) >= 0


def without_mdwe():
    """In the child before it is replaced: from here on prctl(PR_SET_MDWE) is EINVAL."""
    code = [(0x20, 0, 0, 0), (0x15, 0, 3, PRCTL), (0x20, 0, 0, 16), (0x15, 0, 1, PR_SET_MDWE),
            (0x06, 0, 0, 0x00050000 | EINVAL), (0x06, 0, 0, 0x7fff0000)]
    program = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *line) for line in code))
    header = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", len(code), ctypes.addressof(program)))
    libc = ctypes.CDLL(None, use_errno=True)
    for words in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, 2, ctypes.addressof(header), 0, 0)):
        if libc.prctl(*(ctypes.c_ulong(word) for word in words)) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


class OlderKernel(AttackTest):
    def setUp(self):
        if platform.machine() != "x86_64":
            self.skipTest("needs x86: the caller's filter knows its numbers only")
        super().setUp()
        needs_kernel(self, BULKHEAD)

    def test_the_filter_alone_keeps_memory_from_becoming_code(self):
        bare = attempts(self.bare("code", self.path("outside")).stdout)
        self.assertEqual({bare[name] for name in ("written_page", "protected_later", "implied_execution")}, {"worked"})
        self.expect_failures(self.confined(self.policy("enhanced"), "code", "/out", first=without_mdwe), bare)

    def test_rules_of_its_own_that_leave_a_call_open_are_refused_with_the_call(self):
        policy = self.policy("standard", OWN_RULES + "never invoke mmap when (call.arg2 & 0x6) == 0x6;")
        done = self.confined(policy, "code", "/out", first=without_mdwe)
        self.assertEqual((done.returncode, done.stdout), (125, ""))
        self.assertIn("`mprotect` (10,", done.stderr)
        self.assertIn("help: say `uses enhanced`", done.stderr)
        if kernel_has_mdwe():  # and keeps it, whatever the rules leave open; what was refused was not kept
            kept = attempts(self.confined(policy, "code", "/out").stdout)
            self.assertEqual({kept[name] for name in ("written_page", "protected_later")}, {"failed"})

    def test_a_table_that_counts_on_the_kernel_starts_nothing(self):
        if not kernel_has_mdwe():
            self.skipTest("needs mdwe: no table for this kernel counts on it")
        program = "/usr/bin/true"
        table = self.table(program, level="enhanced")
        for first, status in ((None, 0), (without_mdwe, 125)):
            done = subprocess.run([EXECUTE, "--table-fd", str(table), "--audit-log", self.path("log.jsonl"), "--", program],
                                  check=False, capture_output=True, text=True, pass_fds=(table,), preexec_fn=first, timeout=120)
            self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn("layer memory", done.stderr)


if __name__ == "__main__":
    main()
