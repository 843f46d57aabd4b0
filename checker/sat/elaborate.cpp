#include "checker/sat/elaborate.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

#include "checker/sat/propagation.h"

namespace bulkhead::sat {
namespace {

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

/// The same for clauses that differ in the order of their literals alone.
std::uint64_t hash(const Clause& clause) {
  std::uint64_t sum = clause.size();
  for (const Literal literal : clause) {
    const auto one = static_cast<std::uint64_t>(static_cast<std::uint32_t>(literal));
    sum += (one + 1) * 0x9e3779b97f4a7c15u ^ (one << 32u);
  }
  return sum;
}

class Elaboration {
 public:
  Elaboration(std::span<const Clause> given, std::size_t variables, std::stop_token stop)
      : given_(given), variables_(variables), propagation_(variables, kMaxElaboration, std::move(stop)) {}

  Result<std::string, std::string> operator()(std::string_view drat) {
    for (const Clause& clause : given_) {
      if (!refuted_) add(clause);
    }
    if (const auto why = forward(drat)) return fail(*why);
    if (propagation_.is_spent()) return fail(std::string("the refutation takes too long to be elaborated"));
    if (!refuted_) return fail(std::string("the proof ends without a contradiction"));
    hints_.resize(steps_.size());
    last_ = propagation_.contradiction();
    if (const auto why = backward()) return fail(*why);
    return print();
  }

 private:
  enum class Change : std::uint8_t { Add, Delete };
  struct Step {
    Change change = Change::Add;
    std::size_t place = 0;
  };

  std::size_t add(Clause clause) {
    const std::size_t place = propagation_.add(std::move(clause));
    alive_.emplace(hash(propagation_.literals(place)), place);
    refuted_ = !propagation_.attach(place);
    return place;
  }

  /// All lines up to the one after which propagation contradicts itself.
  std::optional<std::string> forward(std::string_view drat) {
    for (std::size_t number = 1; !drat.empty() && !refuted_; ++number) {
      const std::size_t length = std::min(drat.find('\n'), drat.size());
      std::string_view line = drat.substr(0, length);
      drat.remove_prefix(std::min(length + 1, drat.size()));
      if (line.empty()) continue;
      const bool deletes = line.front() == 'd';
      if (deletes) line.remove_prefix(1);
      auto clause = read(line, variables_);
      if (!clause) return "line " + std::to_string(number) + " is no clause over the variables";
      if (deletes)
        remove(std::move(*clause));
      else if (!clause->empty())  // the empty clause says no more than that propagation is done
        steps_.push_back({Change::Add, add(std::move(*clause))});
    }
    return std::nullopt;
  }

  /// A clause that is the reason of a value stays: without it the value would have to be shown anew.
  void remove(Clause clause) {
    std::sort(clause.begin(), clause.end());
    clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
    const auto [from, to] = alive_.equal_range(hash(clause));
    const auto found = std::find_if(from, to, [&](const auto& one) {
      const Clause& literals = propagation_.literals(one.second);
      return std::is_permutation(literals.begin(), literals.end(), clause.begin(), clause.end());
    });
    if (found == to || propagation_.is_reason(found->second)) return;
    steps_.push_back({Change::Delete, found->second});
    propagation_.detach(found->second);
    alive_.erase(found);
  }

  std::optional<std::string> backward() {
    for (std::size_t i = steps_.size(); i-- > 0;) {
      const Step& step = steps_[i];
      if (step.change == Change::Delete) {
        if (!propagation_.attach(step.place)) return "a clause that was deleted cannot be put back";
        continue;
      }
      propagation_.detach(step.place);
      if (!propagation_.is_named(step.place)) continue;
      auto hints = propagation_.contradiction_without(propagation_.literals(step.place));
      if (propagation_.is_spent()) return "the refutation takes too long to be elaborated";
      if (!hints) return "a clause of the refutation does not follow by propagation";
      hints_[i] = std::move(*hints);
    }
    return std::nullopt;
  }

  /// Places in the order of the steps become numbers; a clause is deleted behind the last line that needs it.
  std::string print() const {
    std::unordered_map<std::size_t, std::size_t> last_use;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      for (const std::size_t hint : hints_[i]) last_use[hint] = i;
    }
    for (const std::size_t hint : last_) last_use.erase(hint);
    std::unordered_map<std::size_t, std::size_t> numbers;
    const auto number = [&](std::size_t place) { return place < given_.size() ? place + 1 : numbers.at(place); };
    std::size_t next = given_.size() + 1;
    std::string text;
    const auto line = [&](const Clause& clause, const std::vector<std::size_t>& hints) {
      text += std::to_string(next);
      for (const Literal literal : clause) text += " " + std::to_string(literal);
      text += " 0";
      for (const std::size_t hint : hints) text += " " + std::to_string(number(hint));
      text += " 0\n";
    };
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (hints_[i].empty()) continue;
      const std::size_t place = steps_[i].place;
      line(propagation_.literals(place), hints_[i]);
      std::string gone;
      for (const std::size_t hint : hints_[i]) {
        const auto use = last_use.find(hint);
        if (use != last_use.end() && use->second == i) gone += " " + std::to_string(number(hint));
      }
      if (!gone.empty()) text += std::to_string(next) + " d" + gone + " 0\n";
      numbers.emplace(place, next++);
    }
    line({}, last_);
    return text;
  }

  std::span<const Clause> given_;
  std::size_t variables_;
  Propagation propagation_;
  std::unordered_multimap<std::uint64_t, std::size_t> alive_;
  std::vector<Step> steps_;
  std::vector<std::vector<std::size_t>> hints_;  // of the steps that are needed
  std::vector<std::size_t> last_;                // of the empty clause
  bool refuted_ = false;
};

}  // namespace

Result<std::string, std::string> elaborate(std::span<const Clause> clauses, std::string_view drat,
                                           std::stop_token stop) {
  std::size_t variables = 0;
  for (const Clause& clause : clauses) {
    for (const Literal literal : clause) {
      variables = std::max(variables, static_cast<std::size_t>(literal < 0 ? -literal : literal));
    }
  }
  return Elaboration(clauses, variables, std::move(stop))(drat);
}

}  // namespace bulkhead::sat
