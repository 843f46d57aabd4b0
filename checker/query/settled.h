// What can ever be handed over in a policy, where conditions of delegations ask for things. Internal to checker/query.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "checker/engine/engine.h"
#include "lang/ir/acquire.h"
#include "lang/ir/world.h"

namespace bulkhead::query {

/// A policy, and what is left of it once it is known what its conditions can come to.
///
/// Requires: the world outlives this.
class Settled {
 public:
  Settled(const ir::World& world, const engine::Budget& budget);

  /// Nothing in asked() has a condition, and whatever is handed over there, some run of the policy hands over.
  bool known() const { return !conditional_ || asked_.has_value(); }
  /// The policy without conditions; as it is where that is not known.
  const ir::World& asked() const { return asked_ ? *asked_ : world_; }
  const ir::World& policy() const { return world_; }
  /// A run of asked() as one of the policy: each step after what its condition asks for. None: none was found.
  std::optional<std::vector<ir::Handover>> run(const std::vector<ir::Handover>& steps) const;

 private:
  const ir::World& world_;
  bool conditional_ = false;
  std::unique_ptr<engine::Session> session_;  // where something is conditional
  std::optional<ir::World> asked_;
};

}  // namespace bulkhead::query
