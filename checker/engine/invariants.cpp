#include "checker/engine/invariants.h"

#include <algorithm>
#include <set>

#include "lang/base/check.h"

namespace bulkhead::engine {

Invariants unwritten(const system::System& system, const Invariants& known) {
  Invariants list;
  for (const system::NamedFormula& one : known) {
    const auto called = [&](const system::Property& property) { return property.name == one.name; };
    if (std::none_of(system.properties.begin(), system.properties.end(), called)) list.push_back(one);
  }
  return list;
}

bool merge(const system::System& system, Invariants& into, const Invariants& more) {
  std::set<std::string> had;
  for (const auto& one : into) had.insert(system::spell(system, one.formula));
  const std::size_t before = into.size();
  for (const auto& one : more) {
    if (had.insert(system::spell(system, one.formula)).second) into.push_back(one);
  }
  return into.size() != before;
}

system::System strengthened(const system::System& system, const Invariants& known, const Invariants& candidates) {
  Invariants lemmas = unwritten(system, known);
  lemmas.insert(lemmas.end(), candidates.begin(), candidates.end());
  for (std::size_t i = 0; i < lemmas.size(); ++i) lemmas[i].name = "inferred_" + std::to_string(i + 1);
  auto larger = system::with_lemmas(system, lemmas);
  BH_CHECK(larger.ok(), "invariants are formulas of the system");
  return std::move(larger).value();
}

}  // namespace bulkhead::engine
