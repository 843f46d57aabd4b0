#include "lang/system/dump.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "lang/base/overloaded.h"
#include "lang/system/spell.h"

namespace bulkhead::system {
namespace {

using Binders = std::vector<BinderId>;

Binders joined(Binders all, const Binders& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

struct SystemDump {
  const System& system;
  const source::SourceMap* sources;  // null: no places
  std::string out;

  std::string formula(TermId term, const Binders& around = {}) const { return bare(spell_term(system, term, around)); }
  void line(const std::string& text, const Origin& origin) {
    out += "    " + text;
    const std::string place = sources != nullptr && origin.span.file.valid() ? sources->place(origin.span) : "";
    if (!place.empty()) out += "  // " + place.substr(place.rfind('/') + 1);
    out += "\n";
  }

  void types();
  void function(const Function& function);
  void action(const Action& action);
  bool follows(const Property& property) const;
  void property(const Property& property);
  void view(const View& view);
};

void SystemDump::types() {
  for (const Sort& sort : system.sorts) line("sort " + sort.name + ";", sort.origin);
  for (const Enum& type : system.enums) {
    std::string members;
    for (const std::string& member : type.members) members += (members.empty() ? "" : ", ") + member;
    line("enum " + type.name + " { " + members + " }", type.origin);
  }
}

void SystemDump::function(const Function& function) {
  const bool rigid = function.change == Change::Rigid;
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

void SystemDump::action(const Action& action) {
  out += "\n";
  std::string head = "action " + action.name;
  if (!action.parameters.empty()) head += "(" + spell_binders(system, action.parameters, action.parameters) + ")";
  line(head, action.origin);
  out += "        when " + formula(action.guard, action.parameters) + (action.updates.empty() ? ";\n" : "\n");
  for (std::size_t i = 0; i < action.updates.size(); ++i) {
    const Update& update = action.updates[i];
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
bool SystemDump::follows(const Property& property) const {
  return is_filled_in(system, property);
}

/// What a policy fills in is no part of the model, and stands beside it as a comment.
void SystemDump::property(const Property& property) {
  if (sources == nullptr && follows(property)) return;
  static constexpr std::string_view kWords[] = {"invariant ", "lemma ", "assume "};
  line((follows(property) ? "// " : "") + std::string(kWords[static_cast<std::size_t>(property.kind)]) + property.name +
           ": " + formula(property.formula) + ";",
       property.origin);
}

void SystemDump::view(const View& view) {
  std::string text = "view of " + spell_binders(system, {view.observer}, {view.observer}) + " sees";
  for (std::size_t i = 0; i < view.items.size(); ++i) {
    const View::Item& item = view.items[i];
    const Binders around = joined({view.observer}, item.each);
    text += (i == 0 ? " " : ", ") + formula(item.value, around);
    if (!item.each.empty()) text += " for " + spell_binders(system, around, item.each);
    const Term& condition = system.at(item.condition);
    if (condition.op != Op::Constant || condition.value == 0) text += " with " + formula(item.condition, around);
  }
  line(text + ";", view.origin);
}

std::string bounds(const System& system, const Bounds& bounds) {
  std::string text;
  for (const auto& [sort, size] : bounds.sizes) {
    text += (text.empty() ? " for " : ", ") + std::to_string(size) + " " + system.at(sort).name;
  }
  if (bounds.steps) text += " within " + std::to_string(*bounds.steps) + " steps";
  return text;
}

std::string leads_to(const System& system, const LeadsTo& claim) {
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

std::string written(const System& system, const source::SourceMap* sources) {
  SystemDump dump{system, sources, "model " + system.name + " {\n"};
  dump.types();
  for (const Function& function : system.functions) dump.function(function);
  if (system.initially.valid()) dump.line("initially " + dump.formula(system.initially) + ";", {});
  for (const Action& action : system.actions) dump.action(action);
  if (!system.properties.empty() || !system.views.empty()) dump.out += "\n";
  for (const Property& property : system.properties) dump.property(property);
  for (const View& view : system.views) dump.view(view);
  return dump.out + "}\n";
}

}  // namespace

std::string said_by_policy(const Function& relation) {
  return "`" + relation.name + "` is what the policy says";
}

bool is_filled_in(const System& system, const Property& property) {
  return property.kind == PropertyKind::Assumption &&
         std::any_of(system.functions.begin(), system.functions.end(), [&](const Function& one) {
           return one.from_policy && property.name == one.name + kFromPolicy &&
                  property.origin.text == said_by_policy(one);
         });
}

std::string dump(const System& system, const source::SourceMap& sources) {
  return written(system, &sources);
}

std::string canonical_text(const System& system) {
  return written(system, nullptr);
}

std::string spell_theorem(const System& system, const Theorem& theorem) {
  const std::string statement =
      std::visit(Overloaded{
                     [&](const Always& s) { return system.name + "." + system.at(s.property).name; },
                     [&](const Never& s) { return system.name + " unreachable " + spell_term(system, s.formula); },
                     [&](const LeadsTo& s) { return leads_to(system, s); },
                     [&](const LeaksNothing& s) {
                       std::string text = system.name + " leaks nothing to " +
                                          spell_binders(system, {s.observer, s.source}, {s.observer});
                       if (!s.except.valid()) return text;
                       text += " except from " + spell_binders(system, {s.observer, s.source}, {s.source});
                       return text + " where " + spell_term(system, s.except, {s.observer, s.source});
                     },
                 },
                 theorem.statement);
  return statement + bounds(system, theorem.bounds);
}

}  // namespace bulkhead::system
