// Closure pruning: what three-valued simulation tells about every reachable state of a net, and the net without it.
//
// The values that a bit of the state can have are closed under steps, where every input and every bit that can have
// both is unknown. For rules without negation that is the set of what can ever become true; with it, more. Its
// complement is an inductive invariant: bits of one value are constants for whoever searches.
//
// Soundness: over-approximates what is reachable; searches over the smaller net are exact. Test: ClosurePruning.*
#pragma once

#include "checker/finite/net.h"

namespace bulkhead::finite {

/// The bits that have one value in every reachable state, with it, as far as simulation tells.
///
/// Cost: gates times bits that change, within a bound of work; beyond it nothing is told.
Places closure(const Net& net);

/// A net whose bits of one value are constants, and the way back.
class PrunedNet {
 public:
  /// Gates that are added to the circuit of `net` later are not looked at.
  explicit PrunedNet(const Net& net);
  PrunedNet(const PrunedNet&) = delete;
  PrunedNet& operator=(const PrunedNet&) = delete;

  const Net& net() const { return small_; }
  const Places& fixed() const { return fixed_; }
  /// The closure alone shows that nothing bad is reached: its invariant.
  bool decides() const { return small_.bad == ground::kFalse; }
  NetInvariant invariant() const;

  /// A run of the original, with values of all its gates; an invariant of the original.
  NetOutcome original(NetOutcome outcome) const;

 private:
  NetRun original(const NetRun& run) const;

  Places fixed_;
  ground::Circuit circuit_;
  Net small_;
  std::vector<std::size_t> places_;  // of the smaller net's bits, in the original
  std::vector<ground::Bit> made_;    // by gate of the original
};

/// The claim follows from the closure of its sweep alone. Never a violation.
Outcome closed(const system::System& system, const system::Scope& scope, const Claim& claim, const Limits& limits);

}  // namespace bulkhead::finite
