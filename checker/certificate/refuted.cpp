#include "checker/certificate/refuted.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "checker/conditions/monitor.h"
#include "checker/conditions/rounds.h"
#include "lang/system/enumerate.h"
#include "lang/system/exhaust.h"
#include "lang/system/state.h"

namespace bulkhead::certificate {

Result<ScopeQuestion, std::string> scope_question(const system::System& system, const system::Theorem& theorem,
                                                  const verdict::ScopeEvidence& evidence) {
  const auto scope = system::scope_named(system, theorem.bounds);
  if (!scope) return fail(std::string("evidence about one scope, for a claim that names none"));
  ScopeQuestion question;
  question.scope = *scope;
  question.evidence.invariant.k = evidence.k;
  question.evidence.proofs = evidence.proofs;
  for (const auto& cube : evidence.excluded) {
    finite::Cube& excluded = question.evidence.invariant.excluded.emplace_back();
    for (const verdict::StateBit& one : cube) excluded.push_back({one.entry, one.bit, one.value});
  }
  const auto* leads = std::get_if<system::LeadsTo>(&theorem.statement);
  if (leads != nullptr && evidence.k == 0) {  // no lasso is looked for: rounds are counted
    auto counted = conditions::rounds(system, *leads);
    if (!counted) return fail(counted.error());
    if (!system::is_scope(counted->system, *scope)) return fail(std::string("a scope that is too large"));
    question.claim = {counted->past.back(), false};
    question.evidence.invariant.k = 1;
    question.monitored = std::make_shared<const system::System>(std::move(counted->system));
    question.system = question.monitored.get();
    return question;
  }
  if (leads != nullptr) {
    auto monitored = conditions::monitor(system, *leads);
    if (!monitored) return fail(monitored.error());
    if (!system::is_scope(monitored->system, *scope)) return fail(std::string("a scope that is too large"));
    question.claim = {monitored->looped, false};
    question.monitored = std::make_shared<const system::System>(std::move(monitored->system));
    question.system = question.monitored.get();
    return question;
  }
  question.system = &system;
  question.claim = finite::claim_of(system, theorem);
  if (theorem.bounds.steps) question.steps = *theorem.bounds.steps;
  return question;
}

std::vector<Refuted> refuted(const ir::World& world, ir::ClaimId claim, const obligation::Instance& instance,
                             const verdict::Verdict& verdict) {
  const auto* holds = std::get_if<verdict::Holds>(&verdict);
  const auto* evidence = holds ? std::get_if<verdict::ScopeEvidence>(&holds->certificate.evidence) : nullptr;
  if (evidence == nullptr || evidence->proofs.empty()) return {};
  if (system::read_enumeration(evidence->proofs.front())) return {};  // nothing propositional
  const auto made = obligation::obligation(world, claim, instance);
  const auto* goal = made.ok() ? std::get_if<obligation::Theorem>(&made->goal) : nullptr;
  if (goal == nullptr) return {};
  const auto question = scope_question(world.at(goal->system), goal->theorem, *evidence);
  if (!question.ok()) return {};
  auto conditions = finite::conditions(*question->system, question->scope, question->claim,
                                       question->evidence.invariant, question->steps);
  if (!conditions.ok() || conditions->size() != evidence->proofs.size()) return {};
  std::vector<Refuted> list;
  for (std::size_t i = 0; i < conditions->size(); ++i)
    list.push_back({std::move((*conditions)[i]), evidence->proofs[i]});
  return list;
}

std::string dimacs(const Refuted& one) {
  sat::Literal most = 0;
  std::string clauses;
  for (const sat::Clause& clause : one.condition.clauses) {
    for (const sat::Literal literal : clause) {
      most = std::max(most, std::abs(literal));
      clauses += std::to_string(literal) + " ";
    }
    clauses += "0\n";
  }
  return "c " + one.condition.label + "\np cnf " + std::to_string(most) + " " +
         std::to_string(one.condition.clauses.size()) + "\n" + clauses;
}

}  // namespace bulkhead::certificate
