// Theorems about every reachable state, for sorts of any size: the system's own invariants and lemmas, as far as they
// are inductive together; what they do not show is searched for backwards.
#include <algorithm>

#include "checker/conditions/left_sides.h"
#include "checker/engine/engine_list.h"
#include "checker/engine/first_state.h"
#include "checker/engine/induction.h"
#include "checker/engine/reach.h"
#include "checker/explore/growth.h"

namespace bulkhead::engine {
namespace {

using conditions::Conjunct;
using From = verdict::Conjunct::From;

/// Elements of each sort in the first search.
constexpr std::uint32_t kSmallestScopes = 2;

/// One theorem on its way to a verdict.
class Proving {
 public:
  Proving(const system::System& system, const system::Theorem& theorem, const solver::Limits& limits)
      : terms_(system), theorem_(theorem), solver_(terms_, limits), claim_(conditions::claimed(terms_, theorem)) {}

  verdict::Verdict operator()() {
    auto start = first_state(terms_, solver_);
    if (auto* none = std::get_if<verdict::Verdict>(&start)) return std::move(*none);
    evidence_.witnesses.push_back(std::get<system::Run>(std::move(start)));
    collect();
    const Induction induction = induct(terms_, solver_, conjuncts_);
    if (!induction.keeps(claim_index_)) return refuted_or_unknown(induction);
    for (const std::size_t index : needed(terms_, solver_, conjuncts_, induction.kept, claim_index_)) {
      evidence_.conjuncts.push_back(sources_[index]);
    }
    if (auto vacuous = find_left_sides()) return *vacuous;
    return verdict::Holds{{std::move(evidence_), {}}};
  }

 private:
  /// The claim and every invariant and lemma of the system; the claim only once.
  void collect() {
    const auto* always = std::get_if<system::Always>(&theorem_.statement);
    for (std::size_t i = 0; i < terms_.system().properties.size(); ++i) {
      const system::Property& property = terms_.system().properties[i];
      if (property.kind == system::PropertyKind::Assumption) continue;
      if (always != nullptr && always->property == system::PropertyId{i}) {
        claim_index_ = conjuncts_.size();
        sources_.push_back({From::Claim, property.name});
      } else {
        sources_.push_back({From::Property, property.name});
      }
      conjuncts_.push_back({property.name, property.formula});
    }
    if (always != nullptr) return;
    claim_index_ = conjuncts_.size();
    sources_.push_back({From::Claim, claim_.name});
    conjuncts_.push_back(claim_);
  }

  verdict::Verdict refuted_or_unknown(const Induction& induction) {
    Reached reached = find(terms_.negation(claim_.formula));
    if (reached.run) {
      verdict::Violated violated;
      violated.trace.runs.push_back(std::move(*reached.run));
      return violated;
    }
    std::string reason = "not inductive: " + failure(*induction.fall_of(claim_index_));
    for (const Dropped& dropped : induction.dropped) {
      if (dropped.conjunct != claim_index_) reason += "; " + failure(dropped);
    }
    return verdict::Unknown{reason + "; no violation " + reached.reason};
  }

  /// A run to a state with this formula: state by state in the smallest scopes, which most mistakes show in; then
  /// backwards by solver where the sorts may have any size, whose formulas grow with each step; then state by state in
  /// more scopes. `reason` says how far it was looked for.
  Reached find(system::TermId formula) {
    Reached reached;
    if (theorem_.bounds.sizes.empty() && !theorem_.bounds.steps) {
      reached.run = find_small(formula);
      if (reached.run) return reached;
      reached = reach(terms_, solver_, formula, {});
      if (reached.run) return reached;
      reached.reason = "within " + std::to_string(reached.steps) + " steps" +
                       (reached.reason.empty() ? "" : " (" + reached.reason + ")");
    }
    explore::Grown grown = explore::search_growing(terms_.system(), {system::Never{formula}, theorem_.bounds},
                                                   kLargestScope, small_search());
    std::size_t exhausted = 0;
    for (explore::Outcome& outcome : grown.outcomes) {
      if (auto* found = std::get_if<explore::Found>(&outcome)) reached.run = std::move(found->run);
      if (std::holds_alternative<explore::Exhausted>(outcome)) ++exhausted;
    }
    reached.reason += (reached.reason.empty() ? "in " : " and in ") + std::to_string(exhausted) + " of " +
                      std::to_string(grown.outcomes.size()) + " small scopes";
    return reached;
  }

  std::optional<system::Run> find_small(system::TermId formula) {
    explore::Grown grown =
        explore::search_growing(terms_.system(), {system::Never{formula}, {}}, kSmallestScopes, small_search());
    for (explore::Outcome& outcome : grown.outcomes) {
      if (auto* found = std::get_if<explore::Found>(&outcome)) return std::move(found->run);
    }
    return std::nullopt;
  }

  static std::string failure(const Dropped& dropped) {
    const auto* undecided = std::get_if<Undecided>(&dropped.why);
    return undecided == nullptr ? "that " + dropped.condition + " fails"
                                : "nobody knows whether " + dropped.condition + ": " + undecided->reason;
  }

  /// A run to each left side of the claim; or the verdict where one of them is never true.
  std::optional<verdict::Verdict> find_left_sides() {
    const auto sides = conditions::left_sides(terms_, claim_.formula);
    for (std::size_t i = 0; i < sides.size(); ++i) {
      Reached reached = find(sides[i]);
      if (reached.run) {
        evidence_.witnesses.push_back(std::move(*reached.run));
        continue;
      }
      if (auto inductive = never(sides[i])) {
        return verdict::Vacuous{"a left side of the claim is never true", i + 1, std::nullopt, std::move(*inductive)};
      }
      return verdict::Unknown{"the claim is inductive, but no state was found in which its left side is true: " +
                              reached.reason};
    }
    return std::nullopt;
  }

  std::optional<verdict::InductiveEvidence> never(system::TermId side) {
    auto conjuncts = conjuncts_;
    auto sources = sources_;
    sources[claim_index_].from = From::Property;
    if (!std::holds_alternative<system::Always>(theorem_.statement)) {
      conjuncts.erase(conjuncts.begin() + static_cast<std::ptrdiff_t>(claim_index_));
      sources.erase(sources.begin() + static_cast<std::ptrdiff_t>(claim_index_));
    }
    conjuncts.push_back({"its left side is never true", terms_.negation(side)});
    sources.push_back({From::Claim, conjuncts.back().name});
    const std::size_t wanted = conjuncts.size() - 1;
    const Induction induction = induct(terms_, solver_, conjuncts);
    if (!induction.keeps(wanted)) return std::nullopt;
    verdict::InductiveEvidence evidence;
    for (const std::size_t index : needed(terms_, solver_, conjuncts, induction.kept, wanted)) {
      evidence.conjuncts.push_back(sources[index]);
    }
    return evidence;
  }

  conditions::Terms terms_;
  const system::Theorem& theorem_;
  ConditionSolver solver_;
  Conjunct claim_;
  std::vector<Conjunct> conjuncts_;
  std::vector<verdict::Conjunct> sources_;
  std::size_t claim_index_ = 0;
  verdict::InductiveEvidence evidence_;
};

}  // namespace

bool InductionEngine::decides(const obligation::Goal& goal) const {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem != nullptr && conditions::is_invariant(theorem->theorem);
}

verdict::Verdict InductionEngine::solve(const obligation::Obligation& obligation, Session& session) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  return Proving(session.world().at(goal.system), goal.theorem, session.budget().solver)();
}

}  // namespace bulkhead::engine
