// What the parser says about mistakes, and what it understands in spite of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>

#include "tests/lang_syntax/examples.h"
#include "tests/lang_syntax/reading.h"

namespace bulkhead::test {
namespace {

using diag::Code;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Mistakes, AllOfAFileAreReportedInItsOrder) {
  const Reading r(
      "module a.b\n"
      "contaner A { may read D; }\n"
      "container B {\n"
      "    mout D at \"/x\";\n"
      "    limits { memory 256 MB; cpu 0.5 pids 64; }\n"
      "    may read D whn x;\n"
      "    rootfs readonly\n"
      "    user 10;\n"
      "}\n"
      "prove y: B cannot read D\n"
      "prove z: B;\n");
  EXPECT_THAT(r.codes(), ElementsAre(Code::MissingSemicolon, Code::UnknownSentence, Code::UnknownSentence,
                                     Code::UnknownUnit, Code::UnexpectedToken, Code::UnexpectedToken,
                                     Code::MissingSemicolon, Code::MissingSemicolon, Code::IncompleteClaim));
}

TEST(Mistakes, LeaveTheRestOfABodyUnderstood) {
  const Reading r(
      "container B uses p {\n mout D at \"/x\";\n user 10;\n rootfs readonly\n group 7;\n}\nprove a: B cannot read D;");
  EXPECT_EQ(r.found.error_count(), 2u);
  const auto& b = r.at<ast::ContainerDecl>(0);
  EXPECT_EQ(b.uses.size(), 1u);
  ASSERT_EQ(b.body.sentences.size(), 2u);
  EXPECT_EQ(std::get<ast::GroupSetting>(b.body.sentences.at(1).form).id.whole, 7u);
  EXPECT_EQ(r.module->sentences.size(), 2u);
}

TEST(Mistakes, AMissingSemicolonIsShownWhereItBelongs) {
  const Reading r("prove y: B cannot read D\nprove z: B cannot write D;\n");
  EXPECT_EQ(r.report(),
            "error[BH1014]: expected `;` after `D`\n"
            " --> policy.bh:1:25\n"
            "  |\n"
            "1 | prove y: B cannot read D\n"
            "  |                         ^\n"
            "  = help: insert `;`\n");
  EXPECT_EQ(r.module->sentences.size(), 2u);
  ASSERT_EQ(r.found.all().at(0).fixes.size(), 1u);
  EXPECT_EQ(r.found.all().at(0).fixes[0].replacement, ";");
}

TEST(Mistakes, MisspeltWordsAreGuessed) {
  EXPECT_THAT(Reading("prove x: B canot read D;").report(), HasSubstr("did you mean `cannot`?"));
  EXPECT_THAT(Reading("contaner B { }").report(), HasSubstr("did you mean `container`?"));
  EXPECT_THAT(Reading("container B { mount D att \"/x\"; }").report(), HasSubstr("did you mean `at`?"));
  EXPECT_THAT(Reading("container B { namespaces { net: hst; } }").report(), HasSubstr("did you mean `host`?"));
  EXPECT_THAT(Reading("container B { may read D when a = b; }").report(), HasSubstr("equality is written `==`"));
  EXPECT_THAT(Reading("container B { may read D when a and b; }").report(), HasSubstr("conjunction is written `&&`"));
  EXPECT_THAT(Reading("container B { limits { memory 5 MB; } }").report(), HasSubstr("did you mean `MiB`?"));
  EXPECT_THAT(Reading("/* x */ volume V;").report(), HasSubstr("comments begin with `//`"));
}

TEST(Mistakes, ExpectedWordsAreNamed) {
  EXPECT_THAT(Reading("container B { rootfs \"x\"; }").report(),
              HasSubstr("expected `readonly` or `writable`, found `\"x\"`"));
  EXPECT_THAT(Reading("volume ;").report(), HasSubstr("expected a name, found `;`"));
  EXPECT_THAT(Reading("volume V W;").report(), HasSubstr("expected `label`, `from`, `tmpfs`, `;` or `,`, found `W`"));
}

TEST(Mistakes, AnUnclosedBlockIsShownAtItsOpening) {
  const Reading r("container A {\n    may read D;\n\ncontainer B { }\nprove q: B isolated from host;\n");
  EXPECT_EQ(r.report(),
            "error[BH1003]: this `{` is never closed\n"
            " --> policy.bh:1:13\n"
            "  |\n"
            "1 | container A {\n"
            "  |             ^\n"
            "  ...\n"
            "4 | container B { }\n"
            "  | --------- expected `}` before this\n");
  EXPECT_EQ(r.module->sentences.size(), 3u);
}

TEST(Mistakes, BracketsThatDoNotMatchAreReportedOnce) {
  EXPECT_THAT(Reading("permit c: container to read f: file when (a && b;\nvolume V;").codes(),
              ElementsAre(Code::UnclosedBracket));
  EXPECT_THAT(Reading("permit c: container to read f: file when a && b);\nvolume V;").codes(),
              ElementsAre(Code::UnmatchedBracket));
  EXPECT_THAT(Reading("container A { } }\nvolume V;").codes(), ElementsAre(Code::UnmatchedBracket));
  EXPECT_THAT(Reading("container A { may read D;").codes(), ElementsAre(Code::UnclosedBracket));
}

TEST(Mistakes, AStringEndsOnItsLine) {
  const Reading r("container C {\n mount A at \"/x;\n user 1;\n}\nfile F = \"/abc;\nprove q: C isolated from host;\n");
  EXPECT_THAT(r.codes(), ElementsAre(Code::UnterminatedString, Code::UnterminatedString));
  EXPECT_EQ(r.module->sentences.size(), 3u);
}

TEST(Mistakes, InCharactersAreReportedOncePerRun) {
  EXPECT_THAT(Reading("# a comment\nvolume V;").codes(), ElementsAre(Code::UnexpectedCharacter));
  EXPECT_THAT(Reading("volume caf\xC3\xA9\xC3\xA9;").codes(), ElementsAre(Code::UnexpectedCharacter));
  EXPECT_THAT(Reading("volume V; \x01\x02\x03 volume W;").codes(), ElementsAre(Code::UnexpectedCharacter));
}

TEST(Mistakes, InNumbersAndEscapes) {
  EXPECT_THAT(Reading("container C { user 99999999999999999999; }").codes(), ElementsAre(Code::BadNumber));
  EXPECT_THAT(Reading("container C { limits { cpu 0.1234567; } }").codes(), ElementsAre(Code::BadNumber));
  EXPECT_THAT(Reading("container C { limits { io 5 MiB/h; } }").codes(), ElementsAre(Code::UnknownUnit));
  EXPECT_THAT(Reading("file F = \"/a\\d\";").codes(), ElementsAre(Code::BadEscape));
  EXPECT_THAT(Reading("file F = \"/\\u{0}\\u{d800}\\u{110000}\";").codes(),
              ElementsAre(Code::BadEscape, Code::BadEscape, Code::BadEscape));
}

TEST(Mistakes, InTheHeader) {
  EXPECT_THAT(Reading("module a;\nmodule b;").codes(), ElementsAre(Code::MisplacedHeader));
  EXPECT_THAT(Reading("volume V;\nimport b;").codes(), ElementsAre(Code::MisplacedHeader));
  EXPECT_THAT(Reading("module a;\nlanguage 1;").codes(), ElementsAre(Code::MisplacedHeader));
  EXPECT_THAT(Reading("language 2;").codes(), ElementsAre(Code::UnknownLanguage));
}

TEST(Mistakes, InSyscallTablesLeaveTheOtherRows) {
  const Reading r("syscalls s { mmap 9 222; open 2; close 3 57; }\nkernel capabilities { chown; kill 5; }");
  EXPECT_EQ(r.found.error_count(), 2u);
  EXPECT_EQ(r.at<ast::SyscallsDecl>(0).entries.size(), 2u);
  EXPECT_EQ(r.at<ast::KernelCapabilitiesDecl>(1).entries.size(), 1u);
}

/// Every kind of block, with a word less or a wrong one at every third place: told as a mistake, whatever it is.
TEST(Mistakes, AreSurvivedInEveryBlockOfTheExamples) {
  std::size_t place = 0;
  for (const Example& example : kExamples) {
    const std::string text(example.text);
    for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
      const auto in_word = [&](std::size_t at) {
        return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_');
      };
      end = begin + 1;
      while (in_word(begin) && in_word(end)) ++end;
      if (std::isspace(static_cast<unsigned char>(text[begin])) != 0 || ++place % 3 != 0) continue;
      const Reading r(text.substr(0, begin) + (place % 2 == 0 ? "" : "=>") + text.substr(end));
      ASSERT_TRUE(r.module.has_value() || r.found.error_count() > 0) << example.name << " at " << begin;
    }
  }
}

TEST(Mistakes, InChannelsAndProtocolsLeaveTheirOtherSentences) {
  const Reading r(
      "channel bus: A -> B {\n carres X;\n mediated by kernel;\n}\n"
      "protocol P between client, server {\n message Read { x: };\n message Data { y: u64; }\n}\n"
      "volume V;\n");
  EXPECT_THAT(r.report(), AllOf(HasSubstr("did you mean `carries`?"), HasSubstr("policy.bh:6:")));
  EXPECT_EQ(r.module->sentences.size(), 3u);
}

TEST(Mistakes, StrayAndEmptySentences) {
  EXPECT_THAT(Reading("container A { };\nvolume V;").codes(), ElementsAre(Code::UnexpectedToken));
  EXPECT_THAT(Reading("").codes(), ElementsAre());
  EXPECT_THAT(Reading("// nothing\n").codes(), ElementsAre());
}

}  // namespace
}  // namespace bulkhead::test
