// Models made of models, protocols and channels: what they become, and their mistakes.
#include <gmock/gmock.h>

#include "lang/system/dump.h"
#include "lang/system/valid.h"
#include "tests/lang_frontend/folder.h"
#include "tests/lang_frontend/policy.h"

namespace bulkhead::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kParts = R"bh(
model Left(sort Item) {
    enum Phase { Off, On }
    relation allowed: Item -> bool from policy;
    var kept: Item -> bool = allowed;
    var phase: Phase = Off;
    define any() = exists i: Item. kept(i);
    action put(i: Item) when phase == On && allowed(i) do kept(i) := true;
    action start() do phase := Phase.On;
    lemma lem: forall i: Item. kept(i) -> allowed(i);
    assume fine: forall i: Item. allowed(i) || !allowed(i);
    invariant inv: any() -> exists i: Item. allowed(i);
    variant Free { drop guard in put; }
    variant Restart { drop action start; drop assume fine; }
    view of o: Item sees kept(o);
}
model Right(sort Thing, const most: u8, relation near: (Thing, Thing)) {
    enum Phase { Off, On }
    relation allowed: Thing -> bool from policy;
    var count: u8 = 0;
    action take(t: Thing, u: Thing) when near(t, u) && allowed(t) && count < most do count := count + 1;
    invariant few: count <= most;
}
)bh";

/// The system of this name as text; what was reported, where there are errors.
std::string system_of(const std::string& text, const std::string& name) {
  const Loaded loaded = load_text(text);
  if (!loaded.program) return loaded.text();
  for (const system::System& one : loaded.program->world.systems) {
    EXPECT_EQ(system::objection(one), std::nullopt);
    if (one.name == name) return system::dump(one, loaded.sources);
  }
  return "no system " + name;
}

TEST(Instances, ReplaceTheirParameters) {
  const std::string dump =
      system_of(std::string(kParts) + "model M = Right(Page, 7, far) { sort Page; relation far: (Page, Page); }", "M");
  EXPECT_THAT(dump, HasSubstr("sort Page;"));
  EXPECT_THAT(dump, Not(HasSubstr("Thing")));
  EXPECT_THAT(dump, HasSubstr("when far(t, u) && allowed(t) && (count < 7)"));
  EXPECT_THAT(dump, HasSubstr("invariant few: count <= 7;"));
}

TEST(Instances, KeepTheirNamesVariantsAndViews) {
  const std::string text = std::string(kParts) + "model M = Left(Page);";
  EXPECT_THAT(system_of(text, "M"), HasSubstr("view of o: Page sees kept(o);"));
  EXPECT_THAT(system_of(text, "M.Free"), HasSubstr("when true"));
  EXPECT_THAT(system_of(text, "M.Restart"), Not(HasSubstr("action start")));
}

TEST(Instances, HaveThePolicysContainersAndChannels) {
  const std::string text =
      "container A {} container B {} container C {} pod P = B, C; subject S; channel x: A -> P; channel y: A <-> B; "
      "channel z: A -> S;\n"
      "model D(sort T) { relation channel: (T, T) from policy; relation other: (T, T) from policy; var h: T -> bool;\n"
      "action go(a, b: T) when channel(a, b) && other(a, b) do h(b) := h(a); }\nmodel M = D(containers);";
  const std::string dump = system_of(text, "M");
  EXPECT_THAT(dump, HasSubstr("enum Container { A, B, C }"));
  EXPECT_THAT(dump, HasSubstr("relation other: (Container, Container) -> bool from policy;"));
  EXPECT_THAT(dump,
              HasSubstr("assume channel_from_policy: !channel(Container.A, Container.A) && channel(Container.A, "
                        "Container.B) && channel(Container.A, Container.C) && channel(Container.B, Container.A)"));
  EXPECT_THAT(dump, HasSubstr("!channel(Container.C, Container.A) && !channel(Container.C, Container.B)"));
  EXPECT_THAT(dump, Not(HasSubstr("other_from_policy")));
  EXPECT_THAT(system_of(text, "D"), HasSubstr("relation channel: (T, T) -> bool from policy;"));
}

TEST(Compositions, ShareSortsAndWhatThePolicyFills) {
  const std::string dump =
      system_of(std::string(kParts) + "model M = Left || Right(Item, 3, near) { relation near: (Item, Item); }", "M");
  EXPECT_THAT(dump, HasSubstr("sort Item;"));
  EXPECT_EQ(dump.find("relation allowed"), dump.rfind("relation allowed"));
  EXPECT_EQ(dump.find("enum Phase"), dump.rfind("enum Phase"));
  EXPECT_THAT(dump, HasSubstr("var Left.kept: (any: Item) -> bool = allowed(any)"));
  EXPECT_THAT(dump, HasSubstr("action Left.put(i: Item)"));
  EXPECT_THAT(dump, HasSubstr("action Right.take(t: Item, u: Item)"));
  EXPECT_THAT(dump, HasSubstr("lemma Left.lem: "));
  EXPECT_THAT(dump, Not(HasSubstr("view of")));
}

TEST(Compositions, JoinGuardsAndUpdatesOfSharedActions) {
  const std::string text = std::string(kParts) +
                           "model M = Left || Right(Item, 3, near) sharing Left.put with take(i, j) as both {\n"
                           "relation near: (Item, Item);\n"
                           "invariant own: forall i: Item. Left.kept(i) -> allowed(i);\n"
                           "variant Lost { drop update Right.count in both; } }\n"
                           "refute x: M.Lost.own; prove y: in M: Left.phase == On leads to Right.count == 0 under fair "
                           "{ both, Left.start };";
  const std::string dump = system_of(text, "M");
  EXPECT_THAT(dump, HasSubstr("action both(i: Item, j: Item)"));
  EXPECT_THAT(
      dump,
      HasSubstr("when ((Left.phase == Phase.On) && allowed(i)) && (near(i, j) && allowed(i) && (Right.count < 3))"));
  EXPECT_THAT(dump, HasSubstr("Left.kept(i) := true"));
  EXPECT_THAT(dump, HasSubstr("Right.count := Right.count + 1"));
  EXPECT_THAT(dump, Not(HasSubstr("action Left.put")));
  EXPECT_THAT(system_of(text, "M.Lost"), Not(HasSubstr("Right.count :=")));
  EXPECT_EQ(system_of(text, "M.Left.Free"), "no system M.Left.Free");  // it would change what Right does
  EXPECT_THAT(system_of(text, "M.Left.Restart"), Not(HasSubstr("action Left.start")));
}

TEST(Compositions, OfCompositionsHaveLongerNames) {
  const std::string text =
      std::string(kParts) +
      "model In = Left || Right(Item, 3, near) { relation near: (Item, Item); }\nmodel Third { var z: bool; action "
      "go() do z := !z; }\n"
      "model Out = In || Third { invariant i: forall x: Item. In.Left.kept(x) -> allowed(x); }\nprove Out.In.Left.inv;";
  EXPECT_THAT(system_of(text, "Out"), HasSubstr("var In.Left.phase"));
}

struct Mistake {
  const char* name;
  const char* text;
  const char* code;
  const char* marked;
};

class ExpandMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(ExpandMistakes, AreReportedOnceWhereTheyStand) {
  const Mistake& mistake = GetParam();
  const Loaded loaded = load_text(std::string(kParts) + mistake.text);
  ASSERT_THAT(loaded.codes(), ElementsAre(mistake.code)) << loaded.text();
  EXPECT_EQ(loaded.marked(loaded.diagnostics.all()[0].code), mistake.marked) << loaded.text();
  EXPECT_FALSE(loaded.program.has_value());
}

#define PROTOCOL(header, body) \
  "protocol P between a, b" header " { message M { n: fresh; x: T; } message R { n; x; } " body " }"
#define STEPS                                                                                                          \
  "a S: send M -> W; a W: accept R with same x -> D | timeout 1 s -> D; b S: accept M -> W; b W: send R with same n, " \
  "x -> D;"

INSTANTIATE_TEST_SUITE_P(
    Compositions, ExpandMistakes,
    testing::Values(
        Mistake{"NoSuchModel", "model M = Lef;", "BH2001", "Lef"},
        Mistake{"Twice", "model M = Left || Left;", "BH3025", "Left"},
        Mistake{"Circle", "model M = N; model N = M;", "BH3025", "M"},
        Mistake{"TooManyArguments", "model M = Left(A, B);", "BH3020", "Left(A, B)"},
        Mistake{"NoContainers", "model M = Left(containers);", "BH3025", "containers"},
        Mistake{"NoType", "model M = Left(3);", "BH3025", "3"},
        Mistake{"NoRelation", "model M = Right(T, 3, 4);", "BH3025", "4"},
        Mistake{"UndeclaredRelation", "model M = Right(T, 3, q);", "BH3025", "q"},
        Mistake{"OtherArguments", "model M = Right(T, 3, q) { sort T; relation q: T -> bool; }", "BH3025", "q"},
        Mistake{"NoSuchAction", "model M = Left || Right sharing Left.pot with take;", "BH2001", "Left.pot"},
        Mistake{"SharedTwice",
                "model M = Left || Right(Item, 3, near) sharing put with take, start with take { relation near: (Item, "
                "Item); }",
                "BH3025", "take"},
        Mistake{"OneComponent",
                "model M = Left || Right(Item, 3, near) sharing put with start { relation near: (Item, Item); }",
                "BH3025", "start"},
        Mistake{"OtherParameters",
                "model M = Left || Right(Item, 3, near) sharing put with take(i) { relation near: (Item, Item); }",
                "BH3020", "take(i)"},
        Mistake{"OtherTypes",
                "model T { sort Q; var q: Q; action a(i: Q) do q := i; } model M = Left || T sharing put with a;",
                "BH3025", "a"},
        Mistake{
            "ForeignVariable",
            "model T { var q: bool; action a() do q := true; } model M = Left || T { action a() do Left.phase := On; }",
            "BH3022", "Left.phase := On"},
        Mistake{"OtherEnum", "model T { enum Phase { A } var p: Phase; action a() do p := A; } model M = Left || T;",
                "BH3025", "T"}),
    [](const auto& each) { return std::string(each.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Protocols, ExpandMistakes,
    testing::Values(
        Mistake{"NoSuchChannel", PROTOCOL(" over c", STEPS), "BH2001", "c"},
        Mistake{"NoSuchRole", PROTOCOL("", STEPS "c S: timeout 1 s -> D;"), "BH2001", "c"},
        Mistake{"NoSuchMessage", PROTOCOL("", STEPS "a E: send N -> D;"), "BH2001", "N"},
        Mistake{"BothWays", PROTOCOL("", STEPS "b E: send M -> D;"), "BH3026", "M"},
        Mistake{"NoSuchField", PROTOCOL("", STEPS "a E: accept R with same y -> D;"), "BH2001", "y"},
        Mistake{"SessionThatIsNotNew", PROTOCOL(" session by x", STEPS), "BH3026", "x"},
        Mistake{"SessionThatIsNotCarried", PROTOCOL(" session by n", "message Q { x; } " STEPS), "BH3026", "Q"},
        Mistake{
            "SessionAgain",
            PROTOCOL(" session by n", "a S: send M -> W; a W: accept R -> S; b S: accept M -> W; b W: send R -> W;"),
            "BH3026", "accept R -> S"},
        Mistake{"WhatIsNotKnown", PROTOCOL("", "a S: accept R with same x -> D; b S: timeout 1 s -> D;"), "BH3026",
                "x"},
        Mistake{"WhichFreshValue", PROTOCOL("", "a S: send M -> D; b S: accept M -> W; b W: send R -> D;"), "BH3026",
                "send R -> D"},
        Mistake{"OtherRequirement", PROTOCOL("", STEPS "a E: send M when x < n -> D;"), "BH3026", "x < n"},
        Mistake{"RequirementOfTheOther", PROTOCOL("", STEPS "a E: send M when b holds read on x -> D;"), "BH3026", "b"},
        Mistake{"StateTwice", PROTOCOL("", STEPS "a S: timeout 1 s -> D;"), "BH3026", "S"},
        Mistake{"MoreThanTheChannelHolds",
                "subject A, B; channel c: A <-> B { limit 3 in flight; } " PROTOCOL(
                    " over c", "limit 2 in flight; " STEPS) "protocol Q between a, b over c { message N { y: T; } a S: "
                                                            "send N -> W; a W: timeout 1 s -> D; b S: accept N -> D; "
                                                            "limit 2 in flight; }",
                "BH3026", "Q"},
        Mistake{"FieldNamedLikeItsRole",
                "protocol P between a, b { message M { a: T; } a S: send M -> D; b S: accept M -> D; }", "BH3026", "P"},
        Mistake{
            "RoleThatMakesANameOfAMessage",
            "protocol P between sent, b { message x { x: T; } message R { x; } sent S: send x -> W; sent W: accept R "
            "with same x -> D; b S: accept x -> W; b W: send R -> D; }",
            "BH3026", "P"},
        Mistake{"AnswersOverOneWay", "subject A, B; channel c: A -> B; " PROTOCOL(" over c", STEPS), "BH3026", "c"},
        Mistake{"NotCarried", "subject A, B; channel c: A <-> B { carries M; } " PROTOCOL(" over c", STEPS), "BH3026",
                "R"},
        Mistake{
            "LimitThatCountsNothing",
            "protocol P between a, b { message M { x: T; } a S: send M -> D; b S: accept M -> D; limit 2 in flight; "
            "}",
            "BH3026", "send M -> D"},
        Mistake{"TimeoutThatIsNoTime", PROTOCOL("", STEPS "a E: timeout 5 -> D;"), "BH3001", "5"},
        Mistake{"TimeoutBeforeNow", PROTOCOL("", STEPS "a E: timeout -5 s -> D;"), "BH3002", "-5 s"},
        Mistake{"LimitOfSizes", "subject A, B; channel c: A <-> B { limit 4 MiB; }", "BH3001", "4 MiB"},
        Mistake{"TwoLimits", "subject A, B; channel c: A <-> B { limit 4 in flight, 5 in flight; }", "BH3026", "5"},
        Mistake{"NoBound", PROTOCOL("", STEPS) "prove P.bounded;", "BH2001", "bounded"},
        Mistake{"NewButAltered", "subject A, B; channel c: A <-> B { protect freshness with ml_dsa_44; }", "BH3026",
                "freshness"},
        Mistake{"UnknownAlgorithm", "subject A, B; channel c: A <-> B { protect integrity with rot13; }", "BH2001",
                "rot13"},
        Mistake{"UnknownEnd", "subject A; channel c: A <-> B;", "BH2001", "B"},
        Mistake{"OtherMediator", "subject A, B; channel c: A <-> B { mediated by A; }", "BH2012", "A"},
        Mistake{"KernelThatReachesNoNet", "subject A; net N = 10.0.0.0/24; channel c: N <-> A { mediated by kernel; }",
                "BH3026", "kernel"},
        Mistake{"KeyThatMarksNothing",
                "subject A, B; channel c: A -> B { protect integrity with ml_kem_1024, x25519; }", "BH3026",
                "integrity"},
        Mistake{"SignatureThatHidesNothing",
                "subject A, B; channel c: A -> B { protect integrity with aes_256_gcm; protect confidentiality with "
                "ml_dsa_87; }",
                "BH3026", "confidentiality"},
        Mistake{"NoChannels", "prove p: every channel uses strength >= category 3;", "BH3026",
                "every channel uses strength >= category 3"},
        Mistake{"NoCategory", "subject A, B; channel c: A <-> B; prove p: every channel uses strength >= category 6;",
                "BH3002", "6"},
        Mistake{"NoLifecycle", "prove p: no container runs before its image is verified;", "BH2001",
                "no container runs before its image is verified"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(Protocols, HaveTheAttackersActionsThatTheirChannelLeaves) {
  const auto dump = [](const std::string& protect) {
    const std::string channel = "subject A, B; channel c: A <-> B { " + protect + " }\n";
    return system_of(channel + PROTOCOL(" over c session by n", STEPS), "P");
  };
  const std::string bare = dump("");
  EXPECT_THAT(bare, HasSubstr("action attacker_forges_M"));
  EXPECT_THAT(bare, HasSubstr("action attacker_alters_M"));
  EXPECT_THAT(bare, HasSubstr("seen_n(n) := true"));
  EXPECT_THAT(bare, HasSubstr("action a_W_accept_R_from_attacker"));
  const std::string integrity = dump("protect integrity with aes_256_gcm;");
  EXPECT_THAT(integrity, Not(HasSubstr("action attacker")));
  EXPECT_THAT(integrity, HasSubstr("action a_W_accept_R_from_attacker"));  // what was sent once can be delivered again
  const std::string both = dump("protect integrity, freshness with aes_256_gcm;");
  EXPECT_THAT(both, Not(HasSubstr("attacker")));
  EXPECT_THAT(both, HasSubstr("action lose_M"));
  EXPECT_EQ(both.substr(0, both.find("action")), dump("mediated by kernel;").substr(0, both.find("action")));
}

TEST(Protocols, LoseWhatIsSaidOfGuardsWhereOneIsChanged) {
  const std::string text =
      std::string(PROTOCOL("", STEPS)) +
      "variant Changed of P { drop action a_W_timeout; } variant Grown of P { add action x() do sent_M(*, *) := "
      "false; }\nmodel Clock { var on: bool; action tick() when on do on := false; }\n"
      "model Slow = P || Clock sharing a_W_timeout with tick; model Beside = P || Clock;\n"
      "variant Later of Beside { drop guard in P.a_S_send_M; }";
  EXPECT_THAT(system_of(text, "P"), HasSubstr("invariant no_deadlock"));
  EXPECT_THAT(system_of(text, "P.Changed"), Not(HasSubstr("no_deadlock")));
  EXPECT_THAT(system_of(text, "P.Grown"), HasSubstr("invariant no_deadlock"));
  EXPECT_THAT(system_of(text, "Slow"), Not(HasSubstr("no_deadlock")));
  EXPECT_THAT(system_of(text, "Beside"), HasSubstr("invariant P.no_deadlock"));
  EXPECT_THAT(system_of(text, "Beside.Later"), Not(HasSubstr("no_deadlock")));
}

TEST(Channels, OfAllModulesAreMeant) {
  const Folder folder;
  folder.put("inner.bh",
             "module inner; subject A, B; channel strong: A -> B { protect integrity with ml_dsa_87; }\n"
             "prove p: every channel uses strength >= category 5;");
  const Loaded loaded = load_files({folder.put("outer.bh", "module outer; import inner; channel weak: A -> B;")});
  ASSERT_TRUE(loaded.program) << loaded.text();
  const std::string dump = system::dump(loaded.program->world.systems.at(0), loaded.sources);
  EXPECT_THAT(dump, HasSubstr("weak"));
  EXPECT_THAT(dump, HasSubstr("strong"));
}

TEST(Protocols, AreToldWhereTheirStepsWereWritten) {
  const std::string dump = system_of(PROTOCOL("", "\n" STEPS), "P");
  EXPECT_THAT(dump, HasSubstr("action a_S_send_M(run: ARun, n: N, x: T)  // policy.bh:2"));
}

}  // namespace
}  // namespace bulkhead::test
