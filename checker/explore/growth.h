// The scopes in which a theorem is searched for a violation, small ones first.
#pragma once

#include <vector>

#include "checker/explore/explore.h"

namespace bulkhead::explore {

/// Every scope whose sorts have 1 to `largest` elements, or what the bounds name, in order of their sum. Where these
/// would be more than kMaxScopes: the ones in which all sorts that the bounds do not name have the same size.
inline constexpr std::size_t kMaxScopes = 128;
std::vector<system::Scope> scopes(const system::System& system, const system::Bounds& bounds, std::uint32_t largest);

/// What became of each scope, up to and including the first with a violation.
struct Grown {
  std::vector<system::Scope> scopes;
  std::vector<Outcome> outcomes;
};
/// Requires: as `search`. Each scope has the whole of the budget, so that outcomes do not depend on what came before.
Grown search_growing(const system::System& system, const system::Theorem& theorem, std::uint32_t largest,
                     const Options& options);

}  // namespace bulkhead::explore
