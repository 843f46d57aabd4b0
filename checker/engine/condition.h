// What is left of a formula once the memberships of the object are known: a condition on contexts and fields.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "checker/encode/encode.h"
#include "checker/engine/query_solver.h"

namespace bulkhead::engine {

using universe::Truth;

/// A model of what is left.
struct ConditionModel {
  encode::Contexts contexts;
  std::array<std::uint64_t, 6> arguments{};
  ir::NetObject net;  // where the object's memberships were left to the solver
};

/// Decides one formula for one membership vector after the other; equal ones once. Constants are folded, the rest is
/// asked of the solver.
class Condition {
 public:
  Condition(const ir::World& world, const obligation::Formula& formula, const solver::Limits& limits)
      : world_(world), formula_(formula), limits_(limits) {}

  /// True: satisfiable, and `model` tells how. Unknown: `reason` tells why.
  Truth holds(std::span<const Truth> members, const encode::Fields& fields = {});

  /// The least solution of the equations for these memberships, or a larger closed set that decides as well; every
  /// variable where nobody could tell.
  std::vector<bool> closed(std::span<const Truth> members);
  /// The same for all of these, those with the same set in one class.
  std::vector<verdict::ClosedClass> closed_classes(const std::set<std::vector<bool>>& members);

  const ConditionModel& model() const { return model_; }
  const std::string& reason() const { return reason_; }

 private:
  struct Decided {
    Truth truth = Truth::Unknown;
    ConditionModel model;
    std::vector<bool> closed;  // by VariableId
  };
  const Decided& decided(std::span<const Truth> members, const encode::Fields& fields);
  Decided decide(std::span<const Truth> members, const encode::Fields& fields);
  bool find_contexts(std::span<const Truth> members, std::vector<obligation::Kleene>& values);
  Decided ask_solver(std::span<const Truth> members, const encode::Fields& fields, std::vector<bool> closed);

  const ir::World& world_;
  const obligation::Formula& formula_;
  solver::Limits limits_;
  std::map<std::pair<std::vector<Truth>, encode::Fields>, Decided> decided_;
  ConditionModel model_;
  std::string reason_;
};

}  // namespace bulkhead::engine
