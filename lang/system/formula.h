// Formulas about a system that are no part of it: what evidence carries. Trusted: checkers read them from anywhere.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lang/base/result.h"
#include "lang/system/system.h"

namespace bulkhead::system {

/// A closed formula. Its terms name binders and arguments by their places here, everything else by the ids of the
/// system; the last term is the formula.
struct Formula {
  std::vector<Binder> binders;
  std::vector<Term> terms;
};
struct NamedFormula {
  std::string name;
  Formula formula;
};

/// Longer formulas are refused.
inline constexpr std::size_t kMaxFormulaTerms = std::size_t{1} << 16;

/// Requires: the formula is closed, and the system is valid.
Formula extracted(const System& system, TermId formula);

/// The system with these as further lemmas, the last ones; or why they are none of its formulas. Ids of the system mean
/// the same in it.
///
/// Requires: is_valid(system). Ensures: is_valid of the result.
Result<System, std::string> with_lemmas(System system, const std::vector<NamedFormula>& lemmas);

/// "forall c: Container. mapped(c) -> owned(c)"; a note where it is no formula of the system.
std::string spell(const System& system, const Formula& formula);

}  // namespace bulkhead::system
