#include "lang/types/amounts.h"

#include "lang/base/check.h"

namespace bulkhead::types {
namespace {

template <typename Quantities>
auto& pick(Quantities& quantities, ResourceName resource) {
  switch (resource) {
    case ResourceName::Memory:
      return quantities.memory;
    case ResourceName::Cpu:
      return quantities.cpu;
    case ResourceName::Pids:
      return quantities.pids;
    case ResourceName::Time:
      return quantities.time;
    case ResourceName::Disk:
      return quantities.disk;
    case ResourceName::OpenFiles:
      return quantities.open_files;
    case ResourceName::Io:
      return quantities.io;
    case ResourceName::Bandwidth:
      return quantities.bandwidth;
  }
  BH_CHECK(false, "an unknown resource");
}

}  // namespace

std::optional<std::pair<ResourceName, std::uint64_t>> lower_amount(Lowering& lowering, const ast::Amount& amount,
                                                                   bool positive) {
  const auto resource = resource_from(amount.resource.text);
  if (!resource) {
    lowering.unknown_word(Code::UnknownWord, amount.resource, "resource", resource_words());
    return std::nullopt;
  }
  const auto value = quantity(amount.number, measure_of(*resource), amount.resource.text, lowering.sink);
  if (!value) return std::nullopt;
  if (*value == 0 && positive) {
    lowering.error(Code::QuantityOutOfRange, amount.number.span, "a limit of zero lets nothing run",
                   "leave it out for no limit");
    return std::nullopt;
  }
  return std::pair{*resource, *value};
}

std::optional<ir::Quantity>& quantity_of(ir::Quantities& quantities, ResourceName resource) {
  return pick(quantities, resource);
}
const std::optional<ir::Quantity>& quantity_of(const ir::Quantities& quantities, ResourceName resource) {
  return pick(quantities, resource);
}

void Slots::take(Lowering& lowering, const std::string& what, SymbolId owner, const source::Span& span) {
  const auto [found, fresh] = taken_.emplace(std::pair{what, owner}, span);
  if (fresh) return;
  lowering.sink.report({Code::SetTwice,
                        span,
                        what + " is set twice in one body",
                        {{found->second, "first set here"}},
                        "keep one of them",
                        {}});
}

}  // namespace bulkhead::types
