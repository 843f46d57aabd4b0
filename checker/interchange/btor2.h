// Machines of bit-vectors in the BTOR2 format of word-level hardware model checkers.
#pragma once

#include <string>
#include <string_view>

#include "checker/machine/machine.h"
#include "lang/base/result.h"

namespace bulkhead::interchange {

/// A step that is not allowed is written as one that changes nothing, so what can be reached is the same. What `init`
/// cannot say of the first state is a constraint of the first moment.
///
/// Fails where the machine has integers.
/// See: [Niemetz18].
Result<std::string, std::string> to_btor2(const machine::Machine& machine);

/// Why a text is not understood, and where.
struct ReadError {
  std::size_t line = 0;  // from 1
  std::string reason;    // lower case, without full stop
};

/// The machine that a file describes. A constraint holds at every moment of a run, the last one included. Arrays of at
/// most kMaxCells cells become as many latches.
///
/// Fails where the text is none of the format; where it has words wider than 128 bits, larger arrays, `justice` or
/// `fair`; where it has more than kMaxNodes terms. Cost: bounded by these, whatever the text.
Result<machine::Machine, ReadError> read_btor2(std::string_view text);

inline constexpr std::size_t kMaxCells = 256;
inline constexpr std::size_t kMaxNodes = std::size_t{1} << 20;

}  // namespace bulkhead::interchange
