// Claims about single subjects: every query has no solution (AllEmpty), or every query has one (SomeWitness).
#include "checker/engine/acquisition.h"
#include "checker/engine/engine_list.h"
#include "checker/engine/witness.h"
#include "checker/obligation/possession.h"
#include "lang/base/check.h"
#include "lang/ir/acquire.h"
#include "lang/ir/replay.h"

namespace bulkhead::engine {
namespace {

/// The right that a query of `can every` is about: the queries stand in the order of the rights.
ir::Right nth_right(ir::Rights rights, std::size_t n) {
  for (const ir::Right right : ir::kAllRights)
    if (rights.has(right) && n-- == 0) return right;
  BH_CHECK(false, "a claim has one query for each right");
}

/// `can every` is violated by an object that no context allows: one denied request, and evidence that no other context
/// helps.
verdict::Verdict denied_object(const obligation::Obligation& obligation, std::size_t query, const Solution& solution,
                               Session& session) {
  const ir::World& world = session.world();
  const auto& claim = std::get<ir::Can>(world.at(obligation.claim).form);
  const ir::SubjectId subject = ir::resolve(claim.subject, obligation.instance.variable);
  const ir::Right right = nth_right(claim.rights, query);
  const auto access = obligation::access_query(world, subject, right, solution.object);
  if (!access) return verdict::Unknown{access.error().reason};
  const SharedAnswer answer = session.queries().ask(*access);
  const auto* none = std::get_if<NoSolution>(answer.get());
  if (none == nullptr) return verdict::Unknown{"an object that no context should allow could not be confirmed"};
  verdict::Violated violated;
  violated.query = query;
  violated.trace.steps.push_back(step_of(world, {{subject, right, solution.object, solution.contexts.copies[0]}}));
  violated.negation = verdict::EmptyEvidence{{none->evidence}};
  return violated;
}

/// What shows, besides a run, that a parent cannot come to what its child comes to: nothing where the reference
/// semantics does, or else that nobody hands it over. Without the latter where that is not so: then the verdict is a
/// guess, which is judged where it is made (engine.cpp).
std::optional<verdict::EmptyEvidence> not_handed(const obligation::Obligation& obligation, const ir::Request& surplus,
                                                 Session& session) {
  const auto* claim = std::get_if<ir::Attenuates>(&session.world().at(obligation.claim).form);
  if (claim == nullptr) return std::nullopt;
  const ir::SubjectId parent = ir::resolve(claim->parent, obligation.instance.variable);
  if (surely_lacks(session.world(), {parent, surplus.right, surplus.object, surplus.context})) return std::nullopt;
  const auto query = obligation::handed_query(session.rules(), parent, surplus.right, surplus.object);
  if (!query) return std::nullopt;
  const SharedAnswer answer = session.queries().ask(*query);
  const auto* none = std::get_if<NoSolution>(answer.get());
  return none == nullptr ? std::nullopt : std::optional(verdict::EmptyEvidence{{none->evidence}});
}

/// Conditions about folders that are moved ask for more than is so (checker/obligation/folder.h): what they find may be
/// no shared file.
bool is_no_shared_file(const ir::World& world, const obligation::Obligation& obligation, const Run& run) {
  const auto* shares = std::get_if<ir::SharesNo>(&world.at(obligation.claim).form);
  if (shares == nullptr || ir::Acquired(world).hand_over(run.handovers)) return false;  // conditions: conditional.h
  const ir::SubjectId subject = ir::resolve(shares->subject, obligation.instance.variable);
  return ir::replay_shares(world, *shares, subject, {run.requests, {}, run.handovers}).has_value();
}

verdict::Verdict solve_empty(const obligation::Obligation& obligation, const obligation::AllEmpty& goal,
                             Session& session) {
  verdict::EmptyEvidence evidence;
  std::string unknown;
  for (std::size_t i = 0; i < goal.queries.size(); ++i) {
    const obligation::LabelledQuery& query = goal.queries[i];
    const SharedAnswer answer = session.queries().ask(query.query);
    if (const auto* none = std::get_if<NoSolution>(answer.get())) {
      evidence.queries.push_back(none->evidence);
    } else if (const auto* reason = std::get_if<NoAnswer>(answer.get())) {
      if (unknown.empty()) unknown = query.label + ": " + reason->reason;
    } else {
      const Solution& solution = std::get<Solution>(*answer);
      if (query.acts.empty()) return denied_object(obligation, i, solution, session);
      verdict::Violated violated;
      violated.query = i;
      Run run = run_of(session, query.acts, solution);
      if (is_no_shared_file(session.world(), obligation, run)) {
        unknown = query.label + ": a file was found that does not replay";
        continue;
      }
      violated.negation = not_handed(obligation, run.requests.front(), session);
      violated.trace.steps = steps_of(session.world(), run.handovers);
      violated.trace.steps.push_back(step_of(session.world(), std::move(run.requests)));
      return violated;
    }
  }
  if (!unknown.empty()) return verdict::Unknown{unknown};
  return verdict::Holds{{std::move(evidence), {}}};
}

verdict::Verdict solve_witness(const obligation::SomeWitness& goal, Session& session) {
  verdict::WitnessEvidence evidence;
  std::string unknown;
  for (std::size_t i = 0; i < goal.queries.size(); ++i) {
    const obligation::LabelledQuery& query = goal.queries[i];
    const SharedAnswer answer = session.queries().ask(query.query);
    if (const auto* none = std::get_if<NoSolution>(answer.get())) {
      verdict::Violated violated;
      violated.query = i;
      violated.negation = verdict::EmptyEvidence{{none->evidence}};
      return violated;
    }
    if (const auto* reason = std::get_if<NoAnswer>(answer.get())) {
      if (unknown.empty()) unknown = query.label + ": " + reason->reason;
      continue;
    }
    Run run = run_of(session, query.acts, std::get<Solution>(*answer));
    evidence.requests.insert(evidence.requests.end(), run.requests.begin(), run.requests.end());
    evidence.handovers.insert(evidence.handovers.end(), run.handovers.begin(), run.handovers.end());
  }
  if (!unknown.empty()) return verdict::Unknown{unknown};
  return verdict::Holds{{std::move(evidence), {}}};
}

}  // namespace

bool AccessEngine::decides(const obligation::Goal& goal) const {
  return std::holds_alternative<obligation::AllEmpty>(goal) || std::holds_alternative<obligation::SomeWitness>(goal);
}

verdict::Verdict AccessEngine::solve(const obligation::Obligation& obligation, Session& session, const Turn&) const {
  if (const auto* empty = std::get_if<obligation::AllEmpty>(&obligation.goal))
    return solve_empty(obligation, *empty, session);
  return solve_witness(std::get<obligation::SomeWitness>(obligation.goal), session);
}

}  // namespace bulkhead::engine
