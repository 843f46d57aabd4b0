// Random small transition systems and claims about them, the same for a seed on every machine: what engines are
// compared on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lang/system/builder.h"
#include "lang/system/state.h"
#include "lang/system/theorem.h"

namespace bulkhead::test {

/// What the systems may have besides sorts, enums, Booleans and quantifiers.
struct Flavour {
  bool words = false;     // functions to Bits 8, with arithmetic
  bool integers = false;  // functions to Int, with arithmetic
  bool small = false;     // of integers: they start within -1 to 2, and what is written stays within -3 to 4
};

/// 1-2 sorts, at most one enum, 2-4 functions, 2-4 actions; one invariant, sometimes an assumption; a view, and one
/// claim of each kind.
///
/// Ensures: is_valid(system); is_valid(system, each of the claims); is_tabular(system).
struct RandomSystem {
  explicit RandomSystem(std::uint64_t seed, Flavour flavour = {});

  system::System system;
  system::Theorem always, never, leads_to, leaks_nothing;
  system::Scope scope;  // 1-2 elements of each sort
};

/// The system in a form that a person can read, for the messages of tests.
std::string describe(const system::System& system);

}  // namespace bulkhead::test
