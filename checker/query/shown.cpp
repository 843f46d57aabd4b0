#include "checker/query/shown.h"

#include "checker/certificate/theorem.h"
#include "checker/instances/search.h"

namespace bulkhead::query {

std::vector<std::string> hints_of(const ir::World& world, const obligation::Obligation& obligation,
                                  const verdict::Verdict& verdict) {
  const auto* theorem = std::get_if<obligation::Theorem>(&obligation.goal);
  if (theorem == nullptr || std::holds_alternative<verdict::Unknown>(verdict)) return {};
  const auto needed = certificate::needed_for(world, *theorem, verdict);
  if (!needed) return {};
  std::vector<std::string> hints;
  for (const conditions::Condition& condition : needed->conditions) {
    hints.push_back(instances::find_hints(*needed->terms, condition).value_or(""));
  }
  return hints;
}

}  // namespace bulkhead::query
