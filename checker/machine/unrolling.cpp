#include "checker/machine/unrolling.h"

#include "lang/base/check.h"

namespace bulkhead::machine {

Unrolling::Unrolling(Machine& machine, std::string prefix) : machine_(machine), prefix_(std::move(prefix)) {
  term::Store& store = machine_.store;
  std::map<TermId, TermId> first;
  for (const Latch& latch : machine_.state) {
    first.emplace(latch.now, store.variable(prefix_ + "0." + store.name(latch.now), store.sort(latch.now)));
  }
  moments_.push_back(std::move(first));
  inputs();
}

void Unrolling::inputs() {
  term::Store& store = machine_.store;
  for (const TermId input : machine_.inputs) {
    const std::string name = prefix_ + std::to_string(depth()) + "." + store.name(input);
    moments_.back().emplace(input, store.variable(name, store.sort(input)));
  }
}

void Unrolling::extend() {
  std::map<TermId, TermId> next;
  for (const Latch& latch : machine_.state) next.emplace(latch.now, at(latch.next));
  moments_.push_back(std::move(next));
  inputs();
}

Run Unrolling::run(const term::Assignment& values) const {
  Run run;
  for (const auto& terms : moments_) {
    const auto value = [&](TermId variable) {
      const auto found = term::evaluate(machine_.store, terms.at(variable), values);
      return found.value_or(term::Word{});  // beyond 64 bits: the run will not replay
    };
    Moment& moment = run.moments.emplace_back();
    for (const Latch& latch : machine_.state) moment.state.push_back(value(latch.now));
    for (const TermId input : machine_.inputs) moment.inputs.push_back(value(input));
  }
  return run;
}

std::vector<TermId> unrolled(Machine& machine, std::size_t steps) {
  Unrolling unrolling(machine);
  std::vector<TermId> assertions{unrolling.at(machine.initial)};
  for (std::size_t i = 0; i < steps; ++i) {
    assertions.push_back(unrolling.at(machine.allowed));
    unrolling.extend();
  }
  assertions.push_back(unrolling.at(any_bad(machine)));
  return assertions;
}

}  // namespace bulkhead::machine
