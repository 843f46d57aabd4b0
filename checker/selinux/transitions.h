// Domain transitions of an SELinux policy: which domain a process can be in, and which one it can come to be in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/closure/graph.h"
#include "lang/base/result.h"
#include "lang/import/selinux/policy.h"

namespace bulkhead::selinux {

/// A process of `from` comes into `to`. By a program: `from` may transition to `to` and execute files of `entry`, `to`
/// may be entered by them, and either a type_transition says so or `from` may choose (setexec). Or by itself:
/// dyntransition and setcurrent. Rules are named where the step rests on one; a permissive domain needs none.
struct Transition {
  TypeId from, to;
  TypeId entry;                                    // invalid: by itself
  RuleId transition, execute, entrypoint, choice;  // choice: setexec or setcurrent
  std::optional<std::size_t> chosen_by;            // in Policy::type_transitions, instead of setexec
};

/// Every step between two different domains, once for each pair; what it rests on is the first that the policy names.
///
/// Soundness: over-approximates, as SELinux itself may: constraints, roles, levels and the values of conditions only
/// take
///            away from it. Test: SelinuxTransitions.AreThoseThatSetoolsFinds.
/// See:       [setools], sedta.
class TransitionGraph {
 public:
  /// Errors: a policy whose relations between domains and files would take more than kMaxSetBits.
  static Result<TransitionGraph, std::string> make(const Policy& policy);

  std::size_t steps() const { return steps_.size(); }
  /// The steps out of a domain, by the number of the domain that they lead to.
  std::vector<Transition> from(TypeId domain) const;
  /// As few steps as possible; empty where both are one domain; nothing where none leads there.
  std::optional<std::vector<Transition>> shortest_path(TypeId from, TypeId to) const;

 private:
  TransitionGraph(const Policy& policy, std::vector<closure::Edge> steps);
  Transition explain(const closure::Edge& step) const;

  const Policy* policy_;
  std::vector<closure::Edge> steps_;
  closure::Graph graph_;
  std::vector<Bitset> sets_;
};

}  // namespace bulkhead::selinux
