// Arithmetic on words of up to 128 bits: what the operators of term.h mean.
#pragma once

#include "checker/term/term.h"

namespace bulkhead::term {

/// The low `width` bits.
Word cut(Word value, std::uint16_t width);
Word shift_right(Word value, std::uint64_t amount);
Word shift_left(Word value, std::uint64_t amount);

/// A bit-vector operator on words of `width` bits (for Concat `right` has `right_width`); comparisons give 0 or 1.
Word compute(Op op, Word left, Word right, std::uint16_t width, std::uint16_t right_width);

}  // namespace bulkhead::term
