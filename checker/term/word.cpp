#include "checker/term/word.h"

#include "lang/base/check.h"

namespace bulkhead::term {
namespace {

Word add(Word a, Word b) {
  const std::uint64_t low = a.low + b.low;
  return {low, a.high + b.high + (low < a.low ? 1u : 0u)};
}

Word invert(Word a) {
  return {~a.low, ~a.high};
}

/// By halves of 32 bits, so that nothing overflows.
Word multiply(Word a, Word b) {
  const std::uint64_t a0 = a.low & 0xFFFFFFFFu, a1 = a.low >> 32, b0 = b.low & 0xFFFFFFFFu, b1 = b.low >> 32;
  const std::uint64_t middle = a1 * b0 + ((a0 * b0) >> 32);
  const std::uint64_t carry = (middle & 0xFFFFFFFFu) + a0 * b1;
  return {a.low * b.low, a1 * b1 + (middle >> 32) + (carry >> 32) + a.low * b.high + a.high * b.low};
}

/// Turns the sign bit over, so that signed words compare as unsigned ones.
Word bias(Word a, std::uint16_t width) {
  const Word sign = shift_left({1, 0}, width - 1u);
  return {a.low ^ sign.low, a.high ^ sign.high};
}

Word truth(bool value) {
  return {value ? 1u : 0u, 0};
}

}  // namespace

Word shift_right(Word value, std::uint64_t amount) {
  if (amount >= 128) return {};
  if (amount >= 64) return {value.high >> (amount - 64), 0};
  if (amount == 0) return value;
  return {(value.low >> amount) | (value.high << (64 - amount)), value.high >> amount};
}

Word shift_left(Word value, std::uint64_t amount) {
  if (amount >= 128) return {};
  if (amount >= 64) return {0, value.low << (amount - 64)};
  if (amount == 0) return value;
  return {value.low << amount, (value.high << amount) | (value.low >> (64 - amount))};
}

Word cut(Word value, std::uint16_t width) {
  if (width >= 128) return value;
  if (width > 64) return {value.low, value.high & ((std::uint64_t{1} << (width - 64)) - 1)};
  if (width == 64) return {value.low, 0};
  return {value.low & ((std::uint64_t{1} << width) - 1), 0};
}

Word compute(Op op, Word left, Word right, std::uint16_t width, std::uint16_t right_width) {
  const std::uint64_t amount = right.high != 0 ? 128 : right.low;
  switch (op) {
    case Op::BitNot:
      return cut(invert(left), width);
    case Op::BitAnd:
      return {left.low & right.low, left.high & right.high};
    case Op::BitOr:
      return {left.low | right.low, left.high | right.high};
    case Op::BitXor:
      return {left.low ^ right.low, left.high ^ right.high};
    case Op::BitAdd:
      return cut(add(left, right), width);
    case Op::BitSub:
      return cut(add(left, add(invert(right), {1, 0})), width);
    case Op::BitMul:
      return cut(multiply(left, right), width);
    case Op::ShiftLeft:
      return amount >= width ? Word{} : cut(shift_left(left, amount), width);
    case Op::ShiftRight:
      return amount >= width ? Word{} : shift_right(left, amount);
    case Op::UnsignedLess:
      return truth(left < right);
    case Op::UnsignedLessEqual:
      return truth(!(right < left));
    case Op::SignedLess:
      return truth(bias(left, width) < bias(right, width));
    case Op::SignedLessEqual:
      return truth(!(bias(right, width) < bias(left, width)));
    case Op::Concat: {
      const Word high = shift_left(left, right_width);
      return {high.low | right.low, high.high | right.high};
    }
    case Op::True:
    case Op::False:
    case Op::Variable:
    case Op::Number:
    case Op::Constant:
    case Op::Not:
    case Op::And:
    case Op::Or:
    case Op::Equal:
    case Op::Ite:
    case Op::Add:
    case Op::Less:
    case Op::LessEqual:
    case Op::Extract:
    case Op::ZeroExtend:
    case Op::ForAll:
    case Op::Apply:
    case Op::Fill:
    case Op::Select:
    case Op::Put:
    case Op::Subtract:
    case Op::Multiply:
      break;
  }
  BH_CHECK(false, "only operators on two words are computed");
}

}  // namespace bulkhead::term
