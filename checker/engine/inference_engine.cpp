// Lemmas that nobody wrote: IC3 finds an invariant of a small scope, its clauses are generalised over symmetry, and
// what of them is inductive for sorts of any size is kept; where that does not carry the claim, the scope grows. See:
// [Goel21].
#include <algorithm>

#include "checker/engine/engine_list.h"
#include "checker/engine/first_state.h"
#include "checker/engine/inference.h"
#include "checker/engine/invariants.h"
#include "checker/engine/proving.h"
#include "checker/engine/runs.h"
#include "checker/engine/slice.h"
#include "checker/engine/without_integers.h"
#include "checker/finite/generalise.h"
#include "checker/finite/told.h"

namespace bulkhead::engine {
namespace {

/// Elements of each sort in the scopes that lemmas come from.
constexpr std::uint32_t kFirstScope = 2, kLastScope = 3;
/// More candidates than this are not tried: each costs a condition for every action.
constexpr std::size_t kMostCandidates = 160;
/// Steps of the solver for one condition of a candidate: what is not decided soon is not wanted.
constexpr std::uint32_t kCandidateSteps = 2'000'000;

class Inferring {
 public:
  Inferring(const system::System& system, const system::Theorem& theorem, const solver::Limits& limits,
            const Turn& turn)
      : system_(system), theorem_(theorem), limits_(limits), turn_(turn), known_(unwritten(system, turn.known)) {}

  verdict::Verdict operator()() {
    std::string reason;
    for (std::uint32_t size = kFirstScope; size <= kLastScope && !limits_.stop.stop_requested(); ++size) {
      auto decided = with_scope(size, reason);
      if (decided) return std::move(*decided);
    }
    return verdict::Unknown{"no lemmas were inferred that carry it" + reason};
  }

 private:
  std::optional<verdict::Verdict> with_scope(std::uint32_t size, std::string& reason) {
    conditions::Terms terms(system_);
    const conditions::Conjunct claim = conditions::claimed(terms, theorem_);
    Slice small = slice(terms.system(), claim.formula, {});
    const bool exact = forget_integers(small, claim.formula);
    system::Scope scope{std::vector<std::uint32_t>(system_.sorts.size(), size)};
    for (const auto& [sort, one] : small.bounds.sizes) scope.sizes.at(sort.index()) = one;
    if (!system::is_tabular(system_) || !system::is_scope(system_, scope)) return std::nullopt;
    finite::Limits limits;
    limits.conflicts = 200'000;
    limits.questions = 40'000;
    limits.stop = limits_.stop;
    finite::Outcome outcome = finite::reachability(small.system, scope, {claim.formula, true}, limits);
    const std::string where = " with " + std::to_string(size) + " of each sort";
    if (auto* open = std::get_if<finite::Open>(&outcome)) {
      reason += ";" + where + ": " + finite::told(*open);
      return std::nullopt;
    }
    if (!exact && std::holds_alternative<finite::Violated>(outcome)) {
      reason += ";" + where + " its integers matter";
      return std::nullopt;
    }
    if (auto* violated = std::get_if<finite::Violated>(&outcome)) {
      auto run = unsliced(system_, small, violated->run);
      reason += ";" + where + " it is violated";
      if (!run) return verdict::Unknown{"it is violated" + where + ", but not in a run that could be written down"};
      return violated_by(system_, theorem_, std::move(*run), limits_.stop);
    }
    auto cubes = unsliced(system_, small, scope, std::get<finite::Invariant>(std::move(outcome)).excluded);
    add(finite::generalise(system_, scope, cubes));
    return prune(where, reason);
  }

  /// Where the claim depends on integers, which have no bits, candidates come from the system without them. False: the
  /// slice has become such an approximation.
  static bool forget_integers(Slice& small, system::TermId formula) {
    const auto is_integer = [](const system::Function& one) { return one.result.kind == system::Kind::Int; };
    if (std::none_of(small.system.functions.begin(), small.system.functions.end(), is_integer)) return true;
    for (std::size_t i = 0; i < small.kept.size(); ++i) {
      if (is_integer(small.system.functions[i])) small.kept[i] = false;
    }
    if (auto rest = without_integers(small.system, formula)) small.system = std::move(*rest);
    return false;
  }

  void add(const std::vector<finite::Excluded>& found) {
    for (const finite::Excluded& one : found) {
      if (candidates_.size() == kMostCandidates) return;
      if (std::find(candidates_.begin(), candidates_.end(), one) == candidates_.end()) candidates_.push_back(one);
    }
  }

  /// Twice: with little patience, to see which candidates stay; then with those alone.
  std::optional<verdict::Verdict> prune(const std::string& where, std::string& reason) {
    const std::size_t written = system_.properties.size();
    const system::System larger = strengthened(system_, known_, as_formulas(candidates_));
    solver::Limits impatient = limits_;
    impatient.resource = std::min(impatient.resource, kCandidateSteps);
    Proving first(larger, written, theorem_, impatient);
    const bool inductive = first.is_inductive();
    std::vector<finite::Excluded> kept;
    for (const system::PropertyId lemma : first.kept_lemmas()) {
      const std::size_t index = lemma.index() - written;
      if (index >= known_.size()) kept.push_back(candidates_[index - known_.size()]);
    }
    reason += ";" + where + " " + std::to_string(kept.size()) + " of " + std::to_string(candidates_.size()) +
              " candidates are inductive";
    if (!inductive && turn_.found != nullptr) merge(system_, *turn_.found, first.invariants());
    if (!inductive) return std::nullopt;
    return Proving(strengthened(system_, known_, as_formulas(kept)), written, theorem_, limits_)();
  }

  Invariants as_formulas(const std::vector<finite::Excluded>& list) const {
    system::System arena = system_;
    system::Builder builder(arena);
    Invariants formulas;
    for (const finite::Excluded& one : list) {
      formulas.push_back({"", system::extracted(arena, finite::formula(builder, one))});
    }
    return formulas;
  }

  const system::System& system_;
  const system::Theorem& theorem_;
  solver::Limits limits_;
  const Turn& turn_;
  Invariants known_;
  std::vector<finite::Excluded> candidates_;
};

}  // namespace

verdict::Verdict infer(const system::System& system, const system::Theorem& theorem, const solver::Limits& limits,
                       const Turn& turn) {
  return Inferring(system, theorem, limits, turn)();
}

bool InferenceEngine::decides(const obligation::Goal& goal) const {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem != nullptr && conditions::is_invariant(theorem->theorem);
}

verdict::Verdict InferenceEngine::solve(const obligation::Obligation& obligation, Session& session,
                                        const Turn& turn) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  return infer(session.world().at(goal.system), goal.theorem, stopped_by(session.budget().solver, turn.stop), turn);
}

}  // namespace bulkhead::engine
