// The rules of a world by the subject that they concern, so that nobody reads all of them for one. Trusted.
#pragma once

#include <cstdint>
#include <vector>

#include "lang/ir/world.h"

namespace bulkhead::obligation {

/// Made once for all obligations of a world; any number of threads may read it.
///
/// Requires: the world outlives this, and the number and the subjects of its rules stay as they are.
class Rules {
 public:
  explicit Rules(const ir::World& world);

  const ir::World& world() const { return world_; }
  /// The rules for this subject and, where it is a container, those for every container; in the order of the world.
  std::vector<ir::RuleId> of(ir::SubjectId subject) const;

 private:
  const ir::World& world_;
  std::vector<std::uint32_t> begin_;  // by subject: its first place in own_; one more for the end
  std::vector<ir::RuleId> own_;
  std::vector<ir::RuleId> of_containers_;
};

}  // namespace bulkhead::obligation
