// Smells of models: what may be written and is hardly meant.
#include <algorithm>
#include <set>

#include "lang/types/model/model.h"

namespace bulkhead::model {
namespace {

using system::Op;

void smell(Model& model, Code code, const ast::Span& span, std::string message, std::string help) {
  model.sink.report({code, span, std::move(message), {}, std::move(help), {}});
}

/// What the guard demands, part by part.
std::set<TermId> demands(const system::System& system, TermId guard) {
  std::set<TermId> found;
  for (std::vector<TermId> open{guard}; !open.empty();) {
    const TermId id = open.back();
    open.pop_back();
    if (!found.insert(id).second || system.at(id).op != Op::And) continue;
    open.insert(open.end(), system.at(id).args.begin(), system.at(id).args.end());
  }
  return found;
}

/// Whether two terms are known to differ: constants, or what the guard keeps apart.
bool differ(const system::System& system, const std::set<TermId>& demanded, TermId a, TermId b) {
  if (system.at(a).op == Op::Constant && system.at(b).op == Op::Constant) return a != b;
  for (const TermId id : demanded) {
    const system::Term& term = system.at(id);
    if (term.op != Op::Not) continue;
    const system::Term& inner = system.at(term.args[0]);
    if (inner.op != Op::Equal) continue;
    if ((inner.args[0] == a && inner.args[1] == b) || (inner.args[0] == b && inner.args[1] == a)) return true;
  }
  return false;
}

bool can_meet(const system::System& system, const std::set<TermId>& demanded, const system::Update& a,
              const system::Update& b) {
  if (a.function != b.function) return false;
  for (std::size_t i = 0; i < a.at.size(); ++i) {
    if (differ(system, demanded, a.at[i], b.at[i])) return false;
  }
  return true;
}

void smell_action(Model& model, const system::Action& action, const ast::Span& name) {
  if (action.updates.empty()) {
    smell(model, Code::IdleAction, name, "action `" + action.name + "` changes nothing",
          "say what it does with `do`, or remove it");
  }
  const std::set<TermId> demanded = demands(model.system, action.guard);
  for (std::size_t i = 0; i < action.updates.size(); ++i) {
    for (std::size_t k = i + 1; k < action.updates.size(); ++k) {
      const system::Update& one = action.updates[i];
      const system::Update& other = action.updates[k];
      if (!can_meet(model.system, demanded, one, other)) continue;
      model.sink.report({Code::MeetingUpdates,
                         other.origin.span,
                         "this update and an earlier one of `" + action.name + "` can meet at one place of `" +
                             model.system.at(one.function).name + "`: this one counts",
                         {{one.origin.span, "the earlier one"}},
                         "demand in the guard that the places differ, or write one update with `if`",
                         {}});
    }
  }
}

}  // namespace

void find_smells(Model& model) {
  std::set<system::FunctionId> assigned;
  for (const system::Action& action : model.system.actions) {
    for (const system::Update& update : action.updates) assigned.insert(update.function);
    for (const ActionText& text : model.draft.actions) {
      if (text.decl->name.text == action.name) smell_action(model, action, text.decl->name.span);
    }
  }
  for (const auto& [name, variable] : model.variables) {
    if (variable.rigid()) continue;
    const auto some = [&](system::FunctionId id) { return assigned.count(id) != 0; };
    if (std::any_of(variable.functions.begin(), variable.functions.end(), some)) continue;
    smell(model, Code::NeverAssigned, variable.decl->name.span, "no action assigns `" + name + "`",
          "what never changes is a `const` or a `relation`");
  }
}

}  // namespace bulkhead::model
