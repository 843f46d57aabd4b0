#include "checker/engine/measures.h"

#include <utility>

namespace bulkhead::engine {
namespace {

using system::TermId;

constexpr std::size_t kMostMeasures = 16;

}  // namespace

std::vector<TermId> measures_of(conditions::Terms& terms, const system::LeadsTo& claim) {
  std::vector<TermId> rigid, state;
  for (std::size_t i = 0; i < terms.system().functions.size(); ++i) {
    const system::FunctionId id{i};
    if (terms.system().at(id).result != system::kInt) continue;
    const bool fixed = terms.system().at(id).change == system::Change::Rigid;
    for (const auto& chosen : choices_of(terms.system(), claim, terms.system().at(id).arguments)) {
      std::vector<TermId> arguments;
      for (const std::size_t one : chosen) arguments.push_back(terms.bound(claim.each[one]));
      (fixed ? rigid : state).push_back(terms.apply(id, std::move(arguments)));
    }
  }
  std::vector<TermId> found = state;
  const auto add_differences = [&](const std::vector<TermId>& larger) {
    for (const TermId above : larger) {
      for (const TermId below : state) {
        if (above != below) found.push_back(terms.difference(above, below));
      }
    }
  };
  add_differences(rigid);
  for (std::size_t i = 0; i < state.size(); ++i) {
    for (std::size_t k = i + 1; k < state.size(); ++k) found.push_back(terms.sum(state[i], state[k]));
  }
  add_differences(state);
  if (found.size() > kMostMeasures) found.resize(kMostMeasures);
  return found;
}

std::vector<std::vector<std::size_t>> choices_of(const system::System& system, const system::LeadsTo& claim,
                                                 const std::vector<system::Type>& types) {
  std::vector<std::vector<std::size_t>> all{{}};
  for (const system::Type& type : types) {
    std::vector<std::vector<std::size_t>> longer;
    for (const auto& arguments : all) {
      for (std::size_t i = 0; i < claim.each.size(); ++i) {
        if (system.at(claim.each[i]).type != type) continue;
        longer.push_back(arguments);
        longer.back().push_back(i);
      }
    }
    all = std::move(longer);
  }
  return all;
}

}  // namespace bulkhead::engine
