"""The same without privilege: a user that the test makes, who has no delegated cgroup."""
import shutil
import tempfile

from acceptance import BULKHEAD, DOCTOR, IS_ROOT, Acceptance, a_user
from installed import install
from needs import main
from test_levels import Levels


class Unprivileged(Acceptance):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.mkdtemp(prefix="bulkhead-installed-")
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.program, cls.models = install(BULKHEAD, folder)

    def setUp(self):
        self.user = a_user() if IS_ROOT else None
        if not IS_ROOT and DOCTOR["caller"] != "user without a delegated cgroup":
            self.skipTest("needs root: to become a user without a delegated cgroup")
        super().setUp()
        self.environment.update(self.models)


class AsUser(Levels, Unprivileged):
    level = "standard"
    degrade = ("memory:rlimit",)

    def assert_memory_ended(self, ran):
        """Each process meets its own limit, or the sum that is sampled does: either way, it does not get there."""
        if ran.status != 122:
            self.assertEqual((ran.status, ran.out), (0, "take 60 failed memory\n"), str(ran))
        self.assertIn("memory:rlimit", ran.object["degraded"], str(ran))


class AsUserEnhanced(AsUser):
    level = "enhanced"


class SupportTable(Unprivileged):
    def test_refuses_limits_that_nobody_can_enforce_unless_the_policy_names_the_degradation(self):
        for level in ("standard", "enhanced"):
            refused = self.sandbox(level, {"capabilities": []})
            self.assertEqual((refused.status, refused.object["cause"]), (125, "refused"), str(refused))
            self.assertIn("memory:rlimit", refused.err)
            accepted = self.sandbox(level, {"capabilities": [], "degrade": ["memory:rlimit"]})
            self.assertEqual(accepted.status, 0, str(accepted))
            self.assertEqual(accepted.object["degraded"], ["memory:rlimit"], str(accepted))

    def test_refuses_level_maximum(self):
        refused = self.sandbox("maximum", {"capabilities": [], "degrade": ["memory:rlimit"]})
        self.assertEqual((refused.status, refused.object["cause"]), (125, "refused"), str(refused))
        self.assertIn("root", refused.err)

    def test_says_that_the_filter_was_probed_and_refuses_to_call_it_exact(self):
        probed = self.sandbox("standard", {"capabilities": [], "degrade": ["memory:rlimit"]})
        self.assertEqual(probed.object["readback"], "probed", str(probed))
        refused = self.sandbox("standard", {"capabilities": [], "degrade": ["memory:rlimit"]},
                               options=("--require-readback=exact",))
        self.assertEqual(refused.status, 125, str(refused))


if __name__ == "__main__":
    main()
