// Claims about one scope: decided exactly, with evidence of their own.
#include <gmock/gmock.h>

#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

using verdict::ScopeEvidence;

constexpr const char* kCounter = R"bh(
model Counter {
    var number: u8 = 1;
    action raise() do number := number + 3;
}
)bh";

TEST(Scope, AClaimThatNamesEverySizeHoldsInItsScope) {
  const Claims claims(memory("prove Memory.exclusive for 2 Container, 2 Frame;"));
  auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "scope: ic3");
  const auto& evidence = evidence_of<ScopeEvidence>(verdict);
  EXPECT_FALSE(evidence.excluded.empty());
  for (const system::Run& witness : evidence.witnesses)
    EXPECT_EQ(witness.scope.sizes, (std::vector<std::uint32_t>{2, 2}));
  expect_accepted(claims, verdict);
}

TEST(Scope, EvidenceThatWasTamperedWithIsRejected) {
  const Claims claims(memory("prove Memory.exclusive for 2 Container, 2 Frame;"));
  const auto good = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(good)) << told(good);
  const auto with = [&](const auto& change) {
    auto bad = good;
    change(evidence_of<ScopeEvidence>(bad));
    expect_rejected(claims, bad);
  };
  with([](ScopeEvidence& evidence) { evidence.proofs.pop_back(); });
  with([](ScopeEvidence& evidence) {
    evidence.proofs.back() = "0\n";
    evidence.excluded.clear();
  });
  with([](ScopeEvidence& evidence) { evidence.excluded.clear(); });
  with([](ScopeEvidence& evidence) { evidence.excluded.at(0).at(0).value ^= true; });
  with([](ScopeEvidence& evidence) { evidence.excluded.at(0).at(0).entry = 1'000'000; });
  with([](ScopeEvidence& evidence) { evidence.k = 0; });
  with([](ScopeEvidence& evidence) { evidence.witnesses.pop_back(); });
}

TEST(Scope, EvidenceForOneScopeIsNoneForAnotherOrForAll) {
  const auto verdict = Claims(memory("prove Memory.exclusive for 2 Container, 2 Frame;")).decide();
  expect_rejected(Claims(memory("prove Memory.exclusive for 3 Container, 2 Frame;")), verdict);
  expect_rejected(Claims(memory("prove Memory.exclusive;")), verdict);
}

TEST(Scope, WitnessesKeepToTheBounds) {
  const Claims claims(memory("prove Memory.exclusive for 2 Container, 2 Frame within 3 steps;",
                             "lemma owned: forall c: Container, f: Frame. mapped(c, f) -> owner(f) == c;"));
  auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  expect_accepted(claims, verdict);
  auto& runs = evidence_of<ScopeEvidence>(verdict).witnesses;
  const system::Run longer = [&] {
    system::Run run = runs.back();
    while (run.steps.size() < 4) run.steps.push_back(run.steps.back());
    return run;
  }();
  runs.back() = longer;
  expect_rejected(claims, verdict);
}

TEST(Scope, ABoundOfStepsIsExact) {
  const Claims claims(std::string(kCounter) + "prove near: Counter unreachable number == 10 within 2 steps;\n" +
                      "prove there: Counter unreachable number == 10 within 3 steps;\n");
  auto near = claims.decide(0);
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(near)) << told(near);
  EXPECT_EQ(evidence_of<ScopeEvidence>(near).k, 0u);
  expect_accepted(claims, near, 0);
  const auto there = claims.decide(1);
  ASSERT_TRUE(std::holds_alternative<verdict::Violated>(there)) << told(there);
  EXPECT_EQ(std::get<verdict::Violated>(there).trace.runs.at(0).steps.size(), 3u);
  expect_accepted(claims, there, 1);
  expect_rejected(claims, near, 1);
}

TEST(Scope, TheFirstStepsAreDecidedForAnySizeAndWithIntegers) {
  const std::string model = R"bh(
model Numbers {
    sort Node;
    var count: Node -> int = 0;
    action add(n: Node) do count(n) := count(n) + 1;
}
)bh";
  const Claims three(model + "prove Numbers unreachable exists n: Node. count(n) > 3 within 3 steps;");
  auto verdict = three.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "steps");
  expect_accepted(three, verdict);
  expect_rejected(Claims(model + "prove Numbers unreachable exists n: Node. count(n) > 3 within 4 steps;"), verdict);
  expect_rejected(Claims(model + "prove Numbers unreachable exists n: Node. count(n) > 3;"), verdict);
  const Claims four(model + "refute Numbers unreachable exists n: Node. count(n) > 3 within 4 steps;");
  EXPECT_TRUE(std::holds_alternative<verdict::Violated>(four.decide()));
}

TEST(Scope, AModelWithoutSortsIsOneScope) {
  const Claims claims(std::string(kCounter) + "prove deep: Counter unreachable number == 0;\n");
  const auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Violated>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "scope: ic3");
  EXPECT_EQ(std::get<verdict::Violated>(verdict).trace.runs.at(0).steps.size(), 85u);
  expect_accepted(claims, verdict);
}

TEST(Scope, LivenessInOneScopeIsSafetyOfTheMonitoredModel) {
  const Claims claims(R"bh(
model Ring {
    enum Place { North, East, South }
    var at: Place = North;
    action pass() do at := if at == North then East else if at == East then South else North;
    action rest() do at := at;
}
prove served: Ring unreachable false;
prove arrives: in Ring: at == North leads to at == South under fair { pass };
refute unfair: in Ring: at == North leads to at == South under fair { rest };
)bh");
  auto arrives = claims.decide(1);
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(arrives)) << told(arrives);
  EXPECT_EQ(engine_of(arrives), "scope: rounds");
  expect_accepted(claims, arrives, 1);
  expect_rejected(claims, arrives, 2);
  const auto unfair = claims.decide(2);
  ASSERT_TRUE(std::holds_alternative<verdict::Violated>(unfair)) << told(unfair);
  EXPECT_TRUE(std::get<verdict::Violated>(unfair).trace.runs.at(0).loop.has_value());
  expect_accepted(claims, unfair, 2);
}

/// Each step of it is a round: more of them than are counted.
TEST(Scope, WhatTakesManyRoundsIsLeftToTheSearchForLassos) {
  const auto stairs = [](const std::string& from) {  // no words: their few states would be listed first
    std::string floors = "F0", next;
    for (int i = 1; i <= 12; ++i) {
      const std::string below = "F" + std::to_string(i - 1), above = "F" + std::to_string(i);
      floors += ", " + above;
      next += (i < 12 ? "if at == " + below + " then " + above + " else " : above);
    }
    return "model Stairs {\n enum Floor { " + floors +
           " }\n var at: Floor = F0;\n action up() when at != F12 do at := " + next + ";\n}\nprove in Stairs: at == F" +
           from + " leads to at == F12 under fair { up };";
  };
  const Claims many(stairs("0")), few(stairs("7"));
  const auto verdict = many.decide(), short_way = few.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "scope: ic3");
  expect_accepted(many, verdict);
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(short_way)) << told(short_way);
  EXPECT_EQ(engine_of(short_way), "scope: rounds");
  expect_accepted(few, short_way);
}

}  // namespace
}  // namespace bulkhead::test
