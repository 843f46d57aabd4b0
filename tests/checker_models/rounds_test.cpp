// Liveness by counting rounds: what only it shows, and what it must not show.
#include <gmock/gmock.h>

#include "checker/conditions/rounds.h"
#include "lang/system/formula.h"
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

using verdict::InductiveEvidence;
using verdict::ScopeEvidence;

/// Each job waits for a server of its own, which is no variable of the claim.
std::string servers(const std::string& claim, const std::string& more = "") {
  return R"bh(
model Servers {
    sort Job;
    sort Server;
    var server: Job -> Server;
    var waits: Job -> bool = false;
    var open: bool = true;
    action submit(j: Job, s: Server) when !waits(j) do waits(j) := true, server(j) := s;
    action serve(s: Server, j: Job) when waits(j) && server(j) == s do waits(j) := false;
    action close() do open := false;
    )bh" +
         more + R"bh(
    variant Closes { replace guard in serve with waits(j) && server(j) == s && open; }
}
)bh" + claim;
}
const std::string kServed = ": forall j: Job. waits(j) leads to !waits(j) under fair ";

/// Five fair actions one after the other.
std::string stages(const std::string& bounds = "") {
  return R"bh(
model Stages {
    sort Job;
    enum At { None, A, B, C, D, E }
    var at: Job -> At = At.None;
    action begin(j: Job) when at(j) == At.None do at(j) := At.A;
    action one(j: Job) when at(j) == At.A do at(j) := At.B;
    action two(j: Job) when at(j) == At.B do at(j) := At.C;
    action three(j: Job) when at(j) == At.C do at(j) := At.D;
    action four(j: Job) when at(j) == At.D do at(j) := At.E;
    action end(j: Job) when at(j) == At.E do at(j) := At.None;
}
prove in Stages: forall j: Job. at(j) == At.A leads to at(j) == At.E under fair { one, two, three, four })bh" +
         bounds + ";";
}

TEST(Rounds, WhoHelpsNeedNotBeAVariableOfTheClaim) {
  const Claims claims(servers("prove in Servers" + kServed + "{ serve };"));
  const auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "rounds");
  expect_accepted(claims, verdict);
}

TEST(Rounds, LongChainsTakeSeveral) {
  const Claims claims(stages());
  auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "rounds");
  std::vector<std::string> never_over;
  for (const verdict::Conjunct& one : evidence_of<InductiveEvidence>(verdict).conjuncts) {
    if (one.text.rfind("round_", 0) == 0) never_over.push_back(one.text);
  }
  EXPECT_THAT(never_over, testing::ElementsAre("round_4", "round_5", "round_6", "round_7"));
  expect_accepted(claims, verdict);
}

TEST(Rounds, InOneScopeNoStateIsCopied) {
  const Claims claims(stages(" for 4 Job"));
  auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "scope: rounds");
  expect_accepted(claims, verdict);
  for (const std::size_t k : {1, 2}) {  // as if it were about lassos
    evidence_of<ScopeEvidence>(verdict).k = k;
    expect_rejected(claims, verdict);
  }
  evidence_of<ScopeEvidence>(verdict).k = 0;
  evidence_of<ScopeEvidence>(verdict).excluded.pop_back();
  expect_rejected(claims, verdict);
}

/// A run may stop where nothing that is fair is enabled, and a fair action may be put off for ever where it is enabled
/// only now and then.
TEST(Rounds, WhatIsNeverDoneIsNotShown) {
  const std::string moves = "action move(j: Job, s: Server) do server(j) := s;";
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", "refute in Servers.Closes" + kServed + "{ serve }"},
      {moves, "refute in Servers" + kServed + "{ serve }"},
      {moves, "refute in Servers" + kServed + "{ serve, move }"},
      {"", "refute in Servers" + kServed + "{ close }"},
      {"", "refute in Servers" + kServed + "{ submit }"},
      {"", "refute in Servers: forall j: Job. waits(j) leads to !waits(j)"}};
  for (const auto& [more, claim] : wrong) {
    for (const char* bounds : {"", " for 2 Job, 2 Server"}) {
      const Claims claims(servers(claim + bounds + ";", more));
      const auto verdict = claims.decide();
      ASSERT_TRUE(std::holds_alternative<verdict::Violated>(verdict)) << claim << more << told(verdict);
      expect_accepted(claims, verdict);
    }
  }
}

TEST(Rounds, EvidenceThatWasTamperedWithIsRejected) {
  const Claims claims(servers("prove in Servers" + kServed + "{ serve };"));
  const auto good = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(good)) << told(good);
  const auto with = [&](const auto& change) {
    auto bad = good;
    change(evidence_of<InductiveEvidence>(bad));
    EXPECT_NE(claims.check(bad).outcome, certificate::Outcome::Accepted);
  };
  with([](InductiveEvidence& evidence) { evidence.conjuncts.clear(); });
  with([](InductiveEvidence& evidence) { evidence.conjuncts.erase(evidence.conjuncts.begin()); });
  with([](InductiveEvidence& evidence) { evidence.conjuncts[0].formula.terms.clear(); });
  with([](InductiveEvidence& evidence) { evidence.conjuncts[0].from = verdict::Conjunct::From::Property; });
  with([](InductiveEvidence& evidence) { evidence.witnesses.clear(); });
  with([](InductiveEvidence& evidence) { evidence.witnesses.pop_back(); });
  for (const char* other : {"{ close }", "{ submit, close }"}) {
    const Claims weaker(servers("prove in Servers" + kServed + std::string(other) + ";"));
    EXPECT_NE(weaker.check(good).outcome, certificate::Outcome::Accepted);
  }
  const Claims closes(servers("prove in Servers.Closes" + kServed + "{ serve };"));
  EXPECT_NE(closes.check(good).outcome, certificate::Outcome::Accepted);
}

/// An instance for each integer never has its turn as a whole.
TEST(Rounds, FairActionsWithNumbersHaveNoRounds) {
  const Claims claims(
      "model M { var on: bool = false; action go(n: int) when !on && n > 3 do on := true; action off() do on := false; "
      "}\nprove in M: !on leads to on under fair { go };");
  const auto obligation = claims.obligation();
  const auto& theorem = std::get<obligation::Theorem>(obligation.goal).theorem;
  EXPECT_FALSE(conditions::rounds(claims.system(), std::get<system::LeadsTo>(theorem.statement)).ok());
}

}  // namespace
}  // namespace bulkhead::test
