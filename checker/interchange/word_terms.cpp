#include "checker/interchange/word_terms.h"

namespace bulkhead::interchange {

using term::Op;
using term::Store;

namespace {

std::uint16_t width_of(const Store& store, TermId a) {
  return store.sort(a).width;
}

/// The absolute value of a word with a sign.
TermId magnitude(Store& store, TermId a) {
  return store.ite(bit_at(store, a, static_cast<std::uint16_t>(width_of(store, a) - 1)), negate(store, a), a);
}

/// The amount reduced to less than the width: rotating all the way round changes nothing.
TermId reduced(Store& store, TermId amount, std::uint16_t width) {
  return divide(store, amount, store.constant(width, width)).remainder;
}

}  // namespace

TermId bit_at(Store& store, TermId a, std::uint16_t bit) {
  return store.equal(store.extract(a, bit, 1), store.constant(1, 1));
}

TermId as_word(Store& store, TermId boolean) {
  return store.ite(boolean, store.constant(1, 1), store.constant(0, 1));
}

TermId sign_extend(Store& store, TermId a, std::uint16_t width) {
  const std::uint16_t from = width_of(store, a);
  if (width == from) return a;
  const auto more = static_cast<std::uint16_t>(width - from);
  const TermId ones = store.constant(term::Word{~std::uint64_t{0}, ~std::uint64_t{0}}, more);
  const TermId sign = bit_at(store, a, static_cast<std::uint16_t>(from - 1));
  return store.apply(Op::Concat, {store.ite(sign, ones, store.constant(0, more)), a});
}

TermId negate(Store& store, TermId a) {
  return store.apply(Op::BitSub, {store.constant(0, width_of(store, a)), a});
}

TermId shift_right_arithmetic(Store& store, TermId a, TermId amount) {
  const TermId flipped = store.apply(Op::ShiftRight, {store.apply(Op::BitNot, {a}), amount});
  const TermId sign = bit_at(store, a, static_cast<std::uint16_t>(width_of(store, a) - 1));
  return store.ite(sign, store.apply(Op::BitNot, {flipped}), store.apply(Op::ShiftRight, {a, amount}));
}

TermId rotate_left(Store& store, TermId a, TermId amount) {
  const std::uint16_t width = width_of(store, a);
  if (width == 1) return a;
  const TermId by = reduced(store, amount, width);
  const TermId rest = store.apply(Op::BitSub, {store.constant(width, width), by});
  return store.apply(Op::BitOr, {store.apply(Op::ShiftLeft, {a, by}), store.apply(Op::ShiftRight, {a, rest})});
}

TermId rotate_right(Store& store, TermId a, TermId amount) {
  const std::uint16_t width = width_of(store, a);
  if (width == 1) return a;
  const TermId by = reduced(store, amount, width);
  const TermId rest = store.apply(Op::BitSub, {store.constant(width, width), by});
  return store.apply(Op::BitOr, {store.apply(Op::ShiftRight, {a, by}), store.apply(Op::ShiftLeft, {a, rest})});
}

/// Long division, one bit of the dividend after the other. What was carried out of the remainder counts as larger.
Division divide(Store& store, TermId a, TermId b) {
  const std::uint16_t width = width_of(store, a);
  TermId remainder = store.constant(0, width), quotient;
  for (std::uint16_t bit = width; bit-- > 0;) {
    const TermId carried = bit_at(store, remainder, static_cast<std::uint16_t>(width - 1));
    const TermId next = store.extract(a, bit, 1);
    remainder = width == 1 ? next : store.apply(Op::Concat, {store.extract(remainder, 0, width - 1), next});
    const TermId fits = store.disjunction({carried, store.apply(Op::UnsignedLessEqual, {b, remainder})});
    remainder = store.ite(fits, store.apply(Op::BitSub, {remainder, b}), remainder);
    const TermId digit = as_word(store, fits);
    quotient = quotient.valid() ? store.apply(Op::Concat, {quotient, digit}) : digit;
  }
  return {quotient, remainder};
}

Division divide_signed(Store& store, TermId a, TermId b) {
  const auto top = static_cast<std::uint16_t>(width_of(store, a) - 1);
  const TermId a_negative = bit_at(store, a, top), b_negative = bit_at(store, b, top);
  const Division made = divide(store, magnitude(store, a), magnitude(store, b));
  const TermId differ = store.negation(store.equal(a_negative, b_negative));
  return {store.ite(differ, negate(store, made.quotient), made.quotient),
          store.ite(a_negative, negate(store, made.remainder), made.remainder)};
}

TermId signed_modulo(Store& store, TermId a, TermId b) {
  const auto top = static_cast<std::uint16_t>(width_of(store, a) - 1);
  const TermId remainder = divide_signed(store, a, b).remainder;
  const TermId zero = store.equal(remainder, store.constant(0, width_of(store, a)));
  const TermId same = store.equal(bit_at(store, a, top), bit_at(store, b, top));
  return store.ite(store.disjunction({zero, same}), remainder, store.apply(Op::BitAdd, {remainder, b}));
}

}  // namespace bulkhead::interchange
