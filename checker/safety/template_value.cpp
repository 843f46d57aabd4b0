#include "checker/safety/template_value.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace bulkhead::safety {

using term::Op;

namespace {

constexpr std::uint64_t kMaxDivisor = 1 << 16;

}  // namespace

TermId Divisions::rest(TermId parameter, std::int64_t by) {
  for (const interchange::IntegerDivision& one : all_) {
    if (one.of == parameter && one.by == by) return one.rest;
  }
  const std::string name = "m" + std::to_string(relation_) + "." + std::to_string(all_.size());
  all_.push_back({parameter, by, store_.variable(name + ".q", term::kInt), store_.variable(name + ".r", term::kInt)});
  return all_.back().rest;
}

TemplateValue::TemplateValue(const Template& shape, const std::vector<std::int64_t>& thresholds)
    : thresholds_(&thresholds),
      hull_(shape.numbers.size()),
      residues_(shape.numbers.size()),
      ranges_(shape.terms.size()) {}

/// [Granger89]
bool TemplateValue::join(Residue& residue, std::int64_t value) const {
  const auto [low, high] = std::minmax(value, residue.rest);
  const std::uint64_t apart = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  const std::uint64_t by = std::gcd(residue.by, apart);
  if (by == residue.by) return false;
  residue.by = by;
  return true;
}

bool TemplateValue::join(Range& range, std::int64_t value) const {
  const auto size = static_cast<std::ptrdiff_t>(thresholds_->size());
  const Range before = range;
  while (range.low >= 0 && value < (*thresholds_)[static_cast<std::size_t>(range.low)]) --range.low;
  while (range.high < size && value > (*thresholds_)[static_cast<std::size_t>(range.high)]) ++range.high;
  return range.low != before.low || range.high != before.high;
}

bool TemplateValue::join(const std::vector<std::int64_t>& numbers, const std::vector<std::int64_t>& terms) {
  bool changed = !reached_;
  for (std::size_t i = 0; i < terms.size() && !reached_; ++i) {
    // The nearest thresholds around the first point.
    const auto above = std::lower_bound(thresholds_->begin(), thresholds_->end(), terms[i]);
    ranges_[i].high = above - thresholds_->begin();
    const auto over = std::upper_bound(thresholds_->begin(), thresholds_->end(), terms[i]);
    ranges_[i].low = over - thresholds_->begin() - 1;
  }
  for (std::size_t i = 0; i < numbers.size() && !reached_; ++i) residues_[i].rest = numbers[i];
  reached_ = true;
  changed = hull_.join(numbers) || changed;
  for (std::size_t i = 0; i < numbers.size(); ++i) changed = join(residues_[i], numbers[i]) || changed;
  for (std::size_t i = 0; i < terms.size(); ++i) changed = join(ranges_[i], terms[i]) || changed;
  return changed;
}

TermId TemplateValue::formula(term::Store& store, const Template& shape, Divisions& divisions) const {
  if (!reached_) return store.truth(false);
  std::vector<TermId> all;
  for (const AffineHull::Equation& equation : hull_.equations()) {
    TermId sum = store.number(0);
    for (std::size_t i = 0; i < equation.factors.size(); ++i) {
      if (equation.factors[i] == 0) continue;
      const TermId product = store.apply(Op::Multiply, {store.number(equation.factors[i]), shape.numbers[i]});
      sum = store.apply(Op::Add, {sum, product});
    }
    all.push_back(store.equal(sum, store.number(equation.value)));
  }
  for (std::size_t i = 0; i < residues_.size(); ++i) {
    const Residue& residue = residues_[i];
    if (residue.by < 2 || residue.by > kMaxDivisor) continue;
    const auto by = static_cast<std::int64_t>(residue.by);
    const std::int64_t rest = ((residue.rest % by) + by) % by;
    all.push_back(store.equal(divisions.rest(shape.numbers[i], by), store.number(rest)));
  }
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    const auto threshold = [&](std::ptrdiff_t place) {
      return store.number((*thresholds_)[static_cast<std::size_t>(place)]);
    };
    const auto [low, high] = ranges_[i];
    if (low >= 0) all.push_back(store.apply(Op::LessEqual, {threshold(low), shape.terms[i]}));
    if (high < static_cast<std::ptrdiff_t>(thresholds_->size())) {
      all.push_back(store.apply(Op::LessEqual, {shape.terms[i], threshold(high)}));
    }
  }
  return store.conjunction(std::move(all));
}

}  // namespace bulkhead::safety
