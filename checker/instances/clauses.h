// Formulas without free variables as clauses: a subformula is a literal, a quantified one too. Trusted.
//
// Every clause is true of every structure in which the formulas that were asserted are true, once the constants that
// `witness` adds have been given fitting values. So a contradiction between the clauses is one between the formulas;
// that there is none says nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checker/conditions/substitute.h"
#include "checker/conditions/terms.h"
#include "checker/instances/linear.h"
#include "checker/sat/sat.h"

namespace bulkhead::instances {

using conditions::Terms;
using system::TermId;

/// What quantified formulas have been opened to, so that the same opening is the same term. Belongs to one Terms.
class Opened {
 public:
  explicit Opened(Terms& terms) : terms_(terms) {}
  Terms& terms() { return terms_; }

  /// The formula's body for these values of its variables.
  TermId body(TermId quantified, const std::vector<TermId>& values);
  /// Constants that occur nowhere else, one for each of the formula's variables.
  const std::vector<TermId>& witnesses(TermId quantified);

 private:
  Terms& terms_;
  std::map<std::pair<TermId, std::vector<TermId>>, TermId> bodies_;
  std::map<TermId, std::vector<TermId>> witnesses_;
};

/// More clauses than this are refused: nothing more is added, and is_spent().
inline constexpr std::size_t kMaxClauses = 200'000;

class Clauses {
 public:
  /// Requires: `opened` outlives this.
  explicit Clauses(Opened& opened);

  /// The formula has this truth value. Its free binders are constants of any value.
  void assert_that(TermId formula, bool value);

  /// Quantified formulas and values that occur so far outside of every quantifier, in the order in which they were met.
  /// The first two values are `false` and `true`.
  const std::vector<TermId>& quantified() const { return quantified_; }
  const std::vector<TermId>& values() const { return values_; }

  /// A universal formula implies its body for these values; the body for these values implies an existential one.
  /// False: there are no such values, or they have other types than its variables.
  bool instantiate(std::size_t quantified, std::span<const std::size_t> values);
  /// An existential formula is true only if its body is for some new constants; a universal one is false only if its
  /// body is for some.
  bool witness(std::size_t quantified);

  /// What equality means for the values so far: called last, before clauses() is read.
  void close();
  const std::vector<sat::Clause>& clauses() const { return clauses_; }
  bool is_spent() const { return clauses_.size() >= kMaxClauses; }

 private:
  using Literal = sat::Literal;

  Literal fresh() { return ++variables_; }
  void add(sat::Clause clause);
  Literal literal(TermId formula);
  void visit(TermId id);
  Literal made(TermId id);
  Literal junction(const system::Term& term, bool all);
  Literal choice(Literal condition, Literal then, Literal otherwise);
  Literal same(TermId a, TermId b);
  bool differ(TermId a, TermId b) const;
  void meet(TermId value);
  void branches();
  void order();
  void congruence(TermId a, TermId b);
  void arithmetic();
  void bound(Bounds& bounds, Literal literal, TermId a, TermId b, bool strict) const;

  Terms& terms_;
  Opened& opened_;
  std::vector<TermId> quantified_, values_;
  std::unordered_map<TermId, Literal> literals_;  // of Boolean terms
  std::unordered_map<TermId, bool> met_;          // of others
  std::map<std::pair<TermId, TermId>, Literal> same_;
  std::map<system::FunctionId, std::vector<TermId>> applications_;
  std::vector<TermId> comparisons_;                    // of integers: Equal, Less, LessEqual
  std::vector<std::pair<TermId, TermId>> may_be_one_;  // integers that have been found to be equal under conditions
  std::vector<sat::Clause> clauses_;
  Literal variables_ = 1;  // the first is true
};

}  // namespace bulkhead::instances
