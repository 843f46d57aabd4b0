// The smallest affine space that some points lie in, exactly. [Karr76]
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <boost/multiprecision/cpp_int.hpp>

namespace bulkhead::safety {

/// Points of the integers to the power `dimension`.
class AffineHull {
 public:
  explicit AffineHull(std::size_t dimension) : dimension_(dimension) {}

  /// Whether the space grew. Requires: as many numbers as the dimension.
  bool join(const std::vector<std::int64_t>& point);

  /// sum of factors[i] * point[i] == value
  struct Equation {
    std::vector<std::int64_t> factors;
    std::int64_t value = 0;
  };
  /// What holds of every point of the space and, together, of no other; but for equations that 64 bits do not hold.
  std::vector<Equation> equations() const;

 private:
  using Rational = boost::multiprecision::cpp_rational;
  using Row = std::vector<Rational>;

  std::size_t dimension_;
  std::optional<Row> origin_;        // a point
  std::vector<Row> directions_;      // reduced: each has 1 in its pivot, where the others have 0
  std::vector<std::size_t> pivots_;  // of each direction
};

}  // namespace bulkhead::safety
