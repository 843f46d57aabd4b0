// Conditions whose validity shows that P leads to Q, for sorts of any size: something that is pending stays so until Q,
// and some fair action always brings it nearer. Trusted.
//
// A formula `pending` and integer terms, the measures, over the variables of the claim, and fair instances h(0), h(1),
// ... whose arguments are variables of the claim. One state measures less than another if the first measure that
// differs is smaller (no measures: all states measure the same). The rank of a state is the first i for which h(i) is
// enabled. Where some conjuncts hold:
//
//   begins   P, and not Q, is pending
//   bounded  no measure of a pending state is negative
//   keeps    a step from a pending state leads to Q, or to a pending one that does not measure more, and whose rank is
//            not higher where it measures the same
//   enabled  a pending state has a rank
//   helps    the step of h(i), in a pending state of rank i, leads to Q, to a state that measures less or to a lower
//            rank
//
// Why that suffices: suppose that P holds in some state of a fair run and Q in no state from there on. Then all of
// these are pending and never measure more than before. Tuples of one length of integers that are not negative are
// well-founded in their lexicographic order, so that all states measure the same from some state on. From there on the
// ranks never grow, so that they are some i from some state on. From there on h(i) is enabled; it is fair, so it is
// taken, and the next state measures less or has a lower rank: a contradiction. Where nothing happens any more h(i)
// stays enabled and is not taken. Strong fairness is more than what is used. See: [Manna84], the chain rule;
// [Lamport94], WF1 and the lattice rule.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/conditions/conditions.h"
#include "lang/base/result.h"

namespace bulkhead::conditions {

/// A fair instance: for each parameter of theorem.fair[`fair`].action the place of a variable of the claim.
struct Help {
  std::size_t fair = 0;
  std::vector<std::size_t> arguments;
};

/// What is pending, and how far it is. Both speak of the variables of the claim, free.
struct Progress {
  TermId pending;
  std::vector<TermId> measures = {};  // integers; the first one counts most
  std::vector<Help> order = {};
};

/// Every condition above, in that order; or why the helps are no instances.
///
/// Requires: is_valid(system, theorem) for a theorem with this claim.
Result<std::vector<Condition>, std::string> rank(Terms& terms, std::span<const Conjunct> conjuncts,
                                                 const system::LeadsTo& claim, const Progress& progress);

/// After the step of the action the state measures less; or the same, where that is enough.
enum class Lower : bool { OrSame, Strictly };
TermId lower(Terms& terms, ActionId action, const Substitution& arguments, std::span<const TermId> measures,
             Lower wanted);

/// "for some values, P": what the claim takes for given.
TermId left_side(Terms& terms, const system::LeadsTo& claim);

}  // namespace bulkhead::conditions
