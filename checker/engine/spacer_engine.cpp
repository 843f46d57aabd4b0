// Lemmas with integers that nobody wrote: Spacer, in a child process, finds what windows on a few elements show, and
// what of it is inductive for sorts of any size is kept; where that does not carry the claim, windows grow.
#include <algorithm>

#include "checker/cells/clauses.h"
#include "checker/cells/hypotheses.h"
#include "checker/cells/lemmas.h"
#include "checker/engine/engine_list.h"
#include "checker/engine/first_state.h"
#include "checker/engine/invariants.h"
#include "checker/engine/proving.h"
#include "checker/engine/slice.h"
#include "checker/solver/ask_spacer.h"

namespace bulkhead::engine {
namespace {

/// Steps of the child for one question, so that answers repeat; and its wall, which is far behind them.
constexpr std::uint64_t kSpacerSteps = 20'000'000;
constexpr std::chrono::milliseconds kWall{20'000};

using Sizes = std::vector<std::uint32_t>;  // by SortId

class Asking {
 public:
  Asking(const system::System& system, const system::Theorem& theorem, const Budget& budget, const Turn& turn)
      : system_(system),
        theorem_(theorem),
        budget_(budget),
        turn_(turn),
        limits_(stopped_by(budget.solver, turn.stop)) {}

  verdict::Verdict operator()() {
    std::string reason;
    for (const Sizes& sizes : windows()) {
      if (limits_.stop.stop_requested()) break;
      auto decided = with_window(sizes, reason);
      if (decided) return std::move(*decided);
    }
    return verdict::Unknown{"spacer found no lemmas that carry it" + reason};
  }

 private:
  /// No element; one of each sort; as many as a violation names, and at least one.
  std::vector<Sizes> windows() const {
    conditions::Terms terms(system_);
    const Sizes none(system_.sorts.size(), 0), one(system_.sorts.size(), 1);
    Sizes named = cells::elements_of_violation(terms, conditions::claimed(terms, theorem_).formula);
    for (std::uint32_t& size : named) size = std::max(size, 1u);
    std::vector<Sizes> list{none, one, named};
    list.erase(std::unique(list.begin(), list.end()), list.end());
    return list;
  }

  std::optional<verdict::Verdict> with_window(const Sizes& sizes, std::string& reason) {
    conditions::Terms whole(system_);
    const system::TermId formula = conditions::claimed(whole, theorem_).formula;
    const Slice part = slice(whole.system(), formula, {});
    system::System arena = cells::with_members(part.system);
    const auto known = known_of(part, arena);
    conditions::Terms terms(arena);
    const auto window = cells::window(terms, part.kept, used(part, sizes));
    const auto clauses =
        window ? cells::clauses(terms, *window, part.kept, {formula, known}) : std::optional<std::string>{};
    std::uint32_t elements = 0;
    if (window) elements = static_cast<std::uint32_t>(window->elements.size());
    reason += "; through windows on " + std::to_string(elements) + " elements";
    if (!clauses) return said(reason, "there is too much to see");
    const solver::SpacerAnswer answer = ask(*clauses);
    if (answer.kind == solver::SpacerAnswer::Kind::None) return said(reason, answer.text);
    if (answer.kind == solver::SpacerAnswer::Kind::Unsatisfiable) return said(reason, "too little is seen");
    return prove(cells::lemmas(terms, *window, answer.text), reason);
  }

  static std::optional<verdict::Verdict> said(std::string& reason, const std::string& what) {
    reason += " " + what;
    return std::nullopt;
  }

  /// No elements of sorts that nothing is about.
  static Sizes used(const Slice& part, Sizes sizes) {
    for (const auto& [sort, one] : part.bounds.sizes) sizes.at(sort.index()) = 0;
    return sizes;
  }

  /// What is known of the functions in the part, as terms of the arena.
  std::vector<system::TermId> known_of(const Slice& part, system::System& arena) const {
    std::vector<system::TermId> list;
    for (const system::NamedFormula& one : turn_.known) {
      const auto outside = [&](const system::Term& term) {
        return term.op == system::Op::Apply && !part.kept[term.function.index()];
      };
      if (std::any_of(one.formula.terms.begin(), one.formula.terms.end(), outside)) continue;
      auto larger = system::with_lemmas(arena, {one});
      if (!larger) continue;
      arena = std::move(*larger);
      list.push_back(arena.properties.back().formula);
      arena.properties.pop_back();
    }
    return list;
  }

  solver::SpacerAnswer ask(const std::string& clauses) const {
    solver::SpacerOptions options;
    options.program = budget_.spacer;
    options.time = kWall;
    options.deadline = budget_.deadline;
    options.memory_mib = budget_.child_memory_mib;
    options.resource = kSpacerSteps;
    options.seed = limits_.seed;
    options.stop = limits_.stop;
    return solver::ask_spacer(clauses, options);
  }

  std::optional<verdict::Verdict> prove(const std::vector<system::NamedFormula>& lemmas, std::string& reason) {
    Proving proving(strengthened(system_, turn_.known, lemmas), system_.properties.size(), theorem_, limits_);
    if (proving.is_inductive()) return proving();
    if (turn_.found != nullptr) merge(system_, *turn_.found, proving.invariants());
    return said(reason, std::to_string(proving.kept_lemmas().size()) + " of " + std::to_string(lemmas.size()) +
                            " candidates are inductive");
  }

  const system::System& system_;
  const system::Theorem& theorem_;
  const Budget& budget_;
  const Turn& turn_;
  solver::Limits limits_;
};

}  // namespace

bool SpacerEngine::decides(const obligation::Goal& goal) const {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem != nullptr && conditions::is_invariant(theorem->theorem);
}

namespace {

/// What the claim depends on has integers: everything else others do better.
bool needs_integers(const system::System& system, const system::Theorem& theorem) {
  conditions::Terms terms(system);
  const Slice part = slice(terms.system(), conditions::claimed(terms, theorem).formula, {});
  for (std::size_t i = 0; i < part.kept.size(); ++i) {
    if (part.kept[i] && system.functions[i].result.kind == system::Kind::Int) return true;
  }
  return false;
}

}  // namespace

verdict::Verdict SpacerEngine::solve(const obligation::Obligation& obligation, Session& session,
                                     const Turn& turn) const {
  const Budget& budget = session.budget();
  if (budget.spacer.empty()) return verdict::Unknown{""};
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  if (!needs_integers(session.world().at(goal.system), goal.theorem)) return verdict::Unknown{""};
  return Asking(session.world().at(goal.system), goal.theorem, budget, turn)();
}

}  // namespace bulkhead::engine
