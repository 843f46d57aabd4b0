// Checks evidence about flow against the rules as they were read. Trusted; knows neither the graph nor its sets.
#pragma once

#include <optional>
#include <string>

#include "checker/closure/certificate.h"
#include "checker/selinux/flow.h"
#include "checker/selinux/flow_map.h"
#include "checker/selinux/set_rows.h"
#include "lang/import/selinux/policy.h"

namespace bulkhead::selinux {

class FlowJudge {
 public:
  /// Requires: policy and flows outlive the judge.
  FlowJudge(const Policy& policy, const PermissionFlows& flows);

  /// What is wrong with `set` (of types) as evidence that no information of `from` reaches `to`; nothing: none does.
  std::optional<std::string> objection(TypeId from, TypeId to, const closure::ClosedSet& set) const;
  /// What is wrong with `relation` (types first) as evidence that, where it says no, no information passes.
  std::optional<std::string> objection(const closure::ClosedRelation& relation) const;
  /// What is wrong with a path from `from` to `to`; nothing: each step is one that its rule makes.
  std::optional<std::string> objection(TypeId from, TypeId to, const std::vector<FlowStep>& path) const;

 private:
  struct Movement {
    SetId from, to;
  };

  const Policy& policy_;
  const PermissionFlows& flows_;
  SetRows sets_;
  std::vector<Movement> movements_;  // what rules move, each pair of sets once
};

}  // namespace bulkhead::selinux
