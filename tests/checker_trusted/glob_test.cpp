// Globs: the definition, and the second reader against it on every short path.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checker/certificate/glob_reader.h"
#include "lang/ir/glob.h"

namespace bulkhead {
namespace {

struct GlobCase {
  const char* glob;
  const char* path;
  bool matches;
};

TEST(Glob, MeansWhatTheLanguageSays) {
  const GlobCase cases[] = {
      {"/etc/passwd", "/etc/passwd", true},
      {"/etc/*", "/etc/passwd", true},
      {"/etc/*", "/etc/a/b", false},
      {"/d/**", "/d", true},
      {"/d/**", "/d/a/b", true},
      {"/d/**", "/da", false},
      {"/**", "/", true},
      {"/a/**/b", "/a/b", true},
      {"/a/**/b", "/a/x/y/b", true},
      {"/a/**/b", "/ab", false},
      {"/a**b", "/ax/yb", true},
      {"/{a,b}/c", "/b/c", true},
      {"/{a,{b,c}d}", "/cd", true},
      {"/{a,}", "/", true},
      {"/?", "/\xC3\xA4", true},
      {"/?", "/\xC3", false},
      {"/??", "/\xC3\xA4", false},
      {"/[!a]", "/a", false},
      {"/[!a]", "/\xF0\x9F\x98\x80", true},
      {"/[a-c]x", "/bx", true},
      {"/[]a]", "/]", true},
      {"/\\*", "/*", true},
      {"/\\*", "/a", false},
      {"/*", "/\xFF", true},
      {"/?", "/\xED\xA0\x80", false},
      {"/[\xC3\xA4-\xC3\xBC]", "/\xC3\xB6", true},
      {"/[!a]", "//", false},
      {"/{**,x}/y", "/y", true},
  };
  for (const GlobCase& c : cases) EXPECT_EQ(ir::glob_matches(c.glob, c.path), c.matches) << c.glob << " on " << c.path;
}

TEST(Glob, RefusesWhatIsNone) {
  for (const char* bad : {"/{a", "/a}", "/[a", "/\\", "/[]", "/[b-a]", "/[\xFF]", "/[!"}) {
    EXPECT_FALSE(ir::expand_glob(bad).ok()) << bad;
    certificate::Automaton automaton;
    EXPECT_FALSE(automaton.add(bad, "")) << bad;
  }
  EXPECT_FALSE(ir::expand_glob("/{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}").ok());
  EXPECT_FALSE(ir::expand_glob(std::string(ir::kMaxGlobBytes + 1, 'a')).ok());
}

TEST(Glob, EscapeMatchesTheTextOnly) {
  const std::string text = "/a*?[]{},\\b";
  EXPECT_TRUE(ir::glob_matches(ir::escape_glob(text), text));
  EXPECT_FALSE(ir::glob_matches(ir::escape_glob(text), "/axyz[]{},\\b"));
}

bool reads(const certificate::Automaton& automaton, const std::string& path) {
  certificate::States states = automaton.initial();
  for (const char c : path) states = automaton.step(states, static_cast<std::uint8_t>(c));
  return automaton.accepts(states);
}

/// All words of up to five letters over an alphabet that has everything special.
std::vector<std::string> short_paths() {
  const std::vector<std::string> letters = {"/", "a", "b", ".", "\xC3\xA4", "\xC3"};
  std::vector<std::string> words{""};
  for (std::size_t from = 0, round = 0; round < 5; ++round) {
    const std::size_t end = words.size();
    for (; from < end; ++from) {
      for (const std::string& letter : letters) words.push_back(words[from] + letter);
    }
  }
  return words;
}

TEST(GlobReader, AgreesWithTheDefinitionOnEveryShortPath) {
  const char* globs[] = {
      "/**",      "/a/**",   "/*",      "/**/a",    "/a**b",          "/?",      "/[!a]/*", "/{a,b}/**",
      "/**/b/**", "**",      "/*/**/a", "/a/**/**", "/[a-\xC3\xA4]?", "/{,a/}b", "/.*",     "/**a?",
      "/*/*",     "a*/**b*", "/a*/**",  "/??*"};
  const auto paths = short_paths();
  for (const char* glob : globs) {
    certificate::Automaton automaton;
    ASSERT_TRUE(automaton.add(glob, "")) << glob;
    for (const std::string& path : paths)
      ASSERT_EQ(reads(automaton, path), ir::glob_matches(glob, path)) << glob << " on " << path;
  }
}

TEST(GlobReader, SpellsEveryScalarOfAClass) {
  certificate::Automaton any;
  ASSERT_TRUE(any.add("?", ""));
  certificate::Automaton some;
  ASSERT_TRUE(some.add("[\xC2\x80-\xF0\x90\x80\x80]", ""));
  for (std::uint32_t lead = 0; lead < 256; ++lead) {
    for (const std::string tail :
         {"", "\x80", "\xBF", "\x80\x80", "\x9F\xBF", "\xA0\x80", "\x90\x80\x80", "\x8F\xBF\xBF", "\xBF\xBF\xBF"}) {
      const std::string text = std::string(1, static_cast<char>(lead)) + tail;
      EXPECT_EQ(reads(any, text), ir::glob_matches("?", text)) << lead;
      EXPECT_EQ(reads(some, text), ir::glob_matches("[\xC2\x80-\xF0\x90\x80\x80]", text)) << lead;
    }
  }
}

TEST(GlobReader, ReadsAfterAPrefix) {
  certificate::Automaton automaton;
  ASSERT_TRUE(automaton.add("/srv/**", "/srv/data"));
  EXPECT_TRUE(reads(automaton, "/x"));
  certificate::Automaton other;
  ASSERT_TRUE(other.add("/srv/data/a*", "/srv/data"));
  EXPECT_TRUE(reads(other, "/ab"));
  EXPECT_FALSE(reads(other, "/b"));
}

TEST(Path, IsValidOnlyWhenResolved) {
  for (const char* good : {"/", "/a", "/a/b", "/...", "/.a", "/a."}) EXPECT_TRUE(ir::is_valid_path(good)) << good;
  for (const char* bad : {"", "a", "//", "/a/", "/.", "/..", "/a/../b", "/a/./b"})
    EXPECT_FALSE(ir::is_valid_path(bad)) << bad;
  EXPECT_FALSE(ir::is_valid_path(std::string("/a\0b", 4)));
}

TEST(Pattern, WithPrefixSeesTheHostPath) {
  const ir::FilePattern pattern{ir::VolumeId{2}, "/srv/data", "/srv/data"};
  EXPECT_TRUE(ir::pattern_matches(pattern, {ir::VolumeId{2}, "/"}));
  EXPECT_FALSE(ir::pattern_matches(pattern, {ir::VolumeId{2}, "/a"}));
  EXPECT_FALSE(ir::pattern_matches(pattern, {ir::VolumeId{3}, "/"}));
}

}  // namespace
}  // namespace bulkhead
