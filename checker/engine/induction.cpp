#include "checker/engine/induction.h"

#include <algorithm>
#include <set>

namespace bulkhead::engine {
namespace {

using conditions::Conjunct;

std::vector<Conjunct> chosen(const std::vector<Conjunct>& conjuncts, const std::vector<std::size_t>& indices) {
  std::vector<Conjunct> list;
  for (const std::size_t index : indices) list.push_back(conjuncts[index]);
  return list;
}

/// The first step condition of the conjunct that is not valid under `hypotheses`.
std::optional<Dropped> broken_step(conditions::Terms& terms, ConditionSolver& solver,
                                   const std::vector<Conjunct>& hypotheses, const Conjunct& kept, std::size_t index) {
  for (std::size_t action = 0; action < terms.system().actions.size(); ++action) {
    const auto condition = conditions::step(terms, hypotheses, system::ActionId{action}, kept);
    Validity validity = solver.decide(condition);
    if (!std::holds_alternative<Valid>(validity)) return Dropped{index, condition.label, std::move(validity)};
  }
  return std::nullopt;
}

}  // namespace

bool Induction::keeps(std::size_t conjunct) const {
  return std::binary_search(kept.begin(), kept.end(), conjunct);
}

const Dropped* Induction::fall_of(std::size_t conjunct) const {
  const auto found =
      std::find_if(dropped.begin(), dropped.end(), [&](const Dropped& one) { return one.conjunct == conjunct; });
  return found == dropped.end() ? nullptr : &*found;
}

Induction induct(conditions::Terms& terms, ConditionSolver& solver, const std::vector<Conjunct>& conjuncts) {
  Induction result;
  for (std::size_t i = 0; i < conjuncts.size(); ++i) {
    const auto condition = conditions::base(terms, conjuncts[i]);
    Validity validity = solver.decide(condition);
    if (std::holds_alternative<Valid>(validity))
      result.kept.push_back(i);
    else
      result.dropped.push_back({i, condition.label, std::move(validity)});
  }
  for (bool fell = true; fell;) {
    fell = false;
    const std::vector<std::size_t> round = result.kept;
    for (const std::size_t index : round) {
      auto broken = broken_step(terms, solver, chosen(conjuncts, result.kept), conjuncts[index], index);
      if (!broken) continue;
      result.dropped.push_back(std::move(*broken));
      std::erase(result.kept, index);
      fell = true;
    }
  }
  return result;
}

std::vector<std::size_t> needed(conditions::Terms& terms, ConditionSolver& solver,
                                const std::vector<Conjunct>& conjuncts, const std::vector<std::size_t>& kept,
                                std::size_t wanted) {
  std::set<std::size_t> need{wanted};
  std::vector<std::size_t> open{wanted};
  while (!open.empty()) {
    const std::size_t index = open.back();
    open.pop_back();
    for (std::size_t i = 0; i < terms.system().actions.size(); ++i) {
      const system::ActionId action{i};
      const auto suffices = [&](const std::set<std::size_t>& set) {
        const std::vector<std::size_t> indices(set.begin(), set.end());
        return solver.is_valid(conditions::step(terms, chosen(conjuncts, indices), action, conjuncts[index]));
      };
      if (suffices(need)) continue;
      std::set<std::size_t> enough(kept.begin(), kept.end());
      for (const std::size_t candidate : kept) {
        if (need.contains(candidate)) continue;
        std::set<std::size_t> fewer = enough;
        fewer.erase(candidate);
        if (suffices(fewer)) enough = std::move(fewer);
      }
      for (const std::size_t more : enough) {
        if (need.insert(more).second) open.push_back(more);
      }
    }
  }
  return {need.begin(), need.end()};
}

}  // namespace bulkhead::engine
