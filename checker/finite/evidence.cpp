#include "checker/finite/evidence.h"

#include <utility>

#include "checker/finite/cnf.h"
#include "checker/finite/steps.h"
#include "checker/lrat/lrat.h"

namespace bulkhead::finite {

using ground::Bit;
using ground::Bits;
using ground::Ground;
using ground::kFalse;
using ground::kTrue;

namespace {

/// More states in a row than any claim needs: evidence may come from anywhere.
constexpr std::size_t kMaxK = 4096;

class Conditions {
 public:
  Conditions(Ground& ground, const Claim& claim, const Invariant& invariant, std::optional<std::size_t> steps)
      : ground_(ground), claim_(claim), invariant_(invariant), steps_(steps) {}

  Result<std::vector<Condition>, std::string> make() {
    const Bits state = ground_.state();
    for (const Cube& cube : invariant_.excluded) {
      for (const BitValue& one : cube) {
        if (one.entry >= state.size() || one.bit >= state[one.entry].size()) return fail(std::string("no such bit"));
      }
    }
    const bool bounded = invariant_.k == 0;
    if (bounded ? !steps_ || *steps_ > kMaxK : invariant_.k > kMaxK) return fail(std::string("k is out of range"));
    if (invariant_.k == 1) {
      inductive(state);
    } else if (bounded && invariant_.excluded.empty()) {
      within(state);
    } else if (invariant_.excluded.empty()) {
      in_k_states(state);
    } else {
      return fail(std::string("cubes and k above 1 do not go together"));
    }
    if (ground_.is_spent()) return fail(ground_.why_spent());
    return std::move(made_);
  }

 private:
  void add(std::string label, std::initializer_list<Bit> all_true) {
    Condition condition{std::move(label), {}};
    Cnf cnf(ground_.circuit(), [&](const sat::Clause& clause) { condition.clauses.push_back(clause); });
    for (const Bit bit : all_true) cnf.assert_true(bit);
    made_.push_back(std::move(condition));
  }

  Bit both(Bit a, Bit b) { return ground_.circuit().both(a, b); }
  Bit good(const Bits& state) {
    const Bit holds = ground_.holds(state, claim_.formula);
    return claim_.always ? holds : !holds;
  }
  /// What holds of every state that follows from one of which it holds: rigid functions do not change.
  Bit background(const Bits& state) {
    Bit all = ground_.in_range(state);
    for (const system::Property& property : ground_.system().properties) {
      if (property.kind != system::PropertyKind::Assumption) continue;
      all = both(all, ground_.holds(state, property.formula));
    }
    return all;
  }
  /// Without cubes the claim is its own invariant.
  Bit invariant(const Bits& state) {
    if (invariant_.excluded.empty()) return good(state);
    Bit outside = kTrue;
    for (const Cube& cube : invariant_.excluded) {
      Bit inside = kTrue;
      for (const BitValue& one : cube) {
        const Bit bit = state[one.entry][one.bit];
        inside = both(inside, one.value ? bit : !bit);
      }
      outside = both(outside, !inside);
    }
    return outside;
  }

  void inductive(const Bits& state) {
    const Bit holds = invariant(state), known = background(state);
    const Bit first = ground_.initial(state);
    add("the invariant holds at first", {first, !both(holds, known)});
    for (const ground::Instance& instance : ground_.instances()) {
      if (ground_.is_spent()) return;
      const ground::Effect effect = ground_.effect(state, instance, ground_.words(instance));
      const Bit kept = both(invariant(effect.after), ground_.in_range(effect.after));
      add("`" + ground_.system().at(instance.action).name + "` keeps the invariant",
          {known, holds, effect.fires, !kept});
    }
    add("the invariant implies the claim", {known, holds, !good(state)});
  }

  void in_k_states(const Bits& start) {
    Bit steps = kTrue, all_good = kTrue;
    Bits state = start;
    for (std::size_t i = 0; i < invariant_.k && !ground_.is_spent(); ++i) {
      all_good = both(all_good, good(state));
      if (i + 1 == invariant_.k) add("the claim holds in the first states", {ground_.initial(start), steps, !all_good});
      const Step step = single_step(ground_, state);
      steps = both(steps, step.allowed);
      state = step.after;
    }
    add("the claim holds after states in which it does", {background(start), steps, all_good, !good(state)});
  }

  /// A single step may stay where it is, so that shorter runs are among those of this length.
  void within(const Bits& start) {
    Bit steps = kTrue, all_good = good(start);
    Bits state = start;
    for (std::size_t i = 0; i < *steps_ && !ground_.is_spent(); ++i) {
      const Step step = single_step(ground_, state);
      steps = both(steps, step.allowed);
      state = step.after;
      all_good = both(all_good, good(state));
    }
    add("the claim holds within the steps", {ground_.initial(start), steps, !all_good});
  }

  Ground& ground_;
  const Claim& claim_;
  const Invariant& invariant_;
  std::optional<std::size_t> steps_;
  std::vector<Condition> made_;
};

}  // namespace

Result<std::vector<Condition>, std::string> conditions(const system::System& system, const system::Scope& scope,
                                                       const Claim& claim, const Invariant& invariant,
                                                       std::optional<std::size_t> steps, Watch watch) {
  auto made = Ground::make(system, scope, std::move(watch));
  if (!made.ok()) return fail(made.error().why);
  return Conditions(made.value(), claim, invariant, steps).make();
}

Result<Evidence, std::string> certify(const system::System& system, const system::Scope& scope, const Claim& claim,
                                      const Invariant& invariant, const Limits& limits,
                                      std::optional<std::size_t> steps) {
  const auto made = conditions(system, scope, claim, invariant, steps, Watch(limits.stop));
  if (!made.ok()) return fail(made.error());
  const Watch watch(limits.stop, 1);
  Evidence evidence{invariant, {}};
  for (const Condition& condition : made.value()) {
    auto proof = sat::refute(condition.clauses, limits.conflicts, limits.stop);
    if (!proof) {
      return fail("not refuted: " + condition.label + (watch.is_over() ? std::string(", ") + watch.why() : ""));
    }
    evidence.proofs.push_back(std::move(*proof));
  }
  return evidence;
}

std::optional<std::string> objection(const system::System& system, const system::Scope& scope, const Claim& claim,
                                     const Evidence& evidence, std::optional<std::size_t> steps) {
  const auto made = conditions(system, scope, claim, evidence.invariant, steps);
  if (!made.ok()) return made.error();
  if (made->size() != evidence.proofs.size()) return "not one proof for each condition";
  for (std::size_t i = 0; i < made->size(); ++i) {
    if (auto why = lrat::objection((*made)[i].clauses, evidence.proofs[i])) return (*made)[i].label + ": " + *why;
  }
  return std::nullopt;
}

}  // namespace bulkhead::finite
