#include "checker/safety/affine_hull.h"

#include <algorithm>
#include <limits>

namespace bulkhead::safety {
namespace {

using Integer = boost::multiprecision::cpp_int;

std::optional<std::int64_t> narrow(const Integer& value) {
  if (value < std::numeric_limits<std::int64_t>::min() || value > std::numeric_limits<std::int64_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(value);
}

}  // namespace

bool AffineHull::join(const std::vector<std::int64_t>& point) {
  Row row(point.begin(), point.end());
  if (!origin_) {
    origin_ = std::move(row);
    return true;
  }
  for (std::size_t i = 0; i < dimension_; ++i) row[i] -= (*origin_)[i];
  for (std::size_t d = 0; d < directions_.size(); ++d) {
    const Rational factor = row[pivots_[d]];
    for (std::size_t i = 0; i < dimension_; ++i) row[i] -= factor * directions_[d][i];
  }
  const auto pivot = std::find_if(row.begin(), row.end(), [](const Rational& one) { return one != 0; });
  if (pivot == row.end()) return false;
  const auto place = static_cast<std::size_t>(pivot - row.begin());
  const Rational lead = *pivot;
  for (Rational& one : row) one /= lead;
  for (Row& direction : directions_) {
    const Rational factor = direction[place];
    for (std::size_t i = 0; i < dimension_; ++i) direction[i] -= factor * row[i];
  }
  directions_.push_back(std::move(row));
  pivots_.push_back(place);
  return true;
}

/// Each coordinate that is no pivot is what the pivots make of it.
std::vector<AffineHull::Equation> AffineHull::equations() const {
  std::vector<Equation> found;
  for (std::size_t free = 0; origin_ && free < dimension_; ++free) {
    if (std::find(pivots_.begin(), pivots_.end(), free) != pivots_.end()) continue;
    Row factors(dimension_);
    factors[free] = 1;
    Integer scale = 1;
    for (std::size_t d = 0; d < directions_.size(); ++d) {
      factors[pivots_[d]] = -directions_[d][free];
      scale = boost::multiprecision::lcm(scale, denominator(directions_[d][free]));
    }
    Equation equation;
    Rational value = 0;
    bool fits = true;
    for (std::size_t i = 0; i < dimension_; ++i) {
      const Rational whole = factors[i] * scale;
      value += whole * (*origin_)[i];
      const auto number = narrow(numerator(whole));
      fits = fits && number;
      equation.factors.push_back(number.value_or(0));
    }
    const auto number = narrow(numerator(value));
    if (!fits || !number) continue;
    equation.value = *number;
    found.push_back(std::move(equation));
  }
  return found;
}

}  // namespace bulkhead::safety
