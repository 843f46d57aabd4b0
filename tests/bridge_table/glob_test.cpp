#include "runtime-bridge/table/glob.h"

#include <gtest/gtest.h>

#include <random>

#include "lang/ir/glob.h"
#include "runtime-bridge/table/utf8_class.h"
#include "tests/bridge_table/sample_table.h"

namespace bulkhead::table {
namespace {

bool match(std::string_view glob, std::string_view path, std::string_view prefix = "") {
  const auto automaton = compile_glob(glob);
  EXPECT_TRUE(automaton.ok()) << glob;
  return automaton.ok() && accepts(*automaton, prefix, path);
}

TEST(TableGlob, StarStaysInsideASegment) {
  EXPECT_TRUE(match("/etc/*", "/etc/passwd"));
  EXPECT_TRUE(match("/etc/*", "/etc/"));
  EXPECT_FALSE(match("/etc/*", "/etc/ssl/certs"));
  EXPECT_TRUE(match("/*.d/x", "/init.d/x"));
}

TEST(TableGlob, TwoStarsCrossSegmentsAndIncludeTheFolder) {
  EXPECT_TRUE(match("/d/**", "/d"));
  EXPECT_TRUE(match("/d/**", "/d/a/b"));
  EXPECT_FALSE(match("/d/**", "/da"));
  EXPECT_TRUE(match("/**", "/"));
  EXPECT_TRUE(match("/**/x", "/x"));
  EXPECT_TRUE(match("/**/x", "/a/b/x"));
  EXPECT_FALSE(match("/**/x", "/ax"));
  EXPECT_TRUE(match("/a**", "/a/b"));
}

TEST(TableGlob, QuestionMarkAndClassesTakeOneScalar) {
  EXPECT_TRUE(match("/?", "/\xC3\xA9"));
  EXPECT_FALSE(match("/?", "/\xC3"));
  EXPECT_FALSE(match("/??", "/\xC3\xA9"));
  EXPECT_FALSE(match("/?", "//"));
  EXPECT_TRUE(match("/[a-cx]", "/b"));
  EXPECT_FALSE(match("/[!a-c]", "/b"));
  EXPECT_TRUE(match("/[!a-c]", "/\xF0\x9F\x98\x80"));
  EXPECT_FALSE(match("/a[!b]c", "/a/c"));
  EXPECT_TRUE(match("/[\\]]", "/]"));
}

TEST(TableGlob, BracesNestAndMayBeEmpty) {
  EXPECT_TRUE(match("/etc/{passwd,shadow}", "/etc/shadow"));
  EXPECT_FALSE(match("/etc/{passwd,shadow}", "/etc/group"));
  EXPECT_TRUE(match("/a{,b{c,d}}e", "/ae"));
  EXPECT_TRUE(match("/a{,b{c,d}}e", "/abde"));
  EXPECT_FALSE(match("/a{,b{c,d}}e", "/abe"));
  EXPECT_TRUE(match("/\\{a\\}", "/{a}"));
  EXPECT_TRUE(match("/a,b", "/a,b"));
}

TEST(TableGlob, ThePrefixStandsBeforeThePath) {
  EXPECT_TRUE(match("/srv/data/secret/**", "/secret/x", "/srv/data"));
  EXPECT_FALSE(match("/srv/data/secret/**", "/public", "/srv/data"));
}

TEST(TableGlob, MeansWhatTheLanguageMeans) {
  std::mt19937 random(3);
  std::size_t matched = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string glob = sample::random_glob(random);
    const std::string prefix = i % 3 == 0 ? "/a" : "";
    for (int k = 0; k < 12; ++k) {
      const std::string path = sample::random_path(random);
      const bool expected =
          ir::pattern_matches(ir::FilePattern{ir::kHost, glob, prefix}, ir::FileObject{ir::kHost, path});
      ASSERT_EQ(match(glob, path, prefix), expected) << glob << " on " << prefix << " " << path;
      matched += expected ? 1 : 0;
    }
  }
  EXPECT_GT(matched, 3000u);
}

TEST(TableGlob, TheRootBehindAPrefixIsThePrefix) {
  EXPECT_TRUE(match("/srv/data", "/", "/srv/data"));
  EXPECT_FALSE(match("/srv/data/", "/", "/srv/data"));
}

TEST(TableGlob, MalformedPatternsAreRefused) {
  for (const char* glob : {"/{a", "/a}", "/[a", "/[]", "/[b-a]", "/\\", "/[\xFF]"})
    EXPECT_FALSE(compile_glob(glob).ok()) << glob;
  EXPECT_FALSE(compile_glob("/{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}").ok());
  EXPECT_FALSE(compile_glob(std::string(4097, 'a')).ok());
  EXPECT_FALSE(compile_glob("/" + std::string(4095, '?')).ok());
  EXPECT_TRUE(compile_glob("/" + std::string(1000, '?')).ok());
}

TEST(TableGlob, ByteSequencesAreExactlyTheEncodingsOfAClass) {
  const auto sequences = byte_sequences(normalised({}, true));
  const auto covered = [&](std::string_view bytes) {
    std::size_t found = 0;
    for (const ByteSequence& sequence : sequences) {
      bool inside = sequence.length == bytes.size();
      for (std::size_t i = 0; inside && i < bytes.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(bytes[i]);
        inside = sequence.ranges[i].low <= byte && byte <= sequence.ranges[i].high;
      }
      found += inside ? 1 : 0;
    }
    EXPECT_LE(found, 1u) << "sequences overlap";
    return found == 1;
  };
  for (unsigned a = 0; a < 256; ++a) {
    for (unsigned b = 0; b < 256; ++b) {
      const std::string two{static_cast<char>(a), static_cast<char>(b)};
      std::size_t at = 0;
      EXPECT_EQ(covered(two), next_scalar(two, at).has_value() && at == 2);
      const std::string three = two + '\x80';
      at = 0;
      EXPECT_EQ(covered(three), next_scalar(three, at).has_value() && at == 3);
      const std::string four = three + '\x80';
      at = 0;
      EXPECT_EQ(covered(four), next_scalar(four, at).has_value() && at == 4);
    }
  }
  EXPECT_FALSE(covered("/"));
  EXPECT_TRUE(covered("0"));
}

}  // namespace
}  // namespace bulkhead::table
