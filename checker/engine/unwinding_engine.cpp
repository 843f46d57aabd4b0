// Non-interference for sorts of any size, by unwinding conditions under the system's inductive properties; where one of
// them fails, two runs that differ are searched for in small scopes.
#include "checker/conditions/unwinding.h"

#include "checker/engine/engine_list.h"
#include "checker/engine/first_state.h"
#include "checker/engine/induction.h"
#include "checker/explore/growth.h"

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
    auto start = first_state(terms_, solver_);
    if (auto* none = std::get_if<verdict::Verdict>(&start)) return std::move(*none);
    for (const system::Property& property : system_.properties) {
      if (property.kind != system::PropertyKind::Assumption) conjuncts_.push_back({property.name, property.formula});
    }
    std::vector<std::size_t> kept = induct(terms_, solver_, conjuncts_).kept;
    if (const std::string failed = failure(kept); !failed.empty()) return refuted_or_unknown(failed);
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

  verdict::Verdict refuted_or_unknown(const std::string& failed) const {
    explore::Grown grown = explore::search_growing(system_, theorem_, kLargestScope, small_search());
    for (explore::Outcome& outcome : grown.outcomes) {
      auto* found = std::get_if<explore::Found>(&outcome);
      if (found == nullptr || !found->second) continue;
      verdict::Violated violated;
      violated.trace.runs = {std::move(found->run), std::move(*found->second)};
      return violated;
    }
    return verdict::Unknown{"not shown: " + failed + "; no two runs in small scopes show a leak"};
  }

  const system::System& system_;
  const system::Theorem& theorem_;
  const solver::Limits& limits_;
  conditions::Terms terms_;
  ConditionSolver solver_;
  std::vector<Conjunct> conjuncts_;
};

}  // namespace

bool UnwindingEngine::decides(const obligation::Goal& goal) const {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem != nullptr && std::holds_alternative<system::LeaksNothing>(theorem->theorem.statement);
}

verdict::Verdict UnwindingEngine::solve(const obligation::Obligation& obligation, Session& session) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  return Unwinding(session.world().at(goal.system), goal.theorem, session.budget().solver)();
}

}  // namespace bulkhead::engine
