#include "checker/certificate/questions.h"

#include <algorithm>

namespace bulkhead::certificate {
namespace {

using Questions = Result<std::vector<Question>, std::string>;
using obligation::GraphNode;

bool among(const std::vector<GraphNode>& nodes, GraphNode node) {
  return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
}

Questions of_empty(const obligation::AllEmpty& goal, const verdict::EmptyEvidence& evidence) {
  if (goal.queries.size() != evidence.queries.size())
    return fail(std::string("not one piece of evidence for each query"));
  std::vector<Question> list;
  for (std::size_t i = 0; i < goal.queries.size(); ++i) list.push_back({goal.queries[i].query, &evidence.queries[i]});
  return list;
}

/// Nothing leaves the closed set: each edge from inside to outside has a condition, and that is a question.
Questions of_closed(const ir::World& world, const obligation::Unreachable& goal,
                    const verdict::ClosedEvidence& evidence) {
  for (const GraphNode node : evidence.closed) {
    if (!among(goal.nodes, node)) return fail(std::string("a node that does not exist"));
    if (among(goal.targets, node)) return fail(std::string("the closed set has a target"));
  }
  for (const GraphNode source : goal.sources) {
    if (!among(evidence.closed, source)) return fail(std::string("the closed set lacks a source"));
  }
  const obligation::InfluenceGraph graph(world);
  std::vector<Question> list;
  for (const GraphNode u : goal.nodes) {
    if (!among(evidence.closed, u)) continue;
    for (const GraphNode v : goal.nodes) {
      if (among(evidence.closed, v)) continue;
      const auto edges = graph.edges(u, v);
      if (!edges) return fail(edges.error().reason);
      for (const obligation::Influence& edge : *edges) {
        if (!edge.condition) return fail(std::string("an edge without a condition leaves the closed set"));
        if (list.size() == evidence.crossings.size())
          return fail(std::string("an edge out of the closed set lacks evidence"));
        list.push_back({edge.condition->query, &evidence.crossings[list.size()]});
      }
    }
  }
  if (list.size() != evidence.crossings.size()) return fail(std::string("evidence for an edge that does not exist"));
  return list;
}

Questions of_holds(const ir::World& world, const obligation::Obligation& obligation, const verdict::Holds& holds) {
  const verdict::Evidence& evidence = holds.certificate.evidence;
  const std::string wrong_kind = "evidence of another kind than the claim needs";
  if (const auto* goal = std::get_if<obligation::AllEmpty>(&obligation.goal)) {
    const auto* empty = std::get_if<verdict::EmptyEvidence>(&evidence);
    return empty == nullptr ? Questions(fail(wrong_kind)) : of_empty(*goal, *empty);
  }
  if (const auto* goal = std::get_if<obligation::Unreachable>(&obligation.goal)) {
    const auto* closed = std::get_if<verdict::ClosedEvidence>(&evidence);
    return closed == nullptr ? Questions(fail(wrong_kind)) : of_closed(world, *goal, *closed);
  }
  const bool fits = std::holds_alternative<obligation::SomeWitness>(obligation.goal)
                        ? std::holds_alternative<verdict::WitnessEvidence>(evidence)
                        : std::holds_alternative<verdict::LinearEvidence>(evidence);
  if (!fits) return fail(wrong_kind);
  return std::vector<Question>();
}

/// `can` without a solution; `can every` with an object that no context allows.
Questions of_negation(const ir::World& world, const obligation::Obligation& obligation,
                      const verdict::Violated& violated) {
  std::vector<Question> list;
  if (!violated.negation) return list;
  if (violated.negation->queries.size() != 1) return fail(std::string("a negation is about one query"));
  const verdict::QueryEvidence* evidence = &violated.negation->queries.front();
  if (const auto* goal = std::get_if<obligation::SomeWitness>(&obligation.goal)) {
    if (violated.query >= goal->queries.size()) return fail(std::string("a query that does not exist"));
    list.push_back({goal->queries[violated.query].query, evidence});
    return list;
  }
  const auto& steps = violated.trace.steps;
  if (steps.size() != 1 || steps[0].requests.size() != 1) return fail(std::string("one request is needed"));
  const ir::Request& request = steps[0].requests[0];
  const auto query = obligation::access_query(world, request.subject, request.right, request.object);
  if (!query) return fail(query.error().reason);
  list.push_back({*query, evidence});
  return list;
}

Questions of_vacuous(const obligation::Obligation& obligation, const verdict::Vacuous& vacuous) {
  if (vacuous.which >= obligation.not_vacuous.size()) return fail(std::string("a condition that does not exist"));
  if (!vacuous.evidence) return fail(std::string("no evidence of vacuity"));
  return std::vector<Question>{{obligation.not_vacuous[vacuous.which].query, &*vacuous.evidence}};
}

}  // namespace

Questions questions(const ir::World& world, const obligation::Obligation& obligation, const verdict::Verdict& verdict) {
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) return of_holds(world, obligation, *holds);
  if (const auto* violated = std::get_if<verdict::Violated>(&verdict)) return of_negation(world, obligation, *violated);
  if (const auto* vacuous = std::get_if<verdict::Vacuous>(&verdict)) return of_vacuous(obligation, *vacuous);
  return fail(std::string("nobody knows: ") + std::get<verdict::Unknown>(verdict).reason);
}

}  // namespace bulkhead::certificate
