#include "checker/interchange/horn.h"

#include <algorithm>
#include <map>
#include <vector>

#include "checker/term/smt2.h"

namespace bulkhead::interchange {

using machine::Machine;
using term::TermId;

namespace {

/// Longer texts are named, so that shared terms stay shared and no text is copied often.
constexpr std::size_t kLongText = 60;

/// `(forall (variables) (let ... (=> (and body) head)))`, where head and body are made from the texts of terms.
class Clause {
 public:
  explicit Clause(Machine& machine) : machine_(machine) {}

  /// `relation`: the state holds of `Inv`; of the head, the state after the step does; else the head is false.
  enum class Head : std::uint8_t { Now, Next, False };
  std::string text(std::vector<TermId> body, bool relation, Head head, const std::map<TermId, TermId>& fixed = {}) {
    std::vector<TermId> roots = body, now, next;
    for (const machine::Latch& latch : machine_.state) {
      now.push_back(latch.now);
      next.push_back(latch.next);
    }
    for (TermId& id : next) id = machine::substitute(machine_.store, id, fixed);
    roots.insert(roots.end(), now.begin(), now.end());
    if (head == Head::Next) roots.insert(roots.end(), next.begin(), next.end());
    name(roots);
    std::string premise = "(and";
    if (relation) premise += " " + applied(now);
    for (const TermId id : body) premise += " " + texts_[id.index()];
    if (body.empty() && !relation) premise += " true";
    premise += ")";
    const std::string conclusion = head == Head::False ? "false" : applied(head == Head::Now ? now : next);
    const std::string clause = lets_ + "(=> " + premise + " " + conclusion + ")" + std::string(open_, ')');
    if (variables_.empty()) return "(assert " + clause + ")\n";
    return "(assert (forall (" + variables_ + ")\n  " + clause + "))\n";
  }

 private:
  void name(const std::vector<TermId>& roots) {
    const term::Store& store = machine_.store;
    texts_.resize(store.size());
    for (const TermId id : term::reachable(store, roots)) {
      std::vector<std::string> args;
      for (const TermId arg : store.at(id).args) args.push_back(texts_[arg.index()]);
      std::string text = term::term_text(store, id, args);
      if (store.at(id).op == term::Op::Variable) {
        variables_ += (variables_.empty() ? "(" : " (") + text + " " + term::sort_text(store.sort(id)) + ")";
      } else if (text.size() > kLongText) {
        const std::string name = "t!" + std::to_string(id.index());
        lets_ += "(let ((" + name + " " + text + "))\n  ";
        ++open_;
        text = name;
      }
      texts_[id.index()] = std::move(text);
    }
  }
  std::string applied(const std::vector<TermId>& arguments) const {
    if (arguments.empty()) return "Inv";
    std::string text = "(Inv";
    for (const TermId id : arguments) text += " " + texts_[id.index()];
    return text + ")";
  }

  Machine& machine_;
  std::vector<std::string> texts_;  // by term
  std::string variables_, lets_;
  std::size_t open_ = 0;
};

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
  text += Clause(machine).text({machine.initial}, false, Clause::Head::Now);
  std::vector<TermId> ways{machine.allowed};
  if (machine.store.at(machine.allowed).op == term::Op::Or) ways = machine.store.at(machine.allowed).args;
  for (const TermId way : ways) {
    const auto fixed = fixed_inputs(machine, way);
    const TermId condition = machine::substitute(machine.store, way, fixed);
    text += Clause(machine).text({condition}, true, Clause::Head::Next, fixed);
  }
  for (const machine::Bad& bad : machine.bad) {
    text += Clause(machine).text({bad.condition}, true, Clause::Head::False);
  }
  return text + "(check-sat)\n";
}

}  // namespace bulkhead::interchange
