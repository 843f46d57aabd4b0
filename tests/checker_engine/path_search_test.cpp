#include "checker/universe/path_search.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "checker/universe/path_algebra.h"
#include "path_samples.h"

namespace bulkhead::universe {
namespace {

Nfa nfa_of(std::vector<PathPattern> patterns) {
  auto nfa = Nfa::build(std::move(patterns));
  EXPECT_TRUE(nfa.ok()) << nfa.error().reason;
  return std::move(nfa).value();
}
Nfa nfa_of(const std::string& glob) {
  return nfa_of(std::vector<PathPattern>{{glob, ""}});
}

TEST(PathAtoms, AreExactlyTheMembershipsOfShortPathsAndTheirWitnesses) {
  std::mt19937 random(3);
  const auto paths = samples::short_paths(5);
  for (int round = 0; round < 40; ++round) {
    std::vector<std::string> globs;
    for (int i = 0; i < 3; ++i) globs.push_back(samples::random_glob(random));
    const Nfa a = nfa_of(globs[0]), b = nfa_of(globs[1]), c = nfa_of(globs[2]);
    const Nfa* languages[] = {&a, &b, &c};
    const auto atoms = path_atoms(languages);
    ASSERT_TRUE(atoms.has_value());
    std::set<std::vector<bool>> claimed;
    for (const PathAtom& atom : *atoms) {
      ASSERT_TRUE(ir::is_valid_path(atom.witness)) << atom.witness;
      EXPECT_TRUE(claimed.insert(atom.members).second);
      for (std::size_t i = 0; i < 3; ++i) ASSERT_EQ(atom.members[i], ir::glob_matches(globs[i], atom.witness));
    }
    for (const std::string& path : paths) {
      std::vector<bool> members;
      for (const std::string& glob : globs) members.push_back(ir::glob_matches(glob, path));
      ASSERT_TRUE(claimed.contains(members)) << path;
    }
  }
}

/// Random monotone conditions: the search must agree with the exact atoms, whatever way it went.
TEST(PathSearch, AgreesWithAtomsOnRandomMonotoneConditions) {
  std::mt19937 random(4);
  int none = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<Nfa> nfas;
    for (int i = 0; i < 3; ++i)
      nfas.push_back(nfa_of({{samples::random_glob(random), ""}, {samples::random_glob(random), ""}}));
    const Nfa* languages[] = {&nfas[0], &nfas[1], &nfas[2]};
    std::vector<UsedLanguage> used;
    std::vector<bool> negated;
    for (const Nfa& nfa : nfas) {
      negated.push_back(random() % 2 == 0);
      used.push_back({&nfa, random() % 4 == 0 ? Use::Both : negated.back() ? Use::Negative : Use::Positive});
    }
    const bool any_of_last = random() % 2 == 0;
    const auto formula = [&](std::span<const Truth> m) {
      const auto literal = [&](std::size_t i) {
        if (m[i] == Truth::Unknown) return m[i];
        return (m[i] == Truth::True) != negated[i] ? Truth::True : Truth::False;
      };
      const auto conjunction = [](Truth a, Truth b) {
        if (a == Truth::False || b == Truth::False) return Truth::False;
        return a == Truth::True ? b : b == Truth::True ? a : Truth::Unknown;
      };
      const auto invert = [](Truth a) {
        return a == Truth::Unknown ? a : a == Truth::True ? Truth::False : Truth::True;
      };
      Truth tail = conjunction(literal(1), literal(2));
      if (any_of_last) tail = invert(conjunction(invert(literal(1)), invert(literal(2))));
      return conjunction(literal(0), tail);
    };
    const auto atoms = path_atoms(languages);
    ASSERT_TRUE(atoms.has_value());
    bool expected = false;
    for (const PathAtom& atom : *atoms) {
      std::vector<Truth> truths;
      for (const bool member : atom.members) truths.push_back(member ? Truth::True : Truth::False);
      expected = expected || formula(truths) == Truth::True;
    }
    for (const Strategy strategy : {Strategy::Both, Strategy::MacroStates, Strategy::Positions}) {
      const auto answer = find_path(used, {formula, formula}, {40'000'000, strategy});
      ASSERT_FALSE(std::holds_alternative<Undecided>(answer));
      ASSERT_EQ(std::holds_alternative<SomePath>(answer), expected);
      if (const auto* some = std::get_if<SomePath>(&answer)) {
        ASSERT_TRUE(ir::is_valid_path(some->path));
        std::vector<Truth> truths;
        for (const bool member : some->members) truths.push_back(member ? Truth::True : Truth::False);
        ASSERT_EQ(formula(truths), Truth::True) << some->path;
      }
    }
    none += expected ? 0 : 1;
  }
  EXPECT_GT(none, 20);
}

TEST(PathSearch, DecidesInclusionWhereDeterminisingExplodes) {
  const std::string tail(24, '?');
  const Nfa small = nfa_of("/d/**/*a" + tail);
  const Nfa large = nfa_of("/**/*a" + tail);
  const auto included = difference_witness(small, large);
  ASSERT_TRUE(std::holds_alternative<NoPath>(included)) << std::get<Undecided>(included).reason;
  EXPECT_LT(std::get<NoPath>(included).words.size(), 1000u);
  const auto back = difference_witness(large, small);
  ASSERT_TRUE(std::holds_alternative<SomePath>(back));
  EXPECT_TRUE(ir::glob_matches("/**/*a" + tail, std::get<SomePath>(back).path));
}

TEST(PathSearch, NamesThePatternWhenTheBudgetRunsOut) {
  const Nfa small = nfa_of("/**/{a,b}*a????????????");
  const Nfa large = nfa_of("/**/*a????????????");
  const auto answer = difference_witness(small, large, {500, Strategy::Both});
  ASSERT_TRUE(std::holds_alternative<Undecided>(answer));
  EXPECT_NE(std::get<Undecided>(answer).reason.find("????"), std::string::npos);
}

TEST(PathSearch, TreatsAThousandPatternsAsOneLanguage) {
  std::vector<PathPattern> patterns;
  for (int i = 0; i < 1000; ++i) patterns.push_back({"/**/name" + std::to_string(i) + "/**", ""});
  const Nfa all = nfa_of(patterns);
  const Nfa one = nfa_of("/srv/**/name77/x");
  ASSERT_TRUE(std::holds_alternative<NoPath>(difference_witness(one, all, {2'000'000, Strategy::Both})));
  const Nfa* languages[] = {&all};
  const auto atoms = path_atoms(languages, {20'000'000, Strategy::Both});
  ASSERT_TRUE(atoms.has_value());
  EXPECT_EQ(atoms->size(), 2u);
}

TEST(PathSearch, CutsAThousandPatternSetsIntoAtomsWithinTheBudget) {
  std::vector<Nfa> nfas;
  for (int i = 0; i < 1000; ++i)
    nfas.push_back(nfa_of("/usr/lib/pkg" + std::to_string(i) + (i % 3 == 0 ? "/**" : i % 3 == 1 ? "/*.so" : "/data?")));
  std::vector<const Nfa*> languages;
  for (const Nfa& nfa : nfas) languages.push_back(&nfa);
  const auto atoms = path_atoms(languages, {20'000'000, Strategy::Both});
  ASSERT_TRUE(atoms.has_value());
  EXPECT_EQ(atoms->size(), 1001u);
}

TEST(PathSearch, FindsNoNonPath) {
  EXPECT_TRUE(std::holds_alternative<NoPath>(member_witness(nfa_of("/a/../b"))));
  EXPECT_TRUE(std::holds_alternative<NoPath>(member_witness(nfa_of("/a//b"))));
  EXPECT_TRUE(std::holds_alternative<NoPath>(member_witness(nfa_of("relative/**"))));
  EXPECT_TRUE(std::holds_alternative<NoPath>(member_witness(nfa_of("/a/"))));
  const auto some = member_witness(nfa_of("/a/**"));
  ASSERT_TRUE(std::holds_alternative<SomePath>(some));
  EXPECT_EQ(std::get<SomePath>(some).path, "/a");
}

TEST(PathSearch, TellsEquivalentPatternSetsFromOthers) {
  EXPECT_TRUE(
      std::holds_alternative<NoPath>(distinguishing_path(nfa_of("/{a,b}/**"), nfa_of({{"/a/**", ""}, {"/b/**", ""}}))));
  EXPECT_TRUE(std::holds_alternative<SomePath>(distinguishing_path(nfa_of("/a/**"), nfa_of("/a/*"))));
}

}  // namespace
}  // namespace bulkhead::universe
