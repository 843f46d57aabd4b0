// What a verdict rests on: models by the hash of their canonical text, the flow map, every assumption; whose doing
// actions are.
#include "checker/query/rests_on.h"

#include <gmock/gmock.h>

#include <set>

#include "checker/query/prove.h"
#include "checker/report/findings.h"
#include "checker/report/report.h"
#include "lang/system/dump.h"
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::vector<query::Basis> bases(const Claims& claims, std::size_t claim = 0) {
  return query::Bases(claims.world()).of(claims.world().claims.at(claim));
}
std::string hash(const Claims& claims, std::size_t claim = 0) {
  return to_hex(bases(claims, claim).at(0).digest);
}
std::vector<std::string> names(const std::vector<query::Basis>& list) {
  std::vector<std::string> all;
  for (const query::Basis& basis : list) all.push_back(basis.name);
  return all;
}

constexpr const char* kClaim = "prove Memory.exclusive;";

TEST(RestsOn, LayoutCommentsAndOtherClaimsLeaveTheHashAsItIs) {
  const std::string plain = memory(kClaim);
  std::string other = plain;
  for (std::size_t at = 0; (at = other.find("\n    ", at)) != std::string::npos; at += 2) other.replace(at, 5, "\n\t");
  other.insert(other.find("action map"), "// renamed: what a comment says does not count\n");
  const Claims before(plain), after(other);
  const Claims beside(
      memory("prove none: Memory unreachable exists c: Container, f: Frame. mapped(c, f) && owner(f) != c;\n"
             "volume Data;\ncontainer A { mount Data at \"/d\"; }\n" +
             std::string(kClaim)));
  EXPECT_EQ(hash(before), hash(after));
  EXPECT_EQ(hash(before), hash(beside, 1)) << "the terms of claims are no part of the model";
  EXPECT_EQ(hash(before), to_hex(sha256(system::canonical_text(before.system()))));
}

TEST(RestsOn, EveryChangeOfTheModelChangesTheHash) {
  const std::string plain = memory(kClaim);
  const auto changed = [&](const std::string& what, const std::string& with) {
    std::string text = plain;
    text.replace(text.find(what), what.size(), with);
    return hash(Claims(text));
  };
  const std::set<std::string> all{hash(Claims(plain)),
                                  changed("when owner(f) == c do mapped", "when owner(f) != c do mapped"),
                                  changed("mapped(c, f) := true", "mapped(c, f) := false"),
                                  changed("-> bool = false", "-> bool"),
                                  changed("sort Frame;", "sort Frame; sort Unused;"),
                                  changed("mapped(d, f) -> c == d", "mapped(d, f) -> d == c"),
                                  hash(Claims(memory(kClaim, "lemma more: true;")))};
  EXPECT_THAT(all, SizeIs(7));
}

/// Pairs of models that were written alike once: a view that shows nothing, an assumption called like what a policy
/// fills in, words that wrap where integers do not.
TEST(RestsOn, DifferentModelsHaveDifferentHashes) {
  const auto differ = [](const std::string& text, const std::string& what, const std::string& with) {
    std::string other = text;
    other.replace(other.find(what), what.size(), with);
    EXPECT_NE(hash(Claims(text)), hash(Claims(other))) << text;
  };
  differ(
      "model M { sort C; relation s: C -> bool; view of o: C sees s(f) for f: C with false; invariant i: true; }\n"
      "prove M.i;",
      "with false", "with true");
  differ(
      "model M { enum P { A, B } relation r: P -> bool from policy; assume r_from_policy: !r(A);\n"
      "invariant i: !r(A); }\nprove M.i;",
      "assume r_from_policy: !r(A);", "");
  differ(
      "model M { var b: bool = false; define f(x: u8) = x + 100 == 44;\n"
      "action a() when f(200) do b := true; invariant i: !b; }\nprove M.i;",
      "x: u8", "x: int");
}

TEST(RestsOn, AVariantRestsOnItselfAndItsModel) {
  const Claims claims(memory("refute Memory.Stale.exclusive;"));
  EXPECT_THAT(names(bases(claims)), ElementsAre("Memory.Stale", "Memory"));
  EXPECT_NE(bases(claims)[0].digest, bases(claims)[1].digest);
  EXPECT_EQ(to_hex(bases(claims)[1].digest), hash(Claims(memory(kClaim))));
}

constexpr const char* kParts = R"bh(
model Lamp { var on: bool = false; action light() do on := true; invariant any: on || !on; }
model Door { sort Guest; var open: bool = false; relation may: Guest -> bool; assume somebody: exists g: Guest. may(g);
             action unlock(g: Guest) when may(g) do open := true; invariant any: open || !open; }
model House = Lamp || Door { invariant both: Lamp.on || !Lamp.on; }
)bh";

TEST(RestsOn, ACompositionRestsOnItsComponentsAndOnAllThatTheyAssume) {
  const Claims claims(std::string(kParts) + "prove House.both;\nprove Lamp.any;");
  ASSERT_THAT(names(bases(claims)), ElementsAre("House", "Lamp", "Door"));
  ASSERT_THAT(bases(claims)[0].assumptions, SizeIs(1));
  EXPECT_THAT(bases(claims)[0].assumptions[0].text, HasSubstr("exists g: Guest. may(g)"));
  EXPECT_THAT(bases(claims)[1].assumptions, IsEmpty());
  EXPECT_THAT(names(bases(claims, 1)), ElementsAre("Lamp"));
}

TEST(RestsOn, ClaimsAboutInfluenceRestOnTheFlowMapAsThePolicyHasIt) {
  const std::string policy =
      "container A { may read \"/x\"; }\ncontainer B { may read \"/x\"; }\n"
      "prove A isolated from B;\nprove A cannot read \"/y\";";
  const Claims plain(policy), more("import locks;\n" + policy),
      again("// said again\nflow read: file -> subject;\n" + policy);
  EXPECT_THAT(names(bases(plain)), ElementsAre("flow"));
  EXPECT_THAT(bases(plain, 1), IsEmpty()) << "this is the policy's alone";
  EXPECT_NE(hash(plain), hash(more)) << "locks are ways too";
  EXPECT_EQ(hash(plain), hash(again));
}

TEST(RestsOn, EveryReportSaysIt) {
  const Claims claims(std::string(kParts) + "prove House.both;\nrefute dark: House.both;");
  const query::Proof proof = query::prove(claims.world(), {});
  const report::Subject subject{claims.world(), claims.loaded.sources, proof};
  const std::string full = hash(claims);
  EXPECT_THAT(report::text(subject), HasSubstr("rests on House " + full.substr(0, 12) + " ("));
  EXPECT_THAT(report::text(subject), HasSubstr(", assuming Door.somebody\n"));
  EXPECT_THAT(report::text(subject), Not(HasSubstr(full))) << "twelve digits are enough for people";
  EXPECT_THAT(report::json(subject), HasSubstr("\"sha256\": \"" + full + "\""));
  EXPECT_THAT(report::markdown(subject), HasSubstr("| M1 | `House` |"));
  EXPECT_THAT(report::markdown(subject), HasSubstr("`" + full + "`"));
  EXPECT_THAT(report::markdown(subject), HasSubstr("| M1, M2, M3, A1 |"));
  EXPECT_THAT(report::sarif(report::findings(subject)), HasSubstr("\"sha256\": \"" + full + "\""));
}

TEST(RestsOn, WhoseDoingActionsAreIsInEveryReport) {
  const Claims claims(R"bh(
model Boxes {
    sort C;
    var mine: C -> bool = false;
    var ticks: bool = false;
    action put(giver, taker: C) when giver == taker do mine(taker) := true;
    action tick() do ticks := !ticks;
    view of o: C sees mine(o);
    invariant any: true;
}
prove apart: Boxes leaks nothing to o: C;)bh");
  const query::Proof proof = query::prove(claims.world(), {});
  const report::Subject subject{claims.world(), claims.loaded.sources, proof};
  EXPECT_THAT(report::text(subject), HasSubstr("acts: the first C of `put`; nobody of `tick`"));
  EXPECT_THAT(report::markdown(subject), HasSubstr("* `apart` acts: the first C of `put`; nobody of `tick`"));
  const std::string json = report::json(subject);
  EXPECT_THAT(json, HasSubstr("\"parameter\": \"giver\"")) << "of two the first";
  EXPECT_THAT(json, Not(HasSubstr("\"parameter\": \"taker\"")));
}

}  // namespace
}  // namespace bulkhead::test
