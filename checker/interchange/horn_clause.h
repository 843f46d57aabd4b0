// One constrained Horn clause as text: `(assert (forall (...) (=> (and ...) ...)))`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/term/term.h"

namespace bulkhead::interchange {

/// A relation of terms.
struct Relates {
  std::string relation;
  std::vector<term::TermId> arguments;
};
/// For all values of the variables: where all of `body` and `from` hold, `head` does. Without a head: they never do.
struct HornClause {
  std::vector<term::TermId> body;
  std::vector<Relates> from;
  std::optional<Relates> head;
};

/// Shared terms stay shared.
std::string horn_clause(const term::Store& store, const HornClause& clause);

}  // namespace bulkhead::interchange
