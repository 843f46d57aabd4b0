#include "checker/finite/steps.h"

#include <bit>

namespace bulkhead::finite {

using ground::Bit;
using ground::Bits;
using ground::Effect;
using ground::Ground;
using ground::kFalse;
using ground::kTrue;
using ground::Word;

Step single_step(Ground& ground, const Bits& state) {
  ground::Circuit& circuit = ground.circuit();
  const std::size_t count = ground.instances().size();
  Word index(static_cast<std::size_t>(std::bit_width(count)));
  for (Bit& bit : index) bit = circuit.input();
  Step step{!ground::less(circuit, ground::constant(count, index.size()), index), {}, {}, state};
  Bits changed = state;  // for each bit: some chosen instance writes it
  for (Word& word : changed) word.assign(word.size(), kFalse);
  Bits written = changed;
  for (std::size_t i = 0; i < count && !ground.is_spent(); ++i) {
    const Bit chosen = ground::equal(circuit, index, ground::constant(i, index.size()));
    step.words.push_back(ground.words(ground.instances()[i]));
    const Effect effect = ground.effect(state, ground.instances()[i], step.words.back());
    step.allowed = circuit.both(step.allowed, circuit.either(!chosen, effect.fires));
    step.chosen.push_back(chosen);
    for (std::size_t entry = 0; entry < state.size(); ++entry) {
      for (std::size_t bit = 0; bit < state[entry].size(); ++bit) {
        if (effect.after[entry][bit] == state[entry][bit]) continue;
        changed[entry][bit] = circuit.either(changed[entry][bit], chosen);
        const Bit one = circuit.both(chosen, effect.after[entry][bit]);
        written[entry][bit] = circuit.either(written[entry][bit], one);
      }
    }
  }
  for (std::size_t entry = 0; entry < state.size(); ++entry) {
    for (std::size_t bit = 0; bit < state[entry].size(); ++bit) {
      step.after[entry][bit] = circuit.choose(changed[entry][bit], written[entry][bit], state[entry][bit]);
    }
  }
  return step;
}

Step sweep(Ground& ground, const Bits& state) {
  ground::Circuit& circuit = ground.circuit();
  Step step{kTrue, {}, {}, state};
  for (const ground::Instance& instance : ground.instances()) {
    if (ground.is_spent()) break;
    step.words.push_back(ground.words(instance));
    const Effect effect = ground.effect(step.after, instance, step.words.back());
    step.chosen.push_back(circuit.both(circuit.input(), effect.fires));
    for (std::size_t entry = 0; entry < state.size(); ++entry) {
      step.after[entry] = choose(circuit, step.chosen.back(), effect.after[entry], step.after[entry]);
    }
  }
  return step;
}

std::vector<system::Fired> lift(const Ground& ground, const Step& step, const std::function<bool(Bit)>& value) {
  std::vector<system::Fired> fired;
  for (std::size_t i = 0; i < step.chosen.size(); ++i) {
    if (value(step.chosen[i])) fired.push_back(ground.lift(ground.instances()[i], step.words[i], value));
  }
  return fired;
}

}  // namespace bulkhead::finite
