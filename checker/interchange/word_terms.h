// Operators on bit-vectors that term::Store does not have, made from those that it has: signs, division, rotation.
#pragma once

#include <cstdint>

#include "checker/term/term.h"

namespace bulkhead::interchange {

using term::TermId;

TermId sign_extend(term::Store& store, TermId a, std::uint16_t width);
TermId negate(term::Store& store, TermId a);
/// The lowest, highest bit as a Boolean; a Boolean as a word of one bit.
TermId bit_at(term::Store& store, TermId a, std::uint16_t bit);
TermId as_word(term::Store& store, TermId boolean);
TermId shift_right_arithmetic(term::Store& store, TermId a, TermId amount);
/// By the amount modulo the width.
TermId rotate_left(term::Store& store, TermId a, TermId amount);
TermId rotate_right(term::Store& store, TermId a, TermId amount);

/// As SMT-LIB has it: by zero, the quotient is all ones and the remainder the dividend. The signed ones round towards
/// zero; `signed_modulo` has the divisor's sign. Cost: some six terms for each bit.
struct Division {
  TermId quotient, remainder;
};
Division divide(term::Store& store, TermId a, TermId b);
Division divide_signed(term::Store& store, TermId a, TermId b);
TermId signed_modulo(term::Store& store, TermId a, TermId b);

}  // namespace bulkhead::interchange
