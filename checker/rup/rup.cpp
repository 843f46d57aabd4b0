#include "checker/rup/rup.h"

#include <algorithm>
#include <charconv>

#include "lang/base/check.h"

namespace bulkhead::rup {
namespace {

/// Clauses with two watched literals each: as long as neither is false, the clause is neither false nor a unit.
class Propagation {
 public:
  explicit Propagation(std::size_t variables) : watches_(2 * variables + 2), values_(variables + 1, 0) {}

  /// Adds a clause for good, and what follows from it alone. Requires: nothing is assumed.
  void add(Clause clause) {
    std::sort(clause.begin(), clause.end());
    clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
    // What is true or open comes first, to be watched.
    std::stable_partition(clause.begin(), clause.end(), [&](Literal literal) { return value(literal) >= 0; });
    const bool none_left = clause.empty() || value(clause[0]) < 0;
    const bool unit = clause.size() == 1 || (!none_left && value(clause[1]) < 0);
    if (none_left) {
      refuted_ = true;
    } else if (unit && value(clause[0]) == 0) {
      refuted_ = refuted_ || !set(clause[0]) || !propagate();
    }
    fixed_ = trail_.size();
    if (clause.size() < 2) return;
    watches_[index(clause[0])].push_back(clauses_.size());
    watches_[index(clause[1])].push_back(clauses_.size());
    clauses_.push_back(std::move(clause));
  }

  /// When all literals are false, some clause is. Leaves nothing assumed.
  bool follows(const Clause& clause) {
    bool conflict = refuted_;
    for (std::size_t i = 0; i < clause.size() && !conflict; ++i) {
      conflict = value(clause[i]) > 0 || (value(clause[i]) == 0 && !set(-clause[i]));
    }
    conflict = conflict || !propagate();
    while (trail_.size() > fixed_) {
      values_[variable(trail_.back())] = 0;
      trail_.pop_back();
    }
    next_ = fixed_;
    return conflict && !is_spent();
  }

  bool refuted() const { return refuted_ && !is_spent(); }
  bool is_spent() const { return work_ > kMaxWork; }

 private:
  static std::size_t variable(Literal literal) { return static_cast<std::size_t>(literal < 0 ? -literal : literal); }
  static std::size_t index(Literal literal) { return 2 * variable(literal) + (literal < 0 ? 1 : 0); }
  /// 1: true, -1: false, 0: open.
  int value(Literal literal) const { return literal < 0 ? -values_[variable(literal)] : values_[variable(literal)]; }

  /// False: it was false already.
  bool set(Literal literal) {
    if (value(literal) != 0) return value(literal) > 0;
    values_[variable(literal)] = literal < 0 ? -1 : 1;
    trail_.push_back(literal);
    return true;
  }

  /// False: some clause is false (or the work is spent, which is asked apart).
  bool propagate() {
    for (; next_ < trail_.size(); ++next_) {
      std::vector<std::size_t>& watching = watches_[index(-trail_[next_])];
      for (std::size_t i = 0; i < watching.size();) {
        if (++work_ > kMaxWork) return false;
        Clause& clause = clauses_[watching[i]];
        if (clause[0] == -trail_[next_]) std::swap(clause[0], clause[1]);
        const bool moved = value(clause[0]) <= 0 && rewatch(clause, watching[i]);
        if (moved) {
          watching[i] = watching.back();
          watching.pop_back();
          continue;
        }
        if (!set(clause[0])) return false;
        ++i;
      }
    }
    return true;
  }

  /// Watches a literal that is not false instead of the second one, where there is one.
  bool rewatch(Clause& clause, std::size_t which) {
    for (std::size_t i = 2; i < clause.size(); ++i) {
      if (value(clause[i]) < 0) continue;
      std::swap(clause[1], clause[i]);
      watches_[index(clause[1])].push_back(which);
      return true;
    }
    return false;
  }

  std::vector<Clause> clauses_;  // of two literals and more
  std::vector<std::vector<std::size_t>> watches_;
  std::vector<std::int8_t> values_;
  std::vector<Literal> trail_;
  std::size_t next_ = 0;   // of the trail: what was not propagated yet
  std::size_t fixed_ = 0;  // of the trail: what follows from the clauses alone
  bool refuted_ = false;
  std::uint64_t work_ = 0;
};

/// The literals of a line, without its 0; none: it is no clause over these variables.
std::optional<Clause> read(std::string_view line, std::size_t variables) {
  Clause clause;
  const char* at = line.data();
  const char* const end = at + line.size();
  for (;;) {
    while (at != end && *at == ' ') ++at;
    Literal literal = 0;
    const auto [after, error] = std::from_chars(at, end, literal);
    if (error != std::errc() || literal == INT32_MIN) return std::nullopt;
    at = after;
    if (literal == 0) return at == end ? std::optional<Clause>(std::move(clause)) : std::nullopt;
    if (static_cast<std::size_t>(literal < 0 ? -literal : literal) > variables) return std::nullopt;
    clause.push_back(literal);
  }
}

}  // namespace

std::optional<std::string> objection(std::span<const Clause> clauses, std::string_view proof) {
  std::size_t variables = 0;
  for (const Clause& clause : clauses) {
    for (const Literal literal : clause) {
      BH_CHECK(literal != 0 && literal != INT32_MIN, "a literal is a variable or its negation");
      variables = std::max(variables, static_cast<std::size_t>(literal < 0 ? -literal : literal));
    }
  }
  Propagation propagation(variables);
  for (const Clause& clause : clauses) propagation.add(clause);
  std::size_t number = 0;
  while (!proof.empty() && !propagation.refuted()) {
    const std::size_t length = std::min(proof.find('\n'), proof.size());
    const std::string_view line = proof.substr(0, length);
    proof.remove_prefix(std::min(length + 1, proof.size()));
    ++number;
    if (line.empty() || line.front() == 'd') continue;
    auto clause = read(line, variables);
    if (!clause) return "line " + std::to_string(number) + " is no clause over the variables";
    if (!propagation.follows(*clause)) return "line " + std::to_string(number) + " does not follow";
    propagation.add(std::move(*clause));
  }
  if (propagation.refuted()) return std::nullopt;
  return "the proof ends without a contradiction";
}

}  // namespace bulkhead::rup
