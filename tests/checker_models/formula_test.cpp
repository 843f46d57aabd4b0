// Formulas outside of their system: taken out, put back, and refused where they are none of it.
#include "lang/system/formula.h"

#include "lang/system/spell.h"
#include "lang/system/valid.h"
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

TEST(Formula, SaysTheSameWhenItIsPutBack) {
  const Claims claims(memory("prove Memory.exclusive;"));
  const system::System& system = claims.system();
  const auto& property = system.properties.back();
  const system::Formula formula = system::extracted(system, property.formula);
  EXPECT_EQ(system::spell(system, formula), system::bare(system::spell_term(system, property.formula)));
  const auto larger = system::with_lemmas(system, {{"a", formula}, {"b", formula}});
  ASSERT_TRUE(larger.ok()) << larger.error();
  EXPECT_EQ(larger->properties.size(), system.properties.size() + 2);
  EXPECT_TRUE(system::is_valid(*larger));
}

TEST(Formula, NamesOfAnotherFormulaAreOutOfItsReach) {
  const Claims claims(memory("prove Memory.exclusive;"));
  const system::System& system = claims.system();
  const system::Formula good = system::extracted(system, system.properties.back().formula);
  system::Formula reaching = good;
  // One place beyond its own terms stands the next formula's first.
  reaching.terms.back().args[0] = system::TermId{good.terms.size()};
  EXPECT_FALSE(system::with_lemmas(system, {{"a", reaching}, {"b", good}}).ok());
  reaching = good;
  for (system::Term& term : reaching.terms) {
    if (term.binder.valid()) term.binder = system::BinderId{good.binders.size()};
  }
  EXPECT_FALSE(system::with_lemmas(system, {{"a", reaching}, {"b", good}}).ok());
}

TEST(Formula, OnlyBooleansAreFormulas) {
  const Claims claims(memory("prove Memory.exclusive;"));
  system::Formula number;
  number.terms.emplace_back();
  number.terms[0].type = system::kInt;
  EXPECT_FALSE(system::with_lemmas(claims.system(), {{"a", number}}).ok());
}

}  // namespace
}  // namespace bulkhead::test
