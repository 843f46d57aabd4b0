// Smells of models: what may be written and is hardly meant.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>

#include "lang/system/spell.h"
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

std::optional<std::uint64_t> constant(const system::System& system, TermId id) {
  const system::Term& term = system.at(id);
  if (term.op != Op::Constant) return std::nullopt;
  return static_cast<std::uint64_t>(term.value);
}

std::uint64_t largest(std::uint8_t width) {
  return width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

/// Whether `low <= high` (or `low < high`, `strictly`) is demanded, which keeps `sum`, an Add or Subtract, in range.
bool keeps_in_range(const system::System& system, const system::Term& sum, TermId low, TermId high, bool strictly) {
  const auto second = constant(system, sum.args[1]);
  const auto bound = constant(system, sum.op == Op::Add ? high : low);
  const std::uint64_t slack = strictly ? 1 : 0;
  if (sum.op == Op::Add) {
    if (low != sum.args[0] || !second) return false;
    if (strictly && *second == 1) return true;
    return bound && *bound >= slack && *second <= largest(sum.type.width) - (*bound - slack);
  }
  if (high != sum.args[0]) return false;
  if (low == sum.args[1]) return true;
  if (!second) return false;
  if (strictly && *second == 1) return true;
  return bound && (*second <= *bound || *second - *bound <= slack);
}

/// Whether nothing that the guard demands keeps the result of word arithmetic from wrapping, as far as is looked.
bool can_wrap(const system::System& system, const std::set<TermId>& demanded, const system::Term& sum) {
  const auto a = constant(system, sum.args[0]);
  const auto b = constant(system, sum.args[1]);
  if (a && b) return false;
  for (const TermId id : demanded) {
    const system::Term& term = system.at(id);
    if (sum.op == Op::Multiply || (term.op != Op::Less && term.op != Op::LessEqual)) continue;
    if (keeps_in_range(system, sum, term.args[0], term.args[1], term.op == Op::Less)) return false;
  }
  return true;
}

/// A guard that keeps the sum in range, as keeps_in_range() sees it; empty: it sees none.
std::string guard_for(const system::System& system, const system::Term& sum) {
  const auto second = constant(system, sum.args[1]);
  const std::string name = system::spell_term(system, sum.args[0]), most = std::to_string(largest(sum.type.width));
  if (sum.op == Op::Subtract) {
    if (!second) return system::spell_term(system, sum.args[1]) + " <= " + name;
    return *second == 1 ? name + " > 0" : name + " >= " + std::to_string(*second);
  }
  if (sum.op == Op::Multiply || !second) return "";
  return *second == 1 ? name + " < " + most : name + " <= " + std::to_string(largest(sum.type.width) - *second);
}

void smell_words(Model& model, const std::set<TermId>& demanded, const system::Update& update) {
  std::set<TermId> seen;
  for (std::vector<TermId> open{update.value}; !open.empty();) {
    const TermId id = open.back();
    open.pop_back();
    if (!seen.insert(id).second) continue;
    const system::Term& term = model.system.at(id);
    open.insert(open.end(), term.args.begin(), term.args.end());
    const bool sum = term.op == Op::Add || term.op == Op::Subtract || term.op == Op::Multiply;
    if (!sum || term.type.kind != system::Kind::Bits || !can_wrap(model.system, demanded, term)) continue;
    const bool below = term.op == Op::Subtract;
    const std::string guard = guard_for(model.system, term);
    smell(model, Code::WrappingWord, update.origin.span,
          "this can wrap around: a " + model.spell(term.type) +
              (below ? " begins at 0" : " ends at " + std::to_string(largest(term.type.width))),
          (guard.empty() ? "" : "bound the value in the guard: `when " + guard + "`, or ") +
              "use `int` where wrapping is not meant");
    return;
  }
}

void smell_action(Model& model, const system::Action& action, const ast::Span& name) {
  if (action.updates.empty()) {
    smell(model, Code::IdleAction, name, "action `" + action.name + "` changes nothing",
          "say what it does with `do`, or remove it");
  }
  const std::set<TermId> demanded = demands(model.system, action.guard);
  for (std::size_t i = 0; i < action.updates.size(); ++i) {
    smell_words(model, demanded, action.updates[i]);
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
