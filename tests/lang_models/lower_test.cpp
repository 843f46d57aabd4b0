// What models become: each sentence of the language, read off the system that it is lowered to.
#include <gmock/gmock.h>

#include "lang/frontend/dump.h"
#include "lang/system/dump.h"
#include "lang/system/spell.h"
#include "lang/system/valid.h"
#include "tests/lang_frontend/policy.h"

namespace bulkhead::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kMemory = R"bh(
model Memory {
    sort Container;  sort Frame;
    relation shared: (Container, Container);
    var owner:  Frame -> Container;
    var mapped: (Container, Frame) -> bool = false;
    var wanted: Frame -> bool;

    action map(c: Container, f: Frame)
        when owner(f) == c
        do   mapped(c, f) := true, wanted(f) := true;

    action transfer(c, d: Container, f: Frame)
        when owner(f) == c
        do   owner(f) := d,
             forall x: Container. mapped(x, f) := false,
             wanted(f) := false;

    lemma     owned:     forall c: Container, f: Frame. mapped(c, f) -> owner(f) == c;
    invariant exclusive: forall c, d: Container, f: Frame. mapped(c, f) && mapped(d, f) -> c == d;
    variant   Stale { drop update mapped in transfer; }
}
view of o: Container in Memory sees mapped(o, *), owner(f) for f: Frame with mapped(o, f);
)bh";

/// The systems and claims of a policy as text; what was reported, where there are errors.
std::string dumped(const std::string& text) {
  const Loaded loaded = load_text(text);
  if (!loaded.program) return loaded.text();
  for (const system::System& system : loaded.program->world.systems) {
    EXPECT_EQ(system::objection(system), std::nullopt);
  }
  return frontend::dump(loaded.program->world, loaded.sources);
}

TEST(Models, TakeRecordsInRecordsApart) {
  const std::string dump = dumped(R"bh(model M {
    sort Page; sort User;
    record Place { at: Page; seen: set of User; }
    record Entry { place: Place; owner: User; }
    var entry: Page -> Entry;
    var last: Entry;
    action move(p, q: Page, u: User) do entry(p).place.at := q, insert u into entry(p).place.seen;
    action keep(p: Page) do last := entry(p);
    invariant same: forall p: Page. entry(p) == last -> entry(p).place.at == last.place.at;
})bh");
  EXPECT_THAT(dump, HasSubstr("var entry.place.seen: (Page, User) -> bool;"));
  EXPECT_THAT(dump, HasSubstr("entry.place.at(p) := q"));
  EXPECT_THAT(dump, HasSubstr("last.owner := entry.owner(p)"));
}

TEST(Models, JoinSets) {
  const std::string sets = dumped(
      "model N { sort C; sort D; var s: D -> set of C; var t: set of C;\n"
      "action a(d: D, c: C) do t := s(d) union {c}, s(d) := s(d) intersect t;\n"
      "invariant i: forall c: C, d: D. c in (s(d) union t) -> c in t || c in s(d); }");
  EXPECT_THAT(sets, HasSubstr("forall each: C. t(each) := s(d, each) || (each == c)"));
  EXPECT_THAT(sets, HasSubstr("forall each: C. s(d, each) := s(d, each) && t(each)"));
}

TEST(Models, WarnOfWordsThatCanWrap) {
  const auto codes = [](const std::string& guard, const std::string& update) {
    return load_text("model M { var n: u8 = 0; var k: u8 = 1; action a() when " + guard + " do n := " + update +
                     ", k := n; }")
        .codes();
  };
  EXPECT_THAT(codes("true", "n + 1"), ElementsAre("BH4013"));
  EXPECT_THAT(codes("n < 255", "n + 1"), IsEmpty());
  EXPECT_THAT(codes("n < k", "n + 1"), IsEmpty());
  EXPECT_THAT(codes("n < k", "n + 2"), ElementsAre("BH4013"));
  EXPECT_THAT(codes("n <= 253", "n + 2"), IsEmpty());
  EXPECT_THAT(codes("n <= 254", "n + 2"), ElementsAre("BH4013"));
  EXPECT_THAT(codes("k <= n", "n - k"), IsEmpty());
  EXPECT_THAT(codes("k < n", "k - n"), ElementsAre("BH4013"));
  EXPECT_THAT(codes("n > 0", "n - 1"), IsEmpty());
  EXPECT_THAT(codes("n >= 1", "n - 2"), ElementsAre("BH4013"));
  EXPECT_THAT(codes("n < 10", "n * 2"), ElementsAre("BH4013"));
}

TEST(Models, SayWhichGuardKeepsAWordInRange) {
  const auto load = [](const std::string& guard, const std::string& update) {
    return load_text("model M { sort A; var n: A -> u8 = 0; var k: u8 = 1; action a(x: A) when " + guard +
                     " do n(x) := " + update + ", k := n(x); }");
  };
  for (const auto& [update, guard] : std::vector<std::pair<std::string, std::string>>{{"k + 1", "k < 255"},
                                                                                      {"n(x) + 3", "n(x) <= 252"},
                                                                                      {"k - 1", "k > 0"},
                                                                                      {"k - 4", "k >= 4"},
                                                                                      {"k - n(x)", "n(x) <= k"}}) {
    const Loaded warned = load("true", update);
    EXPECT_THAT(warned.codes(), ElementsAre("BH4013")) << update;
    EXPECT_THAT(warned.text(), HasSubstr("bound the value in the guard: `when " + guard + "`, or use `int`")) << update;
    EXPECT_THAT(load(guard, update).codes(), IsEmpty()) << "the guard that is named is enough: " << guard;
  }
  EXPECT_THAT(load("true", "k - 1").text(), HasSubstr("a `u8` begins at 0"));
  EXPECT_THAT(load("true", "k * 2").text(), HasSubstr("help: use `int` where wrapping is not meant"));
}

TEST(Models, BecomeSystemsThatCanBeRead) {
  const Loaded loaded = load_text(kMemory);
  ASSERT_TRUE(loaded.program) << loaded.text();
  EXPECT_THAT(loaded.codes(), IsEmpty()) << loaded.text();
  const auto& systems = loaded.program->world.systems;
  ASSERT_EQ(systems.size(), 2u);
  EXPECT_EQ(system::dump(systems[0], loaded.sources), R"bh(model Memory {
    sort Container;  // policy.bh:3
    sort Frame;  // policy.bh:3
    relation shared: (Container, Container) -> bool;  // policy.bh:4
    var owner: (Frame) -> Container;  // policy.bh:5
    var mapped: (any: Container, any_2: Frame) -> bool = false;  // policy.bh:6
    var wanted: (Frame) -> bool;  // policy.bh:7

    action map(c: Container, f: Frame)  // policy.bh:9
        when owner(f) == c
        do   mapped(c, f) := true,  // policy.bh:11
             wanted(f) := true;  // policy.bh:11

    action transfer(c: Container, d: Container, f: Frame)  // policy.bh:13
        when owner(f) == c
        do   owner(f) := d,  // policy.bh:15
             forall x: Container. mapped(x, f) := false,  // policy.bh:16
             wanted(f) := false;  // policy.bh:17

    lemma owned: forall c: Container, f: Frame. (mapped(c, f) -> (owner(f) == c));  // policy.bh:19
    invariant exclusive: forall c: Container, d: Container, f: Frame. ((mapped(c, f) && mapped(d, f)) -> (c == d));  // policy.bh:20
    view of o: Container sees mapped(o, any) for any: Frame, owner(f) for f: Frame with mapped(o, f);  // policy.bh:23
}
)bh");
  EXPECT_EQ(systems[1].name, "Memory.Stale");
  EXPECT_EQ(systems[1].variant, "Stale");
  EXPECT_EQ(systems[1].actions.at(1).updates.size(), 2u);
}

TEST(Models, AreReadAgainFromTheirDumps) {
  const Loaded first = load_text(kMemory);
  ASSERT_TRUE(first.program) << first.text();
  const std::string text = system::dump(first.program->world.systems[0], first.sources);
  const Loaded second = load_text(text);
  ASSERT_TRUE(second.program) << second.text() << text;
  const auto lines_without_places = [](std::string dump) {
    for (std::size_t at = dump.find("  // "); at != std::string::npos; at = dump.find("  // ", at)) {
      dump.erase(at, dump.find('\n', at) - at);
    }
    return dump;
  };
  EXPECT_EQ(lines_without_places(system::dump(second.program->world.systems[0], second.sources)),
            lines_without_places(text));
}

TEST(Claims, AboutModelsStandInTheirOrder) {
  const std::string text = dumped(std::string(kMemory) +
                                  "container Agent { rootfs readonly; }\n"
                                  "prove Memory.exclusive;\n"
                                  "prove first: Agent cannot write \"/etc/**\";\n"
                                  "prove quick: Memory.exclusive for 3 Container, 2 Frame within 20 steps;\n"
                                  "refute Memory.Stale.exclusive;\n"
                                  "prove u: Memory unreachable exists f: Frame. wanted(f) && !wanted(f);\n"
                                  "prove served: forall g: Frame. wanted(g) leads to !wanted(g) under fair { transfer, "
                                  "strong map };\n"
                                  "prove again: in Memory.Stale: forall g: Frame. wanted(g) leads to !wanted(g) by "
                                  "rank 3, if wanted(g) then 1 else 0 for 2 Frame;\n"
                                  "prove no_leak: Memory leaks nothing to o: Container except from d: Container where "
                                  "shared(d, o) within 3 steps;\n"
                                  "refute leak: Memory leaks nothing to o: Container;\n");
  EXPECT_THAT(text, HasSubstr("prove claim_25: Memory.exclusive;\n"
                              "prove first: Agent cannot write \"/etc/**\";\n"
                              "prove quick: Memory.exclusive for 3 Container, 2 Frame within 20 steps;\n"
                              "refute claim_28: Memory_Stale.exclusive;\n"
                              "prove u: Memory unreachable (exists f: Frame. (wanted(f) && !wanted(f)));\n"
                              "prove served: in Memory: forall g: Frame. wanted(g) leads to !wanted(g) under fair { "
                              "transfer, strong map };\n"
                              "prove again: in Memory_Stale: forall g: Frame. wanted(g) leads to !wanted(g) by "
                              "rank 3, (if wanted(g) then 1 else 0) for 2 Frame;\n"
                              "prove no_leak: Memory leaks nothing to o: Container except from d: Container where "
                              "shared(d, o) within 3 steps;\n"
                              "refute leak: Memory leaks nothing to o: Container;\n"));
}

/// One model around `body`, as text; the dump of its only system.
std::string system_of(const std::string& body) {
  const Loaded loaded = load_text("model M {\n" + body + "\n}\n");
  if (!loaded.program) return loaded.text();
  EXPECT_EQ(system::objection(loaded.program->world.systems[0]), std::nullopt);
  return system::dump(loaded.program->world.systems[0], loaded.sources);
}

TEST(Records, BecomeOneFunctionForEachField) {
  const std::string text = system_of(
      "sort C; sort P; record Page { owner: C; dirty: bool; readers: set of C; }\n"
      "var page: P -> Page; var spare: Page;\n"
      "action copy(p, q: P) when page(p) == page(q) && page(p).dirty do page(p) := spare, page.dirty(q) := true;\n"
      "action read(c: C, p: P) when c in page.readers(p) do remove c from page(p).readers;\n");
  EXPECT_THAT(text, HasSubstr("var page.owner: (P) -> C;"));
  EXPECT_THAT(text, HasSubstr("var page.readers: (P, C) -> bool;"));
  EXPECT_THAT(text, HasSubstr("when ((page.owner(p) == page.owner(q)) && (page.dirty(p) == page.dirty(q)) && (forall "
                              "each: C. (page.readers(p, each) == page.readers(q, each)))) && page.dirty(p)"));
  EXPECT_THAT(text, HasSubstr("do   page.owner(p) := spare.owner,"));
  EXPECT_THAT(text, HasSubstr("forall each: C. page.readers(p, each) := spare.readers(each),"));
  EXPECT_THAT(text, HasSubstr("page.dirty(q) := true;"));
  EXPECT_THAT(text, HasSubstr("do   page.readers(p, c) := false;"));
}

TEST(Sets, BecomeFunctionsToBool) {
  const std::string text = system_of(
      "sort C; var s: C -> set of C = {}; var t: set of C;\n"
      "action join(a, b: C) when a in s(b) && !(b in t) && a in {a, b} do insert a into s(b), t := {a, b};\n"
      "action clear(a: C) when s(a) != t do s(a) := {}, t := s(a);\n");
  EXPECT_THAT(text, HasSubstr("var s: (any: C, each: C) -> bool = false;"));
  EXPECT_THAT(text, HasSubstr("when s(b, a) && !t(b) && ((a == a) || (a == b))"));
  EXPECT_THAT(text, HasSubstr("do   s(b, a) := true,"));
  EXPECT_THAT(text, HasSubstr("forall each: C. t(each) := (each == a) || (each == b);"));
  EXPECT_THAT(text, HasSubstr("forall each: C. s(a, each) := false,"));
}

TEST(Definitions, AreExpandedAndEqualTermsAreOne) {
  const Loaded loaded = load_text(
      "model M { sort C; var f: C -> bool; const one: C;\n"
      "define all = forall c: C. g(c);\n"
      "define g(c: C) = f(c) && c == one;\n"
      "invariant i: all && all && (exists d: C. g(d));\n"
      "action a(c: C) do f(c) := !f(c); }");
  ASSERT_TRUE(loaded.program) << loaded.text();
  const system::System& system = loaded.program->world.systems[0];
  const system::Term& invariant = system.at(system.properties[0].formula);
  EXPECT_EQ(invariant.args[0], invariant.args[1]);
  EXPECT_EQ(
      system::spell_term(system, system.properties[0].formula),
      "((forall c: C. (f(c) && (c == one))) && (forall c: C. (f(c) && (c == one))) && (exists d: C. (f(d) && (d == "
      "one))))");
}

TEST(Numbers, TakeTheTypeThatIsNeeded) {
  const std::string text = system_of(
      "var a: u8 = 255; var b: u64 = 0xffffffffffffffff; var n: int = -3; sort C; var level: (c: C) -> int = if c == "
      "boss then 2 else 1; const boss: C;\n"
      "action up(c: C) when 1 + 1 <= a && n in -5..5 && n - 1 < 2 * n do a := a + 1, b := if a > 3 then 1 else b, "
      "n := level(c) * 2, level(c) := 0;\n");
  EXPECT_THAT(text, HasSubstr("var a: u8 = 255;"));
  EXPECT_THAT(text, HasSubstr("var b: u64 = 18446744073709551615;"));
  EXPECT_THAT(text, HasSubstr("var level: (c: C) -> int = if (c == boss) then 2 else 1;"));
  EXPECT_THAT(text, HasSubstr("when (2 <= a) && ((-5 <= n) && (n <= 5)) && ((n - 1) < (2 * n))"));
  EXPECT_THAT(text, HasSubstr("b := if (3 < a) then 1 else b,"));
}

TEST(Quantifiers, ReachToTheEndOfTheirBrackets) {
  const std::string text = system_of(
      "sort C; var f: C -> bool; var p: bool; action a(c: C) do f(c) := p, p := !p;\n"
      "invariant i: p && forall c: C. f(c) || p -> exists d: C. f(d) <-> f(c);\n"
      "invariant j: !forall c: C. f(c) && p;\n"
      "invariant k: p -> p -> p || p && p;\n");
  EXPECT_THAT(text, HasSubstr("invariant i: p && (forall c: C. ((f(c) || p) -> (exists d: C. (f(d) == f(c)))));"));
  EXPECT_THAT(text, HasSubstr("invariant j: !(forall c: C. (f(c) && p));"));
  EXPECT_THAT(text, HasSubstr("invariant k: p -> (p -> (p || (p && p)));"));
}

TEST(Enums, OfTheModelAndOfThePolicyAreTypes) {
  const std::string text = dumped(
      "enum Trust { Low, High }\n"
      "model M { sort C; enum Mode { Idle, High } var mode: C -> Mode = Idle; relation trust: (C) -> Trust from "
      "policy;\n"
      "action go(c: C) when trust(c) >= High && mode(c) == Mode.High do mode(c) := High; }\n");
  EXPECT_THAT(text, HasSubstr("when (Trust.High <= trust(c)) && (mode(c) == Mode.High)"));
  EXPECT_THAT(text, HasSubstr("do   mode(c) := Mode.High;"));
  EXPECT_THAT(text, HasSubstr("relation trust: (C) -> Trust from policy;"));
}

TEST(Relations, MayGiveInitialValuesPointByPoint) {
  EXPECT_THAT(system_of("sort C; relation may: (C, C) from policy; var holds: (C, C) -> bool = may;\n"
                        "action drop_one(c, d: C) do holds(c, d) := false;"),
              HasSubstr("var holds: (any: C, any_2: C) -> bool = may(any, any_2);"));
}

TEST(Variants, ChangeWhatTheySay) {
  const std::string text = dumped(
      "model M { sort C; var f: C -> bool = false; var n: int;\n"
      "initially n == 0; assume some: exists c: C. c == c;\n"
      "action a(c: C) when f(c) do f(c) := false, n := n + 1;\n"
      "invariant i: n >= 0;\n"
      "variant V { replace guard in a with n > 5; replace update n in a with n := 0; add action b do n := 7; drop "
      "initially; drop assume some; }\n"
      "variant W { drop guard in a; drop update f in a; } }\n"
      "variant X of M { replace update f in a with forall x: C. f(x) := true, n := 3; }\n");
  EXPECT_THAT(text, HasSubstr("model M_V {\n    sort C;  // policy.bh:1\n    var f: (any: C) -> bool = false;  // "
                              "policy.bh:1\n    var n: int;  // policy.bh:1\n\n    action a(c: C)  // policy.bh:3\n"
                              "        when 5 < n\n        do   f(c) := false,  // policy.bh:3\n"
                              "             n := 0;  // policy.bh:5\n\n    action b  // policy.bh:5\n"
                              "        when true\n        do   n := 7;  // policy.bh:5\n\n    invariant i: 0 <= n;"));
  EXPECT_THAT(text, HasSubstr("when true\n        do   n := n + 1;  // policy.bh:3\n"));
  EXPECT_THAT(text, HasSubstr("do   forall x: C. f(x) := true,  // policy.bh:7\n             n := 3,  // "
                              "policy.bh:7\n             n := n + 1;  // policy.bh:3\n"));
}

}  // namespace
}  // namespace bulkhead::test
