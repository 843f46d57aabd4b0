// What a constraint says of a pair of types, whatever the users, roles and levels are. Trusted.
#pragma once

#include <cstdint>

#include "checker/selinux/set_rows.h"
#include "lang/import/selinux/policy.h"

namespace bulkhead::selinux {

enum class Effect : std::uint8_t {
  Never,   // the expression is false: what the constraint is about is never given
  Open,    // it depends on users, roles or levels, or nothing is known of it
  Always,  // it is true: the constraint takes nothing away
};

/// By Kleene's three values, with every comparison of users, roles and levels open. Exact for constraints that speak of
/// types alone.
///
/// Soundness: for others Never and Always are right, Open says nothing ((u1 == u2) or (u1 != u2) is open).
///            Test: SelinuxConstraints.AgreeWithLibsepol.
Effect effect(const SetRows& sets, const Constraint& constraint, std::size_t source, std::size_t target);

/// The permissions of `object_class` that a constraint is about.
Permissions constrained(const Constraint& constraint, ClassId object_class);

}  // namespace bulkhead::selinux
