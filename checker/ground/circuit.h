// Boolean circuits of and-gates and inverters: equal gates are made once, constants disappear.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace bulkhead::ground {

/// The output of a gate, or its negation.
class Bit {
 public:
  constexpr Bit() = default;
  constexpr Bit(std::uint32_t gate, bool negated) : code_(gate * 2 + (negated ? 1 : 0)) {}
  constexpr std::uint32_t gate() const { return code_ / 2; }
  constexpr bool negated() const { return code_ % 2 != 0; }
  constexpr std::uint32_t code() const { return code_; }
  friend constexpr Bit operator!(Bit bit) { return {bit.gate(), !bit.negated()}; }
  friend constexpr auto operator<=>(Bit, Bit) = default;

 private:
  std::uint32_t code_ = 0;
};
/// Gate 0 is the constant.
inline constexpr Bit kFalse{0, false};
inline constexpr Bit kTrue{0, true};

class Circuit {
 public:
  struct Gate {
    bool is_input = false;
    Bit left, right;  // of an and-gate; both stand before it
  };

  Circuit() : gates_(1) {}

  std::size_t size() const { return gates_.size(); }
  const Gate& at(std::uint32_t gate) const { return gates_[gate]; }

  Bit input();
  Bit both(Bit a, Bit b);
  Bit either(Bit a, Bit b) { return !both(!a, !b); }
  Bit choose(Bit condition, Bit then, Bit otherwise);
  Bit same(Bit a, Bit b) { return choose(a, b, !b); }

  /// The values of all gates; `inputs` by gate, other entries are written over.
  void evaluate(std::vector<bool>& values) const;

 private:
  std::vector<Gate> gates_;
  std::unordered_map<std::uint64_t, std::uint32_t> known_;
};

/// A value in binary, lowest bit first.
using Word = std::vector<Bit>;

Word constant(std::uint64_t value, std::size_t width);
/// The number, where all bits are constant.
bool is_constant(const Word& word, std::uint64_t& value);
Bit equal(Circuit& circuit, const Word& a, const Word& b);
Bit less(Circuit& circuit, const Word& a, const Word& b);  // unsigned
Word add(Circuit& circuit, const Word& a, const Word& b, Bit carry = kFalse);
Word subtract(Circuit& circuit, const Word& a, const Word& b);
Word multiply(Circuit& circuit, const Word& a, const Word& b);
Word choose(Circuit& circuit, Bit condition, const Word& then, const Word& otherwise);

}  // namespace bulkhead::ground
