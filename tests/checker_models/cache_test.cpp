// The cache of certificates with claims about models: found again, checked again, and lies are noticed.
#include <unistd.h>

#include <filesystem>

#include "checker/query/prove.h"
#include "lang/base/file.h"
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

class ModelCache : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove_all(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  query::Proof prove(const Claims& claims) const {
    query::ProveOptions options;
    options.cache = folder_;
    return query::prove(claims.world(), options);
  }
  template <typename Change>
  void forge(const Change& change) const {
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      if (entry.path().extension() != ".cert") continue;
      auto file = certificate::read(*read_file(entry.path().string(), certificate::kMaxFileBytes));
      ASSERT_TRUE(file.ok());
      change(file->verdict);
      ASSERT_TRUE(write_file(entry.path().string(), certificate::write(*file), 0600).ok());
    }
  }

  std::string folder_ =
      (std::filesystem::temp_directory_path() / ("bulkhead-model-cache-" + std::to_string(::getpid()))).string();
};

TEST_F(ModelCache, EvidenceOfEveryKindIsFoundAgain) {
  const Claims claims(memory(R"bh(
prove Memory.exclusive;
prove small: Memory.exclusive for 2 Container, 2 Frame;
prove unmapped: in Memory: forall c: Container, f: Frame. owner(f) == c leads to mapped(c, f) || owner(f) != c under fair { map };
refute Memory.Stale.exclusive;)bh"));
  const auto first = prove(claims);
  EXPECT_TRUE(first.all_satisfied());
  EXPECT_EQ(first.cache.stored, 4u);
  const auto again = prove(claims);
  EXPECT_EQ(again.cache.hits, 4u);
  EXPECT_TRUE(again.all_satisfied());
  EXPECT_TRUE(again.cache.dropped.empty());
  for (std::size_t i = 0; i < again.claims.size(); ++i) {
    EXPECT_NE(engine_of(again.claims[i].cases[0].verdict), "");
    EXPECT_EQ(engine_of(again.claims[i].cases[0].verdict), engine_of(first.claims[i].cases[0].verdict));
  }
}

TEST_F(ModelCache, RoundsAreFoundAgainAndAnotherRankIsAskedAnew) {
  const auto claims = [](const std::string& rank) {
    return "model Down { sort Job; var on: Job -> bool = true; var left: int = 9;\n"
           "action go() when left > 0 do left := left - 1; action stop(j: Job) when on(j) do on(j) := false;\n"
           "action pause(j: Job) do on(j) := on(j); invariant natural: left >= 0; }\n"
           "prove in Down: left > 0 leads to left == 0 under fair { go } by rank " +
           rank + ";\nprove small: in Down: forall j: Job. on(j) leads to !on(j) under fair { stop };";
  };
  EXPECT_EQ(prove(Claims(claims("left"))).cache.stored, 2u);
  EXPECT_EQ(prove(Claims(claims("left"))).cache.hits, 2u);
  const auto other = prove(Claims(claims("2 * left")));
  EXPECT_TRUE(other.all_satisfied());
  EXPECT_EQ(other.cache.hits, 0u);
  const Claims servers(
      "model Servers { sort Job; sort Server; var server: Job -> Server; var waits: Job -> bool = false;\n"
      "action submit(j: Job, s: Server) when !waits(j) do waits(j) := true, server(j) := s;\n"
      "action serve(s: Server, j: Job) when waits(j) && server(j) == s do waits(j) := false; }\n"
      "prove in Servers: forall j: Job. waits(j) leads to !waits(j) under fair { serve };\n"
      "prove small: in Servers: forall j: Job. waits(j) leads to !waits(j) under fair { serve } for 2 Job, 2 Server;");
  EXPECT_EQ(prove(servers).cache.stored, 2u);
  const auto again = prove(servers);
  EXPECT_EQ(again.cache.hits, 2u);
  EXPECT_TRUE(again.all_satisfied());
  EXPECT_EQ(engine_of(again.claims.at(0).cases.at(0).verdict), "rounds");
}

TEST_F(ModelCache, TheNameOfAnEngineIsAWord) {
  const auto with = [](const std::string& engine) {
    verdict::Holds holds;
    holds.certificate.evidence = verdict::LinearEvidence{};
    holds.engine = engine;
    return certificate::read(certificate::write({"claim", {}, holds}));
  };
  EXPECT_EQ(engine_of(with("scope")->verdict), "scope");
  EXPECT_EQ(engine_of(with("")->verdict), "");
  for (const char* other : {"\x1b[31mscope", "scope\n", "The scope", "a_word_that_is_longer_than_any_engine_has"}) {
    EXPECT_FALSE(with(other).ok()) << other;
  }
}

TEST_F(ModelCache, AnotherModelIsAnotherClaim) {
  prove(Claims(memory("prove Memory.exclusive;")));
  const Claims changed(
      memory("prove Memory.exclusive;", "action steal(c: Container, f: Frame) do mapped(c, f) := true;"));
  const auto proof = prove(changed);
  EXPECT_EQ(proof.cache.hits, 0u);
  EXPECT_TRUE(proof.cache.dropped.empty());
  EXPECT_EQ(proof.claims.at(0).status, query::Status::Failed);
}

TEST_F(ModelCache, ForgedEvidenceIsNoticedAndSearchedForAgain) {
  const Claims claims(memory("prove Memory.exclusive;"));
  prove(claims);
  forge([](verdict::Verdict& verdict) { evidence_of<verdict::InductiveEvidence>(verdict).conjuncts.pop_back(); });
  const auto proof = prove(claims);
  EXPECT_EQ(proof.cache.hits, 0u);
  EXPECT_EQ(proof.cache.dropped.size(), 1u);
  EXPECT_TRUE(proof.all_satisfied());
}

/// The name of a program that says it is the second solver, and answers nothing.
std::string silent_solver(const std::string& folder) {
  const auto version = certificate::solver_version({});
  if (!version) return "";
  const std::string path = folder + "-solver";
  const std::string text = "#!/bin/sh\necho \"This is cvc5 version " + version->substr(5) + "\"\n";
  if (!write_file(path, text, 0700).ok()) return "";
  return path;
}

TEST_F(ModelCache, WhatInstancesShowIsNotAskedAgain) {
  const Claims claims(memory("prove Memory.exclusive;"));
  const auto first = prove(claims);
  ASSERT_TRUE(first.all_satisfied());
  query::ProveOptions options;
  options.cache = folder_;
  options.second_solver.cvc5 = silent_solver(folder_);
  if (options.second_solver.cvc5.empty()) GTEST_SKIP() << "needs cvc5: its version is part of every key";
  const auto again = query::prove(claims.world(), options);
  EXPECT_EQ(again.cache.hits, 1u);
  EXPECT_TRUE(again.all_satisfied());
  // Without hints nobody shows it, and it is searched for again.
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path().extension() == ".hints") std::filesystem::remove(entry.path());
  }
  EXPECT_EQ(query::prove(claims.world(), options).cache.hits, 0u);
  std::filesystem::remove(options.second_solver.cvc5);
}

TEST_F(ModelCache, ForgedHintsShowNothing) {
  const Claims claims(memory("prove Memory.exclusive;"));
  prove(claims);
  for (const char* hints : {"", "\n\n\n", "w 0;\nw 0;\n", "-\n-\n-\n-\n-\n-\n-\n-\n"}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      if (entry.path().extension() != ".hints") continue;
      ASSERT_TRUE(write_file(entry.path().string(), hints, 0600).ok());
    }
    const auto proof = prove(claims);
    EXPECT_TRUE(proof.all_satisfied()) << hints;
    EXPECT_EQ(proof.cache.hits, 1u) << "the second solver shows it: " << hints;
  }
}

TEST_F(ModelCache, AProofForAViolatedClaimIsNotBelieved) {
  const Claims good(memory("prove claim: Memory.exclusive;")), bad(memory("prove claim: Memory.Stale.exclusive;"));
  verdict::Verdict lie = good.decide();
  prove(bad);
  forge([&](verdict::Verdict& verdict) { verdict = lie; });
  const auto proof = prove(bad);
  EXPECT_EQ(proof.cache.dropped.size(), 1u);
  EXPECT_EQ(proof.claims.at(0).status, query::Status::Failed);
}

}  // namespace
}  // namespace bulkhead::test
