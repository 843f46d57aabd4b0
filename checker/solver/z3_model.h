// What a model of Z3 says, as numbers and tables. Internal to checker/solver.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "checker/solver/solver.h"
#include "checker/solver/z3_terms.h"

namespace bulkhead::solver {

class Z3Model {
 public:
  /// Requires: both outlive this.
  Z3Model(Z3Terms& terms, const z3::model& model) : terms_(terms), model_(model) {}

  /// What the values of variables say of arrays.
  term::Arrays arrays() && { return std::move(arrays_); }

  /// The value of a variable; none where it is no number that fits.
  std::optional<term::Word> value(term::TermId variable);
  /// Tables of every function that was asked about; none where one of them is too large.
  std::optional<Structure> structure();

 private:
  using Values = std::optional<std::vector<z3::expr>>;
  std::optional<term::Word> value(const z3::expr& term, term::Sort sort);
  std::optional<term::Word> array(z3::expr term, term::Sort sort);
  const Values& values_of(term::Sort sort);
  Values listed(term::Sort sort);

  Z3Terms& terms_;
  const z3::model& model_;
  std::map<term::Sort, Values> values_;
  term::Arrays arrays_;
};

}  // namespace bulkhead::solver
