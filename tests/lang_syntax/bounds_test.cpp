// Inputs that nobody writes by hand: each ends in a clear error or a module, in bounded time and memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/lang_syntax/reading.h"

namespace bulkhead::test {
namespace {

using diag::Code;
using testing::Contains;
using testing::ElementsAre;

std::string repeat(std::string_view piece, std::size_t times) {
  std::string text;
  text.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

std::string filled(std::string_view piece, std::size_t bytes) {
  return repeat(piece, bytes / piece.size());
}

const std::string kRule = "permit c: container to read f: file when ";

TEST(Bounds, TenThousandNestedBracketsAreOneError) {
  EXPECT_THAT(Reading(kRule + repeat("(", 10'000) + "true" + repeat(")", 10'000) + ";").codes(),
              ElementsAre(Code::NestingTooDeep));
  EXPECT_THAT(Reading("model M " + repeat("{", 10'000) + repeat("}", 10'000)).codes(),
              ElementsAre(Code::NestingTooDeep));
  EXPECT_EQ(Reading(kRule + repeat("(", 256) + "true" + repeat(")", 256) + ";").report(), "");
}

TEST(Bounds, LongChainsAreFlatAndLimited) {
  for (const char* piece : {"true && ", "true || ", "true -> ", "!"}) {
    EXPECT_EQ(Reading(kRule + repeat(piece, syntax::kMaxChain) + "true;").report(), "") << piece;
    EXPECT_THAT(Reading(kRule + repeat(piece, syntax::kMaxChain + 1) + "true;").codes(),
                ElementsAre(Code::ChainTooLong))
        << piece;
  }
}

TEST(Bounds, TextThatIsNoTextIsRefusedAtItsFirstByte) {
  for (const char* bytes : {"volume \xFF;", "volume \xC0\x80;", "volume \xED\xA0\x80;", "volume \xF4\x90\x80\x80;",
                            "volume \xC3", "volume \xE2\x82"}) {
    const Reading r{std::string(bytes)};
    EXPECT_FALSE(r.module);
    ASSERT_THAT(r.codes(), ElementsAre(Code::NotUtf8));
    EXPECT_EQ(r.found.all()[0].span.begin, 7u);
  }
  const Reading r(std::string("volume \0;", 9));
  EXPECT_FALSE(r.module);
  EXPECT_THAT(r.codes(), ElementsAre(Code::NulByte));
}

TEST(Bounds, MoreThanSixtyFourMiBIsRefusedUnread) {
  const Reading r(std::string(syntax::kMaxBytes + 1, ' '));
  EXPECT_FALSE(r.module);
  EXPECT_THAT(r.codes(), ElementsAre(Code::InputTooLarge));
}

TEST(Bounds, SixtyFourMiBOfGarbageEndsEarly) {
  const Reading r(filled("\x01#$ %^`", syntax::kMaxBytes));
  EXPECT_THAT(r.codes(), Contains(Code::TooManyMistakes));
  EXPECT_LE(r.found.error_count(), syntax::kMaxMistakes + 2);  // the words and the sentences both say that they stop
}

TEST(Bounds, SixtyFourMiBInOneTokenIsRead) {
  EXPECT_THAT(Reading("volume " + std::string(syntax::kMaxBytes - 8, 'a') + ";").codes(), ElementsAre());
  EXPECT_THAT(Reading("\"" + std::string(syntax::kMaxBytes - 1, 'a')).codes(), ElementsAre(Code::UnterminatedString));
  EXPECT_THAT(Reading("// " + filled("\xC3\xA9", syntax::kMaxBytes - 4)).codes(), ElementsAre());
}

TEST(Bounds, SixtyFourMiBOfSentencesAreReadUpToTheLimitOfWords) {
  const Reading r(filled("prove a1: Agent cannot read Secrets;\n", syntax::kMaxBytes));
  EXPECT_THAT(r.codes(), Contains(Code::InputTooLarge));
  EXPECT_EQ(r.module->sentences.size(), syntax::kMaxTokens / 8);  // a claim has eight words and signs
}

TEST(Bounds, ASentenceOfAMillionWordsIsRefused) {
  EXPECT_THAT(Reading("label a" + repeat("<a", 500'000) + ";").codes(), ElementsAre(Code::ChainTooLong));
}

TEST(Bounds, OpenBracketsWithoutEndAreTwoErrors) {
  const Reading r(std::string(1 << 20, '('));
  EXPECT_THAT(r.codes(), Contains(Code::NestingTooDeep));
  EXPECT_LE(r.found.error_count(), 3u);
}

TEST(Bounds, AMillionMistakesStopAtTheLimit) {
  const Reading semicolons(repeat(";", 1'000'000));
  EXPECT_EQ(semicolons.found.error_count(), syntax::kMaxMistakes + 1);
  const Reading claims(repeat("prove a b;\n", 100'000));
  EXPECT_EQ(claims.found.error_count(), syntax::kMaxMistakes + 1);
}

}  // namespace
}  // namespace bulkhead::test
