#include "lang/frontend/dump_system.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "lang/ir/from_policy.h"
#include "lang/system/spell.h"

namespace bulkhead::frontend {
namespace {

using system::Op;
using system::System;
using system::Term;
using system::TermId;

template <typename... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <typename... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

using system::bare;
using system::spell_binders;
using system::spell_term;
using system::spell_type;
using Binders = std::vector<system::BinderId>;

Binders joined(Binders all, const Binders& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

struct SystemDump {
  const System& system;
  const source::SourceMap& sources;
  std::string out;

  std::string formula(TermId term, const Binders& around = {}) const { return bare(spell_term(system, term, around)); }
  void line(const std::string& text, const system::Origin& origin) {
    out += "    " + text;
    const std::string place = origin.span.file.valid() ? sources.place(origin.span) : "";
    if (!place.empty()) out += "  // " + place.substr(place.rfind('/') + 1);
    out += "\n";
  }

  void types();
  void function(const system::Function& function);
  void action(const system::Action& action);
  bool follows(const system::Property& property) const;
  void property(const system::Property& property);
  void view(const system::View& view);
};

void SystemDump::types() {
  for (const system::Sort& sort : system.sorts) line("sort " + sort.name + ";", sort.origin);
  for (const system::Enum& type : system.enums) {
    std::string members;
    for (const std::string& member : type.members) members += (members.empty() ? "" : ", ") + member;
    line("enum " + type.name + " { " + members + " }", type.origin);
  }
}

void SystemDump::function(const system::Function& function) {
  const bool rigid = function.change == system::Change::Rigid;
  const bool relation = rigid && !function.arguments.empty();
  std::string text = (relation ? "relation " : rigid ? "const " : "var ") + function.name + ": ";
  if (!function.arguments.empty()) {
    std::string arguments = spell_binders(system, function.parameters, function.parameters);
    for (std::size_t i = 0; i < function.arguments.size() && !function.initial.valid(); ++i) {
      arguments += (i > 0 ? ", " : "") + spell_type(system, function.arguments[i]);
    }
    text += "(" + arguments + ") -> ";
  }
  text += spell_type(system, function.result);
  if (function.from_policy) text += " from policy";
  if (function.initial.valid()) text += " = " + formula(function.initial, function.parameters);
  line(text + ";", function.origin);
}

void SystemDump::action(const system::Action& action) {
  out += "\n";
  std::string head = "action " + action.name;
  if (!action.parameters.empty()) head += "(" + spell_binders(system, action.parameters, action.parameters) + ")";
  line(head, action.origin);
  out += "        when " + formula(action.guard, action.parameters) + (action.updates.empty() ? ";\n" : "\n");
  for (std::size_t i = 0; i < action.updates.size(); ++i) {
    const system::Update& update = action.updates[i];
    const Binders around = joined(action.parameters, update.each);
    std::string text = i == 0 ? "    do   " : "         ";
    if (!update.each.empty()) text += "forall " + spell_binders(system, around, update.each) + ". ";
    text += system.at(update.function).name;
    for (std::size_t k = 0; k < update.at.size(); ++k) text += (k == 0 ? "(" : ", ") + formula(update.at[k], around);
    text += update.at.empty() ? " := " : ") := ";
    line(text + formula(update.value, around) + (i + 1 == action.updates.size() ? ";" : ","), update.origin);
  }
}

/// What a relation is, which the policy says and says again of what is read.
bool SystemDump::follows(const system::Property& property) const {
  return property.kind == system::PropertyKind::Assumption &&
         std::any_of(system.functions.begin(), system.functions.end(), [&](const system::Function& one) {
           return one.from_policy && property.name == one.name + ir::kFromPolicy;
         });
}

void SystemDump::property(const system::Property& property) {
  static constexpr std::string_view kWords[] = {"invariant ", "lemma ", "assume "};
  line((follows(property) ? "// " : "") + std::string(kWords[static_cast<std::size_t>(property.kind)]) + property.name +
           ": " + formula(property.formula) + ";",
       property.origin);
}

void SystemDump::view(const system::View& view) {
  std::string text = "view of " + spell_binders(system, {view.observer}, {view.observer}) + " sees";
  for (std::size_t i = 0; i < view.items.size(); ++i) {
    const system::View::Item& item = view.items[i];
    const Binders around = joined({view.observer}, item.each);
    text += (i == 0 ? " " : ", ") + formula(item.value, around);
    if (!item.each.empty()) text += " for " + spell_binders(system, around, item.each);
    const Term& condition = system.at(item.condition);
    if (condition.op != Op::Constant) text += " with " + formula(item.condition, around);
  }
  line(text + ";", view.origin);
}

std::string bounds(const System& system, const system::Bounds& bounds) {
  std::string text;
  for (const auto& [sort, size] : bounds.sizes) {
    text += (text.empty() ? " for " : ", ") + std::to_string(size) + " " + system.at(sort).name;
  }
  if (bounds.steps) text += " within " + std::to_string(*bounds.steps) + " steps";
  return text;
}

std::string leads_to(const System& system, const system::LeadsTo& claim) {
  std::string text = "in " + system.name + ": ";
  if (!claim.each.empty()) text += "forall " + spell_binders(system, claim.each, claim.each) + ". ";
  text += spell_term(system, claim.from, claim.each) + " leads to " + spell_term(system, claim.to, claim.each);
  for (std::size_t i = 0; i < claim.fair.size(); ++i) {
    text += (i == 0 ? " under fair { " : ", ") + std::string(claim.fair[i].strong ? "strong " : "") +
            system.at(claim.fair[i].action).name;
  }
  if (!claim.fair.empty()) text += " }";
  for (std::size_t i = 0; i < claim.rank.size(); ++i) {
    text += (i == 0 ? " by rank " : ", ") + spell_term(system, claim.rank[i], claim.each);
  }
  return text;
}

}  // namespace

std::string dump_system(const System& system, const source::SourceMap& sources) {
  SystemDump dump{system, sources, "model " + system.name + " {\n"};
  dump.types();
  for (const system::Function& function : system.functions) dump.function(function);
  if (system.initially.valid()) dump.line("initially " + dump.formula(system.initially) + ";", {});
  for (const system::Action& action : system.actions) dump.action(action);
  if (!system.properties.empty() || !system.views.empty()) dump.out += "\n";
  for (const system::Property& property : system.properties) dump.property(property);
  for (const system::View& view : system.views) dump.view(view);
  return dump.out + "}\n";
}

std::string spell_theorem(const System& system, const system::Theorem& theorem) {
  const std::string statement = std::visit(
      Overloaded{
          [&](const system::Always& s) { return system.name + "." + system.at(s.property).name; },
          [&](const system::Never& s) { return system.name + " unreachable " + spell_term(system, s.formula); },
          [&](const system::LeadsTo& s) { return leads_to(system, s); },
          [&](const system::LeaksNothing& s) {
            std::string text =
                system.name + " leaks nothing to " + spell_binders(system, {s.observer, s.source}, {s.observer});
            if (!s.except.valid()) return text;
            text += " except from " + spell_binders(system, {s.observer, s.source}, {s.source});
            return text + " where " + spell_term(system, s.except, {s.observer, s.source});
          },
      },
      theorem.statement);
  return statement + bounds(system, theorem.bounds);
}

}  // namespace bulkhead::frontend
