"""--timeout and --memory: what they cut off is unknown, and ends."""
import json
import time

from cli import CliTest
from needs import main


# Five different elements on the left side: to find them state by state takes minutes.
FIVE = """module five;
model B {
    sort S;
    var p: S -> bool = false; var q: S -> bool = false; var n: int = 0;
    action a(s: S) do q(s) := true;
    action rare() when n == 40 do p(*) := true, n := 41;
    action up() when n < 39 do n := n + 1;
    invariant k: (exists a, b, c, d, e: S. %s && q(a) && q(b) && q(c) && q(d) && q(e)) -> (exists s: S. q(s));
}
prove five: B.k;
""" % " && ".join(f"{one} != {other}" for one in "abcde" for other in "abcde" if one < other)
# A circuit of millions of gates.
LARGE = """module large;
model Q {
    sort S; sort T;
    var at: T -> S; var full: T -> bool = false; var w: S -> bool = false; var cnt: S -> u32 = 0;
    action put(s: S, t: T) when !full(t) do full(t) := true, at(t) := s, w(s) := true, cnt(s) := cnt(s) * 3 + 1;
    action take(t: T) when full(t) do full(t) := false, w(at(t)) := false;
    invariant c: forall t, u: T. full(t) && full(u) && t != u -> at(t) != at(u) || w(at(t));
}
prove large: Q.c for 100 S, 100 T;
"""

# Thousands of first states that all look alike to everybody: to pair them takes minutes.
PAIRS = """module pairs;
model M {
    sort A, B;
    enum E { X, Y }
    relation p: (A, B);
    var f: bool = true;
    var g: (B, B) -> bool = true;
    var h: (E, E) -> set of A;
    action a0(x: B, e: E) when f || e > X do f := g(x, x), forall y: B, z: B. g(y, z) := z == x || z == y -> g(x, z);
    view of o: A sees g(x, y) for x: B, y: B with g(x, y), g(x2, y2) for x2: B, y2: B with p(o, x2) && g(x2, y2);
}
prove apart: M leaks nothing to o: A;
"""


class Limits(CliTest):
    """What a limit cuts off is unknown, says so, and ends: these claims take minutes, or gigabytes, without one."""

    def unknown(self, text, *limits):
        path = self.file("model.bh", text)
        started = time.monotonic()
        done = self.expect(3, "prove", "--no-cache", "--format", "json", *limits, path)
        spent = time.monotonic() - started
        return json.loads(done.stdout)["claims"][0]["reason"], spent

    def test_the_search_for_a_run_of_a_model_ends_with_the_time(self):
        reason, spent = self.unknown(FIVE, "--timeout", "1000")
        self.assertIn("the time of the run was up", reason)
        self.assertIn("steps", reason, "how far it came")
        self.assertLess(spent, 60)

    def test_the_making_of_a_circuit_ends_with_the_time(self):
        reason, spent = self.unknown(LARGE, "--timeout", "1000")
        self.assertIn("the time of the run was up", reason)
        self.assertLess(spent, 60)

    def test_the_making_of_a_circuit_ends_at_the_limit_of_memory(self):
        reason, _ = self.unknown(LARGE, "--memory", "40", "--timeout", "110000")
        self.assertIn("the limit of memory is reached", reason)

    def test_the_pairing_of_first_states_ends_with_the_time(self):
        reason, spent = self.unknown(PAIRS, "--timeout", "3000")
        self.assertIn("the time of the run was up", reason)
        self.assertLess(spent, 60)

    def test_a_solver_that_cannot_start_knows_nothing(self):
        for memory in ("1", "24", "32", "33"):
            reason, _ = self.unknown(PAIRS, "--memory", memory, "--timeout", "3000")
            self.assertRegex(reason, "out of memory|time of the run was up|limit of")


if __name__ == "__main__":
    main()
