// A policy whose allow rules give no more than its constraints leave, as far as types decide these.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "lang/import/selinux/policy.h"

namespace bulkhead::selinux {

struct Narrowed {
  Policy policy;
  std::vector<RuleId> origins;  // of each of its rules: the rule of the policy that it was made of
};

/// Rules that a constraint takes something from are replaced by rules for what it leaves, at the same place in the
/// text. None: no constraint is false for any pair whatever users, roles and levels are, so the policy is what it is.
/// Assertions, and everything that is no allow rule, stay as they are: neverallow knows no constraints.
///
/// Soundness: takes away only what some constraint denies to that pair of types whatever users, roles and levels are;
///            `narrowing_objection` says whether it did. A rule whose parts would be too many stays whole.
/// Cost:      for each rule that a constraint is about, its sources times the sets of the constraint; linear in the
///            policy where no constraint decides by types.
std::optional<Narrowed> narrowed(const Policy& policy);

}  // namespace bulkhead::selinux
