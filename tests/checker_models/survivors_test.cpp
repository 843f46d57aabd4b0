// Claims about models that no variant loses: told where that is known of every variant, and only there.
#include <gmock/gmock.h>

#include "checker/query/in_variant.h"
#include "checker/query/prove.h"
#include "checker/query/survivors.h"
#include "checker/report/findings.h"
#include "checker/report/report.h"
#include "lang/system/valid.h"
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kLock = R"bh(
model Lock {
    sort Process;
    relation older: (Process, Process);
    assume strict: forall p: Process. !older(p, p);
    var holder: Process -> bool = false;
    var tries: Process -> bool = false;
    var rounds: int = 0;
    action tick() when rounds >= 0 do rounds := rounds + 1;
    action try_it(p: Process) do tries(p) := true;
    action acquire(p: Process) when tries(p) && forall q: Process. !holder(q) do holder(p) := true;
    action release(p: Process) when holder(p) do holder(p) := false, tries(p) := false;
    invariant exclusive: forall p, q: Process. holder(p) && holder(q) -> p == q;
    invariant natural: rounds >= 0;
    invariant tried: forall p: Process. holder(p) -> tries(p);
    view of o: Process sees holder(o);
    variant Unguarded { replace guard in acquire with tries(p); }
    variant Timeless { drop action tick; }
    variant Forged { add action forge(p: Process) do tries(p) := true, holder(p) := true; }
}
)bh";

query::Proof prove(const Claims& claims, std::uint64_t work = 600'000) {
  query::ProveOptions options;
  options.coverage = query::Coverage::On;
  options.coverage_work = work;
  return query::prove(claims.world(), options);
}

std::vector<std::string> names(const Claims& claims, const query::Proof& proof) {
  std::vector<std::string> list;
  for (const query::Survivor& one : proof.survivors) list.push_back(claims.world().at(one.claim).name);
  return list;
}
std::vector<std::string> survivors(const std::string& text) {
  const Claims claims(text);
  return names(claims, prove(claims));
}

TEST(Survivors, AnInvariantThatNoVariantLosesIsTold) {
  EXPECT_THAT(survivors(std::string(kLock) + "prove exclusive: Lock.exclusive;\nprove natural: Lock.natural;\n"
                                             "prove tried: Lock.tried;\n"),
              ElementsAre("natural", "tried"));
}

TEST(Survivors, OneThatTheyAreKnownToLoseIsNot) {
  EXPECT_THAT(survivors(std::string(kLock) + "prove exclusive: Lock.exclusive;\n"
                                             "refute unguarded: Lock.Unguarded.exclusive;\n"),
              IsEmpty());
}

TEST(Survivors, OtherClaimsAreToldInTheirOwnWords) {
  EXPECT_THAT(survivors(std::string(kLock) +
                        "prove never: Lock unreachable rounds < 0;\n"
                        "prove one: Lock unreachable exists p, q: Process. p != q && holder(p) && holder(q);\n"
                        "prove small: Lock.tried for 2 Process within 3 steps;\n"),
              ElementsAre("never", "small"));
  EXPECT_THAT(survivors(R"bh(
model Bell {
    sort Guest;
    var spare: bool = false;
    var rung: Guest -> bool = false;
    action idle() do spare := !spare;
    action ring(g: Guest) do rung(g) := true;
    action answer(g: Guest) when rung(g) do rung(g) := false;
    view of o: Guest sees rung(o);
    variant Busy { drop action idle; }
}
prove answered: in Bell: forall g: Guest. rung(g) leads to !rung(g) under fair { answer };
prove apart: Bell leaks nothing to o: Guest except from d: Guest where d != o && d == o;
prove alone: Bell leaks nothing to o: Guest;
)bh"),
              ElementsAre("answered", "apart", "alone"));
}

TEST(Survivors, AClaimAboutAVariantCountsWhateverItsBounds) {
  const std::string wide = R"bh(
model Wide {
    sort P;
    var in: P -> bool = false;
    action enter(p: P) when forall q: P. !in(q) do in(p) := true;
    invariant few: forall a, b, c, d: P. in(a) && in(b) && in(c) && in(d) -> a == b || a == c || a == d || b == c || b == d || c == d;
    variant Open { drop guard in enter; }
}
prove few: Wide.few for 3 P;
)bh";
  EXPECT_THAT(survivors(wide), ElementsAre("few")) << "in three there are no four";
  EXPECT_THAT(survivors(wide + "refute many: Wide.Open.few for 4 P;"), IsEmpty());
}

TEST(Survivors, WhatIsNotKnownOfEveryVariantIsNotTold) {
  const Claims claims(std::string(kLock) + "prove natural: Lock.natural;\n");
  EXPECT_THAT(prove(claims, 0).survivors, IsEmpty()) << "nothing was looked at";
  EXPECT_THAT(survivors(std::string(kLock) + "refute busy: Lock unreachable exists p: Process. holder(p);"), IsEmpty());
  EXPECT_THAT(survivors(R"bh(
model Plain { var on: bool = false; action flip() do on := !on; invariant any: on || !on; }
prove any: Plain.any;)bh"),
              IsEmpty())
      << "without variants nothing is survived";
}

TEST(Survivors, ModelsOfTheLibraryAreNotTold) {
  EXPECT_THAT(survivors("import ipc;\nprove bounded: Line.in_line for 2 Subject within 2 steps;\n"), IsEmpty());
}

TEST(Survivors, EveryReportTellsThem) {
  const Claims claims(std::string(kLock) + "prove natural: Lock.natural;\n");
  const query::Proof proof = prove(claims);
  const report::Subject subject{claims.world(), claims.loaded.sources, proof};
  const std::string told = "Lock.natural survives every variant of Lock: Unguarded, Timeless, Forged";
  EXPECT_THAT(report::text(subject), HasSubstr("note: " + told + "\n"));
  EXPECT_THAT(report::json(subject), HasSubstr("\"Lock.Unguarded\",\n        \"Lock.Timeless\""));
  EXPECT_THAT(report::markdown(subject),
              HasSubstr("## Claims that survive every variant of their model\n\n* `natural`"));
  EXPECT_THAT(report::sarif(report::findings(subject)), HasSubstr("\"text\": \"" + told));
  EXPECT_THAT(report::github(report::findings(subject)), HasSubstr("title=survives every variant::" + told));
  EXPECT_TRUE(proof.all_satisfied()) << "a note, not vacuity";
}

/// Each of these claims as it is carried over to each variant, decided from scratch there.
TEST(Survivors, WhatIsToldHoldsOfEveryVariant) {
  const Claims claims(
      std::string(kLock) +
      "prove natural: Lock.natural;\nprove tried: Lock.tried;\nprove exclusive: Lock.exclusive;\n"
      "prove never: Lock unreachable rounds < 0;\n"
      "prove kept: Lock unreachable exists p: Process. holder(p) && !tries(p) && rounds > 2;\n"
      "prove let_go: in Lock: forall p: Process. holder(p) leads to !holder(p) under fair { release };\n");
  const query::Proof proof = prove(claims);
  EXPECT_THAT(names(claims, proof), testing::IsSupersetOf({"natural", "tried", "never"}));
  for (const query::ClaimResult& result : proof.claims) {
    const auto& form = std::get<ir::TheoremClaim>(claims.world().at(result.claim).form);
    bool everywhere = true;
    for (std::size_t i = 1; i < claims.world().systems.size(); ++i) {
      auto carried = query::in_variant(claims.world().at(form.system), form.theorem, claims.world().systems[i]);
      ASSERT_TRUE(carried);
      ASSERT_TRUE(system::is_valid(carried->system, carried->theorem));
      ir::World world = claims.world();
      world.systems[i] = carried->system;
      world.claims[result.claim.index()].form = ir::TheoremClaim{ir::SystemId{i}, carried->theorem};
      engine::Session session(world);
      const auto now = engine::solve(obligation::obligation(world, result.claim, {}).value(), session);
      everywhere = everywhere && std::holds_alternative<verdict::Holds>(now);
    }
    const bool is_told = std::any_of(proof.survivors.begin(), proof.survivors.end(),
                                     [&](const query::Survivor& one) { return one.claim == result.claim; });
    EXPECT_TRUE(everywhere || !is_told) << claims.world().at(result.claim).text;
  }
}

TEST(Survivors, EvidenceOfTheModelIsNotBelievedOfAVariant) {
  const Claims claims(std::string(kLock) + "prove exclusive: Lock.exclusive;\n");
  const query::Proof proof = prove(claims);
  ASSERT_EQ(proof.claims[0].status, query::Status::Satisfied);
  EXPECT_THAT(proof.survivors, IsEmpty());
  const std::string forged = std::string(kLock) + "prove exclusive: Lock.exclusive;\nprove Lock.Forged.exclusive;";
  EXPECT_THAT(survivors(forged), Not(testing::Contains("exclusive")));
}

}  // namespace
}  // namespace bulkhead::test
