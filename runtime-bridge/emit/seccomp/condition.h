// Conditions on the arguments of one system call, in the form that a filter can test.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "checker/obligation/formula.h"
#include "lang/base/result.h"

namespace bulkhead::emit::seccomp {

/// (argument & mask) relation value, unsigned, 64 bits.
struct Test {
  enum class Relation : std::uint8_t { Equal, Less, LessEqual };
  std::uint8_t argument = 0;
  std::uint64_t mask = ~std::uint64_t{0};
  Relation relation = Relation::Equal;
  std::uint64_t value = 0;
  friend auto operator<=>(const Test&, const Test&) = default;
};

/// An arena: children stand before their parents; node 0 is False, node 1 True, and neither occurs below another node.
struct Condition {
  enum class Kind : std::uint8_t { False, True, Holds, Not, And, Or };
  struct Node {
    Kind kind = Kind::False;
    Test test;                            // of Holds
    std::vector<std::uint32_t> children;  // of Not: one; of And, Or: two or more
  };
  std::vector<Node> nodes{{Kind::False, {}, {}}, {Kind::True, {}, {}}};
  std::uint32_t root = 0;

  static Condition always() {
    Condition condition;
    condition.root = 1;
    return condition;
  }
  bool never() const { return root == 0; }
  bool unconditional() const { return root == 1; }
};

/// What `formula` says of the arguments where the call is `syscall`; fails, with the reason, on what a filter cannot
/// see or compare: contexts, signed comparisons, two arguments with each other.
Result<Condition, std::string> condition_for(const obligation::Formula& formula, ir::SyscallId syscall);

}  // namespace bulkhead::emit::seccomp
