#include "checker/certificate/questions.h"

#include <algorithm>

#include "checker/certificate/closed.h"
#include "checker/certificate/cover.h"
#include "checker/certificate/smtlib.h"
#include "checker/certificate/witness.h"
#include "checker/obligation/possession.h"
#include "lang/base/sha256.h"

namespace bulkhead::certificate {
namespace {

using Questions = Result<std::vector<Question>, std::string>;
using obligation::GraphNode;

/// Requires: `nodes` is sorted.
bool among(const std::vector<GraphNode>& nodes, GraphNode node) {
  return std::binary_search(nodes.begin(), nodes.end(), node);
}

Questions of_empty(const obligation::AllEmpty& goal, const verdict::EmptyEvidence& evidence) {
  if (goal.queries.size() != evidence.queries.size())
    return fail(std::string("not one piece of evidence for each query"));
  std::vector<Question> list;
  for (std::size_t i = 0; i < goal.queries.size(); ++i)
    list.push_back({asked(goal.queries[i].query), &evidence.queries[i]});
  return list;
}

/// Nothing leaves the closed set: each edge from inside to outside has a condition, and that is a question.
Questions of_closed(Grounds& grounds, const obligation::Unreachable& goal, const verdict::ClosedEvidence& evidence) {
  const std::vector<GraphNode>& closed = evidence.closed;
  for (std::size_t i = 0; i < closed.size(); ++i) {
    if (i > 0 && !(closed[i - 1] < closed[i])) return fail(std::string("the closed set is not in order"));
    if (!among(goal.nodes, closed[i])) return fail(std::string("a node that does not exist"));
    if (among(goal.targets, closed[i])) return fail(std::string("the closed set has a target"));
  }
  for (const GraphNode source : goal.sources) {
    if (!among(closed, source)) return fail(std::string("the closed set lacks a source"));
  }
  const auto crossings = grounds.crossings(goal.view, closed);
  if (!crossings->ok()) return fail(crossings->error());
  const auto& queries = crossings->value();
  if (queries.size() > evidence.crossings.size())
    return fail(std::string("an edge out of the closed set lacks evidence"));
  if (queries.size() < evidence.crossings.size()) return fail(std::string("evidence for an edge that does not exist"));
  std::vector<Question> list;
  for (std::size_t i = 0; i < queries.size(); ++i) list.push_back({queries[i], &evidence.crossings[i]});
  return list;
}

Questions of_holds(Grounds& grounds, const obligation::Obligation& obligation, const verdict::Holds& holds) {
  const verdict::Evidence& evidence = holds.certificate.evidence;
  const std::string wrong_kind = "evidence of another kind than the claim needs";
  if (const auto* goal = std::get_if<obligation::AllEmpty>(&obligation.goal)) {
    const auto* empty = std::get_if<verdict::EmptyEvidence>(&evidence);
    return empty == nullptr ? Questions(fail(wrong_kind)) : of_empty(*goal, *empty);
  }
  if (const auto* goal = std::get_if<obligation::Unreachable>(&obligation.goal)) {
    const auto* closed = std::get_if<verdict::ClosedEvidence>(&evidence);
    return closed == nullptr ? Questions(fail(wrong_kind)) : of_closed(grounds, *goal, *closed);
  }
  if (const auto* goal = std::get_if<obligation::Apart>(&obligation.goal)) {
    const auto* closed = std::get_if<verdict::ClosedEvidence>(&evidence);
    if (closed == nullptr) return fail(wrong_kind);
    if (closed->flow >= goal->flows.size()) return fail(std::string("a flow that does not exist"));
    return of_closed(grounds, goal->flows[closed->flow], *closed);
  }
  const bool fits = std::holds_alternative<obligation::SomeWitness>(obligation.goal)
                        ? std::holds_alternative<verdict::WitnessEvidence>(evidence)
                        : std::holds_alternative<verdict::LinearEvidence>(evidence);
  if (!fits) return fail(wrong_kind);
  return std::vector<Question>();
}

/// `attenuates`: nobody hands the parent the right on the object of the request. It is the request that is replayed:
/// what a step says beside something handed over or an edge is none.
Result<obligation::Query, obligation::Refusal> not_handed(const obligation::Rules& rules, const ir::Attenuates& claim,
                                                          const obligation::Instance& instance,
                                                          const verdict::Violated& violated) {
  const ir::Witness witness = witness_of(violated.trace);
  if (witness.requests.size() != 1) return fail(obligation::Refusal{"one request is needed", std::nullopt});
  const ir::Request& request = witness.requests.front();
  return obligation::handed_query(rules, ir::resolve(claim.parent, instance.variable), request.right, request.object);
}

/// `can` without a solution; `can every` with an object that no context allows; `attenuates` with one that is not
/// handed to the parent.
Questions of_negation(const obligation::Rules& rules, const obligation::Obligation& obligation,
                      const verdict::Violated& violated) {
  const ir::World& world = rules.world();
  std::vector<Question> list;
  if (!violated.negation) return list;
  if (violated.negation->queries.size() != 1) return fail(std::string("a negation is about one query"));
  const verdict::QueryEvidence* evidence = &violated.negation->queries.front();
  if (const auto* goal = std::get_if<obligation::SomeWitness>(&obligation.goal)) {
    if (violated.query >= goal->queries.size()) return fail(std::string("a query that does not exist"));
    list.push_back({asked(goal->queries[violated.query].query), evidence});
    return list;
  }
  if (const auto* claim = std::get_if<ir::Attenuates>(&world.at(obligation.claim).form)) {
    const auto query = not_handed(rules, *claim, obligation.instance, violated);
    if (!query) return fail(query.error().reason);
    list.push_back({asked(*query), evidence});
    return list;
  }
  const auto& steps = violated.trace.steps;
  if (steps.size() != 1 || steps[0].requests.size() != 1) return fail(std::string("one request is needed"));
  const ir::Request& request = steps[0].requests[0];
  const auto query = obligation::access_query(world, request.subject, request.right, request.object);
  if (!query) return fail(query.error().reason);
  list.push_back({asked(*query), evidence});
  return list;
}

Questions of_vacuous(const obligation::Obligation& obligation, const verdict::Vacuous& vacuous) {
  if (vacuous.which >= obligation.not_vacuous.size()) return fail(std::string("a condition that does not exist"));
  if (!vacuous.evidence) return fail(std::string("no evidence of vacuity"));
  return std::vector<Question>{{asked(obligation.not_vacuous[vacuous.which].query), &*vacuous.evidence}};
}

/// File memberships come from the atom table, once it has been checked; which of them system calls have is counted out.
Result<Memberships, std::string> members_of(const ir::World& world, const obligation::Query& query,
                                            const verdict::QueryEvidence& evidence) {
  const bool files = query.plane == ir::Plane::File && !query.object && !query.formula.patterns.empty();
  if (files) return memberships(world, query, evidence.atoms);
  if (!evidence.atoms.covers.empty()) return fail(std::string("covers that the query does not need"));
  if (query.plane == ir::Plane::Syscall) return syscall_memberships(world, query);
  // Which memberships addresses have is not listed: of those that the evidence lists each has to be right.
  if (query.plane != ir::Plane::Net || query.formula.equations.empty()) return Memberships{{}};
  Memberships listed;
  for (const verdict::ClosedClass& one : evidence.closed) {
    listed.insert(listed.end(), one.members.begin(), one.members.end());
  }
  return listed;
}

Grounds::Script script_of(const ir::World& world, const obligation::Query& query,
                          const verdict::QueryEvidence& evidence) {
  if (trivially_empty(query)) return std::string();
  const auto members = members_of(world, query, evidence);
  if (!members) return fail(members.error());
  if (auto objection = closed_objection(query, *members, evidence.closed)) return fail(*objection);
  return to_smtlib(world, query, *members, evidence.closed);
}

}  // namespace

std::shared_ptr<const Asked> asked(const obligation::Query& query) {
  return std::make_shared<const Asked>(Asked{query, to_hex(sha256(obligation::to_text(query)))});
}

bool trivially_empty(const obligation::Query& query) {
  return query.formula.nodes.empty() || query.formula.is_false();
}

std::shared_ptr<const Grounds::Crossings> Grounds::crossings(const obligation::View& view,
                                                             const std::vector<GraphNode>& closed) {
  std::pair key{view, closed};
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = crossings_.find(key); found != crossings_.end()) return found->second;
  }
  auto made = std::make_shared<const Crossings>(find_crossings(view, closed));
  const std::lock_guard lock(mutex_);
  return crossings_.emplace(std::move(key), std::move(made)).first->second;
}

Grounds::Crossings Grounds::find_crossings(const obligation::View& view, const std::vector<GraphNode>& closed) const {
  const obligation::InfluenceGraph graph(rules_, view);
  std::vector<std::shared_ptr<const Asked>> list;
  for (const GraphNode u : closed) {
    for (const GraphNode v : graph.neighbours(u)) {
      if (among(closed, v)) continue;
      const auto edges = graph.edges(u, v);
      if (!edges) return fail(edges.error().reason);
      for (const obligation::Influence& edge : *edges) {
        if (!edge.condition) return fail(std::string("an edge without a condition leaves the closed set"));
        list.push_back(asked(edge.condition->query));
      }
    }
  }
  return list;
}

std::shared_ptr<const Grounds::Script> Grounds::script(const Question& question) {
  std::tuple key{question.asked->digest, question.evidence->atoms, question.evidence->closed};
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = scripts_.find(key); found != scripts_.end()) return found->second;
  }
  auto made = std::make_shared<const Script>(script_of(world(), question.asked->query, *question.evidence));
  const std::lock_guard lock(mutex_);
  return scripts_.emplace(std::move(key), std::move(made)).first->second;
}

Questions questions(Grounds& grounds, const obligation::Obligation& obligation, const verdict::Verdict& verdict) {
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) return of_holds(grounds, obligation, *holds);
  if (const auto* violated = std::get_if<verdict::Violated>(&verdict))
    return of_negation(grounds.rules(), obligation, *violated);
  if (const auto* vacuous = std::get_if<verdict::Vacuous>(&verdict)) return of_vacuous(obligation, *vacuous);
  return fail(std::string("nobody knows: ") + std::get<verdict::Unknown>(verdict).reason);
}

}  // namespace bulkhead::certificate
