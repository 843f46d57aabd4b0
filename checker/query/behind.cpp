#include "checker/query/behind.h"

#include <algorithm>

#include "lang/ir/eval.h"
#include "lang/ir/glob.h"

namespace bulkhead::query {

std::vector<ir::SentenceId> behind(const ir::World& world, const ir::Request& request) {
  const ir::Decision decision = ir::decide(world, request);
  if (decision.allowed && !decision.permits.empty()) return {world.at(decision.permits.front()).sentence};
  std::vector<ir::SentenceId> list;
  for (const ir::Holding& holding : world.holdings) {  // it came with nobody handing it over
    const bool meant = holding.holder == request.subject && holding.rights.has(request.right) &&
                       ir::patterns_match(holding.objects, request.object);
    if (meant) list.push_back(holding.sentence);
  }
  return list;
}

std::vector<ir::SentenceId> behind(const ir::World& world, const ir::Handover& step) {
  const ir::Delegation& delegation = world.at(step.delegation);
  ir::Request own;
  own.subject = delegation.from;
  own.right = step.right;
  own.object = step.object;
  own.context = step.own;
  std::vector<ir::SentenceId> list = behind(world, own);
  list.push_back(delegation.sentence);
  if (delegation.via.valid()) list.push_back(world.at(delegation.via).sentence);
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

}  // namespace bulkhead::query
