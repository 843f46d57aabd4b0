// Claims about one scope that no circuit decides: every state is looked at, by the engine and again by the checker.
#include "lang/system/exhaust.h"
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

using verdict::ScopeEvidence;
using verdict::Vacuous;

/// Places in a queue of at most `cap`, which nothing declares and an assumption bounds.
std::string queue(const std::string& claims) {
  return R"bh(
model Queue {
    sort Sender;
    const cap: int;
    var length: int = 0;
    var waiting: Sender -> bool = false;
    assume small: cap >= 2 && cap <= 3;
    action come(s: Sender) when !waiting(s) && length < cap do waiting(s) := true, length := length + 1;
    action serve(s: Sender) when waiting(s) do waiting(s) := false, length := length - 1;
    invariant bounded: length >= 0 && length <= cap;
    invariant over: length == 4 -> cap == 9;
}
)bh" + claims;
}

void expect_holds(const Claims& claims, std::size_t claim, std::size_t states) {
  auto verdict = claims.decide(claim);
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "enumeration");
  EXPECT_EQ(evidence_of<ScopeEvidence>(verdict).proofs, std::vector<std::string>{system::spell_enumeration(states)});
  expect_accepted(claims, verdict, claim);
}

TEST(Enumerated, IntegersThatAreFewInAScopeAreDecided) {
  const Claims claims(queue(R"bh(
prove bounded: Queue.bounded for 3 Sender;
prove near: Queue.bounded for 3 Sender within 30 steps;
prove served: in Queue: forall s: Sender. waiting(s) leads to !waiting(s) under fair { serve } for 3 Sender;
refute full: Queue unreachable length == 3 for 3 Sender;
refute starved: in Queue: forall s: Sender. waiting(s) leads to !waiting(s) under fair { come } for 2 Sender;
prove over: Queue.over for 3 Sender;
)bh"));
  for (const std::size_t claim : {0u, 1u, 2u}) expect_holds(claims, claim, 15);
  for (const std::size_t claim : {3u, 4u}) {
    const auto verdict = claims.decide(claim);
    ASSERT_TRUE(std::holds_alternative<verdict::Violated>(verdict)) << told(verdict);
    EXPECT_EQ(engine_of(verdict), "enumeration");
    expect_accepted(claims, verdict, claim);
  }
}

TEST(Enumerated, WhatALeftSideNeverSaysIsVacuousWithEvidence) {
  const Claims claims(queue("prove over: Queue.over for 3 Sender;\nprove bounded: Queue.bounded for 3 Sender;"));
  const auto verdict = claims.decide(0);
  ASSERT_TRUE(std::holds_alternative<Vacuous>(verdict)) << told(verdict);
  EXPECT_EQ(std::get<Vacuous>(verdict).which, 1u);
  expect_accepted(claims, verdict, 0);
  expect_rejected(claims, verdict, 1);
  Vacuous other = std::get<Vacuous>(verdict);
  other.which = 2;
  expect_rejected(claims, other, 0);
  other.which = 0;
  expect_rejected(claims, other, 0);
}

TEST(Enumerated, AScopeWithoutAnInitialStateIsVacuous) {
  const Claims claims(R"bh(
model Two {
    sort A;
    var n: A -> int = 0;
    initially exists a, b: A. a != b;
    action add(a: A) when n(a) < 2 do n(a) := n(a) + 1;
}
prove one: Two unreachable exists a: A. n(a) == 5 for 1 A;
prove two: Two unreachable exists a: A. n(a) == 5 for 2 A;)bh");
  const auto verdict = claims.decide(0);
  ASSERT_TRUE(std::holds_alternative<Vacuous>(verdict)) << told(verdict);
  expect_accepted(claims, verdict, 0);
  expect_rejected(claims, verdict, 1);
}

TEST(Enumerated, EvidenceThatWasTamperedWithIsRejected) {
  const Claims claims(queue("prove bounded: Queue.bounded for 3 Sender;"));
  const auto good = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(good)) << told(good);
  const auto with = [&](const auto& change) {
    auto bad = good;
    change(evidence_of<ScopeEvidence>(bad));
    expect_rejected(claims, bad);
  };
  with([](ScopeEvidence& evidence) { evidence.proofs = {system::spell_enumeration(14)}; });
  with([](ScopeEvidence& evidence) { evidence.proofs.clear(); });
  with([](ScopeEvidence& evidence) { evidence.proofs.push_back(evidence.proofs[0]); });
  with([](ScopeEvidence& evidence) { evidence.k = 1; });
  with([](ScopeEvidence& evidence) { evidence.excluded.push_back({{0, 0, true}}); });
  with([](ScopeEvidence& evidence) { evidence.witnesses.clear(); });
  expect_rejected(Claims(queue("prove bounded: Queue.bounded for 2 Sender;")), good);
  expect_rejected(Claims(queue("prove bounded: Queue.bounded;")), good);
  expect_rejected(Claims(queue("prove full: Queue unreachable length == 3 for 3 Sender;")), good);
}

/// What is stored while somebody else reads is nobody's; the view alone does not say so, so unwinding fails.
std::string box(const std::string& claims, const std::string& guard) {
  return R"bh(
model Box {
    sort User;
    var secret: User -> bool;
    var inside: bool = false;
    var full: bool = false;
    var seen: User -> bool = false;
    initially forall u: User. secret(u) || !secret(u);
    action store(u: User) when !full do inside := secret(u), full := true;
    action clear(u: User) when full do inside := false, full := false;
    action read(u: User) )bh" +
         guard + R"bh( do seen(u) := inside;
    action change(u: User) do secret(u) := !secret(u);
    view of o: User sees seen(o);
}
)bh" + claims;
}

TEST(Enumerated, NothingLeaksWhereAllPairsOfStatesWereLookedAt) {
  const Claims claims(box("prove quiet: Box leaks nothing to o: User for 2 User;", "when !full"));
  auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "enumeration");
  expect_accepted(claims, verdict);
  expect_rejected(Claims(box("prove quiet: Box leaks nothing to o: User;", "when !full")), verdict);
  expect_rejected(Claims(box("prove quiet: Box leaks nothing to o: User for 2 User;", "when full")), verdict);
  evidence_of<ScopeEvidence>(verdict).witnesses.clear();
  expect_rejected(claims, verdict);
  const Claims loud(box("refute loud: Box leaks nothing to o: User for 2 User;", "when full"));
  const auto leak = loud.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Violated>(leak)) << told(leak);
  expect_accepted(loud, leak);
}

TEST(Enumerated, ParametersThatGuardsBoundAreListed) {
  const Claims claims(R"bh(
model Steps {
    var at: int = 0;
    action up(by: int) when by >= 1 && by <= 2 && at + by <= 5 do at := at + by;
    action down(by: u16) when by < 3 && at > 0 do at := at - 1;
}
prove top: Steps unreachable at == 6;
refute five: Steps unreachable at == 5;
prove rises: in Steps: at == 4 leads to at == 5 || at < 4 under fair { up };
refute stays: in Steps: at == 4 leads to at == 5 under fair { up };)bh");
  expect_holds(claims, 0, 6);
  expect_holds(claims, 2, 6);
  for (const std::size_t claim : {1u, 3u}) {
    const auto verdict = claims.decide(claim);
    ASSERT_TRUE(std::holds_alternative<verdict::Violated>(verdict)) << told(verdict);
    expect_accepted(claims, verdict, claim);
  }
}

TEST(Enumerated, CountersOfWordsReachWhatTheyLeadTo) {
  const Claims claims(R"bh(
model Clock {
    var time: u8 = 0;
    action tick() when time < 250 do time := time + 1;
}
prove ends: in Clock: time == 3 leads to time == 250 under fair { tick };)bh");
  const auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "scope: enumeration");
  expect_accepted(claims, verdict);
}

TEST(Enumerated, WhatIsTooMuchIsUnknownWithTheDepth) {
  const Claims claims(R"bh(
model Endless {
    sort Node;
    var count: Node -> int = 0;
    var other: Node -> int = 0;
    action add(n: Node) do count(n) := count(n) + 1;
    action take(n: Node) when count(n) > 2 do other(n) := other(n) + count(n);
}
prove never: Endless unreachable exists n: Node. other(n) * other(n) == 1234567 for 2 Node;)bh");
  for (const auto& engine : engine::make_engines()) {
    if (engine->name() != "enumeration") continue;
    engine::Session session(claims.world());
    const auto verdict = engine->solve(claims.obligation(), session, {});
    EXPECT_NE(told(verdict).find("states and none within "), std::string::npos) << told(verdict);
  }
}

}  // namespace
}  // namespace bulkhead::test
