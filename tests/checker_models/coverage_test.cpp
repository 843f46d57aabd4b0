// Which sentences of models some claim needs: what is reported changes no verdict, what is needed is not reported.
#include <gmock/gmock.h>

#include <set>

#include "checker/query/model_coverage.h"
#include "checker/query/model_mutant.h"
#include "checker/query/prove.h"
#include "checker/report/report.h"
#include "lang/system/valid.h"
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kDoor = R"bh(
model Door {
    sort Guest;
    var open: bool = false;
    var inside: Guest -> bool = false;
    var knocks: int = 0;
    action knock() do knocks := knocks + 1;
    action unlock() do open := true;
    action enter(g: Guest) when open do inside(g) := true;
    action slam() do open := false, inside(*) := false;
    invariant opened: forall g: Guest. inside(g) -> open;
    invariant spare: open || !open;
}
)bh";

query::Proof prove(const Claims& claims, std::uint64_t work = 60'000'000) {
  query::ProveOptions options;
  options.coverage = query::Coverage::On;
  options.coverage_work = work;
  return query::prove(claims.world(), options);
}

std::vector<std::string> texts(const Claims& claims, const std::vector<ir::SentenceId>& ids) {
  std::vector<std::string> list;
  for (const ir::SentenceId id : ids) list.push_back(claims.world().at(id).text);
  return list;
}
std::vector<std::string> unproved(const Claims& claims) {
  return texts(claims, prove(claims).unproved.value());
}
std::vector<std::string> not_judged(const Claims& claims) {
  return texts(claims, prove(claims).not_judged);
}

TEST(ModelCoverage, WhatNoClaimNeedsIsReported) {
  const Claims claims(std::string(kDoor) + "prove Door.opened;");
  EXPECT_THAT(unproved(claims),
              AllOf(Contains("action knock() do knocks := knocks + 1"), Contains("knocks := knocks + 1"),
                    Contains("var knocks: int = 0"), Contains("invariant spare: open || !open")));
}

TEST(ModelCoverage, WhatAClaimNeedsIsNot) {
  const Claims claims(std::string(kDoor) + "prove Door.opened;\nrefute shut: Door unreachable open;");
  const auto reported = unproved(claims);
  EXPECT_THAT(reported, Not(Contains(HasSubstr("enter")))) << "without its guard the invariant is lost";
  EXPECT_THAT(reported, Not(Contains("inside(*) := false"))) << "without it the invariant is lost";
  EXPECT_THAT(reported, Not(Contains("var inside: Guest -> bool = false")));
  EXPECT_THAT(reported, Not(Contains("open := true"))) << "`shut` is refuted by it";
  EXPECT_THAT(reported, Not(Contains(HasSubstr("opened")))) << "a claim is about it";
  EXPECT_THAT(reported, Contains("open := false"));
}

TEST(ModelCoverage, AVariantNeedsWhatItsRefutationNeeds) {
  const std::string toggled = R"bh(
model Toggle {
    sort T;
    var on: T -> bool = false;
    var off: T -> bool = true;
    var noted: T -> bool = false;
    action flip(t: T) do on(t) := !on(t), off(t) := !off(t), noted(t) := true;
    invariant one: forall t: T. on(t) != off(t);
    variant Torn { drop update off in flip; }
    variant Mute { drop update noted in flip; }
}
prove Toggle.one;
)bh";
  EXPECT_THAT(unproved(Claims(toggled)), Contains("noted(t) := true"));
  const Claims refuted(toggled + "refute noted: Toggle.Torn unreachable exists t: T. noted(t);");
  EXPECT_THAT(unproved(refuted), Not(Contains("noted(t) := true")));
  EXPECT_THAT(not_judged(refuted), Contains("noted(t) := true")) << "that no other run does it is for a proof to say";
}

TEST(ModelCoverage, ACompositionNeedsTheSentencesOfItsComponents) {
  const std::string parts = R"bh(
model Lamp { var on: bool = false; action light() do on := true; invariant any: on || !on; }
model Door { var open: bool = false; action unlock() do open := true; invariant any: open || !open; }
model House = Lamp || Door { invariant dark: !Door.open || Lamp.on || !Lamp.on; }
)bh";
  EXPECT_THAT(unproved(Claims(parts + "prove House.dark;")), Contains("action light() do on := true"));
  EXPECT_THAT(unproved(Claims(parts + "prove House.dark;\nprove never: House unreachable Door.open && !Door.open;\n"
                                      "refute lit: House unreachable Lamp.on;")),
              Not(Contains("on := true")));
}

TEST(ModelCoverage, ProtocolsAreJudgedByTheirSteps) {
  const std::string ask = R"bh(
protocol Ask between client, server session by nonce {
    message Question { nonce: fresh; }
    message Answer   { nonce; }
    client Idle:    send Question -> Waiting;
    client Waiting: accept Answer with same nonce -> Done | timeout 5 s -> Done;
    server Ready:   accept Question -> Asked;
    server Asked:   send Answer with same nonce -> Ready;
    limit 4 in flight;
}
)bh";
  const Claims claims(ask + "prove Ask.bounded;");
  const query::Proof proof = prove(claims);
  std::set<std::string> seen;
  for (const auto& list : {*proof.unproved, proof.not_judged}) {
    for (const ir::SentenceId id : list) {
      EXPECT_TRUE(query::is_of_model(claims.world(), id));
      seen.insert(claims.world().at(id).text);
    }
  }
  EXPECT_THAT(seen, Contains(HasSubstr("send Answer"))) << "what the server does is not counted";
}

TEST(ModelCoverage, AViewThatNoClaimIsAboutIsReported) {
  const std::string seen = R"bh(
model Box {
    sort Owner;
    var mine: Owner -> bool = false;
    action put(o: Owner) do mine(o) := true;
    view of o: Owner sees mine(o);
}
refute never: Box unreachable exists o: Owner. mine(o);
)bh";
  EXPECT_THAT(unproved(Claims(seen)), Contains(HasSubstr("view of o: Owner")));
  EXPECT_THAT(unproved(Claims(seen + "prove apart: Box leaks nothing to o: Owner;\n")),
              Not(Contains(HasSubstr("view of o: Owner"))));
}

TEST(ModelCoverage, BeyondTheBoundNothingIsJudged) {
  const Claims claims(std::string(kDoor) + "prove Door.opened;");
  const query::Proof proof = prove(claims, 0);
  EXPECT_THAT(texts(claims, *proof.unproved), IsEmpty());
  EXPECT_THAT(texts(claims, proof.not_judged), Contains("knocks := knocks + 1"));
}

TEST(ModelCoverage, OfAClaimThatNobodyDecidedNothingIsSaid) {
  const Claims claims(std::string(kDoor) + "prove Door.opened;");
  query::ClaimResult open;
  open.claim = ir::ClaimId{0};
  open.cases.push_back({{}, verdict::Unknown{"nobody knows"}, {}, std::nullopt, false});
  const query::Survey survey =
      query::survey_models(claims.world(), {open}, {60'000'000, std::chrono::steady_clock::time_point::max(), 1});
  EXPECT_THAT(texts(claims, survey.unproved), IsEmpty());
  EXPECT_THAT(texts(claims, survey.not_judged), Contains("knocks := knocks + 1"));
}

TEST(ModelCoverage, ReportsSayWhatWasTried) {
  const Claims claims(std::string(kDoor) + "prove Door.opened;");
  const query::Proof proof = prove(claims);
  const report::Subject subject{claims.world(), claims.loaded.sources, proof};
  EXPECT_THAT(report::text(subject), HasSubstr("action knock() do knocks := knocks + 1\n"
                                               "      tried without it, without `knocks := knocks + 1`\n"));
  EXPECT_THAT(report::json(subject), HasSubstr("\"tried\": [\n        \"with any initial value\"\n      ]"));
  EXPECT_THAT(report::markdown(subject), HasSubstr("; tried without it, without `knocks := knocks + 1`"));
}

/// Every claim of the world about the system that `change` makes of its own, decided from scratch.
void expect_same_verdicts(const Claims& claims, const query::Proof& proof, const query::ModelChange& change) {
  for (const query::ClaimResult& result : proof.claims) {
    const auto* theorem = std::get_if<ir::TheoremClaim>(&claims.world().at(result.claim).form);
    if (theorem == nullptr) continue;
    auto mutant = query::changed(claims.world().at(theorem->system), change);
    if (!mutant) continue;
    ASSERT_TRUE(system::is_valid(*mutant, theorem->theorem));
    ir::World world = claims.world();
    world.systems.at(theorem->system.index()) = std::move(*mutant);
    engine::Session session(world);
    const auto now = engine::solve(obligation::obligation(world, result.claim, {}).value(), session);
    EXPECT_EQ(told(now), told(result.cases[0].verdict)) << claims.world().at(result.claim).text << change.part;
  }
}

TEST(ModelCoverage, WhatIsReportedChangesNoVerdict) {
  const std::vector<std::string> policies = {
      std::string(kDoor) + "prove Door.opened;\nrefute shut: Door unreachable open;",
      memory("prove Memory.exclusive;\nrefute Memory.Stale.exclusive;"),
      memory("prove unmapped: in Memory: forall c: Container, f: Frame. owner(f) == c leads to mapped(c, f) || "
             "owner(f) != c under fair { map };\nprove small: Memory.exclusive for 2 Container, 2 Frame;")};
  std::size_t reported = 0;
  for (const std::string& policy : policies) {
    const Claims claims(policy);
    const query::Proof proof = prove(claims);
    for (const query::ModelSentence& sentence : query::model_sentences(claims.world())) {
      const auto& list = *proof.unproved;
      if (std::find(list.begin(), list.end(), sentence.sentence) == list.end()) continue;
      ++reported;
      for (const query::ModelChange& change : sentence.changes) expect_same_verdicts(claims, proof, change);
    }
  }
  EXPECT_GT(reported, 5u);
}

}  // namespace
}  // namespace bulkhead::test
