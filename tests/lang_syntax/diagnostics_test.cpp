#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/diag/diagnostic.h"
#include "tests/lang_syntax/reading.h"

namespace bulkhead::test {
namespace {

using diag::Code;
using diag::Colour;
using testing::HasSubstr;
using testing::Not;

TEST(Codes, AreFourDigitsInTheirBandAndFoundAgain) {
  unsigned before = 0;
  for (const Code code : diag::all_codes()) {
    const std::string text = diag::to_string(code);
    EXPECT_EQ(text.size(), 6u);
    EXPECT_EQ(diag::code_from(text), code);
    EXPECT_FALSE(diag::summary_of(code).empty());
    EXPECT_NE(static_cast<unsigned>(code), before) << text << " is used twice";
    before = static_cast<unsigned>(code);
  }
  EXPECT_EQ(diag::code_from("BH0000"), std::nullopt);
  EXPECT_EQ(diag::code_from(""), std::nullopt);
}

TEST(DidYouMean, FindsTheNearestAndLeavesStrangersAlone) {
  EXPECT_EQ(diag::did_you_mean("contaner", {"enum", "container", "context"}), "container");
  EXPECT_EQ(diag::did_you_mean("raed", {"write", "read"}), "read");
  EXPECT_EQ(diag::did_you_mean("SECRETS", {"Secrets"}), "Secrets");
  EXPECT_EQ(diag::did_you_mean("banana", {"container", "read"}), std::nullopt);
  EXPECT_EQ(diag::did_you_mean("x", {"y"}), std::nullopt);
  EXPECT_EQ(diag::did_you_mean("", {"a"}), std::nullopt);
  EXPECT_EQ(diag::did_you_mean(std::string(1000, 'a'), {std::string(1000, 'b')}), std::nullopt);
  EXPECT_EQ(diag::did_you_mean("bat", {"cat", "rat"}), "cat");
}

diag::Diagnostic at(source::FileId file, std::uint32_t begin, std::uint32_t end) {
  return {Code::UnexpectedToken, {file, begin, end}, "this is wrong", {}, "", {}};
}

TEST(Render, CountsCodePointsAndWidensTabs) {
  source::SourceMap sources;
  const auto file = sources.add("a.bh", "\t\xC3\xA9\xC3\xA9 wrong\n");
  EXPECT_EQ(diag::render(at(file, 6, 11), sources, Colour::Off),
            "error[BH1001]: this is wrong\n"
            " --> a.bh:1:5\n"
            "  |\n"
            "1 |     \xC3\xA9\xC3\xA9 wrong\n"
            "  |        ^^^^^\n");
}

TEST(Render, ShowsLabelsOfOtherFilesAndHelp) {
  source::SourceMap sources;
  const auto a = sources.add("a.bh", "one\ntwo\n");
  const auto b = sources.add("b.bh", "\n\n\n\n\n\n\n\n\nten\n");
  diag::Diagnostic d = at(a, 4, 7);
  d.labels.push_back({{b, 9, 12}, "declared here"});
  d.help = "do that";
  EXPECT_EQ(diag::render(d, sources, Colour::Off),
            "error[BH1001]: this is wrong\n"
            "  --> a.bh:2:1\n"
            "   |\n"
            " 2 | two\n"
            "   | ^^^\n"
            "  --> b.bh:10:1\n"
            "   |\n"
            "10 | ten\n"
            "   | --- declared here\n"
            "   = help: do that\n");
}

TEST(Render, NeverSendsControlCharactersToATerminal) {
  source::SourceMap sources;
  const auto file = sources.add("a.bh", "\x1b[31m evil \x7f \xFF\n");
  const std::string text = diag::render(at(file, 6, 10), sources, Colour::Off);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\x7f")));
  EXPECT_THAT(text, Not(HasSubstr("\xFF")));
  EXPECT_THAT(diag::render(at(file, 6, 10), sources, Colour::On), HasSubstr("\x1b[1;31merror"));
}

TEST(Render, ClipsLongLinesAroundTheMistake) {
  source::SourceMap sources;
  const auto file = sources.add("a.bh", std::string(100'000, 'a') + "WRONG" + std::string(100'000, 'b'));
  const std::string text = diag::render(at(file, 100'000, 100'005), sources, Colour::Off);
  EXPECT_LT(text.size(), 600u);
  EXPECT_THAT(text, HasSubstr("aaWRONGbb"));
  EXPECT_THAT(text, HasSubstr(" ^^^^^\n"));
}

TEST(Render, NeedsNoPlace) {
  source::SourceMap sources;
  EXPECT_EQ(diag::render(at({}, 0, 0), sources, Colour::Off), "error[BH1001]: this is wrong\n");
}

TEST(DiagnosticList, KeepsAThousandAndCountsAll) {
  diag::DiagnosticList list;
  for (int i = 0; i < 1500; ++i) list.report(at({}, 0, 0));
  EXPECT_EQ(list.all().size(), diag::DiagnosticList::kMaxKept);
  EXPECT_EQ(list.error_count(), 1500u);
}

TEST(DiagnosticList, HidesNoErrorBehindAThousandWarnings) {
  diag::DiagnosticList list;
  for (int i = 0; i < 1500; ++i) list.report({Code::UnusedSet, {}, "unused", {}, "", {}});
  list.report(at({}, 0, 0));
  EXPECT_EQ(list.all().size(), diag::DiagnosticList::kMaxKept);
  EXPECT_EQ(list.all().back().code, Code::UnexpectedToken);
}

/// The fenced blocks of `page` that are marked ```bh KIND.
std::vector<std::string> blocks(const std::string& page, const std::string& kind) {
  std::vector<std::string> found;
  const std::string fence = "```bh " + kind + "\n";
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
    at += fence.size();
    const std::size_t end = page.find("```", at);
    found.push_back(page.substr(at, end - at));
  }
  return found;
}

TEST(Explain, EveryCodeOfTheSyntaxHasAPageWhoseExamplesAreTrue) {
  for (const Code code : diag::all_codes()) {
    if (static_cast<unsigned>(code) >= 1100) continue;  // those of later stages are tested with those stages
    const std::string name = diag::to_string(code);
    const auto page = diag::explain_page(code);
    ASSERT_TRUE(page) << name << " has no page in docs/diagnostics";
    EXPECT_EQ(page->substr(0, name.size() + 4), "# " + name + ": ") << name;
    for (const std::string& text : blocks(*page, "fail")) {
      EXPECT_THAT(Reading(text).codes(), testing::Contains(code)) << name << "\n" << text;
    }
    for (const std::string& text : blocks(*page, "ok")) EXPECT_EQ(Reading(text).report(), "") << name;
    // What no page can hold (64 MiB, a NUL byte) has its failing example in bounds_test.
    const bool unprintable = code == Code::NotUtf8 || code == Code::NulByte || code == Code::InputTooLarge ||
                             code == Code::NestingTooDeep || code == Code::ChainTooLong ||
                             code == Code::TooManyMistakes;
    EXPECT_EQ(blocks(*page, "fail").empty(), unprintable) << name;
    EXPECT_FALSE(blocks(*page, "ok").empty()) << name;
  }
}

}  // namespace
}  // namespace bulkhead::test
