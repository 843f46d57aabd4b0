// Mistakes in models and in claims about them: each with its code and its place, and none twice.
#include <gmock/gmock.h>

#include "tests/lang_frontend/policy.h"

namespace bulkhead::test {
namespace {

using testing::ElementsAre;

struct Mistake {
  const char* name;
  const char* body;  // of a model with sort C, sort D, var f: C -> bool, var n: int, var w: u8, const k: C
  const char* code;
  const char* marked;
};

constexpr const char* kBase =
    "sort C; sort D; enum E { X, Y } record R { a: C; s: set of C; }\n"
    "var f: C -> bool = false; var n: int; var w: u8; var r: D -> R; var t: set of C; const k: C; relation g: (C, D);\n"
    "define p(c: C) = f(c);\n"
    "action base(c: C, d: D) do f(c) := true, n := 1, w := 2, r(d).a := c, insert c into t;\n"
    "invariant base_holds: n == n;\n";

class ModelMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(ModelMistakes, AreReportedOnceWhereTheyStand) {
  const Mistake& mistake = GetParam();
  const Loaded loaded = load_text("model M {\n" + std::string(kBase) + mistake.body + "\n}\nvariant V of M { }");
  ASSERT_THAT(loaded.codes(), ElementsAre(mistake.code)) << loaded.text();
  EXPECT_EQ(loaded.marked(loaded.diagnostics.all()[0].code), mistake.marked) << loaded.text();
  EXPECT_EQ(loaded.program.has_value(), std::string(mistake.code) >= "BH4000");
}

INSTANTIATE_TEST_SUITE_P(
    Names, ModelMistakes,
    testing::Values(Mistake{"UnknownType", "var x: Q; action a do x := k;", "BH2001", "Q"},
                    Mistake{"UnknownVariable", "invariant i: forall c: C. ff(c);", "BH2001", "ff"},
                    Mistake{"UnknownTarget", "action a do ff := true;", "BH2001", "ff"},
                    Mistake{"UnknownField", "invariant i: forall d: D. r(d).b == k;", "BH2001", "b"},
                    Mistake{"UnknownMember", "invariant i: E.Z == E.X;", "BH2001", "Z"},
                    Mistake{"FieldOfAVariable", "invariant i: forall c: C. c.x;", "BH2001", "x"},
                    Mistake{"FunctionTwice", "var f: bool;", "BH2002", "f"},
                    Mistake{"TypeTwice", "sort C;", "BH2002", "C"},
                    Mistake{"TypeOfTheLanguage", "sort u8;", "BH2002", "u8"},
                    Mistake{"MemberTwice", "enum G { A, A }", "BH2002", "A"},
                    Mistake{"ActionTwice", "action base do n := 1;", "BH2002", "base"},
                    Mistake{"InvariantTwice", "lemma base_holds: true;", "BH2002", "base_holds"},
                    Mistake{"ShadowedVariable", "invariant i: forall f: C. f == k;", "BH2002", "f"},
                    Mistake{"ShadowedBinder", "invariant i: forall c: C. exists c: C. f(c);", "BH2002", "c"},
                    Mistake{"VariantLikeInvariant", "variant base_holds { }", "BH2002", "base_holds"},
                    Mistake{"DroppedActionIsNotThere", "variant W { drop guard in bases; }", "BH2001", "bases"},
                    Mistake{"DroppedUpdateIsNotThere", "variant W { drop update k in base; }", "BH2001", "k"},
                    Mistake{"DroppedGuardIsNotThere", "variant W { drop guard in base; }", "BH2001", "base"},
                    Mistake{"DroppedAssumptionIsNotThere", "variant W { drop assume z; }", "BH2001", "z"}),
    [](const auto& mistake) { return mistake.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Types, ModelMistakes,
    testing::Values(
        Mistake{"NumberAsElement", "invariant i: k == 3;", "BH3008", "3"},
        Mistake{"OtherSort", "invariant i: forall d: D. k == d;", "BH3008", "d"},
        Mistake{"ArgumentOfOtherSort", "invariant i: forall d: D. f(d);", "BH3008", "d"},
        Mistake{"NotATruth", "invariant i: n;", "BH3008", "n"},
        Mistake{"GuardIsANumber", "action a when n + 1 do n := 1;", "BH3008", "n + 1"},
        Mistake{"SortsHaveNoOrder", "invariant i: forall c: C. c < k;", "BH3008", "<"},
        Mistake{"SumOfTruths", "invariant i: (true + false) == true;", "BH3008", "+"},
        Mistake{"RangeOfElements", "invariant i: k in 1..2;", "BH3008", "in"},
        Mistake{"InNoSet", "invariant i: k in n;", "BH3008", "n"},
        Mistake{"SetAsTruth", "invariant i: t;", "BH3008", "t"},
        Mistake{"RecordAsTruth", "invariant i: forall d: D. r(d);", "BH3008", "r(d)"},
        Mistake{"SetAndRecord", "invariant i: forall d: D. t == r(d);", "BH3008", "r(d)"},
        Mistake{"MixedNumbers", "invariant i: n == w;", "BH3008", "w"},
        Mistake{"EmptySetOfWhat", "invariant i: {} == {};", "BH3008", "{}"},
        Mistake{"WordTooSmall", "invariant i: w <= 256;", "BH3002", "256"},
        Mistake{"WordWithSign", "invariant i: w == -1;", "BH3002", "-1"},
        Mistake{"IntegerTooLarge", "invariant i: n < 9223372036854775808;", "BH3002", "9223372036854775808"},
        Mistake{"NumberWithUnit", "invariant i: n < 3 MiB;", "BH3001", "3 MiB"},
        Mistake{"TextInAModel", "invariant i: k == \"x\";", "BH3012", "\"x\""},
        Mistake{"StarInAFormula", "invariant i: f(*);", "BH3012", "*"},
        Mistake{"HasInAModel", "invariant i: f has x;", "BH3012", "has"},
        Mistake{"SetOfRecords", "record Q { a: set of R; }", "BH3008", "R"},
        Mistake{"RecordOfItself", "record Q { a: Q; }", "BH2001", "Q"},
        Mistake{"InnerRecordAsAWhole",
                "record Q { in: R; } var q: Q; action a do q.in.a := k, q.in.s := {}; invariant i: q.in == r(k);",
                "BH3008", "in"},
        Mistake{"RecordAsArgument", "relation z: (R);", "BH3008", "R"},
        Mistake{"TooFewArguments", "invariant i: forall c: C. g(c);", "BH3020", "g(c)"},
        Mistake{"ArgumentsForNone", "invariant i: n(k) == 1;", "BH3020", "n(k)"},
        Mistake{"DefinitionArguments", "invariant i: p;", "BH3020", "p"},
        Mistake{"DefinitionOfItself", "define q = !q;", "BH3021", "q"},
        Mistake{"UnusedDefinitionIsWrong", "define q = n == k;", "BH3008", "k"}),
    [](const auto& mistake) { return mistake.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Changes, ModelMistakes,
    testing::Values(
        Mistake{"AssignedConstant", "action a do k := k;", "BH3022", "k"},
        Mistake{"AssignedRelation", "action a(c: C, d: D) do g(c, d) := true;", "BH3022", "g(c, d)"},
        Mistake{"AssignedDefinition", "action a(c: C) do p(c) := true;", "BH3022", "p(c)"},
        Mistake{"BinderIsNoArgument", "action a do forall c: C. f(k) := f(c);", "BH3022", "f(k)"},
        Mistake{"InsertIntoFunction", "action a do insert k into f(k);", "BH3022", "f(k)"},
        Mistake{"ValueOfOtherType", "action a do f(k) := n;", "BH3008", "n"},
        Mistake{"SetAsValue", "action a do f(k) := t;", "BH3008", "t"},
        Mistake{"InitialValueReadsState", "var x: bool = n == 1; action a do x := true;", "BH3023", "n == 1"},
        Mistake{"AssumptionReadsState", "assume z: n == 1;", "BH3023", "n == 1"},
        Mistake{"ObserverIsANumber", "view of o: int sees n;", "BH3008", "int"},
        Mistake{"TwoViews", "view of o: C sees f(o); view of q: C sees n;", "BH2002", "q"},
        Mistake{"IdleAction", "action a(c: C) when f(c);", "BH4009", "a"},
        Mistake{"NeverAssigned", "var x: bool;", "BH4010", "x"},
        Mistake{"UpdatesMeet", "action a(c, d: C) do f(c) := true, f(d) := false;", "BH4011", "f(d) := false"},
        Mistake{"AllIntegers", "invariant i: forall j: int. j == j;", "BH4012", "j: int"}),
    [](const auto& mistake) { return mistake.param.name; });

struct Claim {
  const char* name;
  const char* claim;
  const char* code;
  const char* marked;
};
class ClaimMistakes : public testing::TestWithParam<Claim> {};

TEST_P(ClaimMistakes, AreReportedOnceWhereTheyStand) {
  const Claim& mistake = GetParam();
  const Loaded loaded = load_text(
      "model M { sort C; sort D; var f: C -> bool; var n: int; action a(c: C) do f(c) := true, n := 1;\n"
      "relation g: (C, C); invariant i: true; assume z: true; variant V { } view of o: C sees f(o); }\n"
      "model N { sort C; var f: C -> bool; action b(c: C) do f(c) := true; invariant i: true; }\n" +
      std::string(mistake.claim));
  ASSERT_THAT(loaded.codes(), ElementsAre(mistake.code)) << loaded.text();
  EXPECT_EQ(loaded.marked(loaded.diagnostics.all()[0].code), mistake.marked) << loaded.text();
  EXPECT_FALSE(loaded.program.has_value());
}

INSTANTIATE_TEST_SUITE_P(
    Claims, ClaimMistakes,
    testing::Values(
        Claim{"UnknownModel", "prove MM.i;", "BH2001", "MM"}, Claim{"UnknownInvariant", "prove M.j;", "BH2001", "j"},
        Claim{"UnknownVariant", "prove M.W.i;", "BH2001", "W"},
        Claim{"NothingOfAVariant", "prove M.V;", "BH1018", "M.V"}, Claim{"NothingOfAModel", "prove M;", "BH1018", "M"},
        Claim{"Assumption", "prove M.z;", "BH2003", "z"}, Claim{"SizeOfNothing", "prove M.i for 0 C;", "BH3002", "0"},
        Claim{"SizeOfANumber", "prove M.i for 3 int;", "BH3008", "int"},
        Claim{"SizeTwice", "prove M.i for 3 C, 4 C;", "BH3011", "C"},
        Claim{"UnknownSize", "prove M.i for 3 Q;", "BH2001", "Q"},
        Claim{"TooManySteps", "prove M.i within 1000001 steps;", "BH3002", "1000001"},
        Claim{"TwoModels", "prove forall c: C. f(c) leads to !f(c);", "BH3024", "f(c)"},
        Claim{"NoModel", "prove f2 leads to f3;", "BH3024", "f2"},
        Claim{"UnknownFairAction", "prove in M: n == 1 leads to n == 2 under fair { b };", "BH2001", "b"},
        Claim{"RankOfATruth", "prove in M: n == 1 leads to n == 2 under fair { a } by rank n, n == 1;", "BH3008",
              "n == 1"},
        Claim{"RankOfAnElement", "prove in M: forall c: C. f(c) leads to !f(c) by rank c;", "BH3008", "c"},
        Claim{"RankOfNobody", "prove in M: n == 1 leads to n == 2 by rank left(n);", "BH2001", "left"},
        Claim{"NoView", "prove N leaks nothing to o: C;", "BH3024", "C"},
        Claim{"OtherSource", "prove M leaks nothing to o: C except from d: D;", "BH3008", "D"},
        Claim{"ExceptReadsState", "prove M leaks nothing to o: C except from d: C where f(d);", "BH3023", "f(d)"},
        Claim{"QuantifiedModel", "container A { } prove for c in containers: M.i;", "BH3012", "for c in containers:"},
        Claim{"VariantOfNobody", "variant V { }", "BH3024", "V"},
        Claim{"FormulaInARule", "container A { may read \"/x\" when forall c: C. f(c); }", "BH3012", "forall"}),
    [](const auto& mistake) { return mistake.param.name; });

TEST(Sizes, OfFormulasAreBounded) {
  std::string doubling = "model M { var n: int; define d0 = n; action a do n := 1;\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "d" + std::to_string(i - 1);
    doubling += "define d" + std::to_string(i) + " = " + before + " + " + before + ";\n";
  }
  const Loaded bomb = load_text(doubling + "invariant i: d39 == 0; }");
  EXPECT_THAT(bomb.codes(), testing::Each("BH3019")) << bomb.text();
  EXPECT_FALSE(bomb.codes().empty());

  std::string mistaken = "model M { sort C; const k: C; const g: C -> C; define d0(c: C) = c == 3;\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "d" + std::to_string(i - 1);
    mistaken += "define d" + std::to_string(i) + "(c: C) = " + before + "(g(c)) && " + before + "(c);\n";
  }
  EXPECT_THAT(load_text(mistaken + "invariant i: d59(k); }").codes(), ElementsAre("BH3008"));

  std::string arrows = "model M { var p: bool; action a do p := true; invariant i: p";
  for (int i = 0; i < 5000; ++i) arrows += " -> p";
  EXPECT_THAT(load_text(arrows + "; }").codes(), ElementsAre("BH3019"));
  std::string negations = "model M { var p: bool; action a do p := true; invariant i: ";
  EXPECT_THAT(load_text(negations + std::string(5000, '!') + "p; }").codes(), ElementsAre("BH3019"));
}

TEST(Mistakes, InWhatAClaimNamesAreToldOnce) {
  const Loaded loaded = load_text(
      "model M { sort C; var f: C -> bool; action a(c: Q) do f(c) := true; action b(c: C) do f(c) := true;\n"
      "invariant i: f; }\n"
      "prove M.i; prove in M: forall c: C. f(c) leads to !f(c) under fair { a };");
  EXPECT_THAT(loaded.codes(), ElementsAre("BH2001", "BH3020")) << loaded.text();
}

TEST(Sizes, OfChainsOfDefinitionsAreBounded) {
  std::string chain = "model M { var p: bool; action a do p := true; define d0 = p;\n";
  for (int i = 1; i < 2000; ++i) chain += "define d" + std::to_string(i) + " = !d" + std::to_string(i - 1) + ";\n";
  const Loaded loaded = load_text(chain + "invariant i: d1999; }");
  EXPECT_FALSE(loaded.codes().empty());
  EXPECT_THAT(loaded.codes(), testing::Each("BH3019"));
}

TEST(ClaimMistakes, ATheoremThatIsOneOfAVariantAndOneOfAComponentIsAskedAbout) {
  const Loaded loaded = load_text(
      "model A { var p: bool = false; action a() do p := true; invariant inv: !p; }\n"
      "model B { var q: bool = false; action b() do q := true; }\n"
      "model X = A || B { invariant inv: true; variant A { drop action B.b; } }\n"
      "prove z: X.A.inv;");
  ASSERT_THAT(loaded.codes(), ElementsAre("BH3025")) << loaded.text();
  EXPECT_EQ(loaded.marked(loaded.diagnostics.all()[0].code), "X.A.inv");
}

}  // namespace
}  // namespace bulkhead::test
