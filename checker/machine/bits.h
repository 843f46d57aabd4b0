// A machine of bit-vectors as a net of bits, for the searches of checker/finite; and the way back.
//
// Not trusted: runs are replayed by machine.h, invariants are refuted on clauses that are made again (evidence.h).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "checker/finite/net.h"
#include "checker/ground/circuit.h"
#include "checker/machine/machine.h"
#include "checker/sat/sat.h"
#include "lang/base/result.h"

namespace bulkhead::machine {

struct Bits {
  std::unique_ptr<ground::Circuit> circuit;
  finite::Net net;                          // places are the bits of the latches in their order, lowest bit first
  std::vector<ground::Word> state, inputs;  // of Machine::state, Machine::inputs
};

/// `known` holds in every reachable state, as the caller knows; it reads latches alone.
///
/// Fails where the machine has integers or needs more than kMaxGates.
Result<Bits, std::string> to_bits(const Machine& machine, TermId known = TermId{0});

/// Clauses that can be true together iff these formulas of Booleans and bit-vectors can.
Result<std::vector<sat::Clause>, std::string> to_clauses(const term::Store& store, std::span<const TermId> formulas);

inline constexpr std::size_t kMaxGates = std::size_t{1} << 22;

/// Requires: the run is one of the net.
Run lift(const Bits& bits, const finite::NetRun& run);

}  // namespace bulkhead::machine
