#include <utility>

#include "checker/finite/cnf.h"
#include "checker/finite/net.h"

namespace bulkhead::finite {

using ground::Bit;
using ground::Circuit;
using sat::Answer;

namespace {

/// Of all copies together; each takes some ten bytes for every gate that it has.
constexpr std::size_t kMaxGates = std::size_t{1} << 24;
const char* const kGates = "more steps need too many gates";

/// Moments that follow one another, each a copy of the net's gates with inputs of its own.
class Moments {
 public:
  Moments(const Net& net, const Limits& limits)
      : net_(net), solver_(limits.stop), cnf_(circuit_, [this](const sat::Clause& one) { solver_.add(one); }) {
    std::vector<Bit> state;
    for (std::size_t i = 0; i < net.now.size(); ++i) state.push_back(circuit_.input());
    copy(state);
  }

  std::size_t depth() const { return copies_.size() - 1; }
  /// One moment more would be too much.
  bool is_spent() const { return circuit_.size() + net_.circuit->size() > kMaxGates; }
  /// In the last moment.
  Bit at(Bit bit) const { return image(copies_.back(), bit); }
  void assert_true(Bit bit) { cnf_.assert_true(bit); }
  void extend() {
    assert_true(at(net_.allowed));
    std::vector<Bit> state;
    for (const Bit bit : net_.next) state.push_back(at(bit));
    copy(state);
  }
  Answer solve(Bit bit, const Limits& limits) {
    const sat::Literal assumed = cnf_.literal(bit);
    return solver_.solve({&assumed, 1}, {}, limits.conflicts);
  }
  const char* why_unknown() const { return solver_.why_unknown(); }
  NetRun lift() {
    const std::vector<bool> values = cnf_.model(solver_);
    NetRun run;
    for (const std::vector<Bit>& copy : copies_) {
      auto& moment = run.values.emplace_back();
      for (const Bit bit : copy) moment.push_back(values[bit.gate()] != bit.negated());
    }
    return run;
  }

 private:
  static Bit image(const std::vector<Bit>& copy, Bit bit) {
    return bit.negated() ? !copy[bit.gate()] : copy[bit.gate()];
  }
  void copy(const std::vector<Bit>& state) {
    const Circuit& from = *net_.circuit;
    std::vector<Bit> made(from.size(), ground::kFalse);
    for (std::size_t i = 0; i < state.size(); ++i) made[net_.now[i].gate()] = state[i];
    std::vector<bool> is_state(from.size(), false);
    for (const Bit bit : net_.now) is_state[bit.gate()] = true;
    for (std::uint32_t gate = 1; gate < from.size(); ++gate) {
      const Circuit::Gate& one = from.at(gate);
      if (is_state[gate]) continue;
      made[gate] = one.is_input ? circuit_.input() : circuit_.both(image(made, one.left), image(made, one.right));
    }
    copies_.push_back(std::move(made));
  }

  const Net& net_;
  Circuit circuit_;
  sat::Solver solver_;
  Cnf cnf_;
  std::vector<std::vector<Bit>> copies_;  // by moment, for each gate of the net what it has become
};

}  // namespace

NetOutcome unroll(const Net& net, const Limits& limits) {
  Moments moments(net, limits);
  moments.assert_true(moments.at(net.initial));
  std::optional<std::size_t> depth;
  for (;;) {
    const Bit bad = moments.at(net.bad);
    const Answer answer = moments.solve(bad, limits);
    if (answer == Answer::Unknown) return Open{moments.why_unknown(), depth};
    if (answer == Answer::Satisfiable) return moments.lift();
    depth = moments.depth();
    if (depth == limits.depth) return Open{"the depth is reached", depth};
    if (moments.is_spent()) return Open{kGates, depth};
    moments.assert_true(!bad);
    moments.extend();
  }
}

NetOutcome k_inductive(const Net& net, const Limits& limits) {
  Moments base(net, limits), step(net, limits);
  base.assert_true(base.at(net.initial));
  step.assert_true(step.at(net.always));
  std::optional<std::size_t> depth;
  for (std::size_t k = 1; k <= limits.depth; ++k) {
    const Bit bad = base.at(net.bad);
    const Answer violated = base.solve(bad, limits);
    if (violated == Answer::Unknown) return Open{base.why_unknown(), depth};
    if (violated == Answer::Satisfiable) return Open{"a run of this length is bad", depth};
    depth = base.depth();
    if (base.is_spent() || step.is_spent()) return Open{kGates, depth};
    base.assert_true(!bad);
    base.extend();
    step.assert_true(!step.at(net.bad));
    step.extend();
    const Answer kept = step.solve(step.at(net.bad), limits);
    if (kept == Answer::Unknown) return Open{step.why_unknown(), depth};
    if (kept == Answer::Unsatisfiable) return NetInvariant{{}, k};
  }
  return Open{"the depth is reached", depth};
}

}  // namespace bulkhead::finite
