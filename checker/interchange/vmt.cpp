#include "checker/interchange/vmt.h"

#include <algorithm>
#include <vector>

#include "checker/conditions/substitute.h"
#include "checker/encode/system_terms.h"
#include "checker/term/smt2.h"

namespace bulkhead::interchange {

using conditions::Terms;
using machine::Machine;
using system::Op;
using term::TermId;

namespace {

std::string annotated(const std::string& name, const std::string& formula, const std::string& annotation) {
  return "(define-fun " + name + " () Bool (! " + formula + " " + annotation + "))\n";
}

/// One line, whatever the name holds.
std::string comment(const std::string& text) {
  std::string line = "; ";
  for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return line + "\n";
}

}  // namespace

std::string to_vmt(const Machine& original) {
  Machine machine = original;  // the arena grows by the variables after the step
  term::Store& store = machine.store;
  std::vector<TermId> after, trans{machine.allowed};
  for (const machine::Latch& latch : machine.state) {
    after.push_back(store.variable("n." + store.name(latch.now), store.sort(latch.now)));
    trans.push_back(store.equal(after.back(), latch.next));
  }
  std::vector<TermId> roots{machine.initial, store.conjunction(trans)};
  for (const machine::Bad& bad : machine.bad) roots.push_back(store.negation(bad.condition));
  const std::size_t properties = roots.size();
  for (std::size_t i = 0; i < machine.state.size(); ++i) {
    roots.push_back(machine.state[i].now);
    roots.push_back(after[i]);
  }
  const std::size_t latches = roots.size();
  roots.insert(roots.end(), machine.inputs.begin(), machine.inputs.end());  // declared, read or not
  const term::Script script = term::script(store, roots);
  std::string text = script.declarations;
  for (std::size_t i = properties; i < latches; i += 2) {
    const std::string& name = script.uses[i];
    text += "(define-fun next." + name + " () " + term::sort_text(store.sort(roots[i])) + " (! " + name + " :next " +
            script.uses[i + 1] + "))\n";
  }
  text += script.definitions + annotated("init", script.uses[0], ":init true") +
          annotated("trans", script.uses[1], ":trans true");
  for (std::size_t i = 2; i < properties; ++i) {
    const std::string number = std::to_string(i - 2);
    text += annotated("property." + number, script.uses[i], ":invar-property " + number);
  }
  return text;
}

namespace {

/// The system's own signature and its copy after the step, as formulas of the system.
class FirstOrder {
 public:
  explicit FirstOrder(const system::System& system) : terms_(system) {
    for (std::size_t i = 0; i < system.functions.size(); ++i) {
      if (system.functions[i].change != system::Change::State) continue;
      system::Function copy = system.functions[i];
      copy.name += ".next";
      copy.initial = {};
      copy.parameters.clear();
      state_.push_back({system::FunctionId{i}, terms_.declare(std::move(copy))});
    }
  }

  Terms& terms() { return terms_; }
  struct Pair {
    system::FunctionId now, next;
  };
  const std::vector<Pair>& state() const { return state_; }

  system::TermId assumptions() {
    std::vector<system::TermId> all;
    for (const system::Property& property : terms_.system().properties) {
      if (property.kind == system::PropertyKind::Assumption) all.push_back(property.formula);
    }
    return terms_.conjunction(std::move(all));
  }
  /// Each function is its initial value wherever it has one, and `initially` holds.
  system::TermId initial() {
    std::vector<system::TermId> all;
    for (const Pair& pair : state_) {
      const system::Function function = terms_.system().at(pair.now);
      if (!function.initial.valid()) continue;
      const auto [binders, args] = fresh_arguments(function);
      const system::TermId now = terms_.apply(pair.now, args);
      all.push_back(terms_.quantified(Op::ForAll, binders, terms_.equal(now, conditions::at_start(terms_, now))));
    }
    if (terms_.system().initially.valid()) all.push_back(terms_.system().initially);
    return terms_.conjunction(std::move(all));
  }
  system::TermId step(system::ActionId id) {
    const system::Action action = terms_.system().at(id);
    conditions::Substitution parameters;
    std::vector<system::BinderId> binders;
    for (const system::BinderId parameter : action.parameters) {
      binders.push_back(terms_.fresh(parameter));
      parameters.emplace(parameter, terms_.bound(binders.back()));
    }
    std::vector<system::TermId> all{conditions::instantiate(terms_, action.guard, parameters)};
    const auto kept = after([&](system::TermId now) { return conditions::after(terms_, id, parameters, now); });
    all.insert(all.end(), kept.begin(), kept.end());
    return terms_.quantified(Op::Exists, binders, terms_.conjunction(std::move(all)));
  }
  system::TermId nothing() {
    return terms_.conjunction(after([](system::TermId now) { return now; }));
  }

 private:
  using Arguments = std::pair<std::vector<system::BinderId>, std::vector<system::TermId>>;
  Arguments fresh_arguments(const system::Function& function) {
    Arguments made;
    for (std::size_t i = 0; i < function.arguments.size(); ++i) {
      made.first.push_back(terms_.fresh(system::Binder{"x", function.arguments[i]}));
      made.second.push_back(terms_.bound(made.first.back()));
    }
    return made;
  }
  /// Each function after the step is what `value` makes of it.
  template <typename Value>
  std::vector<system::TermId> after(Value value) {
    std::vector<system::TermId> all;
    for (const Pair& pair : state_) {
      const auto [binders, args] = fresh_arguments(terms_.system().at(pair.now));
      const system::TermId now = terms_.apply(pair.now, args), next = terms_.apply(pair.next, args);
      all.push_back(terms_.quantified(Op::ForAll, binders, terms_.equal(next, value(now))));
    }
    return all;
  }

  Terms terms_;
  std::vector<Pair> state_;
};

}  // namespace

std::string to_vmt(const system::System& system, system::TermId formula, bool always) {
  FirstOrder model(system);
  Terms& terms = model.terms();
  std::vector<system::TermId> steps{model.nothing()};
  for (std::size_t i = 0; i < system.actions.size(); ++i) steps.push_back(model.step(system::ActionId{i}));
  const system::TermId formulas[] = {terms.conjunction({model.assumptions(), model.initial()}),
                                     terms.disjunction(std::move(steps)), always ? formula : terms.negation(formula)};
  term::Store store;
  encode::SystemTerms encoding(store, terms);
  std::vector<TermId> roots;
  for (const system::TermId id : formulas) roots.push_back(encoding.translate(id));
  std::string next;
  for (const FirstOrder::Pair& pair : model.state()) {
    const system::Function& function = terms.system().at(pair.now);
    std::vector<TermId> now, after;
    std::string parameters;
    for (const system::Type& type : function.arguments) {
      const system::BinderId binder = terms.fresh(system::Binder{"x", type});
      now.push_back(encoding.translate(terms.bound(binder)));
      parameters += (parameters.empty() ? "(" : " (") + store.name(now.back()) + " " +
                    term::sort_text(store.sort(now.back())) + ")";
    }
    const std::string f = "f" + std::to_string(pair.now.index()), g = "f" + std::to_string(pair.next.index());
    std::string application = f;
    for (const TermId variable : now) application += " " + store.name(variable);
    next += "(define-fun next." + f + " (" + parameters + ") " +
            term::sort_text(encode::SystemTerms::sort(terms.system(), function.result)) + " (! " +
            (now.empty() ? application : "(" + application + ")") + " :next " + g + "))\n";
  }
  const term::Script script = term::script(store, roots);
  std::string text = comment("the model `" + system.name + "`");
  for (const FirstOrder::Pair& pair : model.state()) {
    text += comment("f" + std::to_string(pair.now.index()) + " is `" + terms.system().at(pair.now).name + "`, f" +
                    std::to_string(pair.next.index()) + " the same after a step");
  }
  return text + script.declarations + next + script.definitions + annotated("init", script.uses[0], ":init true") +
         annotated("trans", script.uses[1], ":trans true") +
         annotated("property.0", script.uses[2], ":invar-property 0");
}

}  // namespace bulkhead::interchange
