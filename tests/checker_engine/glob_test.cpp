#include "checker/universe/glob.h"

#include <gtest/gtest.h>

#include <random>

#include "checker/universe/nfa.h"
#include "lang/ir/glob.h"
#include "path_samples.h"

namespace bulkhead::universe {
namespace {

Nfa nfa_of(std::vector<PathPattern> patterns) {
  auto nfa = Nfa::build(std::move(patterns));
  EXPECT_TRUE(nfa.ok()) << nfa.error().reason;
  return std::move(nfa).value();
}

bool runs(const Nfa& nfa, const std::string& path) {
  StateSet states = nfa.initial();
  for (const char c : path) states = nfa.step(states, static_cast<std::uint8_t>(c));
  return path == "/" ? nfa.holds_root() : nfa.accepts(states);
}

TEST(Glob, AgreesWithTheDefinitionOnAllShortPaths) {
  std::mt19937 random(1);
  const auto paths = samples::short_paths(5);
  for (int round = 0; round < 150; ++round) {
    const std::string glob = samples::random_glob(random);
    ASSERT_TRUE(ir::expand_glob(glob).ok()) << glob;
    const Nfa nfa = nfa_of({{glob, ""}});
    for (const std::string& path : paths)
      ASSERT_EQ(runs(nfa, path), ir::glob_matches(glob, path)) << glob << " on " << path;
  }
}

TEST(Glob, ReadsAPatternAfterAPrefixAsTheDefinitionDoes) {
  std::mt19937 random(2);
  const auto paths = samples::short_paths(4);
  for (const std::string prefix : {"/a", "/a/b", "/b\xC3\xA9"})
    for (int round = 0; round < 40; ++round) {
      const std::string glob = samples::random_glob(random);
      const Nfa nfa = nfa_of({{glob, prefix}});
      for (const std::string& path : paths) {
        const bool expected = ir::pattern_matches({ir::kHost, glob, prefix}, {ir::kHost, path});
        ASSERT_EQ(runs(nfa, path), expected) << prefix << " + " << path << " of " << glob;
      }
    }
}

TEST(Glob, RefusesWhatTheDefinitionRefuses) {
  for (const std::string glob : {"/{a", "/a}", "/[a", "/[b-a]", "/a\\", "/[\x80]", "/[]",
                                 "/{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"}) {
    EXPECT_FALSE(parse_glob(glob).ok()) << glob;
    EXPECT_FALSE(ir::expand_glob(glob).ok()) << glob;
  }
}

TEST(Glob, SurvivesDeepBracesAndManyBrackets) {
  EXPECT_FALSE(parse_glob(std::string(16000, '{')).ok());
  EXPECT_FALSE(parse_glob(std::string(16000, '[')).ok());
  const std::string nested = std::string(2000, '{') + "a" + std::string(2000, '}');
  EXPECT_TRUE(parse_glob("/" + nested).ok());
  EXPECT_FALSE(parse_glob(std::string(1 << 20, 'a')).ok());
}

TEST(Glob, SpellsScalarsAsUtf8WithoutSurrogates) {
  std::size_t scalars = 0;
  for (const ByteSequence& sequence : utf8_sequences({{0, 0x10FFFF}})) {
    std::size_t product = 1;
    for (int i = 0; i < sequence.length; ++i) product *= sequence.high[i] - sequence.low[i] + 1u;
    scalars += product;
  }
  EXPECT_EQ(scalars, 0x110000u - 0x800u);
}

TEST(Glob, KnowsTheSamePathsAsTheDefinition) {
  for (const std::string text :
       {"", "/", "a", "/a", "/a/", "//a", "/a//b", "/.", "/..", "/...", "/a/./b", "/.a", "/a/..", "/a/b"})
    EXPECT_EQ(is_path(text), ir::is_valid_path(text)) << text;
  EXPECT_FALSE(is_path(std::string("/a\0b", 4)));
}

}  // namespace
}  // namespace bulkhead::universe
