// Whether a system keeps the promises of system.h and term.h, so that systems from anywhere may be checked. Trusted:
// whatever reads a system relies on it.
#pragma once

#include <optional>
#include <string>

#include "lang/system/system.h"
#include "lang/system/theorem.h"

namespace bulkhead::system {

/// The first broken promise; nothing: the system is valid. That is: every index is in range; arguments stand before
/// what uses them, and no term is nested deeper than kMaxTermDepth; types are right; each binder has one owner, and is
/// used only below it; initial values belong to state functions and read rigid ones, assumptions read rigid ones; each
/// binder of an update is one of its places exactly once and occurs in no other; rigid functions are not updated.
///
/// Cost: terms x the binders that are free in them.
std::optional<std::string> objection(const System& system);

/// The same for a theorem and the system that it is about. `except` reads rigid functions only; observer and source are
/// of one sort or enum, the view's.
///
/// Requires: is_valid(system).
std::optional<std::string> objection(const System& system, const Theorem& theorem);

inline bool is_valid(const System& system) {
  return !objection(system);
}
inline bool is_valid(const System& system, const Theorem& theorem) {
  return !objection(system, theorem);
}

}  // namespace bulkhead::system
