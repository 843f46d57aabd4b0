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
