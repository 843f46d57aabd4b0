// Amounts of resources in bodies and claims, and the rule that one body sets one value once.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "lang/ast/body.h"
#include "lang/types/lowering.h"
#include "lang/types/quantity.h"

namespace bulkhead::types {

/// Reported: an unknown resource, a unit that does not fit, zero where `positive`.
std::optional<std::pair<ResourceName, std::uint64_t>> lower_amount(Lowering& lowering, const ast::Amount& amount,
                                                                   bool positive);

std::optional<ir::Quantity>& quantity_of(ir::Quantities& quantities, ResourceName resource);
const std::optional<ir::Quantity>& quantity_of(const ir::Quantities& quantities, ResourceName resource);

/// Which single values have been set, and by whom: a nearer body may set one again, the same body may not.
class Slots {
 public:
  /// `owner` is the profile whose body it is; invalid for the subject's own (its extensions included).
  void take(Lowering& lowering, const std::string& what, SymbolId owner, const source::Span& span);

 private:
  std::map<std::pair<std::string, SymbolId>, source::Span> taken_;
};

}  // namespace bulkhead::types
