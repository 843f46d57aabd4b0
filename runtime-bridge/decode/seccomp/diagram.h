// Decision diagrams over the bits that a filter sees: equal functions are the same node, so equality is one comparison.
//
// A diagram maps an input (architecture, number, six arguments, instruction pointer; 544 bits) to a 32 bit value, the
// answer of a filter. A condition is a diagram with the values 0 and 1. Reduced and ordered [Bryant86], hash-consed, no
// complement edges. Exact: nothing here approximates; where a bound is met, `exhausted` says so and the results mean
// nothing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "runtime-bridge/decode/seccomp/key_map.h"
#include "runtime-bridge/table/bpf.h"

namespace bulkhead::decode::seccomp {

using Ref = std::uint32_t;
/// Bits of a word, the least first.
template <std::size_t N>
using Bits = std::array<Ref, N>;

class Diagrams {
 public:
  static constexpr std::size_t kMaxNodes = 1u << 22;

  Diagrams();

  Ref value(std::uint32_t value);
  Ref no() const { return no_; }
  Ref yes() const { return yes_; }

  /// `condition` ? `then` : `otherwise`. Requires: `condition` has no other values than 0 and 1.
  Ref choose(Ref condition, Ref then, Ref otherwise);
  Ref both(Ref a, Ref b) { return choose(a, b, no_); }
  Ref either(Ref a, Ref b) { return choose(a, yes_, b); }
  Ref negate(Ref a) { return choose(a, no_, yes_); }
  /// The inputs for which the answer `diagram` has one of these actions, whatever data comes with it.
  Ref where_action(Ref diagram, const std::vector<std::uint32_t>& actions);
  /// The inputs for which the two differ.
  Ref difference(Ref a, Ref b);

  /// The 32 bit word at this offset of seccomp_data. Requires: a multiple of 4, below 64.
  Bits<32> word(std::uint32_t offset);
  Bits<64> argument(unsigned index);

  template <std::size_t N>
  Ref equal(const Bits<N>& bits, std::uint64_t constant) {
    Ref result = yes_;
    for (std::size_t i = N; i-- > 0;) result = both(literal(bits[i], (constant >> i) & 1), result);
    return result;
  }
  /// bits < constant, unsigned.
  template <std::size_t N>
  Ref less(const Bits<N>& bits, std::uint64_t constant) {
    Ref result = no_;
    for (std::size_t i = 0; i < N; ++i) {
      result = ((constant >> i) & 1) != 0 ? choose(bits[i], result, yes_) : choose(bits[i], no_, result);
    }
    return result;
  }
  template <std::size_t N>
  Bits<N> masked(Bits<N> bits, std::uint64_t mask) const {
    for (std::size_t i = 0; i < N; ++i) {
      if (((mask >> i) & 1) == 0) bits[i] = no_;
    }
    return bits;
  }

  /// An input for which the condition holds, if there is one.
  std::optional<bpf::Call> example(Ref condition) const;
  std::uint32_t evaluate(Ref diagram, const bpf::Call& call) const;

  std::size_t size() const { return nodes_.size(); }
  bool exhausted() const { return exhausted_; }

 private:
  struct Node {
    std::uint32_t variable = 0;
    Ref low = 0;  // of a leaf: its value
    Ref high = 0;
    friend bool operator==(const Node&, const Node&) = default;
  };

  static std::uint32_t variable_of(std::uint32_t offset, unsigned bit);
  Ref literal(Ref bit, bool wanted) { return wanted ? bit : negate(bit); }
  Ref make(std::uint32_t variable, Ref low, Ref high);
  bool leaf(Ref ref) const;
  std::uint32_t top(Ref a, Ref b, Ref c) const;
  Ref cofactor(Ref ref, std::uint32_t variable, bool high) const;

  std::vector<Node> nodes_;
  KeyMap unique_;  // variable and sides -> the node
  KeyMap chosen_;  // what was asked of choose() -> its result
  Ref no_ = 0;
  Ref yes_ = 0;
  bool exhausted_ = false;
};

}  // namespace bulkhead::decode::seccomp
