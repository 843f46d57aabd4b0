// Sums of reservations against capacities: nothing but arithmetic, in 128 bits so that no sum of 64 bit amounts
// overflows.
#include "checker/engine/engine_list.h"

namespace bulkhead::engine {
namespace {

__extension__ using Wide = __int128;

bool within(const obligation::Sum& sum) {
  Wide left = 0;
  for (const auto& part : sum.parts) left += part.amount;
  Wide bound = sum.bound.empty() ? 0 : sum.bound.front().amount;
  for (std::size_t i = 1; i < sum.bound.size(); ++i) bound -= sum.bound[i].amount;
  return left <= bound;
}

verdict::Step step_of(const obligation::Sum::Part& part) {
  verdict::Step step;
  if (part.sentence.valid()) step.sentences.push_back(part.sentence);
  step.text = part.label + ": " + std::to_string(part.amount);
  return step;
}

}  // namespace

bool LinearEngine::decides(const obligation::Goal& goal) const {
  return std::holds_alternative<obligation::Linear>(goal);
}

verdict::Verdict LinearEngine::solve(const obligation::Obligation& obligation, Session&, const Turn&) const {
  const auto& goal = std::get<obligation::Linear>(obligation.goal);
  verdict::LinearEvidence evidence;
  for (std::size_t i = 0; i < goal.sums.size(); ++i) {
    const obligation::Sum& sum = goal.sums[i];
    if (!within(sum)) {
      verdict::Violated violated;
      violated.query = i;
      for (const auto& part : sum.parts) violated.trace.steps.push_back(step_of(part));
      for (const auto& part : sum.bound) violated.trace.steps.push_back(step_of(part));
      return violated;
    }
    evidence.multipliers.emplace_back(sum.parts.size() + sum.bound.size(), 1);
  }
  return verdict::Holds{{std::move(evidence), {}}};
}

}  // namespace bulkhead::engine
