// How an artifact differs from the policy it came from.
#pragma once

#include <string>
#include <vector>

namespace bulkhead::decode {

/// One difference, shown by a witness.
struct Difference {
  std::string what;     // "write", "connect", "the mount option ro", "limit memory"
  std::string witness;  // a path, a destination, a name, an amount
};

/// `wider`: the artifact allows and the policy does not; one is enough to reject it. `narrower`: the policy allows and
/// the artifact does not; a gap that the emission must have named. `misattributed`: access is the policy's, but what is
/// said of it (a sentence, a claim, an errno) is not. `undecided`: a bound was hit. Both are rejections too.
struct Comparison {
  std::vector<Difference> wider;
  std::vector<Difference> narrower;
  std::vector<Difference> misattributed;
  std::vector<std::string> undecided;
  std::vector<std::string> assumptions;  // what the proof takes for granted, for the verdict

  bool accepted() const { return wider.empty() && misattributed.empty() && undecided.empty(); }
  bool equal() const { return accepted() && narrower.empty(); }
};

/// Bytes that are no artifact of the format at all.
struct DecodeError {
  std::string reason;
};

}  // namespace bulkhead::decode
