// A system of any size, its integers included, as Horn clauses over one relation: what a window can show.
//
//   initial       what a window shows at first
//   each action   where all windows on these elements, those of the action among them, show what they can, the
//                 window shows what it does after the step. That each of them does makes the clauses nonlinear
//   the claim     no window shows its violation
//
// Soundness: guesses. The relation of a solver's answer is inductive by itself as far as the clauses say what the
// system does; whoever uses it proves it of the system. Quantified hypotheses are instantiated with the elements that
// the clause names, so that steps are possible here that are none of the system; quantifiers in what actions write are
// any value. Test: Cells.*
// See: [Monniaux16], and [Bjorner13] for the windows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/cells/window.h"

namespace bulkhead::cells {

struct Claim {
  system::TermId formula;                  // closed; holds in every reachable state
  std::vector<system::TermId> known = {};  // closed formulas which hold in every reachable state
};

/// The name of the relation; its arguments are the terms of the window.
inline constexpr const char* kRelation = "Shows";

/// SMT-LIB 2 for a Horn solver. Nothing where it would be too large to be of use.
std::optional<std::string> clauses(conditions::Terms& terms, const Window& window, const Seen& seen,
                                   const Claim& claim);

/// How many elements of each sort a violation of the formula names, by SortId.
std::vector<std::uint32_t> elements_of_violation(conditions::Terms& terms, system::TermId formula);

}  // namespace bulkhead::cells
