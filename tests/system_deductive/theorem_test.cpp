// Claims about models end to end: engine, certificate, tampering.
#include <gtest/gtest.h>

#include "checker/certificate/check.h"
#include "checker/certificate/file.h"
#include "checker/engine/engine.h"
#include "lang/system/valid.h"
#include "tests/system_deductive/models.h"

namespace bulkhead {
namespace {

using certificate::Outcome;
using verdict::Conjunct;

verdict::Verdict decide(const ir::World& world, std::size_t claim = 0) {
  const auto made = obligation::obligation(world, ir::ClaimId{claim}, {});
  if (!made) return verdict::Unknown{made.error().reason};
  engine::Session session(world);
  return engine::solve(*made, session);
}

certificate::Checked check(const ir::World& world, const verdict::Verdict& verdict, std::size_t claim = 0) {
  return certificate::check(world, {{ir::ClaimId{claim}, {}, &verdict}}, {}).front();
}

std::string reason(const verdict::Verdict& verdict) {
  const auto* unknown = std::get_if<verdict::Unknown>(&verdict);
  return unknown == nullptr ? std::string(verdict::word(verdict)) : unknown->reason;
}

/// Memory with the claim `exclusive`.
ir::World exclusive(tests::Flush flush) {
  ir::World world = tests::world_of(tests::memory_model(flush));
  tests::add_claim(world, "exclusive", tests::always(world.systems[0], "exclusive"));
  return world;
}

TEST(Theorem, TheModelOfMemoryIsValid) {
  EXPECT_EQ(system::objection(tests::memory_model(tests::Flush::Yes)), std::nullopt);
}

TEST(Theorem, AnInvariantHoldsForAnyNumberOfElementsAndTheSecondSolverAgrees) {
  const ir::World world = exclusive(tests::Flush::Yes);
  const auto verdict = decide(world);
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << reason(verdict);
  const auto& evidence = std::get<verdict::InductiveEvidence>(std::get<verdict::Holds>(verdict).certificate.evidence);
  EXPECT_EQ(evidence.conjuncts.size(), 2u);
  const auto checked = check(world, verdict);
  EXPECT_EQ(checked.outcome, Outcome::Accepted) << checked.reason;
}

TEST(Theorem, AnInvariantWithoutItsUpdateIsViolatedByAReplayedRun) {
  const ir::World world = exclusive(tests::Flush::No);
  const auto verdict = decide(world);
  ASSERT_TRUE(std::holds_alternative<verdict::Violated>(verdict)) << reason(verdict);
  EXPECT_EQ(std::get<verdict::Violated>(verdict).trace.runs.at(0).steps.size(), 3u);
  const auto checked = check(world, verdict);
  EXPECT_EQ(checked.outcome, Outcome::Accepted) << checked.reason;
}

TEST(Theorem, EvidenceWithoutANeededConjunctIsRejected) {
  const ir::World world = exclusive(tests::Flush::Yes);
  auto verdict = decide(world);
  auto& holds = std::get<verdict::Holds>(verdict);
  auto& conjuncts = std::get<verdict::InductiveEvidence>(holds.certificate.evidence).conjuncts;
  std::erase_if(conjuncts, [](const Conjunct& one) { return one.text == "owned"; });
  EXPECT_EQ(check(world, verdict).outcome, Outcome::Rejected);
}

TEST(Theorem, EvidenceThatDoesNotImplyTheClaimIsRejected) {
  const ir::World world = exclusive(tests::Flush::Yes);
  auto verdict = decide(world);
  auto& holds = std::get<verdict::Holds>(verdict);
  std::get<verdict::InductiveEvidence>(holds.certificate.evidence).conjuncts.clear();
  EXPECT_EQ(check(world, verdict).outcome, Outcome::Rejected);
}

TEST(Theorem, EvidenceForAnotherSystemIsRejected) {
  const auto verdict = decide(exclusive(tests::Flush::Yes));
  EXPECT_EQ(check(exclusive(tests::Flush::No), verdict).outcome, Outcome::Rejected);
}

TEST(Theorem, EvidenceWithAnotherScriptIsRejected) {
  const ir::World world = exclusive(tests::Flush::Yes);
  auto verdict = decide(world);
  certificate::seal(world, ir::ClaimId{0}, {}, verdict);
  auto& holds = std::get<verdict::Holds>(verdict);
  auto& scripts = std::get<verdict::InductiveEvidence>(holds.certificate.evidence).scripts;
  ASSERT_FALSE(scripts.empty());
  EXPECT_EQ(check(world, verdict).outcome, Outcome::Accepted);
  scripts.front() = "(set-logic UF)\n(assert false)\n(check-sat)\n";
  EXPECT_EQ(check(world, verdict).outcome, Outcome::Rejected);
}

TEST(Theorem, AViolationThatDoesNotReplayIsRejected) {
  const ir::World world = exclusive(tests::Flush::No);
  auto verdict = decide(world);
  auto& runs = std::get<verdict::Violated>(verdict).trace.runs;
  runs.at(0).steps.pop_back();
  EXPECT_EQ(check(world, verdict).outcome, Outcome::Rejected);
  runs.clear();
  EXPECT_EQ(check(world, verdict).outcome, Outcome::Rejected);
}

TEST(Theorem, CertificatesSurviveTheirFile) {
  for (const auto flush : {tests::Flush::Yes, tests::Flush::No}) {
    const ir::World world = exclusive(flush);
    auto verdict = decide(world);
    certificate::seal(world, ir::ClaimId{0}, {}, verdict);
    const std::string text = certificate::write({"exclusive", {}, verdict});
    const auto read = certificate::read(text);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(certificate::write(*read), text);
    EXPECT_EQ(check(world, read->verdict).outcome, Outcome::Accepted);
  }
}

}  // namespace
}  // namespace bulkhead
