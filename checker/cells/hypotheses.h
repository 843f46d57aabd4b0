// What is assumed of a state, without quantifiers: what exists gets a name, what holds of all holds of what is named.
#pragma once

#include <vector>

#include "checker/conditions/terms.h"

namespace bulkhead::cells {

class Hypotheses {
 public:
  explicit Hypotheses(conditions::Terms& terms) : terms_(terms) {}

  /// An element that may be named: a binder, or an application without arguments.
  void name(system::TermId element) { elements_.push_back(element); }
  void assume(system::TermId formula) { assumed_.push_back(named(formula, true)); }
  void refute(system::TermId formula) { assumed_.push_back(named(formula, false)); }

  /// What follows from what was assumed.
  ///
  /// Soundness: over-approximates. Of universal formulas, the instances with the elements; what exists for all of
  /// something is left out. Quantifiers stay within equalities and choices.
  std::vector<system::TermId> instances();
  /// Those that were named, and those that exist by what was assumed.
  const std::vector<system::TermId>& elements() const { return elements_; }

 private:
  /// The same in which what exists has a name, and negations stand inside. Recursion is bounded by kMaxTermDepth.
  system::TermId named(system::TermId formula, bool positive);
  /// Of such a formula, without quantifiers.
  system::TermId instance(system::TermId formula);
  template <typename Part>
  system::TermId by_parts(system::TermId formula, bool positive, const Part& part);

  conditions::Terms& terms_;
  std::vector<system::TermId> elements_, assumed_;
};

/// The system, with a term for each member of its enumerations.
system::System with_members(system::System system);

/// Every value of the type (of an enumeration, those that there are terms for); of a sort, those of the elements that
/// are of it. Nothing for integers and words.
std::vector<system::TermId> values_of(conditions::Terms& terms, const system::Type& type,
                                      const std::vector<system::TermId>& elements);

}  // namespace bulkhead::cells
