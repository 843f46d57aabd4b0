#include "checker/finite/aiger.h"

#include <utility>
#include <vector>

#include "checker/finite/steps.h"

namespace bulkhead::finite {

using ground::Bit;
using ground::Bits;
using ground::Circuit;
using ground::Ground;

namespace {

/// Writes a circuit whose inputs are some of them latches. Literals of AIGER: inputs first, then latches, then gates.
class Writer {
 public:
  Writer(const Circuit& circuit, std::vector<Bit> latches) : circuit_(circuit), latches_(std::move(latches)) {
    number_.assign(circuit.size(), 0);
    std::vector<bool> is_latch(circuit.size(), false);
    for (const Bit latch : latches_) is_latch[latch.gate()] = true;
    for (std::uint32_t gate = 1; gate < circuit.size(); ++gate) {
      if (circuit.at(gate).is_input && !is_latch[gate]) number_[gate] = ++inputs_;
    }
    std::size_t last = inputs_;
    for (const Bit latch : latches_) number_[latch.gate()] = ++last;
    for (std::uint32_t gate = 1; gate < circuit.size(); ++gate) {  // gates stand after what they read
      if (circuit.at(gate).is_input) continue;
      number_[gate] = ++last;
      gates_.push_back(gate);
    }
    last_ = last;
  }

  std::string write(const std::vector<Bit>& next, Bit output) const {
    std::string text = "aig " + std::to_string(last_) + " " + std::to_string(inputs_) + " " +
                       std::to_string(latches_.size()) + " 1 " + std::to_string(gates_.size()) + "\n";
    for (const Bit bit : next) text += std::to_string(literal(bit)) + "\n";
    text += std::to_string(literal(output)) + "\n";
    for (const std::uint32_t gate : gates_) {
      std::size_t left = literal(circuit_.at(gate).left), right = literal(circuit_.at(gate).right);
      if (left < right) std::swap(left, right);
      number(text, 2 * number_[gate] - left);
      number(text, left - right);
    }
    return text;
  }

 private:
  std::size_t literal(Bit bit) const { return 2 * number_[bit.gate()] + (bit.negated() ? 1 : 0); }
  /// Seven bits in each byte, the lowest first; the highest bit says that more follow.
  static void number(std::string& text, std::size_t value) {
    for (; value > 127; value >>= 7u) text += static_cast<char>((value & 127u) | 128u);
    text += static_cast<char>(value);
  }

  const Circuit& circuit_;
  std::vector<Bit> latches_;
  std::vector<std::size_t> number_;   // by gate
  std::vector<std::uint32_t> gates_;  // in order
  std::size_t inputs_ = 0, last_ = 0;
};

}  // namespace

Result<std::string, std::string> to_aiger(const system::System& system, const system::Scope& scope,
                                          const Claim& claim) {
  auto made = Ground::make(system, scope);
  if (!made.ok()) return fail(made.error().why);
  Ground& ground = made.value();
  Circuit& circuit = ground.circuit();
  const Bit begun = circuit.input();
  const Bits state = ground.state(), offered = ground.state();
  const Bit initial = ground.initial(offered);
  const Step step = sweep(ground, state);
  const Bit holds = ground.holds(state, claim.formula);
  if (ground.is_spent()) return fail(std::string("the scope needs too many gates"));
  std::vector<Bit> latches{begun}, next{circuit.either(begun, initial)};
  for (std::size_t entry = 0; entry < state.size(); ++entry) {
    for (std::size_t bit = 0; bit < state[entry].size(); ++bit) {
      latches.push_back(state[entry][bit]);
      next.push_back(circuit.choose(begun, step.after[entry][bit], offered[entry][bit]));
    }
  }
  const Bit bad = circuit.both(begun, claim.always ? !holds : holds);
  return Writer(circuit, std::move(latches)).write(next, bad);
}

}  // namespace bulkhead::finite
