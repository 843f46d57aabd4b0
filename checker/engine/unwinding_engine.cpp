// Non-interference for sorts of any size, by unwinding conditions under the system's inductive properties; where one of
// them fails, two runs that differ are searched for in small scopes.
#include "checker/conditions/unwinding.h"

#include <algorithm>

#include "checker/engine/engine_list.h"
#include "checker/engine/first_state.h"
#include "checker/engine/induction.h"
#include "checker/engine/leak_runs.h"
#include "checker/engine/runs.h"
#include "checker/explore/growth.h"
#include "checker/story/minimise.h"

namespace bulkhead::engine {
namespace {

using conditions::Conjunct;

/// More properties than this are all kept in the evidence: to find out which are needed costs every condition again.
constexpr std::size_t kMaxMinimised = 8;

class Unwinding {
 public:
  Unwinding(const system::System& system, const system::Theorem& theorem, const solver::Limits& limits)
      : system_(system), theorem_(theorem), limits_(limits), terms_(system), solver_(terms_, limits) {}

  verdict::Verdict operator()() {
    auto start = first_state(terms_, solver_, {}, limits_.stop);
    if (auto* none = std::get_if<verdict::Verdict>(&start)) return std::move(*none);
    for (const system::Property& property : system_.properties) {
      if (property.kind != system::PropertyKind::Assumption) conjuncts_.push_back({property.name, property.formula});
    }
    std::vector<std::size_t> kept = induct(terms_, solver_, conjuncts_).kept;
    if (const std::string failed = failure(kept); !failed.empty()) return refuted_or_unknown(kept, failed);
    verdict::InductiveEvidence evidence;
    for (const std::size_t index : fewest(std::move(kept))) {
      evidence.conjuncts.push_back({verdict::Conjunct::From::Property, conjuncts_[index].name});
    }
    evidence.witnesses.push_back(std::get<system::Run>(std::move(start)));
    return verdict::Holds{{std::move(evidence), {}}};
  }

 private:
  std::vector<Conjunct> chosen(const std::vector<std::size_t>& indices) const {
    std::vector<Conjunct> list;
    for (const std::size_t index : indices) list.push_back(conjuncts_[index]);
    return list;
  }

  /// The unwinding conditions that are not shown under these properties; empty: all are.
  std::string failure(const std::vector<std::size_t>& properties) const {
    conditions::Terms terms(system_);
    ConditionSolver solver(terms, limits_);
    const auto list =
        conditions::unwinding(terms, chosen(properties), std::get<system::LeaksNothing>(theorem_.statement));
    std::string failed;
    for (const conditions::Condition& condition : list) {
      const Validity validity = solver.decide(condition);
      if (std::holds_alternative<Valid>(validity)) continue;
      const auto* undecided = std::get_if<Undecided>(&validity);
      failed +=
          (failed.empty() ? "" : "; ") + condition.label + (undecided == nullptr ? "" : " (" + undecided->reason + ")");
    }
    return failed;
  }

  bool inductive(const std::vector<std::size_t>& properties) {
    return induct(terms_, solver_, chosen(properties)).kept.size() == properties.size();
  }

  /// None of the properties can be left out of what is returned.
  std::vector<std::size_t> fewest(std::vector<std::size_t> kept) {
    if (failure({}).empty()) return {};
    for (std::size_t i = 0; kept.size() <= kMaxMinimised && i < kept.size();) {
      std::vector<std::size_t> fewer = kept;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (inductive(fewer) && failure(fewer).empty())
        kept = std::move(fewer);
      else
        ++i;
    }
    return kept;
  }

  verdict::Verdict refuted_by(system::Run left, system::Run right) const {
    auto [first, second] = story::minimise(system_, theorem_, std::move(left), std::move(right), limits_.stop);
    verdict::Violated violated;
    violated.trace.runs = {std::move(first), std::move(second)};
    return violated;
  }

  /// Whether nothing in the condition belongs to the second state of a pair: local respect does not.
  bool is_of_one_state(const conditions::Terms& terms, const conditions::Condition& condition) const {
    std::vector<system::TermId> roots = condition.hypotheses;
    roots.push_back(condition.goal);
    const auto parts = conditions::reachable(terms.system(), roots);
    return std::all_of(parts.begin(), parts.end(), [&](system::TermId part) {
      const system::Term& term = terms.at(part);
      return term.op != system::Op::Apply || term.function.index() < system_.functions.size();
    });
  }

  /// From a failed condition to a leak, in scopes of any size; what more than one different step shows is left to the
  /// search in small scopes.
  std::optional<verdict::Verdict> refuted_by_conditions(const std::vector<std::size_t>& kept) const {
    conditions::Terms terms(system_);
    ConditionSolver solver(terms, limits_);
    const auto list = conditions::unwinding(terms, chosen(kept), std::get<system::LeaksNothing>(theorem_.statement));
    for (const conditions::Condition& condition : list) {
      if (!is_of_one_state(terms, condition) || solver.is_valid(condition)) continue;
      auto runs = leak_by_one_attempt(system_, theorem_, terms, solver, condition, limits_.stop);
      if (runs) return refuted_by(std::move(runs->first), std::move(runs->second));
    }
    return std::nullopt;
  }

  verdict::Verdict refuted_or_unknown(const std::vector<std::size_t>& kept, const std::string& failed) const {
    if (auto refuted = refuted_by_conditions(kept)) return std::move(*refuted);
    explore::Grown grown = explore::search_growing(system_, theorem_, kLargestScope, small_search(limits_.stop));
    for (explore::Outcome& outcome : grown.outcomes) {
      auto* found = std::get_if<explore::Found>(&outcome);
      if (found == nullptr || !found->second) continue;
      return refuted_by(std::move(found->run), std::move(*found->second));
    }
    return verdict::Unknown{"not shown: " + failed + "; no two runs show a leak " + how_far(grown.outcomes)};
  }

  const system::System& system_;
  const system::Theorem& theorem_;
  solver::Limits limits_;
  conditions::Terms terms_;
  ConditionSolver solver_;
  std::vector<Conjunct> conjuncts_;
};

}  // namespace

bool UnwindingEngine::decides(const obligation::Goal& goal) const {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem != nullptr && std::holds_alternative<system::LeaksNothing>(theorem->theorem.statement);
}

verdict::Verdict UnwindingEngine::solve(const obligation::Obligation& obligation, Session& session,
                                        const Turn& turn) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  return Unwinding(session.world().at(goal.system), goal.theorem, stopped_by(session.budget().solver, turn.stop))();
}

}  // namespace bulkhead::engine
