// Unit propagation that knows the reason of each value and can be taken back clause by clause. Internal to checker/sat.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "checker/sat/sat.h"

namespace bulkhead::sat {

/// Clauses with two watched literals each. What follows from them by propagation alone is always there; further
/// literals are assumed for one question at a time.
///
/// Clauses that some answer has named are propagated before the others, so that later answers name them again.
class Propagation {
 public:
  Propagation(std::size_t variables, std::uint64_t max_work, std::stop_token stop)
      : lists_(2 * variables + 2),
        values_(variables + 1, 0),
        reasons_(variables + 1, kNone),
        positions_(variables + 1, 0),
        marked_(variables + 1, false),
        max_work_(max_work),
        stop_(std::move(stop)) {}

  /// The place of a new clause, which counts from attach() on. Repeated literals are dropped.
  std::size_t add(Clause clause);
  const Clause& literals(std::size_t place) const { return clauses_[place].literals; }
  bool is_named(std::size_t place) const { return clauses_[place].named; }

  /// False: now some clause is false (contradiction() names the reasons), or is_spent().
  bool attach(std::size_t place);
  /// What rests on the clause is taken back, and found again where something else shows it.
  void detach(std::size_t place);
  /// The clause is why one of its literals is true.
  bool is_reason(std::size_t place) const;

  /// The clauses from which a contradiction follows, in the order in which they propagate; the last one is false.
  /// Requires: attach() was false, and nothing was asked since.
  std::vector<std::size_t> contradiction();
  /// The same, when all literals of `clause` are false; none: there is no contradiction, or is_spent().
  std::optional<std::vector<std::size_t>> contradiction_without(const Clause& clause);

  bool is_spent() const { return spent_; }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  enum Part : std::uint8_t { Named, Other };
  struct Stored {
    Clause literals;
    bool attached = false;
    bool watching = false;  // the first two literals are watched
    bool named = false;
  };

  static std::size_t variable(Literal literal) { return static_cast<std::size_t>(literal < 0 ? -literal : literal); }
  std::vector<std::size_t>& list(Literal literal, Part part) {
    return lists_[2 * variable(literal) + (literal < 0 ? 1 : 0)][part];
  }
  /// 1: true, -1: false, 0: open.
  int value(Literal literal) const { return literal < 0 ? -values_[variable(literal)] : values_[variable(literal)]; }
  void set(Literal literal, std::size_t reason);
  void take_back(std::size_t size);
  bool watch(std::size_t place);
  bool propagate();
  bool visit(Literal falsified, Part part);
  bool rewatch(Stored& stored, std::size_t place);
  bool count();
  std::vector<std::size_t> reasons_for(std::size_t conflict, const Clause& assumed);

  std::vector<Stored> clauses_;
  std::vector<std::array<std::vector<std::size_t>, 2>> lists_;
  std::vector<std::int8_t> values_;
  std::vector<std::size_t> reasons_;    // by variable
  std::vector<std::size_t> positions_;  // by variable: on the trail
  std::vector<bool> marked_;            // by variable: of one answer
  std::vector<Literal> trail_;
  std::size_t next_named_ = 0, next_other_ = 0;  // of the trail: what was not propagated yet
  std::size_t fixed_ = 0;                        // of the trail: what follows from the clauses alone
  std::size_t conflict_ = kNone;
  std::uint64_t work_ = 0, max_work_;
  bool spent_ = false;
  std::stop_token stop_;
};

}  // namespace bulkhead::sat
