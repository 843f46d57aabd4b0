#include "checker/ground/circuit.h"

#include <algorithm>
#include <utility>

namespace bulkhead::ground {

Bit Circuit::input() {
  gates_.push_back({true, {}, {}});
  return {static_cast<std::uint32_t>(gates_.size() - 1), false};
}

Bit Circuit::both(Bit a, Bit b) {
  if (b < a) std::swap(a, b);
  if (a == kFalse || a == !b) return kFalse;
  if (a == kTrue || a == b) return b;
  const std::uint64_t key = (std::uint64_t{a.code()} << 32) | b.code();
  const auto [found, is_new] = known_.try_emplace(key, static_cast<std::uint32_t>(gates_.size()));
  if (is_new) gates_.push_back({false, a, b});
  return {found->second, false};
}

Bit Circuit::choose(Bit condition, Bit then, Bit otherwise) {
  if (then == otherwise) return then;
  const Bit taken = both(condition, then);  // one after the other: the numbers of gates do not depend on the compiler
  const Bit left = both(!condition, otherwise);
  return either(taken, left);
}

void Circuit::evaluate(std::vector<bool>& values) const {
  values.resize(gates_.size());
  values[0] = false;
  const auto value = [&](Bit bit) { return values[bit.gate()] != bit.negated(); };
  for (std::size_t i = 1; i < gates_.size(); ++i) {
    if (!gates_[i].is_input) values[i] = value(gates_[i].left) && value(gates_[i].right);
  }
}

Word constant(std::uint64_t value, std::size_t width) {
  Word word;
  for (std::size_t i = 0; i < width; ++i) word.push_back((value >> i & 1) != 0 ? kTrue : kFalse);
  return word;
}

bool is_constant(const Word& word, std::uint64_t& value) {
  value = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i].gate() != 0) return false;
    value |= std::uint64_t{word[i] == kTrue} << i;
  }
  return true;
}

Bit equal(Circuit& circuit, const Word& a, const Word& b) {
  Bit all = kTrue;
  for (std::size_t i = 0; i < a.size(); ++i) all = circuit.both(all, circuit.same(a[i], b[i]));
  return all;
}

Bit less(Circuit& circuit, const Word& a, const Word& b) {
  Bit is_less = kFalse;  // of the lower bits; a higher bit that differs decides
  for (std::size_t i = 0; i < a.size(); ++i) is_less = circuit.choose(circuit.same(a[i], b[i]), is_less, b[i]);
  return is_less;
}

Word add(Circuit& circuit, const Word& a, const Word& b, Bit carry) {
  Word sum;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Bit half = !circuit.same(a[i], b[i]);
    sum.push_back(!circuit.same(half, carry));
    const Bit made = circuit.both(a[i], b[i]);
    const Bit passed = circuit.both(half, carry);
    carry = circuit.either(made, passed);
  }
  return sum;
}

Word subtract(Circuit& circuit, const Word& a, const Word& b) {
  Word inverted = b;
  for (Bit& bit : inverted) bit = !bit;
  return add(circuit, a, inverted, kTrue);
}

Word multiply(Circuit& circuit, const Word& a, const Word& b) {
  Word product = constant(0, a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    Word shifted = constant(0, a.size());
    for (std::size_t j = i; j < a.size(); ++j) shifted[j] = circuit.both(a[j - i], b[i]);
    product = add(circuit, product, shifted);
  }
  return product;
}

Word choose(Circuit& circuit, Bit condition, const Word& then, const Word& otherwise) {
  Word chosen;
  for (std::size_t i = 0; i < then.size(); ++i) chosen.push_back(circuit.choose(condition, then[i], otherwise[i]));
  return chosen;
}

}  // namespace bulkhead::ground
