#include <utility>

#include "checker/finite/cnf.h"
#include "checker/finite/finite.h"
#include "checker/finite/steps.h"
#include "lang/base/check.h"

namespace bulkhead::finite {

using ground::Bit;
using ground::Bits;
using ground::Ground;
using sat::Answer;

Claim claim_of(const system::System& system, const system::Theorem& theorem) {
  if (const auto* always = std::get_if<system::Always>(&theorem.statement)) {
    return {system.at(always->property).formula, true};
  }
  const auto* never = std::get_if<system::Never>(&theorem.statement);
  BH_CHECK(never != nullptr, "only Always and Never speak of single states");
  return {never->formula, false};
}

namespace {

/// States that follow one another by single steps, as far as they were asked for.
class Unrolling {
 public:
  Unrolling(Ground& ground, const Claim& claim, const Limits& limits)
      : ground_(ground),
        claim_(claim),
        solver_(limits.stop),
        cnf_(ground.circuit(), [this](const sat::Clause& one) { solver_.add(one); }) {
    states_.push_back(ground_.state());
  }

  const Bits& last() const { return states_.back(); }
  std::size_t depth() const { return steps_.size(); }
  void assert_true(Bit bit) { cnf_.assert_true(bit); }
  Bit bad() {
    const Bit holds = ground_.holds(last(), claim_.formula);
    return claim_.always ? !holds : holds;
  }
  Answer solve(Bit bit, const Limits& limits) {
    const sat::Literal assumed = cnf_.literal(bit);
    return solver_.solve({&assumed, 1}, {}, limits.conflicts);
  }
  const char* why_unknown() const { return solver_.why_unknown(); }
  void extend() {
    steps_.push_back(single_step(ground_, last()));
    states_.push_back(steps_.back().after);
    cnf_.assert_true(steps_.back().allowed);
  }

  system::Run lift() {
    const std::vector<bool> values = cnf_.model(solver_);
    const auto value = [&](Bit bit) { return values[bit.gate()] != bit.negated(); };
    system::Run run{ground_.scope(), ground_.lift(states_[0], value), {}, std::nullopt};
    for (const Step& step : steps_) {
      for (system::Fired& fired : finite::lift(ground_, step, value)) run.steps.push_back(std::move(fired));
    }
    return run;
  }

 private:
  Ground& ground_;
  Claim claim_;
  sat::Solver solver_;
  Cnf cnf_;
  std::vector<Bits> states_;
  std::vector<Step> steps_;
};

}  // namespace

Outcome bounded(const system::System& system, const system::Scope& scope, const Claim& claim, const Limits& limits) {
  auto made = Ground::make(system, scope, Watch(limits.stop));
  if (!made.ok()) return Open{made.error().why, std::nullopt};
  Ground& ground = made.value();
  Unrolling unrolling(ground, claim, limits);
  unrolling.assert_true(ground.initial(unrolling.last()));
  std::optional<std::size_t> depth;
  for (;;) {
    const Bit bad = unrolling.bad();
    if (ground.is_spent()) return Open{ground.why_spent(), depth};
    const Answer answer = unrolling.solve(bad, limits);
    if (answer == Answer::Unknown) return Open{unrolling.why_unknown(), depth};
    if (answer == Answer::Satisfiable) return Violated{unrolling.lift()};
    depth = unrolling.depth();
    if (depth == limits.depth) return Open{"the depth is reached", depth};
    unrolling.assert_true(!bad);
    unrolling.extend();
  }
}

Outcome k_induction(const system::System& system, const system::Scope& scope, const Claim& claim,
                    const Limits& limits) {
  auto made = Ground::make(system, scope, Watch(limits.stop)), free = Ground::make(system, scope, Watch(limits.stop));
  if (!made.ok()) return Open{made.error().why, std::nullopt};
  if (!free.ok()) return Open{free.error().why, std::nullopt};
  Unrolling base(made.value(), claim, limits), step(free.value(), claim, limits);
  base.assert_true(made.value().initial(base.last()));
  step.assert_true(free.value().in_range(step.last()));
  for (const system::Property& property : system.properties) {
    if (property.kind != system::PropertyKind::Assumption) continue;
    step.assert_true(free.value().holds(step.last(), property.formula));  // rigid: once is for ever
  }
  std::optional<std::size_t> depth;
  for (std::size_t k = 1; k <= limits.depth; ++k) {
    const Bit base_bad = base.bad();
    if (made.value().is_spent()) return Open{made.value().why_spent(), depth};
    const Answer violated = base.solve(base_bad, limits);
    if (violated == Answer::Unknown) return Open{base.why_unknown(), depth};
    if (violated == Answer::Satisfiable) return Violated{base.lift()};
    depth = base.depth();
    base.assert_true(!base_bad);
    base.extend();
    step.assert_true(!step.bad());  // in k states, one after the other
    step.extend();
    const Bit step_bad = step.bad();
    if (free.value().is_spent()) return Open{free.value().why_spent(), depth};
    const Answer kept = step.solve(step_bad, limits);
    if (kept == Answer::Unknown) return Open{step.why_unknown(), depth};
    if (kept == Answer::Unsatisfiable) return Invariant{{}, k};
  }
  return Open{"the depth is reached", depth};
}

}  // namespace bulkhead::finite
