// Information flow between the types of an SELinux policy: which type can come to know what another one knows, over any
// number of rules.
#pragma once

#include <optional>
#include <vector>

#include "checker/closure/certificate.h"
#include "checker/closure/closure.h"
#include "checker/closure/graph.h"
#include "checker/selinux/flow_map.h"
#include "lang/import/selinux/policy.h"

namespace bulkhead::selinux {

/// One step: information passes `from` -> `to`, because `rule` gives permissions that move it so. A step without a rule
/// is one of a permissive type, to which nothing is denied.
struct FlowStep {
  TypeId from, to;
  RuleId rule;
  bool into_subject = false;  // the rule's source is `to`, which reads; else `from`, which writes
};

/// The flow of a policy as a graph: types first, then two nodes for each set of several types, so that a rule about two
/// sets is one edge (what enters a set comes to each member, what leaves any member leaves the set).
///
/// Soundness: over-approximates. Levels, roles and the values of conditions only take away from it, and are not looked
///            at, nor are constraints beyond what narrow.h took away, so that no flow is found means that there is none
///            along what the flow map follows; a path that is found may be narrowed. Tests:
///            SelinuxFlow.AgreesWithItsMeaning, SelinuxFlow.FindsWhatSetoolsFinds.
class FlowGraph {
 public:
  /// Requires: the policy outlives the graph.
  FlowGraph(const Policy& policy, const PermissionFlows& flows);

  const closure::Graph& graph() const { return graph_; }
  std::size_t types() const { return types_; }
  /// Steps between two different types that single rules make: what the graph would have as edges without its sets.
  std::uint64_t direct_flows() const;

  /// Least number of rules first. Empty where both are one type; nothing where there is no path.
  std::optional<std::vector<FlowStep>> shortest_path(TypeId from, TypeId to) const;
  /// The types that information of `from` reaches, itself included, as evidence about everything else.
  closure::ClosedSet reachable(TypeId from) const;

 private:
  void add_rule(RuleId id, const PermissionFlows& flows);
  void add_permissive(TypeId type);
  void connect(SetId from, SetId to, closure::Cause cause);
  std::optional<closure::Node> entry(SetId set);
  std::optional<closure::Node> exit(SetId set);

  struct Hub {
    std::optional<closure::Node> entry, exit;  // made when a rule needs them
  };

  const Policy& policy_;
  std::size_t types_;
  std::vector<Bitset> sets_;
  std::vector<Hub> hubs_;
  std::size_t nodes_;
  std::vector<closure::Edge> edges_;
  std::vector<FlowStep> causes_;  // from and to invalid: the rule moves in this direction
  closure::Graph graph_;
};

/// All pairs at once.
struct AllFlows {
  std::uint64_t pairs = 0;  // of different types where information of the first reaches the second
  std::size_t components = 0;
  std::size_t largest = 0;                          // types in the largest group in which each reaches each
  std::optional<closure::ClosedRelation> relation;  // evidence about all pairs that are missing; the types come first
};
AllFlows all_flows(const FlowGraph& flow);

}  // namespace bulkhead::selinux
