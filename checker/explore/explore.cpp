#include "checker/explore/explore.h"

#include <algorithm>
#include <utility>

#include "checker/explore/lasso.h"
#include "checker/explore/leak.h"
#include "checker/explore/reach.h"
#include "lang/base/check.h"
#include "lang/system/replay.h"

namespace bulkhead::explore {

using namespace bulkhead::system;

namespace {

/// A shortest run to a state where the formula has this truth.
Outcome search_state(const System& system, const Scope& scope, TermId formula, Answer truth,
                     std::optional<std::uint32_t> steps, const Options& options) {
  Reach reach(system, scope, options);
  Node found = kNoNode;
  bool uncertain = false;
  Visitor visitor;
  visitor.state = [&](Node node, FlatView state) {
    const Answer answer = reach.machine().holds(state, formula);
    uncertain = uncertain || answer == Answer::Beyond;
    if (answer == truth) found = node;
    return answer != truth;
  };
  const auto gap = reach.run(visitor, steps);
  if (found != kNoNode) return Found{reach.run_to(found), std::nullopt};
  if (gap) return Stopped{*gap, reach.states(), reach.depth()};
  if (uncertain) return Stopped{"the claim is beyond what can be computed in some state", reach.states(), {}};
  return Exhausted{reach.states()};
}

Outcome search_for(const Always& claim, const System& system, const Theorem& theorem, const Scope& scope,
                   const Options& options) {
  return search_state(system, scope, system.at(claim.property).formula, Answer::No, theorem.bounds.steps, options);
}
Outcome search_for(const Never& claim, const System& system, const Theorem& theorem, const Scope& scope,
                   const Options& options) {
  return search_state(system, scope, claim.formula, Answer::Yes, theorem.bounds.steps, options);
}
Outcome search_for(const LeadsTo& claim, const System& system, const Theorem& theorem, const Scope& scope,
                   const Options& options) {
  return search_lasso(system, claim, theorem.bounds.steps, scope, options);
}
Outcome search_for(const LeaksNothing& claim, const System& system, const Theorem& theorem, const Scope& scope,
                   const Options& options) {
  return search_leak(system, claim, theorem.bounds.steps, scope, options);
}

/// The run, and the first instance of the action that its last state allows.
Run and_then(const System& system, const std::vector<Fired>& instances, Run run, ActionId action) {
  const State last = replay(system, run).states.back();
  for (const Fired& fired : instances) {
    if (fired.action != action || step(system, run.scope, last, fired).fires != Answer::Yes) continue;
    run.steps.push_back(fired);
    return run;
  }
  BH_CHECK(false, "a step that fired in a state fires in its renaming");
}

}  // namespace

Outcome search(const System& system, const Theorem& theorem, const Scope& scope, const Options& options) {
  if (!is_tabular(system)) return Stopped{"a function takes integers or words: its states cannot be listed", 0, {}};
  const auto find = [&](const auto& claim) { return search_for(claim, system, theorem, scope, options); };
  return std::visit(find, theorem.statement);
}

Coverage cover(const System& system, const Scope& scope, const Options& options) {
  Coverage coverage;
  coverage.witnesses.resize(system.actions.size());
  if (!is_tabular(system)) {
    coverage.gap = "a function takes integers or words: its states cannot be listed";
    return coverage;
  }
  Reach reach(system, scope, options);
  std::size_t missing = system.actions.size();
  Visitor visitor;
  visitor.state = [&](Node, FlatView) { return missing > 0; };
  visitor.edge = [&](Node from, std::uint32_t instance, Node) {
    const ActionId action = reach.machine().instances()[instance].action;
    auto& witness = coverage.witnesses[action.index()];
    if (!witness) {
      witness = and_then(system, reach.machine().instances(), reach.run_to(from), action);
      --missing;
    }
    return missing > 0;
  };
  coverage.gap = reach.run(visitor);
  if (missing == 0) coverage.gap.reset();
  return coverage;
}

}  // namespace bulkhead::explore
