// Checks that constraints took no more from a policy than they deny. Trusted; goes through pairs of types, and knows
// neither classes nor parts.
#pragma once

#include <optional>
#include <string>

#include "checker/selinux/narrow.h"

namespace bulkhead::selinux {

/// What is wrong with `narrowed` as what `policy` gives under its constraints; nothing: for each allow rule, class,
/// permission and pair of types that it gives, either a rule made of it still does, or a constraint denies it to that
/// pair; and nothing else is given.
///
/// Cost: for rules that were split their pairs of types times their permissions; linear in the policy else.
std::optional<std::string> narrowing_objection(const Policy& policy, const Narrowed& narrowed);

}  // namespace bulkhead::selinux
