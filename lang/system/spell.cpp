#include "lang/system/spell.h"

#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "lang/base/check.h"

namespace bulkhead::system {
namespace {

using Binders = std::vector<BinderId>;

/// The names of the binders in a term: those around it first, then its own in the order in which they were made.
class Names {
 public:
  Names(const System& system, const Binders& around) : system_(system) {
    for (const Function& function : system.functions) taken_.insert(function.name);
    for (const BinderId id : around) add(id);
  }
  Names(const System& system, const Binders& around, TermId root) : Names(system, around) {
    std::set<TermId> seen;
    std::set<BinderId> own;
    for (std::vector<TermId> open{root}; !open.empty();) {
      const TermId id = open.back();
      open.pop_back();
      if (!seen.insert(id).second) continue;
      const Term& term = system.at(id);
      own.insert(term.binders.begin(), term.binders.end());
      if (term.op == Op::Bound) own.insert(term.binder);
      open.insert(open.end(), term.args.begin(), term.args.end());
    }
    for (const BinderId id : own) add(id);
  }

  const std::string& operator[](BinderId id) const { return names_.at(id); }

  /// `c: Container, f: Frame`.
  std::string bindings(const Binders& binders) const {
    std::string text;
    for (const BinderId id : binders) {
      text += (text.empty() ? "" : ", ") + names_.at(id) + ": " + spell_type(system_, system_.at(id).type);
    }
    return text;
  }

 private:
  void add(BinderId id) {
    if (names_.count(id) != 0) return;
    std::string name = system_.at(id).name;
    for (std::size_t n = 2; !taken_.insert(name).second; ++n) name = system_.at(id).name + "_" + std::to_string(n);
    names_.emplace(id, std::move(name));
  }

  const System& system_;
  std::map<BinderId, std::string> names_;
  std::set<std::string> taken_;
};

std::string constant(const System& system, const Term& term) {
  switch (term.type.kind) {
    case Kind::Bool:
      return term.value != 0 ? "true" : "false";
    case Kind::Int:
      return std::to_string(term.value);
    case Kind::Bits:
      return std::to_string(static_cast<std::uint64_t>(term.value));
    case Kind::Enum: {
      const Enum& type = system.at(term.type.enumeration);
      return type.name + "." + type.members.at(static_cast<std::size_t>(term.value));
    }
    case Kind::Sort:
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

}  // namespace

std::string spell_type(const System& system, const Type& type) {
  switch (type.kind) {
    case Kind::Bool:
      return "bool";
    case Kind::Int:
      return "int";
    case Kind::Bits:
      return "u" + std::to_string(type.width);
    case Kind::Enum:
      return system.at(type.enumeration).name;
    case Kind::Sort:
      return system.at(type.sort).name;
  }
  BH_CHECK(false, "an unknown kind of type");
}

std::string spell_term(const System& system, TermId root, const std::vector<BinderId>& around) {
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

std::string spell_binders(const System& system, const Binders& around, const Binders& binders) {
  return Names(system, around).bindings(binders);
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

}  // namespace bulkhead::system
