// For each engine that speaks of models a claim that it alone decides.
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

struct Case {
  std::string engine, text;
};

class OnlyOne : public testing::TestWithParam<Case> {};

TEST_P(OnlyOne, Decides) {
  const Claims claims(GetParam().text);
  const auto obligation = claims.obligation();
  std::vector<std::string> deciders;
  std::string reasons;
  for (const auto& engine : engine::make_engines()) {
    if (!engine->decides(obligation.goal)) continue;
    engine::Budget budget;
    budget.spacer = std::string(BULKHEAD_BINARY_DIR) + "/cli/bulkhead";
    engine::Session session(claims.world(), budget);
    const auto verdict = engine->solve(obligation, session, {});
    SCOPED_TRACE(std::string(engine->name()) + ": " + told(verdict));
    reasons += std::string(engine->name()) + ": " + told(verdict) + "\n";
    if (std::holds_alternative<verdict::Unknown>(verdict)) continue;
    deciders.emplace_back(engine->name());
    expect_accepted(claims, verdict);
  }
  EXPECT_EQ(deciders, std::vector<std::string>{GetParam().engine}) << reasons;
}

const Case kCases[] = {
    {"induction", R"bh(
model Numbers {
    sort Node;
    const factor: int;
    var count: Node -> int = 0;
    var sum: Node -> int = 0;
    action add(n: Node) do count(n) := count(n) + 1, sum(n) := sum(n) + factor;
}
prove Numbers unreachable exists n: Node. sum(n) != count(n) * factor;)bh"},
    {"spacer", R"bh(
model Pool {
    sort Node;
    var given: Node -> int = 0;
    var kept: Node -> int = 0;
    action give(n: Node) do given(n) := given(n) + 2, kept(n) := kept(n) + 1;
    action lose(n: Node) when kept(n) > 0 do kept(n) := kept(n) - 1;
    action empty(n: Node) when given(n) == 0 && kept(n) > 0 do given(n) := -1;
    invariant some: forall n: Node. given(n) >= 0;
}
prove Pool.some;)bh"},
    {"inference", memory("prove Memory.exclusive;")},
    {"scope", R"bh(
model Bytes {
    sort Node;
    var number: Node -> u8 = 0;
    action raise(n: Node) do number(n) := number(n) + 2;
}
prove Bytes unreachable exists n: Node. number(n) == 7 for 3 Node;)bh"},
    {"enumeration", R"bh(
model Box {
    sort User;
    var secret: User -> bool = false;
    var inside: bool = false;
    var full: bool = false;
    var seen: User -> bool = false;
    action store(u: User) when !full do inside := secret(u), full := true;
    action clear(u: User) when full do inside := false, full := false;
    action read(u: User) when !full do seen(u) := inside;
    action change(u: User) do secret(u) := !secret(u);
    view of o: User sees seen(o);
}
prove Box leaks nothing to o: User for 2 User;)bh"},
    {"steps", R"bh(
model Numbers {
    sort Node;
    var count: Node -> int = 0;
    action add(n: Node) do count(n) := count(n) + 1;
}
prove Numbers unreachable exists n: Node. count(n) > 3 within 3 steps;)bh"},
    {"unwinding", R"bh(
model Cells {
    sort User;
    var cell: User -> bool = false;
    action write(u: User, b: bool) do cell(u) := b;
    view of o: User sees cell(o);
}
prove Cells leaks nothing to o: User except from d: User where false;)bh"},
    {"search", R"bh(
model Numbers {
    sort Node;
    var count: Node -> int = 0;
    action add(n: Node) when count(n) < 30 do count(n) := count(n) + 1;
}
refute Numbers unreachable exists n: Node. count(n) == 20;)bh"},
    {"unrolling", R"bh(
model Queue {
    sort Node;
    enum State { Out, Near, In }
    var state: Node -> State = Out;
    action come(n: Node) when state(n) == Out do state(n) := Near;
    action enter(n: Node) when state(n) == Near do state(n) := In;
}
refute Queue unreachable exists a, b, c, d: Node. a != b && a != c && a != d && b != c && b != d && c != d
    && state(a) == In && state(b) == In && state(c) == In && state(d) == In;)bh"},
    {"backwards", R"bh(
model Crowd {
    sort Node;
    var present: Node -> bool = false;
    var ready: Node -> bool;
    action call() do forall n: Node. present(n) := ready(n);
}
refute Crowd unreachable exists a, b, c, d, e: Node. a != b && a != c && a != d && a != e && b != c && b != d && b != e
    && c != d && c != e && d != e && present(a) && present(b) && present(c) && present(d) && present(e);)bh"},
    {"rank", R"bh(
model Post {
    sort Letter;
    var pages: Letter -> int = 0;
    action write(l: Letter) when pages(l) == 0 do pages(l) := 900;
    action read(l: Letter) when pages(l) > 0 do pages(l) := pages(l) - 1;
}
prove in Post: forall l: Letter. pages(l) > 0 leads to pages(l) == 0 under fair { read };)bh"},
    {"rounds", R"bh(
model Servers {
    sort Job;
    sort Server;
    var server: Job -> Server;
    var waits: Job -> bool = false;
    action submit(j: Job, s: Server) when !waits(j) do waits(j) := true, server(j) := s;
    action serve(s: Server, j: Job) when waits(j) && server(j) == s do waits(j) := false;
}
prove in Servers: forall j: Job. waits(j) leads to !waits(j) under fair { serve };)bh"},
    {"lasso", R"bh(
model Bytes {
    sort Node;
    var number: Node -> u8 = 0;
    action set(n: Node, b: u8) when b < 3 do number(n) := b;
}
refute in Bytes: forall n: Node. number(n) == 0 leads to number(n) == 9 under fair { set };)bh"},
    {"loop", R"bh(
model Four {
    sort Node;
    var on: Node -> bool = false;
    var done: bool = false;
    action turn(n: Node) do on(n) := true;
    action finish() when exists a, b, c, d: Node. a != b && a != c && a != d && b != c && b != d && c != d
        && on(a) && on(b) && on(c) && on(d) do done := true;
}
refute in Four: (exists a, b, c, d: Node. a != b && a != c && a != d && b != c && b != d && c != d
    && on(a) && on(b) && on(c) && on(d)) leads to done under fair { turn };)bh"},
};

INSTANTIATE_TEST_SUITE_P(Engines, OnlyOne, testing::ValuesIn(kCases), [](const auto& one) { return one.param.engine; });

}  // namespace
}  // namespace bulkhead::test
