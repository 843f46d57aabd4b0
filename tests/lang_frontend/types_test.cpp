// Types: literals, paths, addresses, labels and conditions that do not fit, each with its place and its help.
#include <gmock/gmock.h>

#include "tests/lang_frontend/policy.h"

namespace bulkhead::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Mistake {
  const char* name;
  const char* text;
  const char* code;
  const char* marked;  // what the marker stands under
  const char* fix;     // the replacement, or "" for none
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreReportedWhereTheyStand) {
  const Mistake& mistake = GetParam();
  const Loaded loaded = load_text(mistake.text);
  ASSERT_THAT(loaded.codes(), ElementsAre(mistake.code)) << loaded.text();
  EXPECT_FALSE(loaded.program.has_value());
  const diag::Diagnostic& report = loaded.diagnostics.all()[0];
  EXPECT_EQ(loaded.marked(report.code), mistake.marked) << loaded.text();
  const std::string fix = report.fixes.empty() ? "" : report.fixes[0].replacement;
  EXPECT_EQ(fix, mistake.fix) << loaded.text();
}

INSTANTIATE_TEST_SUITE_P(
    Literals, Mistakes,
    testing::Values(Mistake{"SizeAsTime", "container A { limits { memory 60 s; } }", "BH3001", "60 s", "60 MiB"},
                    Mistake{"SizeWithoutUnit", "container A { limits { memory 256; } }", "BH3001", "256", "256 MiB"},
                    Mistake{"TimeAsSize", "container A { limits { time 4 KiB; } }", "BH3001", "4 KiB", "4 s"},
                    Mistake{"TimeWithoutUnit", "container A { limits { time 60; } }", "BH3001", "60", "60 s"},
                    Mistake{"ShareAsSize", "container A { limits { cpu 1 GiB; } }", "BH3001", "1 GiB", "1"},
                    Mistake{"CountAsTime", "container A { limits { pids 64 s; } }", "BH3001", "64 s", "64"},
                    Mistake{"RateAsSize", "host N { capacity { io 500 MiB; } }", "BH3001", "500 MiB", "500 MiB/s"},
                    Mistake{"SizeAsRate", "container A { limits { memory 5 MiB/s; } }", "BH3001", "5 MiB/s", "5 MiB"},
                    Mistake{"NoMemory", "container A { limits { memory 0 MiB; } }", "BH3002", "0 MiB", ""},
                    Mistake{"ShareTooPrecise", "container A { limits { cpu 0.0001; } }", "BH3002", "0.0001", ""},
                    Mistake{"HalfAProcess", "container A { limits { pids 1.5; } }", "BH3002", "1.5", ""},
                    Mistake{"TooMuch", "container A { limits { memory 9000000 TiB; } }", "BH3002", "9000000 TiB", ""},
                    Mistake{"UserTooLarge", "container A { user 4294967295; }", "BH3002", "4294967295", ""},
                    Mistake{"UnknownResource", "container A { limits { memry 1 MiB; } }", "BH2012", "memry", "memory"}),
    [](const auto& mistake) { return mistake.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Patterns, Mistakes,
    testing::Values(Mistake{"Relative", "container A { may read \"data/x\"; }", "BH3003", "data/x", ""},
                    Mistake{"DotDot", "container A { may read \"/data/../etc\"; }", "BH3003", "/..", ""},
                    Mistake{"Dot", "container A { may read \"/data/./x\"; }", "BH3003", "/.", ""},
                    Mistake{"EmptySegment", "container A { may read \"/data//x\"; }", "BH3003", "//", ""},
                    Mistake{"DotDotInBraces", "container A { may read \"/{a,..}/x\"; }", "BH3003", "\"/{a,..}/x\"", ""},
                    Mistake{"SlashAtTheEnd", "container A { may read \"/data/\"; }", "BH3003", "\"/data/\"", ""},
                    Mistake{"OpenClass", "container A { may read \"/[ab\"; }", "BH3004", "\"/[ab\"", ""},
                    Mistake{"BitsBehindPrefix", "net N = 10.0.7.9/24; container A { may connect N; }", "BH3005",
                            "10.0.7.9/24", "10.0.7.0/24"},
                    Mistake{"BitsBehindPrefix6", "net N = fd00:7::1/48; container A { may connect N; }", "BH3005",
                            "fd00:7::1/48", "fd00:7:0:0:0:0:0:0/48"},
                    Mistake{"MappedAddress", "net N = ::ffff:10.0.0.1; container A { may connect N; }", "BH3005",
                            "::ffff:10.0.0.1", ""},
                    Mistake{"PortTooLarge", "net N = 10.0.0.1 port 65536 tcp; container A { may connect N; }", "BH3006",
                            "65536", ""},
                    Mistake{"PortsReversed", "net N = 10.0.0.1 port 90..80 tcp; container A { may connect N; }",
                            "BH3006", "90..80", "80"},
                    Mistake{"TwoPlanes", "container A { may read, connect \"/x\"; }", "BH3007", "connect", ""}),
    [](const auto& mistake) { return mistake.param.name; });

constexpr const char* kAgent =
    "enum Trust { Low, Medium, High } label Public < Secret; context mfa: bool; context who: string;"
    " container A { trust Low; clearance Public; zone \"eu\"; tier 3; } container B { trust High; "
    "clearance Secret; zone \"us\"; }\n";

/// A condition on a file in a policy with attributes of every type.
Loaded with_condition(const std::string& condition) {
  return load_text(kAgent + std::string("permit c: container to read f: file when ") + condition + ";");
}

class Conditions : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Conditions, ThatDoNotFitAreRefused) {
  const auto& [condition, code] = GetParam();
  const Loaded loaded = with_condition(condition);
  EXPECT_THAT(loaded.codes(), ElementsAre(code)) << loaded.text();
  EXPECT_FALSE(loaded.program.has_value());
}

INSTANTIATE_TEST_SUITE_P(
    All, Conditions,
    testing::Values(std::pair{"c.trust == 3", "BH3008"}, std::pair{"c.trust == Public", "BH2001"},
                    std::pair{"c.trust == c.clearance", "BH3008"}, std::pair{"context.mfa < true", "BH3008"},
                    std::pair{"c.trust", "BH3008"}, std::pair{"!c.zone", "BH3008"},
                    std::pair{"f.path < \"/x\"", "BH3008"}, std::pair{"f.path == \"x\"", "BH3003"},
                    std::pair{"f.path like \"x\"", "BH3003"}, std::pair{"f.path like \"/[\"", "BH3004"},
                    std::pair{"context.who like \"a*\"", "BH3008"}, std::pair{"c.trust like \"a*\"", "BH3008"},
                    std::pair{"1 == 1", "BH3008"}, std::pair{"Low == High", "BH3008"},
                    std::pair{"c.zone in {1}", "BH3008"}, std::pair{"c.trust in 1..2", "BH3008"},
                    std::pair{"c has tier && c.tier in 3..2", "BH3002"},
                    std::pair{"c has tier && c.tier == 3 MiB", "BH3001"}, std::pair{"c.tier == 3", "BH3009"},
                    std::pair{"c has tier || c.tier == 3", "BH3009"}, std::pair{"c.tier == 3 && c has tier", "BH3009"},
                    std::pair{"!(c has tier) && c.tier == 3", "BH3009"}, std::pair{"c has tiers", "BH3017"},
                    std::pair{"f.port == 3", "BH3017"}, std::pair{"d.trust == Low", "BH2001"},
                    std::pair{"Trust.Hgh == c.trust", "BH2001"}, std::pair{"context.mfaa", "BH2001"},
                    std::pair{"f in c", "BH3008"}));

class Guards : public testing::TestWithParam<const char*> {};

TEST_P(Guards, LetAnOptionalAttributeBeRead) {
  const Loaded loaded = with_condition(GetParam());
  EXPECT_TRUE(loaded.program.has_value()) << loaded.text();
}

INSTANTIATE_TEST_SUITE_P(All, Guards,
                         testing::Values("c has tier && c.tier == 3", "c has tier -> c.tier == 3",
                                         "!(c has tier) || c.tier == 3", "(c has tier && context.mfa) && c.tier > 1",
                                         "!(c has tier -> context.mfa) && c.tier > 1",
                                         "(c has tier && context.mfa || c has tier) && c.tier > 1",
                                         "c.trust >= Low && true || c.clearance >= f.label"));

TEST(Conditions, AreDeepOnlyOnTheHeap) {
  std::string condition = "context.mfa";
  for (int i = 0; i < 2000; ++i) condition += (i % 2 == 0 ? " && context.mfa" : " && !context.mfa");
  const Loaded loaded = with_condition(condition);
  EXPECT_TRUE(loaded.program.has_value()) << loaded.text();
}

TEST(Attributes, OfTwoEnumsWithOneMemberHaveToBeNamed) {
  const Loaded loaded = load_text("enum A { Low } enum B { Low } container C { level_of Low; }");
  ASSERT_THAT(loaded.codes(), ElementsAre("BH3008"));
  EXPECT_THAT(loaded.diagnostics.all()[0].help, HasSubstr("B.Low"));
}

TEST(Attributes, OfTheWrongTypeAreRefused) {
  const Loaded loaded = load_text("attribute tier: int; container A { tier 1; } container B { tier \"x\"; }");
  ASSERT_THAT(loaded.codes(), ElementsAre("BH3008"));
  EXPECT_EQ(loaded.marked(diag::Code::TypeMismatch), "\"x\"");
}

TEST(Labels, ShowEveryStepOfACircle) {
  const Loaded loaded = load_text("label A < B, B < C; label C < A;");
  ASSERT_THAT(loaded.codes(), ElementsAre("BH3010"));
  EXPECT_THAT(loaded.diagnostics.all()[0].message, HasSubstr("`A` < `B` < `C` < `A`"));
  EXPECT_EQ(loaded.diagnostics.all()[0].labels.size(), 3u);
}

TEST(Labels, AreBoundedInNumber) {
  std::string text = "label L0";
  for (int i = 1; i < 1100; ++i) text += " < L" + std::to_string(i);
  EXPECT_THAT(load_text(text + ";").codes(), ElementsAre("BH3019"));
}

INSTANTIATE_TEST_SUITE_P(Claims, Mistakes,
                         testing::Values(Mistake{
                             "TwoHosts", "host N { } host M { } container A { } prove p: A protected from host;",
                             "BH2003", "host", ""}),
                         [](const auto& mistake) { return mistake.param.name; });

TEST(Mistakes, OfAProfileAreToldOnceForAllItsUsers) {
  const Loaded loaded = load_text(
      "profile p { may read \"x\"; limits { memory 3; } }\n"
      "container A uses p { } container B uses p { } container C uses p { }");
  EXPECT_THAT(loaded.codes(), testing::UnorderedElementsAre("BH3003", "BH3001")) << loaded.text();
}

TEST(Smells, CountWhatClaimsAboutStrengthName) {
  const Loaded loaded = load_text(
      "net All = 10.0.0.0/8; net Web = 10.0.0.7 port 443 tcp; net Idle = 10.9.0.0/16; subject S;\n"
      "channel c: S -> All { protect integrity with ml_dsa_87; }\n"
      "prove strong: every channel to Web uses strength >= category 5;");
  EXPECT_THAT(loaded.codes(), ElementsAre("BH4004")) << loaded.text();
  EXPECT_THAT(loaded.text(), HasSubstr("`Idle`"));
}

TEST(Mistakes, AreAllToldInOneRun) {
  const Loaded loaded =
      load_text("container A { may red \"/x\"; limits { time 1 MiB; } mount V at \"x\"; level low; }");
  EXPECT_THAT(loaded.codes(), testing::UnorderedElementsAre("BH2011", "BH3001", "BH2001", "BH3003", "BH2012"))
      << loaded.text();
}

}  // namespace
}  // namespace bulkhead::test
