// The algebra of pattern sets: emptiness, inclusion, atoms. Exact on all valid paths.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/universe/path_search.h"

namespace bulkhead::universe {

/// A path in `in` and not in `out` (either may be absent), or NoPath: `in` is empty, or is included in `out`.
PathAnswer difference_witness(const Nfa& in, const Nfa& out, const SearchBudget& budget = {});
PathAnswer intersection_witness(const Nfa& left, const Nfa& right, const SearchBudget& budget = {});
PathAnswer member_witness(const Nfa& language, const SearchBudget& budget = {});

/// NoPath: exactly the same paths; else a path that is in one of them only.
PathAnswer distinguishing_path(const Nfa& left, const Nfa& right, const SearchBudget& budget = {});

/// A set of paths that no language of a list tells apart.
struct PathAtom {
  std::vector<bool> members;  // by language
  std::string witness;        // a shortest path of it
};

/// All nonempty atoms, by length of witness. None: the budget ran out.
std::optional<std::vector<PathAtom>> path_atoms(std::span<const Nfa* const> languages, const SearchBudget& budget = {});

}  // namespace bulkhead::universe
