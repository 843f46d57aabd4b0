// The seam to the propositional solver: clauses in, a model or a core out.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace bulkhead::sat {

/// A variable from 1 on, or its negation: as in DIMACS.
using Literal = std::int32_t;
using Clause = std::vector<Literal>;

enum class Answer : std::uint8_t { Satisfiable, Unsatisfiable, Unknown };

class Solver {
 public:
  /// What is under way when `stop` is requested, or when the process meets its bound of memory (lang/base/watch.h),
  /// ends: clauses are not added any more, and every answer is Unknown.
  explicit Solver(std::stop_token stop = {});
  ~Solver();
  Solver(Solver&&) noexcept;
  Solver& operator=(Solver&&) noexcept;

  void add(std::span<const Literal> clause);
  void add(std::initializer_list<Literal> clause) { add(std::span<const Literal>(clause.begin(), clause.size())); }

  /// Under these assumptions, which hold for this call alone; `also`, where it is not empty, is a clause for this call
  /// alone. Deterministic; Unknown only after so many conflicts (0: no limit), or when it was stopped.
  /// Ensures: no clause is missing where the answer is another.
  Answer solve(std::span<const Literal> assumptions, std::span<const Literal> also = {}, std::uint32_t conflicts = 0);

  /// After Unknown: "the solver's limit is reached", or as Watch::why.
  const char* why_unknown() const;
  /// After Satisfiable: the literal is true in the model.
  bool value(Literal literal) const;
  /// After Unsatisfiable: the assumption is part of the reason.
  bool failed(Literal assumption) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A refutation of the clauses in the LRAT format, as text (checker/lrat judges it); none: they are satisfiable, or so
/// many conflicts do not suffice, or it was stopped. What the solver writes is DRAT: elaborate.h makes LRAT of it.
std::optional<std::string> refute(std::span<const Clause> clauses, std::uint32_t conflicts = 0,
                                  std::stop_token stop = {});

}  // namespace bulkhead::sat
