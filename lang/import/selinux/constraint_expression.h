// The expression of a constraint, as far as it speaks of types.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "lang/import/selinux/draft.h"

namespace bulkhead::selinux {

/// The expression that stands in [begin, end) of a text, up to a `;`; its names are added to the draft. Comparisons of
/// users, roles and levels are read as open. None: it is not written as checkpolicy reads it, or in a way that is not
/// known here, and nothing may be concluded from it.
///
/// Cost: linear; no recursion.
std::optional<std::vector<DraftConstraintTerm>> read_constraint_expression(std::string_view text, std::uint32_t begin,
                                                                           std::uint32_t end, Draft& draft);

}  // namespace bulkhead::selinux
