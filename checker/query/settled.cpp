#include "checker/query/settled.h"

#include "checker/engine/conditional.h"
#include "lang/ir/conditions.h"

namespace bulkhead::query {

Settled::Settled(const ir::World& world, const engine::Budget& budget)
    : world_(world), conditional_(ir::has_conditions(world)) {
  if (!conditional_) return;
  session_ = std::make_unique<engine::Session>(world, budget);
  asked_ = session_->conditional()->unconditional();
}

std::optional<std::vector<ir::Handover>> Settled::run(const std::vector<ir::Handover>& steps) const {
  return conditional_ ? session_->conditional()->completed(steps) : std::optional(steps);
}

}  // namespace bulkhead::query
