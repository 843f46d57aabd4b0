#include "lang/frontend/dump_system.h"

#include <algorithm>
#include <map>
#include <set>
#include <variant>

#include "lang/base/check.h"

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

using Binders = std::vector<system::BinderId>;

/// The names of the binders in a term: those around it first, then its own in the order in which they were made.
class Names {
 public:
  Names(const System& system, const Binders& around) : system_(system) {
    for (const system::BinderId id : around) add(id);
  }
  Names(const System& system, const Binders& around, TermId root) : Names(system, around) {
    std::set<TermId> seen;
    std::set<system::BinderId> own;
    for (std::vector<TermId> open{root}; !open.empty();) {
      const TermId id = open.back();
      open.pop_back();
      if (!seen.insert(id).second) continue;
      const Term& term = system.at(id);
      own.insert(term.binders.begin(), term.binders.end());
      if (term.op == Op::Bound) own.insert(term.binder);
      open.insert(open.end(), term.args.begin(), term.args.end());
    }
    for (const system::BinderId id : own) add(id);
  }

  const std::string& operator[](system::BinderId id) const { return names_.at(id); }

  /// `c: Container, f: Frame`.
  std::string bindings(const Binders& binders) const {
    std::string text;
    for (const system::BinderId id : binders) {
      text += (text.empty() ? "" : ", ") + names_.at(id) + ": " + spell_type(system_, system_.at(id).type);
    }
    return text;
  }

 private:
  void add(system::BinderId id) {
    if (names_.count(id) != 0) return;
    std::string name = system_.at(id).name;
    for (std::size_t n = 2; !taken_.insert(name).second; ++n) name = system_.at(id).name + "_" + std::to_string(n);
    names_.emplace(id, std::move(name));
  }

  const System& system_;
  std::map<system::BinderId, std::string> names_;
  std::set<std::string> taken_;
};

Binders joined(Binders all, const Binders& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::string constant(const System& system, const Term& term) {
  switch (term.type.kind) {
    case system::Kind::Bool:
      return term.value != 0 ? "true" : "false";
    case system::Kind::Int:
      return std::to_string(term.value);
    case system::Kind::Bits:
      return std::to_string(static_cast<std::uint64_t>(term.value));
    case system::Kind::Enum: {
      const system::Enum& type = system.at(term.type.enumeration);
      return type.name + "." + type.members.at(static_cast<std::size_t>(term.value));
    }
    case system::Kind::Sort:
      break;
  }
  BH_CHECK(false, "no constant is of a sort");
}

std::string_view sign(Op op) {
  switch (op) {
    case Op::And:
      return " && ";
    case Op::Or:
      return " || ";
    case Op::Implies:
      return " -> ";
    case Op::Equal:
      return " == ";
    case Op::Less:
      return " < ";
    case Op::LessEqual:
      return " <= ";
    case Op::Add:
      return " + ";
    case Op::Subtract:
      return " - ";
    case Op::Multiply:
      return " * ";
    case Op::Constant:
    case Op::Bound:
    case Op::Apply:
    case Op::Not:
    case Op::IfThenElse:
    case Op::ForAll:
    case Op::Exists:
      break;
  }
  return ", ";
}

/// Parts of a text that are still to be written, the next one last.
using Part = std::variant<std::string, TermId>;

std::vector<Part> parts_of(const System& system, const Names& names, const Term& term) {
  std::vector<Part> parts;
  const auto list = [&](std::string_view between) {
    for (std::size_t i = 0; i < term.args.size(); ++i) {
      if (i > 0) parts.emplace_back(std::string(between));
      parts.emplace_back(term.args[i]);
    }
  };
  switch (term.op) {
    case Op::Constant:
      return {constant(system, term)};
    case Op::Bound:
      return {names[term.binder]};
    case Op::Apply:
      parts.emplace_back(system.at(term.function).name);
      if (term.args.empty()) return parts;
      parts.emplace_back(std::string("("));
      list(", ");
      parts.emplace_back(std::string(")"));
      return parts;
    case Op::Not: {
      const Term& inner = system.at(term.args[0]);
      if (inner.op == Op::Equal) {
        return {std::string("("), inner.args[0], std::string(" != "), inner.args[1], std::string(")")};
      }
      return {std::string("!"), term.args[0]};
    }
    case Op::IfThenElse:
      return {std::string("(if "),   term.args[0], std::string(" then "), term.args[1],
              std::string(" else "), term.args[2], std::string(")")};
    case Op::ForAll:
    case Op::Exists:
      return {(term.op == Op::ForAll ? "(forall " : "(exists ") + names.bindings(term.binders) + ". ", term.args[0],
              std::string(")")};
    case Op::And:
    case Op::Or:
    case Op::Implies:
    case Op::Equal:
    case Op::Less:
    case Op::LessEqual:
    case Op::Add:
    case Op::Subtract:
    case Op::Multiply:
      if (term.args.empty()) return {std::string(term.op == Op::And ? "true" : "false")};
      parts.emplace_back(std::string("("));
      list(sign(term.op));
      parts.emplace_back(std::string(")"));
      return parts;
  }
  BH_CHECK(false, "an unknown operator");
}

/// A whole formula needs no brackets around it.
std::string bare(std::string text) {
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') return text;
  std::size_t open = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '(') ++open;
    if (text[i] == ')') --open;
    if (open == 0) return text;
  }
  return text.substr(1, text.size() - 2);
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
  const Names names(system, function.parameters);
  std::string text = (relation ? "relation " : rigid ? "const " : "var ") + function.name + ": ";
  if (!function.arguments.empty()) {
    std::string arguments = names.bindings(function.parameters);
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
  if (!action.parameters.empty()) head += "(" + Names(system, action.parameters).bindings(action.parameters) + ")";
  line(head, action.origin);
  out += "        when " + formula(action.guard, action.parameters) + (action.updates.empty() ? ";\n" : "\n");
  for (std::size_t i = 0; i < action.updates.size(); ++i) {
    const system::Update& update = action.updates[i];
    const Binders around = joined(action.parameters, update.each);
    std::string text = i == 0 ? "    do   " : "         ";
    if (!update.each.empty()) text += "forall " + Names(system, around).bindings(update.each) + ". ";
    text += system.at(update.function).name;
    for (std::size_t k = 0; k < update.at.size(); ++k) text += (k == 0 ? "(" : ", ") + formula(update.at[k], around);
    text += update.at.empty() ? " := " : ") := ";
    line(text + formula(update.value, around) + (i + 1 == action.updates.size() ? ";" : ","), update.origin);
  }
}

void SystemDump::property(const system::Property& property) {
  static constexpr std::string_view kWords[] = {"invariant ", "lemma ", "assume "};
  line(std::string(kWords[static_cast<std::size_t>(property.kind)]) + property.name + ": " + formula(property.formula) +
           ";",
       property.origin);
}

void SystemDump::view(const system::View& view) {
  std::string text = "view of " + Names(system, {view.observer}).bindings({view.observer}) + " sees";
  for (std::size_t i = 0; i < view.items.size(); ++i) {
    const system::View::Item& item = view.items[i];
    const Binders around = joined({view.observer}, item.each);
    text += (i == 0 ? " " : ", ") + formula(item.value, around);
    if (!item.each.empty()) text += " for " + Names(system, around).bindings(item.each);
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
  if (!claim.each.empty()) text += "forall " + Names(system, claim.each).bindings(claim.each) + ". ";
  text += spell_term(system, claim.from, claim.each) + " leads to " + spell_term(system, claim.to, claim.each);
  if (claim.fair.empty()) return text;
  text += " under fair {";
  for (std::size_t i = 0; i < claim.fair.size(); ++i) {
    text += (i == 0 ? " " : ", ") + std::string(claim.fair[i].strong ? "strong " : "") +
            system.at(claim.fair[i].action).name;
  }
  return text + " }";
}

}  // namespace

std::string spell_type(const System& system, const system::Type& type) {
  switch (type.kind) {
    case system::Kind::Bool:
      return "bool";
    case system::Kind::Int:
      return "int";
    case system::Kind::Bits:
      return "u" + std::to_string(type.width);
    case system::Kind::Enum:
      return system.at(type.enumeration).name;
    case system::Kind::Sort:
      return system.at(type.sort).name;
  }
  BH_CHECK(false, "an unknown kind of type");
}

std::string spell_term(const System& system, TermId root, const std::vector<system::BinderId>& around) {
  const Names names(system, around, root);
  std::string out;
  std::vector<Part> pending{root};
  while (!pending.empty()) {
    const Part part = std::move(pending.back());
    pending.pop_back();
    if (const auto* text = std::get_if<std::string>(&part)) {
      out += *text;
      continue;
    }
    std::vector<Part> parts = parts_of(system, names, system.at(std::get<TermId>(part)));
    std::move(parts.rbegin(), parts.rend(), std::back_inserter(pending));
  }
  return out;
}

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
            const Names names(system, {s.observer, s.source});
            std::string text = system.name + " leaks nothing to " + names.bindings({s.observer});
            if (!s.except.valid()) return text;
            text += " except from " + names.bindings({s.source});
            return text + " where " + spell_term(system, s.except, {s.observer, s.source});
          },
      },
      theorem.statement);
  return statement + bounds(system, theorem.bounds);
}

}  // namespace bulkhead::frontend
