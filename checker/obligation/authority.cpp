// A*(s, r, o, x): what a subject may in some reachable state. Handing over only adds, so the reachable states have a
// union, and it is the least set that holds what subjects have by themselves and is closed under the delegations.
// [semantics 2]
//
//   onward(d) = holds(d, delegate)  or  some delegation c -> d with delegate: objects and (may(c) or onward(c)) and
//   free(d) handed(d) = holds(d)            or  some delegation c -> d:               objects and (may(c) or onward(c))
//   and free(d) A*(d)     = A(d)                or  handed(d) and not forbidden to d in this context
//
// may(c): in some context; free(d): not forbidden in every context. The least solution is reached in as many rounds as
// there are subjects: a shortest chain of delegations visits nobody twice, because rights are handed on as they are and
// what was handed to somebody once stays. Nothing is lost by `revoke`, which takes away, and nothing by speaking of one
// object and one right at a time, because a delegation asks for no other.
#include <algorithm>

#include "checker/obligation/scope.h"

namespace bulkhead::obligation {
namespace {

NodeId in_some_context(Scope& scope, NodeId node) {
  return scope.build.negate(scope.build.no_context(node));
}

/// The same question about another subject.
Scope about(Scope& scope, ir::SubjectId subject) {
  return {scope.rules, scope.build, subject, scope.right, 0, scope.volumes, scope.object, scope.refusal, scope.folder};
}

class Handing {
 public:
  Handing(Scope& scope, ir::Actors actors) : scope_(scope) {
    for (const ir::Delegation& one : scope.world.delegations) {
      const bool acts = actors == ir::Actors::Everybody || ir::is_free(scope.world, one.from);
      if (acts && one.rights.has(scope.right)) delegations_.push_back(&one);
    }
  }

  /// handed(scope.subject)
  NodeId run() {
    gather();
    for (const ir::SubjectId subject : givers_) {
      Scope own = about(scope_, subject);
      may_[subject] = in_some_context(own, access(own));
      onward_[subject] = held(subject, true);
    }
    for (std::size_t round = 0; round < givers_.size(); ++round) {
      std::map<ir::SubjectId, NodeId> next;
      for (const ir::SubjectId subject : givers_) next[subject] = received(subject, true);
      if (next == onward_) break;
      onward_ = std::move(next);
    }
    return received(scope_.subject, false);
  }

 private:
  /// Everybody from whom a chain of delegations leads to the subject.
  void gather() {
    std::vector<ir::SubjectId> open{scope_.subject};
    while (!open.empty()) {
      const ir::SubjectId to = open.back();
      open.pop_back();
      for (const ir::Delegation* one : delegations_) {
        if (one->to == to && givers_.insert(one->from).second) open.push_back(one->from);
      }
    }
  }

  NodeId free(ir::SubjectId subject) {
    Scope own = about(scope_, subject);
    return in_some_context(own, unforbidden(own));
  }

  /// By a `holds` sentence.
  NodeId held(ir::SubjectId subject, bool onward) {
    std::vector<NodeId> objects{Builder::constant(false)};
    for (const ir::Holding& holding : scope_.world.holdings) {
      if (holding.holder != subject || !holding.rights.has(scope_.right) || (onward && !holding.onward)) continue;
      objects.push_back(member(scope_, holding.objects));
    }
    const NodeId any = scope_.build.any(objects);
    return any == Builder::constant(false) ? any : scope_.build.both(any, free(subject));
  }

  /// By a `holds` sentence or from somebody who has it.
  NodeId received(ir::SubjectId subject, bool onward) {
    std::vector<NodeId> ways{held(subject, onward)};
    for (const ir::Delegation* one : delegations_) {
      if (one->to != subject || (onward && !one->onward)) continue;
      const NodeId has = scope_.build.either(may_.at(one->from), onward_.at(one->from));
      const NodeId objects = member(scope_, one->objects);
      ways.push_back(scope_.build.all({objects, has, free(subject)}));
    }
    return scope_.build.any(ways);
  }

  Scope& scope_;
  std::vector<const ir::Delegation*> delegations_;
  std::set<ir::SubjectId> givers_;
  std::map<ir::SubjectId, NodeId> may_;
  std::map<ir::SubjectId, NodeId> onward_;
};

}  // namespace

NodeId unforbidden(Scope& scope) {
  std::vector<NodeId> forbids;
  for (const ir::RuleId id : scope.rules.of(scope.subject)) {
    const ir::Rule& rule = scope.world.at(id);
    if (rule.effect != ir::Effect::Forbid || rule.of_names || !rule.rights.has(scope.right)) continue;
    const NodeId objects = member(scope, rule.objects);
    if (objects == Builder::constant(false)) continue;
    const NodeId no = rule.when ? condition(scope, *rule.when).no : Builder::constant(false);
    forbids.push_back(scope.build.both(objects, scope.build.negate(no)));  // an error forbids
  }
  return scope.build.negate(scope.build.any(forbids));
}

NodeId authority(Scope& scope, ir::Actors actors) {
  const NodeId own = access(scope);
  if (scope.world.holdings.empty() && scope.world.delegations.empty()) return own;
  const NodeId handed = Handing(scope, actors).run();
  if (handed == Builder::constant(false)) return own;
  return scope.build.either(own, scope.build.both(handed, unforbidden(scope)));
}

Volumes reachable_volumes(const Rules& rules, ir::SubjectId subject, ir::Right right) {
  const ir::World& world = rules.world();
  Volumes volumes = permitted_volumes(rules, subject, right);
  for (const ir::Holding& one : world.holdings) {
    if (one.holder == subject && one.rights.has(right)) volumes.merge(volumes_of(world, one.objects));
  }
  for (const ir::Delegation& one : world.delegations) {
    if (one.to == subject && one.rights.has(right)) volumes.merge(volumes_of(world, one.objects));
  }
  return volumes;
}

}  // namespace bulkhead::obligation
