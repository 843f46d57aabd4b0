// A*(s, r, o, x): what a subject may in some reachable state. Handing over only adds, so the reachable states have a
// union, and it is the least set that holds what subjects have by themselves and is closed under the delegations.
// [semantics 2]
//
//   onward(d) = (holds(d, delegate)  or  some delegation c -> d with delegate: objects and has(c)) and free(d)
//   handed(d) = (holds(d)            or  some delegation c -> d:               objects and has(c)) and free(d)
//   has(c)    = may(c) or onward(c)
//   A*(d)     = A(d) or (handed(d) and not forbidden to d in this context)
//
// may(c): in some context; free(d): not forbidden in every context. Nothing is lost by `revoke`, which takes away, and
// nothing by speaking of one object and one right at a time, because a delegation asks for no other.
//
// Conditions of delegations are taken for true where more than there is does no harm, and for false where less does
// none (Conditions). So what somebody has is over-approximated, and what it surely has under-approximated;
// policies without conditions are decided exactly. Whoever knows more of conditions asks of another world
// (ir::without). Tests: Conditions.*
//
// onward(d) is a variable of the formula, for each d from whom a chain leads to the subject: the formula is as large as
// those delegations. Where ports or protocols decide who may, a variable would not follow from the memberships of the
// object; and where more than the least solution would satisfy the question (the bound of `attenuates`), a closed set
// is no evidence. There the least solution is written out (least.h).
#include <algorithm>

#include "checker/obligation/least.h"
#include "checker/obligation/scope.h"

namespace bulkhead::obligation {
namespace {

NodeId in_some_context(Scope& scope, NodeId node) {
  return scope.build.negate(scope.build.no_context(node));
}

/// The same question about another subject.
Scope about(Scope& scope, ir::SubjectId subject) {
  return {scope.rules, scope.build, subject, scope.right, 0, scope.volumes, scope.object, scope.refusal, scope.place};
}

/// Conditions compare ports or protocols of what is asked about.
bool compares_fields(const Scope& scope) {
  const ir::World& world = scope.world;
  const ir::Plane plane = ir::plane_of(scope.right);
  if (plane != ir::Plane::Net || scope.object) return false;
  const bool conditions = std::any_of(world.rules.begin(), world.rules.end(),
                                      [&](const ir::Rule& rule) { return rule.plane == plane && rule.when; });
  return conditions && std::any_of(world.exprs.begin(), world.exprs.end(), [](const ir::Expr& expr) {
           return expr.op == ir::Op::Field &&
                  (expr.field == ir::ObjectField::Port || expr.field == ir::ObjectField::Proto);
         });
}

/// What is handed to one subject, and from whom.
class Handing {
 public:
  Handing(Scope& scope, ir::Actors actors, Conditions conditions) : scope_(scope) {
    const auto consider = [&](const ir::Delegation& one) {
      if (!one.rights.has(scope.right) || !speaks_of(one.objects)) return;
      if (!one.when.always() && conditions == Conditions::Unmet) return;
      const bool acts = actors == ir::Actors::Everybody || ir::is_free(scope.world, one.from);
      if (acts) delegations_[one.to].push_back(&one);
    };
    if (scope.delegations != nullptr) {
      for (const ir::Delegation* one : *scope.delegations) consider(*one);
    } else {
      for (const ir::Delegation& one : scope.world.delegations) consider(one);
    }
    for (const ir::Holding& one : scope.world.holdings) {
      if (one.rights.has(scope.right) && speaks_of(one.objects)) holdings_[one.holder].push_back(&one);
    }
  }

  /// Some of the objects may be what is asked about. Where none is, member() is false of them, and a sentence about
  /// them hands nothing over: leaving it out keeps who hands on other things out of the formula.
  bool speaks_of(const ir::ObjectPatterns& objects) const {
    if (scope_.object || objects.everything || ir::plane_of(scope_.right) != ir::Plane::File) return true;
    return std::any_of(objects.files.begin(), objects.files.end(),
                       [&](const ir::FilePattern& one) { return scope_.volumes.count(one.volume) != 0; });
  }

  /// handed(scope.subject)
  NodeId run(Solved solved) {
    if (holdings_.empty() && delegations_.empty()) return Builder::constant(false);
    gather();
    for (const ir::SubjectId subject : givers_) {
      Scope own = about(scope_, subject);
      may_[subject] = in_some_context(own, access(own));
    }
    if (solved == Solved::WrittenOut || compares_fields(scope_)) return written_out();
    write_equations();
    return received(scope_.subject, false);
  }

 private:
  /// Everybody from whom a chain of delegations leads to the subject: all but its last one hand on to hand on.
  void gather() {
    std::vector<ir::SubjectId> open;
    const auto add_givers = [&](ir::SubjectId to, bool onward) {
      for (const ir::Delegation* one : delegations_[to]) {
        if ((one->onward || !onward) && givers_.insert(one->from).second) open.push_back(one->from);
      }
    };
    add_givers(scope_.subject, false);
    while (!open.empty()) {
      const ir::SubjectId to = open.back();
      open.pop_back();
      add_givers(to, true);
    }
  }

  void write_equations() {
    const std::set<ir::SubjectId> receivers = able_receivers();
    std::map<ir::SubjectId, VariableId> variables;
    for (const ir::SubjectId subject : givers_) {
      onward_[subject] = Builder::constant(false);
      if (receivers.count(subject) == 0) continue;
      variables[subject] = scope_.build.fresh_variable();
      onward_[subject] = scope_.build.variable(variables[subject]);
    }
    for (const auto& [subject, variable] : variables) scope_.build.define(variable, received(subject, true));
  }

  /// The givers to whom a chain of delegations leads from somebody who has anything: nothing comes to the others.
  std::set<ir::SubjectId> able_receivers() {
    std::map<ir::SubjectId, std::vector<ir::SubjectId>> given;
    std::vector<ir::SubjectId> open;
    std::set<ir::SubjectId> receivers;
    const auto receive = [&](ir::SubjectId subject) {
      if (receivers.insert(subject).second) open.push_back(subject);
    };
    for (const ir::SubjectId subject : givers_) {
      for (const ir::Delegation* one : delegations_[subject]) {
        if (one->onward) given[one->from].push_back(subject);
      }
      if (held(subject, true) != Builder::constant(false)) receive(subject);
    }
    for (const ir::SubjectId subject : givers_) {
      if (may_.at(subject) == Builder::constant(false)) continue;
      for (const ir::SubjectId to : given[subject]) receive(to);
    }
    while (!open.empty()) {
      const ir::SubjectId subject = open.back();
      open.pop_back();
      for (const ir::SubjectId to : given[subject]) receive(to);
    }
    return receivers;
  }

  /// handed(scope.subject) without variables.
  NodeId written_out() {
    std::map<ir::SubjectId, std::size_t> place;
    for (const ir::SubjectId subject : givers_) place.emplace(subject, place.size());
    std::vector<LinearEquation> equations;
    for (const ir::SubjectId subject : givers_) equations.push_back(equation(subject, true, place));
    equations.push_back(equation(scope_.subject, false, place));
    return least_solution(scope_.build, equations, givers_.size());
  }

  /// received(subject, onward), with onward(giver) as the variables.
  LinearEquation equation(ir::SubjectId subject, bool onward, const std::map<ir::SubjectId, std::size_t>& place) {
    LinearEquation made;
    std::vector<NodeId> own{held(subject, onward)};
    std::map<std::size_t, std::vector<NodeId>> ways;
    for (const ir::Delegation* one : delegations_[subject]) {
      if (onward && !one->onward) continue;
      const NodeId way = scope_.build.both(objects_of(one), free(subject));
      own.push_back(scope_.build.both(way, may_.at(one->from)));
      if (way != Builder::constant(false)) ways[place.at(one->from)].push_back(way);
    }
    made.constant = scope_.build.any(own);
    for (const auto& [giver, all] : ways) made.depends.emplace(giver, scope_.build.any(all));
    return made;
  }

  /// Not forbidden in every context.
  NodeId free(ir::SubjectId subject) {
    const auto [found, fresh] = free_.try_emplace(subject);
    if (!fresh) return found->second;
    Scope own = about(scope_, subject);
    return found->second = in_some_context(own, unforbidden(own));
  }

  NodeId objects_of(const ir::Delegation* one) {
    const auto [found, fresh] = objects_.try_emplace(one);
    if (fresh) found->second = member(scope_, one->objects);
    return found->second;
  }

  /// By a `holds` sentence.
  NodeId held(ir::SubjectId subject, bool onward) {
    std::vector<NodeId> objects{Builder::constant(false)};
    for (const ir::Holding* one : holdings_[subject]) {
      if (one->onward || !onward) objects.push_back(member(scope_, one->objects));
    }
    const NodeId any = scope_.build.any(objects);
    return any == Builder::constant(false) ? any : scope_.build.both(any, free(subject));
  }

  /// By a `holds` sentence or from somebody who has it.
  NodeId received(ir::SubjectId subject, bool onward) {
    std::vector<NodeId> ways{held(subject, onward)};
    for (const ir::Delegation* one : delegations_[subject]) {
      if (onward && !one->onward) continue;
      const NodeId has = scope_.build.either(may_.at(one->from), onward_.at(one->from));
      ways.push_back(scope_.build.all({objects_of(one), has, free(subject)}));
    }
    return scope_.build.any(ways);
  }

  Scope& scope_;
  std::map<ir::SubjectId, std::vector<const ir::Delegation*>> delegations_;  // by receiver
  std::map<ir::SubjectId, std::vector<const ir::Holding*>> holdings_;
  std::set<ir::SubjectId> givers_;
  std::map<ir::SubjectId, NodeId> may_;
  std::map<ir::SubjectId, NodeId> free_;
  std::map<ir::SubjectId, NodeId> onward_;
  std::map<const ir::Delegation*, NodeId> objects_;
};

}  // namespace

NodeId unforbidden(Scope& scope) {
  std::vector<NodeId> forbids;
  for (const ir::RuleId id : scope.rules.of(scope.subject)) {
    const ir::Rule& rule = scope.world.at(id);
    if (rule.effect != ir::Effect::Forbid || rule.of_names || !rule.rights.has(scope.right)) continue;
    forbids.push_back(forbidden_by(scope, rule));
  }
  return scope.build.negate(scope.build.any(forbids));
}

NodeId handed(Scope& scope, ir::Actors actors, Solved solved, Conditions conditions) {
  if (scope.world.holdings.empty() && scope.world.delegations.empty()) return Builder::constant(false);
  return Handing(scope, actors, conditions).run(solved);
}

NodeId authority(Scope& scope, ir::Actors actors, Solved solved, Conditions conditions) {
  const NodeId own = access(scope);
  const NodeId given = handed(scope, actors, solved, conditions);
  if (given == Builder::constant(false)) return own;
  return scope.build.either(own, scope.build.both(given, unforbidden(scope)));
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
