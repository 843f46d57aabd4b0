// Liveness for sorts of any size as safety of a system that counts rounds; lemmas for it are inferred from small
// scopes.
#include <string>

#include "checker/conditions/rounds.h"
#include "checker/engine/engine_list.h"
#include "checker/engine/first_state.h"
#include "checker/engine/inference.h"
#include "lang/system/builder.h"

namespace bulkhead::engine {
namespace {

using From = verdict::Conjunct::From;

/// Numbers of rounds that are tried, one after the other.
constexpr std::size_t kRounds[] = {1, 2, 4, conditions::kMostRounds};

constexpr const char* kOpen = "no number of rounds is known that are never over while something is pending";

/// What shows that `rounds` rounds are never over, as evidence that the last one never is.
std::vector<verdict::Conjunct> for_all_rounds(const conditions::Rounds& counted, std::size_t rounds,
                                              std::vector<verdict::Conjunct> conjuncts) {
  system::System arena = counted.system;
  system::Builder builder(arena);
  std::erase_if(conjuncts, [](const verdict::Conjunct& one) { return one.from == From::Claim; });
  for (std::size_t i = rounds; i < conditions::kMostRounds; ++i) {
    const system::TermId never = builder.negation(counted.past[i - 1]);
    conjuncts.push_back({From::Inferred, "round_" + std::to_string(i), system::extracted(arena, never)});
  }
  conjuncts.push_back({From::Claim, std::to_string(conditions::kMostRounds)});
  return conjuncts;
}

}  // namespace

bool RoundsEngine::decides(const obligation::Goal& goal) const {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem != nullptr && std::holds_alternative<system::LeadsTo>(theorem->theorem.statement);
}

verdict::Verdict RoundsEngine::solve(const obligation::Obligation& obligation, Session& session,
                                     const Turn& turn) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  const system::System& system = session.world().at(goal.system);
  const auto counted = conditions::rounds(system, std::get<system::LeadsTo>(goal.theorem.statement));
  if (!counted) return verdict::Unknown{"no rounds are counted: " + counted.error()};
  const solver::Limits limits = stopped_by(session.budget().solver, turn.stop);
  for (const std::size_t rounds : kRounds) {
    if (turn.stop.stop_requested()) break;
    const system::Theorem never{system::Never{counted->past[rounds - 1]}, {}};
    const auto answer = infer(counted->system, never, limits, Turn(turn.stop));
    if (std::holds_alternative<verdict::Violated>(answer)) continue;  // more rounds are over
    const auto* holds = std::get_if<verdict::Holds>(&answer);
    if (holds == nullptr) {  // where so few cannot be excluded, more cannot
      const auto* unknown = std::get_if<verdict::Unknown>(&answer);
      return verdict::Unknown{std::string(kOpen) + (unknown == nullptr ? "" : ": " + unknown->reason)};
    }
    auto evidence = std::get<verdict::InductiveEvidence>(holds->certificate.evidence);
    evidence.conjuncts = for_all_rounds(*counted, rounds, std::move(evidence.conjuncts));
    evidence.witnesses.clear();
    if (auto missing = find_witnesses(system, goal.theorem, limits, evidence.witnesses)) return *missing;
    return verdict::Holds{{std::move(evidence), {}}};
  }
  return verdict::Unknown{kOpen};
}

}  // namespace bulkhead::engine
