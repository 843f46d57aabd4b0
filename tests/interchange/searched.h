// What the searches over bits say of a machine, with every run replayed.
#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "checker/machine/bits.h"

namespace bulkhead::test {

/// Whether some run is bad; none: nobody knows.
inline std::optional<bool> is_violated(const machine::Machine& machine, const finite::NetOutcome& outcome,
                                       const machine::Bits& bits) {
  if (const auto* run = std::get_if<finite::NetRun>(&outcome)) {
    EXPECT_EQ(machine::objection(machine, machine::lift(bits, *run)), std::nullopt);
    return true;
  }
  if (std::holds_alternative<finite::NetInvariant>(outcome)) return false;
  return std::nullopt;
}

inline std::optional<bool> by_ic3(const machine::Machine& machine) {
  const auto bits = machine::to_bits(machine);
  EXPECT_TRUE(bits.ok());
  return is_violated(machine, finite::ic3(bits->net, {}), *bits);
}

}  // namespace bulkhead::test
