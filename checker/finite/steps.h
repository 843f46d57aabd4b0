// Steps as circuits: one action at a time, or all of them in a sweep.
#pragma once

#include <functional>
#include <vector>

#include "checker/ground/ground.h"

namespace bulkhead::finite {

/// From a state to the next, by inputs of the circuit.
struct Step {
  ground::Bit allowed;              // the inputs choose nothing whose guard fails
  std::vector<ground::Bit> chosen;  // by instance
  std::vector<std::vector<ground::Word>> words;
  ground::Bits after;
};

/// One instance, or none: the state stays.
Step single_step(ground::Ground& ground, const ground::Bits& state);

/// Every instance in turn, in the order of the list, each where its input says so and its guard holds of what the ones
/// before it have left. Always allowed.
///
/// Exact for reachability: what a sweep reaches single steps reach, and each single step is a sweep. Not for counting
/// steps.
Step sweep(ground::Ground& ground, const ground::Bits& state);

/// What fires in a step, in order.
std::vector<system::Fired> lift(const ground::Ground& ground, const Step& step,
                                const std::function<bool(ground::Bit)>& value);

}  // namespace bulkhead::finite
