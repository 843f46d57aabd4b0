// A transition system of bits, and searches over it: what the engines of finite.h and imported problems share.
//
// Nothing that a search says is trusted: runs are evaluated and replayed, invariants are checked.
#pragma once

#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "checker/finite/finite.h"
#include "checker/ground/circuit.h"

namespace bulkhead::finite {

/// States are values of `now`. A step goes from one to the values of `next` under some values of the circuit's other
/// inputs, where `allowed` holds. Of interest is whether `bad` can hold after any number of steps from `initial`.
/// `initial` reads the state alone, the others may read the other inputs.
struct Net {
  ground::Circuit* circuit = nullptr;  // ic3 adds to it where not every step is allowed
  std::vector<ground::Bit> now;        // inputs of the circuit
  std::vector<ground::Bit> next;       // as many
  ground::Bit initial, allowed = ground::kTrue, bad;
  ground::Bit always = ground::kTrue;  // of the state alone: holds in every reachable state, as the caller knows
};

/// Bits of a state by their place in Net::now, with their values; in order.
using Places = std::vector<std::pair<std::size_t, bool>>;

/// A run: the values of all gates at each moment, the last one bad.
struct NetRun {
  std::vector<std::vector<bool>> values;
};
/// No reachable state has the values of any of these; together with Net::always that is inductive, and no bad state is
/// left. With k > 1 nothing is excluded, and the absence of bad states is k-inductive.
struct NetInvariant {
  std::vector<Places> excluded;
  std::size_t k = 1;
};
using NetOutcome = std::variant<NetRun, NetInvariant, Open>;

// All ensure: the same answer for the same question.

/// IC3, with cubes generalised by lifting and by cores. The run is not a shortest one. A step that is not allowed
/// counts as one that changes nothing. See: [Bradley11], [Een11].
NetOutcome ic3(const Net& net, const Limits& limits);

/// Unrolls one step after the other, up to limits.depth. A shortest run; never an invariant.
NetOutcome unroll(const Net& net, const Limits& limits);

/// No bad state in the first k states of every run, nor after k states without one. Never a run. See: [Sheeran00].
NetOutcome k_inductive(const Net& net, const Limits& limits);

}  // namespace bulkhead::finite
