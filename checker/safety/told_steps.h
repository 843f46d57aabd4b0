// What a Horn solver tells of a contradiction that it found: which facts follow from which. Guesses.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "checker/interchange/clauses.h"
#include "checker/term/arrays.h"

namespace bulkhead::safety {

/// A relation, and values that it holds of.
struct Fact {
  std::size_t relation = 0;
  std::vector<term::Word> values;
  friend bool operator==(const Fact&, const Fact&) = default;
  friend bool operator<(const Fact& a, const Fact& b) {
    return a.relation != b.relation ? a.relation < b.relation : a.values < b.values;
  }
};
struct ToldStep {
  std::optional<Fact> conclusion;  // none: about what is no relation of the clauses, so perhaps the contradiction
  std::vector<Fact> premises;
};

/// Of `((R 1 2) (P 3) ...)` each: a conclusion and its premises. Premises that are not understood are left out. From
/// anywhere.
///
/// Ensures: at most kMaxTold steps. The values of arrays are numbers of `arrays`.
inline constexpr std::size_t kMaxTold = 4096;
std::vector<ToldStep> read_told_steps(const interchange::Clauses& clauses, std::string_view text, term::Arrays& arrays);

}  // namespace bulkhead::safety
