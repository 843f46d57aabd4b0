#include "checker/interchange/horn.h"

#include <algorithm>
#include <map>
#include <vector>

#include "checker/interchange/horn_clause.h"
#include "checker/term/smt2.h"

namespace bulkhead::interchange {

using machine::Machine;
using term::TermId;

namespace {

/// What the latches are now, and after a step in which these inputs are fixed.
std::vector<TermId> now(const Machine& machine) {
  std::vector<TermId> list;
  for (const machine::Latch& latch : machine.state) list.push_back(latch.now);
  return list;
}
std::vector<TermId> next(Machine& machine, const std::map<TermId, TermId>& fixed) {
  std::vector<TermId> list;
  for (const machine::Latch& latch : machine.state) {
    list.push_back(machine::substitute(machine.store, latch.next, fixed));
  }
  return list;
}

/// The inputs that a conjunction says to be constants.
std::map<TermId, TermId> fixed_inputs(const Machine& machine, TermId condition) {
  const term::Store& store = machine.store;
  std::vector<TermId> parts{condition};
  if (store.at(condition).op == term::Op::And) parts = store.at(condition).args;
  std::map<TermId, TermId> fixed;
  for (const TermId part : parts) {
    const term::Node& node = store.at(part);
    if (node.op != term::Op::Equal) continue;
    for (const std::size_t i : {0u, 1u}) {
      const bool input = std::find(machine.inputs.begin(), machine.inputs.end(), node.args[i]) != machine.inputs.end();
      const term::Op other = store.at(node.args[1 - i]).op;
      if (input && (other == term::Op::Constant || other == term::Op::Number)) {
        fixed.emplace(node.args[i], node.args[1 - i]);
      }
    }
  }
  return fixed;
}

}  // namespace

std::string to_horn(const Machine& original) {
  Machine machine = original;  // the arena grows
  std::string text = "(set-logic HORN)\n(declare-fun Inv (";
  for (std::size_t i = 0; i < machine.state.size(); ++i) {
    text += (i == 0 ? "" : " ") + term::sort_text(machine.store.sort(machine.state[i].now));
  }
  text += ") Bool)\n";
  text += horn_clause(machine.store, {{machine.initial}, {}, Relates{"Inv", now(machine)}});
  std::vector<TermId> ways{machine.allowed};
  if (machine.store.at(machine.allowed).op == term::Op::Or) ways = machine.store.at(machine.allowed).args;
  for (const TermId way : ways) {
    const auto fixed = fixed_inputs(machine, way);
    const TermId condition = machine::substitute(machine.store, way, fixed);
    const std::vector<TermId> after = next(machine, fixed);
    text += horn_clause(machine.store, {{condition}, {{"Inv", now(machine)}}, Relates{"Inv", after}});
  }
  for (const machine::Bad& bad : machine.bad) {
    text += horn_clause(machine.store, {{bad.condition}, {{"Inv", now(machine)}}, std::nullopt});
  }
  return text + "(check-sat)\n";
}

}  // namespace bulkhead::interchange
