#include "checker/instances/linear.h"

#include <algorithm>
#include <unordered_map>

namespace bulkhead::instances {

using system::Op;
using system::Term;
using system::TermId;

namespace {

/// Numbers beyond this are for another solver: eight of them still add up within 64 bits.
constexpr std::int64_t kLargest = std::int64_t{1} << 58;

/// Clauses of one answer; more are left out.
constexpr std::size_t kMostClauses = 20'000;

bool is_small(std::int64_t value) {
  return value <= kLargest && value >= -kLargest;
}

/// a + factor * b, where factor is 1 or -1.
std::optional<Sum> joined(const Sum& a, const Sum& b, std::int64_t factor) {
  Sum sum = a;
  sum.constant += factor * b.constant;
  if (!is_small(sum.constant)) return std::nullopt;
  for (const auto& [term, coefficient] : b.coefficients) {
    std::int64_t& value = sum.coefficients[term];
    value += factor * coefficient;
    if (!is_small(value)) return std::nullopt;
    if (value == 0) sum.coefficients.erase(term);
  }
  return sum;
}

using Form = std::map<TermId, std::int64_t>;

Form negated(Form form) {
  for (auto& [term, coefficient] : form) coefficient = -coefficient;
  return form;
}

}  // namespace

/// Arguments first: terms may be nested deeply.
std::optional<Sum> sum_of(const conditions::Terms& terms, TermId integer) {
  std::unordered_map<TermId, Sum> done;
  std::vector<TermId> open{integer};
  while (!open.empty()) {
    const TermId id = open.back();
    const Term& term = terms.at(id);
    const bool joins = term.op == Op::Add || term.op == Op::Subtract;
    const std::size_t before = open.size();
    for (std::size_t i = 0; joins && i < term.args.size(); ++i) {
      if (!done.contains(term.args[i])) open.push_back(term.args[i]);
    }
    if (open.size() > before) continue;
    open.pop_back();
    if (term.op == Op::Constant) {
      if (!is_small(term.value)) return std::nullopt;
      done[id] = {{}, term.value};
    } else if (joins && term.args.size() == 2) {
      auto sum = joined(done.at(term.args[0]), done.at(term.args[1]), term.op == Op::Add ? 1 : -1);
      if (!sum) return std::nullopt;
      done[id] = std::move(*sum);
    } else {
      done[id] = {{{id, 1}}, 0};
    }
  }
  return done.at(integer);
}

std::optional<Sum> difference(const Sum& a, const Sum& b) {
  return joined(a, b, -1);
}

void Bounds::add(sat::Literal literal, const Sum& sum) {
  if (facts_.size() < kMostFacts) facts_.push_back({literal, sum});
}

/// Sums of one fact and of two, by what their terms add up to: two of these cancel out where one is the other negated.
std::vector<sat::Clause> Bounds::contradictions() const {
  struct Group {
    std::vector<std::size_t> facts;  // one or two
    std::int64_t constant;
  };
  std::map<Form, std::vector<Group>> groups;
  std::vector<sat::Clause> clauses;
  const auto exclude = [&](const Group& a, const Group& b) {
    if (a.constant + b.constant <= 0 || clauses.size() >= kMostClauses) return;
    sat::Clause clause;
    for (const auto* group : {&a, &b}) {
      for (const std::size_t fact : group->facts) clause.push_back(-facts_[fact].literal);
    }
    std::sort(clause.begin(), clause.end());
    clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
    clauses.push_back(std::move(clause));
  };
  const auto put = [&](const Group& group, const Form& form) {
    if (form.empty()) {
      exclude(group, {{}, 0});
      return;
    }
    const auto opposite = groups.find(negated(form));
    if (opposite != groups.end()) {
      for (const Group& other : opposite->second) exclude(group, other);
    }
    groups[form].push_back(group);
  };
  for (std::size_t i = 0; i < facts_.size(); ++i) put({{i}, facts_[i].sum.constant}, facts_[i].sum.coefficients);
  for (std::size_t i = 0; i < facts_.size(); ++i) {
    for (std::size_t j = i + 1; j < facts_.size(); ++j) {
      const auto sum = joined(facts_[i].sum, facts_[j].sum, 1);
      if (sum && !sum->coefficients.empty()) put({{i, j}, sum->constant}, sum->coefficients);
    }
  }
  std::sort(clauses.begin(), clauses.end());
  clauses.erase(std::unique(clauses.begin(), clauses.end()), clauses.end());
  return clauses;
}

}  // namespace bulkhead::instances
