// Searches for a derivation: trees of clauses of bounded height, by Z3, down to facts that are known.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "checker/safety/derivation.h"
#include "checker/safety/told_steps.h"
#include "checker/solver/solver.h"

namespace bulkhead::safety {

/// Not trusted: see objection().
class Unfolding {
 public:
  /// Requires: the clauses outlive this and stay as they are.
  Unfolding(const interchange::Clauses& clauses, std::stop_token stop, std::uint32_t seed);

  enum class Outcome : std::uint8_t { Found, None, GivenUp };
  /// Looks for a derivation of the fact, or of a contradiction, in which no clause stands on more than `height` others
  /// one above the other, the facts in `known` (derived before) aside. Found: its steps are kept.
  ///
  /// Cost: GivenUp where the tree has more than 4 096 places for a clause, where Z3 does, and after a stop.
  Outcome derive(const std::optional<Fact>& goal, std::size_t height, const std::vector<Fact>& known);

  /// Derives what was told, as text (told_steps.h), in its order, as far as it can be; then a contradiction. Returns
  /// whether it was found.
  bool follow(std::string_view told);
  /// Contradictions of growing height. Returns whether one was found; else why not.
  bool search(std::string& why);

  /// The last contradiction, without the steps that it does not need.
  Derivation derivation() const;

 private:
  struct Tree;
  void keep(const Tree& tree, const solver::Sat& sat);
  std::vector<std::size_t> heights(const std::vector<Fact>& known) const;

  const interchange::Clauses& clauses_;
  std::stop_token stop_;
  std::uint32_t seed_;
  std::vector<Step> steps_;
  std::map<Fact, std::size_t> by_fact_;
  term::Arrays arrays_;  // of the steps and facts
};

/// The contradiction that a Horn solver tells of, in the text of read_told_steps(), as a derivation; none: what it
/// tells does not lead to one.
std::optional<Derivation> derived_again(const interchange::Clauses& clauses, std::string_view told,
                                        std::stop_token stop, std::uint32_t seed);
/// Why an answer of `unsat` is unknown then.
inline constexpr const char* kNotDerived = "spacer says unsat, and what it tells of it could not be derived again";

}  // namespace bulkhead::safety
