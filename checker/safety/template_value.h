// What is known of the points that a relation holds of in one case: the affine space, the remainders and the bounds
// that all of them share.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "checker/safety/affine_hull.h"
#include "checker/safety/interpretation.h"
#include "checker/safety/templates.h"

namespace bulkhead::safety {

/// What divides the parameters of one relation, each division once.
class Divisions {
 public:
  Divisions(term::Store& store, std::size_t relation, std::vector<interchange::IntegerDivision> first)
      : store_(store), relation_(relation), all_(std::move(first)) {}
  /// The remainder of the parameter.
  TermId rest(TermId parameter, std::int64_t by);
  const std::vector<interchange::IntegerDivision>& all() const { return all_; }

 private:
  term::Store& store_;
  std::size_t relation_;
  std::vector<interchange::IntegerDivision> all_;
};

class TemplateValue {
 public:
  /// Of no point. Requires: the thresholds outlive this.
  TemplateValue(const Template& shape, const std::vector<std::int64_t>& thresholds);

  /// The values of Template::numbers and Template::terms at one more point. Whether anything changed.
  bool join(const std::vector<std::int64_t>& numbers, const std::vector<std::int64_t>& terms);

  /// Over the parameters and what is divided.
  TermId formula(term::Store& store, const Template& shape, Divisions& divisions) const;

 private:
  /// All numbers that are `rest` and a multiple of `by`; by = 0: `rest` alone.
  struct Residue {
    std::uint64_t by = 0;
    std::int64_t rest = 0;
  };
  /// Places of thresholds; below the first and above the last there is no bound.
  struct Range {
    std::ptrdiff_t low = 0, high = 0;
  };
  bool join(Residue& residue, std::int64_t value) const;
  bool join(Range& range, std::int64_t value) const;

  const std::vector<std::int64_t>* thresholds_;
  bool reached_ = false;
  AffineHull hull_;
  std::vector<Residue> residues_;  // by number
  std::vector<Range> ranges_;      // by term
};

}  // namespace bulkhead::safety
