// Ranks of `leads to`: those that a user writes, pairs that are found, and what each condition is for.
#include <gmock/gmock.h>

#include "checker/certificate/theorem.h"
#include "checker/engine/condition_solver.h"
#include "lang/system/dump.h"
#include "lang/system/formula.h"
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using verdict::RankEvidence;

/// Hours and minutes run down; each hour brings `span` minutes. A frame may be held, which puts nothing off but
/// serving.
std::string clock(const std::string& claims, const std::string& brings = "span") {
  return R"bh(
model Clock {
    sort Frame;
    var wanted: Frame -> bool = false;
    var held: Frame -> bool = false;
    var hours: Frame -> int = 0;
    var minutes: Frame -> int = 0;
    const span: int;
    assume long: span >= 0;
    action want(f: Frame) when !wanted(f) do wanted(f) := true, hours(f) := span, minutes(f) := span;
    action tick(f: Frame) when wanted(f) && minutes(f) > 0 do minutes(f) := minutes(f) - 1;
    action strike(f: Frame) when wanted(f) && minutes(f) == 0 && hours(f) > 0
        do hours(f) := hours(f) - 1, minutes(f) := )bh" +
         brings + R"bh(;
    action serve(f: Frame) when wanted(f) && minutes(f) == 0 && hours(f) == 0 && !held(f) do wanted(f) := false;
    action hold(f: Frame) do held(f) := true;
    invariant natural: forall f: Frame. hours(f) >= 0 && minutes(f) >= 0;
    invariant early: forall f: Frame. !wanted(f) || hours(f) <= span;
    lemma far: forall f: Frame. wanted(f) && minutes(f) > 5;
    lemma waiting: forall f: Frame. wanted(f) && (minutes(f) > 0 || hours(f) > 0);
    lemma unheld: forall f: Frame. wanted(f) && (minutes(f) > 0 || hours(f) > 0) && !held(f);
    lemma anything: forall f: Frame. !wanted(f) || wanted(f);
    lemma by_minutes: forall f: Frame. 0 <= minutes(f);
    lemma from_one: forall f: Frame. 0 <= minutes(f) - 1;
    lemma by_span: forall f: Frame. 0 <= span;
}
)bh" + claims;
}
const std::string kRunsDown =
    "in Clock: forall f: Frame. wanted(f) leads to minutes(f) == 0 && hours(f) == 0 under fair ";

TEST(Rank, WhatIsWrittenIsUsedInItsOrder) {
  const Claims claims(clock("prove " + kRunsDown + "{ tick, strike } by rank 2 * hours(f) + 1, minutes(f);"));
  auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "rank");
  auto& evidence = evidence_of<RankEvidence>(verdict);
  ASSERT_EQ(evidence.measures.size(), 2u);
  EXPECT_EQ(system::spell(claims.system(), evidence.measures[0]), "forall f: Frame. (0 <= ((2 * hours(f)) + 1))");
  EXPECT_EQ(system::spell(claims.system(), evidence.measures[1]), "forall f: Frame. (0 <= minutes(f))");
  expect_accepted(claims, verdict);
}

/// Of a composition, by the names that its components' variables have there.
TEST(Rank, MayBeWrittenOfAComposition) {
  const Claims claims(
      clock("model Noise { var on: bool = false; action toggle() do on := !on; }\n"
            "model Both = Clock || Noise;\n"
            "prove in Both: forall f: Frame. Clock.wanted(f) leads to Clock.minutes(f) == 0 && "
            "Clock.hours(f) == 0 under fair { Clock.tick, Clock.strike } by rank Clock.hours(f), "
            "Clock.minutes(f);"));
  const auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  expect_accepted(claims, verdict);
  const auto& claim = std::get<ir::TheoremClaim>(claims.world().claims.front().form);
  EXPECT_THAT(system::spell_theorem(claims.world().at(claim.system), claim.theorem),
              HasSubstr(" by rank Clock.hours(f), Clock.minutes(f)"));
}

TEST(Rank, PairsOfWhichTheSecondMayGrowAreFound) {
  const Claims claims(clock("prove " + kRunsDown + "{ tick, strike };"));
  auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(evidence_of<RankEvidence>(verdict).measures.size(), 2u);
  expect_accepted(claims, verdict);
}

/// A weight that nobody guesses: 9 for what is raw, 4 for what is cut, 1 for what is sorted.
TEST(Rank, WhatOnlyAWrittenRankShows) {
  const auto mill = [](const std::string& rank) {
    return R"bh(
model Mill {
    var raw: int = 0;
    var cut: int = 0;
    var sorted: int = 0;
    var open: bool = true;
    action bring() when open do raw := raw + 1;
    action close() do open := false;
    action saw() when raw > 0 do raw := raw - 1, cut := cut + 2;
    action sort_one() when cut > 0 do cut := cut - 1, sorted := sorted + 3;
    action sell() when sorted > 0 do sorted := sorted - 1;
    invariant natural: raw >= 0 && cut >= 0 && sorted >= 0;
}
prove in Mill: !open leads to raw == 0 && cut == 0 && sorted == 0 under fair { saw, sort_one, sell })bh" +
           rank + ";";
  };
  const Claims without(mill("")), written(mill(" by rank 9 * raw + 4 * cut + sorted")),
      light(mill(" by rank 9 * raw + 5 * cut + sorted"));
  EXPECT_TRUE(std::holds_alternative<verdict::Unknown>(without.decide()));
  const auto verdict = written.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  expect_accepted(written, verdict);
  EXPECT_THAT(told(light.decide()), HasSubstr("that `saw` does not make `(((9 * raw) + (5 * cut)) + sorted)` more"));
}

/// What is wrong with a written rank is told, with the action and its sentence.
TEST(Rank, WhatAWrittenRankLacksIsTold) {
  const auto reason = [](const std::string& fair, const std::string& rank) {
    const Claims claims(clock("prove in Clock: forall f: Frame. wanted(f) leads to !wanted(f) under fair " + fair +
                              " by rank " + rank + ";"));
    return told(claims.decide());
  };
  EXPECT_THAT(reason("{ tick }", "hours(f) - 1"),
              HasSubstr("the rank that is written does not show it: that `(hours(f) "
                        "- 1)` is not negative while something is pending is not "
                        "shown"));
  EXPECT_THAT(reason("{ tick, strike, serve }", "minutes(f), hours(f)"),
              HasSubstr("that `strike` does not make `minutes(f), hours(f)` more while something is pending is not "
                        "shown (action strike(f: Frame)"));
  EXPECT_THAT(
      reason("{ tick, strike, serve }", "hours(f), minutes(f)"),  // `hold` ends it
      HasSubstr("the rank that is written does not show it: that something that helps is enabled is not shown"));
  EXPECT_THAT(reason("{ hold }", "hours(f)"), HasSubstr("that `hold` helps is not shown (action hold(f: Frame)"));
}

/// The conditions of the evidence that are not valid.
std::vector<std::string> failing(const Claims& claims, const verdict::Verdict& verdict) {
  const auto obligation = claims.obligation();
  const auto needed = certificate::needed_for(claims.world(), std::get<obligation::Theorem>(obligation.goal), verdict);
  if (!needed.ok()) return {needed.error()};
  engine::ConditionSolver solver(*needed->terms, {});
  std::vector<std::string> labels;
  for (const conditions::Condition& one : needed->conditions) {
    if (!solver.is_valid(one)) labels.push_back(one.label);
  }
  return labels;
}
system::Formula said_by(const Claims& claims, const std::string& name) {
  for (const system::Property& one : claims.system().properties) {
    if (one.name == name) return system::extracted(claims.system(), one.formula);
  }
  ADD_FAILURE() << name;
  return {};
}

/// Each condition has evidence that dies of it.
TEST(Rank, EachConditionRejectsWhatItIsFor) {
  const Claims claims(clock("prove " + kRunsDown + "{ tick, strike } by rank hours(f), minutes(f);"));
  const auto good = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(good)) << told(good);
  EXPECT_THAT(failing(claims, good), IsEmpty());
  const auto with = [&](const auto& change) {
    auto bad = good;
    change(evidence_of<RankEvidence>(bad));
    const auto labels = failing(claims, bad);
    EXPECT_EQ(claims.check(bad).outcome == certificate::Outcome::Accepted, labels.empty());
    return labels;
  };
  const auto pending = [&](const std::string& name) {
    return with([&](RankEvidence& evidence) { evidence.pending = said_by(claims, name); });
  };
  const auto measures = [&](const std::vector<std::string>& names) {
    return with([&](RankEvidence& evidence) {
      evidence.measures.clear();
      for (const std::string& name : names) evidence.measures.push_back(said_by(claims, name));
    });
  };
  EXPECT_THAT(pending("waiting"), IsEmpty()) << "as good as what was found";
  EXPECT_THAT(pending("far"), Contains("what is claimed begins to be pending"));
  EXPECT_THAT(pending("unheld"), Contains("`hold` keeps it pending"));
  EXPECT_THAT(pending("anything"), Contains("something that helps is enabled"));
  EXPECT_THAT(measures({"from_one"}), Contains("the measure is not negative"));
  EXPECT_THAT(measures({"by_minutes"}), Contains("`strike` keeps the measure"));
  EXPECT_THAT(measures({"by_span"}), Contains("`tick` helps"));
  EXPECT_THAT(measures({"by_minutes", "by_span"}), Contains("`strike` keeps the measure"));
  EXPECT_THAT(measures({"by_span", "from_one"}), Contains("the measure 2 is not negative"));
  EXPECT_THAT(with([](RankEvidence& evidence) { std::swap(evidence.measures[0], evidence.measures[1]); }),
              Contains("`strike` keeps the measure"));
  EXPECT_THAT(with([](RankEvidence& evidence) { evidence.measures.pop_back(); }), Contains("`tick` helps"));
  EXPECT_THAT(with([](RankEvidence& evidence) { evidence.measures.clear(); }), Contains("`tick` keeps rank 1"));
  EXPECT_THAT(with([](RankEvidence& evidence) { evidence.order.pop_back(); }),
              Contains("something that helps is enabled"));
}

/// A hint is no part of what is claimed: evidence does not ask who thought of its measures.
TEST(Rank, EvidenceOfOneRankShowsTheClaimWithAnother) {
  const Claims claims(clock("prove " + kRunsDown + "{ tick, strike } by rank hours(f), minutes(f);\nprove " +
                            kRunsDown + "{ tick, strike };"));
  expect_accepted(claims, claims.decide(0), 1);
}

TEST(Rank, TheSecondMeasureMayGrowByAnyNumber) {
  const Claims seven(clock("prove " + kRunsDown + "{ tick, strike };", "span + 7"));
  const auto verdict = seven.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  expect_accepted(seven, verdict);
}

}  // namespace
}  // namespace bulkhead::test
