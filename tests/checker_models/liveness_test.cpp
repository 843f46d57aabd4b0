// Liveness for any number of elements: by ranks, whose evidence is checked again.
#include <gmock/gmock.h>

#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

using verdict::RankEvidence;

/// A request goes from its sender to the clerk, and from there back; it may be withdrawn and asked again.
std::string office(const std::string& claim) {
  return R"bh(
model Office {
    sort Request;
    enum State { Idle, Sent, Filed, Done }
    var state: Request -> State = Idle;
    var noise: bool = false;
    action ask(r: Request)  when state(r) == Idle  do state(r) := Sent;
    action file(r: Request) when state(r) == Sent  do state(r) := Filed;
    action answer(r: Request) when state(r) == Filed do state(r) := Done;
    action lose(r: Request) when state(r) == Done do state(r) := Idle;
    action chatter() do noise := !noise;
    variant Lazy { replace guard in answer with state(r) == Filed && noise; }
    variant Loses { replace guard in lose with state(r) == Done || state(r) == Filed; }
}
)bh" + claim;
}

constexpr const char* kClaim = "in Office: forall r: Request. state(r) == Sent leads to state(r) == Done";

TEST(Liveness, TwoFairActionsOneAfterTheOtherAreARank) {
  const Claims claims(office("prove " + std::string(kClaim) + " under fair { file, answer };"));
  auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "rank");
  EXPECT_EQ(evidence_of<RankEvidence>(verdict).order.size(), 2u);
  expect_accepted(claims, verdict);
}

TEST(Liveness, StrongFairnessIsMoreThanEnough) {
  const Claims claims(office("prove " + std::string(kClaim) + " under fair { strong file, answer };"));
  const auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  expect_accepted(claims, verdict);
}

TEST(Liveness, WithoutOneOfThemALassoRefutesIt) {
  for (const char* fair : {"{ file }", "{ answer }", "{ file, chatter }"}) {
    const Claims claims(office("refute " + std::string(kClaim) + " under fair " + fair + ";"));
    const auto verdict = claims.decide();
    ASSERT_TRUE(std::holds_alternative<verdict::Violated>(verdict)) << fair << told(verdict);
    EXPECT_EQ(engine_of(verdict), "lasso");
    expect_accepted(claims, verdict);
  }
}

TEST(Liveness, AnActionThatIsEnabledOnlyNowAndThenDoesNotHelp) {
  const std::string text =
      "refute in Office.Lazy: forall r: Request. state(r) == Sent leads to state(r) == Done under fair { file, answer "
      "};";
  const Claims claims(office(text));
  const auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Violated>(verdict)) << told(verdict);
  expect_accepted(claims, verdict);
}

TEST(Liveness, WhatMayBeUndoneIsNotPending) {
  const std::string text =
      "refute in Office.Loses: forall r: Request. state(r) == Sent leads to state(r) == Done under fair { file, answer "
      "};";
  const Claims claims(office(text));
  const auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Violated>(verdict)) << told(verdict);
  expect_accepted(claims, verdict);
}

TEST(Liveness, RanksThatWereTamperedWithAreRejected) {
  const Claims claims(office("prove " + std::string(kClaim) + " under fair { file, answer };"));
  const auto good = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(good)) << told(good);
  const auto with = [&](const auto& change) {
    auto bad = good;
    change(evidence_of<RankEvidence>(bad));
    expect_rejected(claims, bad);
  };
  with([](RankEvidence& evidence) { std::swap(evidence.order[0], evidence.order[1]); });
  with([](RankEvidence& evidence) { evidence.order.pop_back(); });
  with([](RankEvidence& evidence) { evidence.order.clear(); });
  with([](RankEvidence& evidence) { evidence.order[0].fair = 7; });
  with([](RankEvidence& evidence) { evidence.order[0].arguments.clear(); });
  with([](RankEvidence& evidence) { evidence.order[0].arguments[0] = 3; });
  with([](RankEvidence& evidence) { evidence.pending.terms.clear(); });
  with([](RankEvidence& evidence) {  // nothing is ever pending
    evidence.pending = {};
    evidence.pending.terms.emplace_back();
  });
  with([](RankEvidence& evidence) { evidence.witnesses.clear(); });
  auto other = good;
  std::get<verdict::Holds>(other).certificate.evidence = verdict::InductiveEvidence{};
  expect_rejected(claims, other);
  expect_rejected(Claims(office("prove " + std::string(kClaim) + " under fair { file };")), good);
}

/// Jobs wait in a queue of any length; each that is served brings all others one place nearer.
std::string queue(const std::string& claim, const std::string& nearer = "place(k) - 1") {
  return R"bh(
model Queue {
    sort Job;
    var place: Job -> int = 0;
    var length: int = 0;
    action join(j: Job) when place(j) == 0 do place(j) := length + 1, length := length + 1;
    action serve() when length > 0 do forall k: Job. place(k) := if place(k) > 0 then )bh" +
         nearer + R"bh( else 0, length := length - 1;
    invariant placed: forall j: Job. place(j) >= 0 && place(j) <= length;
}
)bh" + claim;
}

constexpr const char* kServed = "in Queue: forall j: Job. place(j) > 0 leads to place(j) == 0 under fair ";

TEST(Liveness, EveryJobOfAQueueIsServedHoweverManyWait) {
  const Claims claims(queue("prove " + std::string(kServed) + "{ serve };"));
  auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "rank");
  ASSERT_TRUE(evidence_of<RankEvidence>(verdict).measures.size() == 1);
  EXPECT_EQ(system::spell(claims.system(), evidence_of<RankEvidence>(verdict).measures[0]),
            "forall j: Job. (0 <= place(j))");
  expect_accepted(claims, verdict);
  const auto with = [&](const auto& change) {
    auto bad = verdict;
    change(evidence_of<RankEvidence>(bad));
    EXPECT_NE(claims.check(bad).outcome, certificate::Outcome::Accepted);
  };
  with([](RankEvidence& evidence) { evidence.measures.clear(); });
  with([](RankEvidence& evidence) { evidence.measures[0].terms.clear(); });
  with([](RankEvidence& evidence) { evidence.measures[0] = evidence.pending; });
  with([](RankEvidence& evidence) {  // as if -1 were the least
    for (system::Term& term : evidence.measures[0].terms) {
      if (term.op == system::Op::Constant) term.value = -1;
    }
  });
  with([](RankEvidence& evidence) { evidence.order.clear(); });
}

TEST(Liveness, AnIntegerThatDoesNotComeDownIsNoMeasure) {
  for (const char* nearer : {"place(k)", "place(k) + 1"}) {
    std::string text = queue("prove " + std::string(kServed) + "{ serve };", nearer);
    text.replace(text.find(" && place(j) <= length"), 22, "");
    const Claims claims(text);
    EXPECT_FALSE(std::holds_alternative<verdict::Holds>(claims.decide())) << nearer;
  }
  const Claims unfair(queue("prove " + std::string(kServed) + "{ join };"));
  EXPECT_FALSE(std::holds_alternative<verdict::Holds>(unfair.decide()));
}

/// What goes down for ever is no measure: it has to be known that it cannot go below 0.
TEST(Liveness, AnIntegerWithoutALeastValueIsNoMeasure) {
  const auto mine = [](const std::string& step) {
    return "model Mine {\n  var depth: int;\n  action dig() do depth := depth - " + step +
           ";\n}\nprove in Mine: depth > 0 leads to depth == 0 under fair { dig };";
  };
  const Claims bounded(mine("1")), jumping(mine("2"));
  auto verdict = bounded.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  expect_accepted(bounded, verdict);
  EXPECT_FALSE(std::holds_alternative<verdict::Holds>(jumping.decide())) << "from 1 to -1 and on";
  EXPECT_NE(jumping.check(verdict).outcome, certificate::Outcome::Accepted);
}

/// What passes from one queue to the next is in no single one of them nearer to the end.
std::string stages(const std::string& finish = "second(l) - 1") {
  return R"bh(
model Stages {
    sort Line;
    var open: Line -> bool = true;
    var first: Line -> int = 0;
    var second: Line -> int = 0;
    action arrive(l: Line) when open(l) do first(l) := first(l) + 1;
    action close(l: Line) do open(l) := false;
    action pass(l: Line) when first(l) > 0 do first(l) := first(l) - 1, second(l) := second(l) + 1;
    action finish(l: Line) when second(l) > 0 do second(l) := )bh" +
         finish + R"bh(;
    invariant natural: forall l: Line. first(l) >= 0 && second(l) >= 0;
}
prove in Stages: forall l: Line. !open(l) leads to first(l) == 0 && second(l) == 0 under fair { pass, finish };
)bh";
}

TEST(Liveness, TwoQueuesOneBehindTheOtherAreEmptiedByWhatTheyHoldTogether) {
  const Claims claims(stages());
  auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "rank");
  ASSERT_TRUE(evidence_of<RankEvidence>(verdict).measures.size() == 1);
  EXPECT_EQ(system::spell(claims.system(), evidence_of<RankEvidence>(verdict).measures[0]),
            "forall l: Line. (0 <= (first(l) + second(l)))");
  expect_accepted(claims, verdict);
  for (system::Term& term : evidence_of<RankEvidence>(verdict).measures[0].terms) {
    if (term.op == system::Op::Add) term.op = system::Op::Subtract;
  }
  EXPECT_NE(claims.check(verdict).outcome, certificate::Outcome::Accepted);
}

TEST(Liveness, AQueueThatIsNotEmptiedIsNotSaidToBe) {
  for (const char* finish : {"second(l)", "second(l) + 1"}) {
    const Claims claims(stages(finish));
    EXPECT_FALSE(std::holds_alternative<verdict::Holds>(claims.decide())) << finish;
  }
}

TEST(Liveness, ALeftSideThatIsNeverTrueIsVacuous) {
  const Claims claims(office(
      "prove in Office: forall r: Request. state(r) == Sent && state(r) == Done leads to noise under fair { file };"));
  const auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Vacuous>(verdict)) << told(verdict);
  expect_accepted(claims, verdict);
}

}  // namespace
}  // namespace bulkhead::test
