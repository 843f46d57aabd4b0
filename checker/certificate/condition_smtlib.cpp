#include "checker/certificate/condition_smtlib.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <vector>

namespace bulkhead::certificate {
namespace {

using system::BinderId;
using system::Kind;
using system::Op;
using system::System;
using system::Term;
using system::TermId;
using system::Type;

/// Texts longer than this are defined once, where they are used more than once.
constexpr std::size_t kLongText = 60;

/// `prefix` and number make it unique, the name is for people.
std::string symbol(char prefix, std::size_t number, const std::string& name) {
  std::string text = prefix + std::to_string(number) + ".";
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
    text += plain ? c : '_';
  }
  return text;
}

std::string member(const System& system, system::EnumId id, std::size_t place) {
  return symbol('e', id.index(), system.at(id).members.at(place) + "." + std::to_string(place));
}

std::string type_text(const System& system, const Type& type) {
  switch (type.kind) {
    case Kind::Bool:
      return "Bool";
    case Kind::Int:
      return "Int";
    case Kind::Bits:
      return "(_ BitVec " + std::to_string(type.width) + ")";
    case Kind::Enum:
      return symbol('E', type.enumeration.index(), system.at(type.enumeration).name);
    case Kind::Sort:
      return symbol('S', type.sort.index(), system.at(type.sort).name);
  }
  return "";
}

std::string binder_text(const System& system, BinderId id) {
  return symbol('x', id.index(), system.at(id).name);
}

std::string typed_binders(const System& system, const std::vector<BinderId>& binders) {
  std::string text = "(";
  for (const BinderId binder : binders) {
    text += "(" + binder_text(system, binder) + " " + type_text(system, system.at(binder).type) + ")";
  }
  return text + ")";
}

std::string constant_text(const System& system, const Term& term) {
  switch (term.type.kind) {
    case Kind::Bool:
      return term.value != 0 ? "true" : "false";
    case Kind::Int: {
      if (term.value >= 0) return std::to_string(term.value);
      return "(- " + std::to_string(std::uint64_t{0} - static_cast<std::uint64_t>(term.value)) + ")";
    }
    case Kind::Bits: {
      std::string text = "#b";
      for (unsigned bit = term.type.width; bit-- > 0;) {
        text += (static_cast<std::uint64_t>(term.value) >> bit & 1u) != 0 ? '1' : '0';
      }
      return text;
    }
    case Kind::Enum:
      return member(system, term.type.enumeration, static_cast<std::size_t>(term.value));
    case Kind::Sort:
      break;
  }
  return "";
}

/// The order of an enumeration is that of its members: every pair that is in order.
std::string enum_order(const System& system, const Type& type, Op op, const std::string& left,
                       const std::string& right) {
  const std::size_t count = system.at(type.enumeration).members.size();
  std::string pairs;
  for (std::size_t low = 0; low < count; ++low) {
    for (std::size_t high = low; high < count; ++high) {
      if (low == high && op == Op::Less) continue;
      pairs += " (and (= " + left + " " + member(system, type.enumeration, low) + ") (= " + right + " " +
               member(system, type.enumeration, high) + "))";
    }
  }
  return "(or false" + pairs + ")";
}

const char* operator_text(Op op, const Type& of) {
  const bool words = of.kind == Kind::Bits;
  switch (op) {
    case Op::Not:
      return "not";
    case Op::And:
      return "and";
    case Op::Or:
      return "or";
    case Op::Implies:
      return "=>";
    case Op::Equal:
      return "=";
    case Op::Less:
      return words ? "bvult" : "<";
    case Op::LessEqual:
      return words ? "bvule" : "<=";
    case Op::Add:
      return words ? "bvadd" : "+";
    case Op::Subtract:
      return words ? "bvsub" : "-";
    case Op::Multiply:
      return words ? "bvmul" : "*";
    case Op::IfThenElse:
      return "ite";
    case Op::ForAll:
      return "forall";
    case Op::Exists:
      return "exists";
    case Op::Constant:
    case Op::Bound:
    case Op::Apply:
      break;
  }
  return "";
}

class Script {
 public:
  explicit Script(const System& system) : system_(system) {}

  std::string text(const conditions::Condition& condition);

 private:
  std::string declarations(const std::vector<TermId>& parts, const conditions::Condition& condition) const;
  void declare_types(std::string& out) const;
  std::string made(const Term& term) const;
  void define(TermId id);

  const System& system_;
  std::unordered_map<TermId, std::string> texts_;
  std::unordered_map<TermId, std::set<BinderId>> free_;
  std::unordered_map<TermId, std::size_t> uses_;
  std::set<BinderId> constants_;
  std::string body_;
};

std::string Script::made(const Term& term) const {
  if (term.op == Op::Constant) return constant_text(system_, term);
  if (term.op == Op::Bound) return binder_text(system_, term.binder);
  std::string args;
  for (const TermId arg : term.args) args += " " + texts_.at(arg);
  if (term.op == Op::Apply) {
    const std::string name = symbol('f', term.function.index(), system_.at(term.function).name);
    return term.args.empty() ? name : "(" + name + args + ")";
  }
  if (term.op == Op::And && term.args.empty()) return "true";
  if (term.op == Op::Or && term.args.empty()) return "false";
  const Type of = term.args.empty() ? term.type : system_.at(term.args[0]).type;
  const bool order = term.op == Op::Less || term.op == Op::LessEqual;
  if (order && of.kind == Kind::Enum) {
    return enum_order(system_, of, term.op, texts_.at(term.args[0]), texts_.at(term.args[1]));
  }
  const bool quantifier = term.op == Op::ForAll || term.op == Op::Exists;
  const std::string binders = quantifier ? " " + typed_binders(system_, term.binders) : "";
  return std::string("(") + operator_text(term.op, of) + binders + args + ")";
}

/// The text of a term; a long one that is used again becomes a definition of its free variables.
void Script::define(TermId id) {
  const Term& term = system_.at(id);
  std::set<BinderId>& free = free_[id];
  if (term.op == Op::Bound && !constants_.contains(term.binder)) free.insert(term.binder);
  for (const TermId arg : term.args) free.insert(free_.at(arg).begin(), free_.at(arg).end());
  for (const BinderId binder : term.binders) free.erase(binder);
  std::string text = made(term);
  if (uses_[id] > 1 && text.size() > kLongText) {
    const std::string name = "t" + std::to_string(id.index());
    const std::vector<BinderId> parameters(free.begin(), free.end());
    body_ += "(define-fun " + name + " " + typed_binders(system_, parameters) + " " + type_text(system_, term.type) +
             " " + text + ")\n";
    text = parameters.empty() ? name : "(" + name;
    for (const BinderId parameter : parameters) text += " " + binder_text(system_, parameter);
    if (!parameters.empty()) text += ")";
  }
  texts_[id] = std::move(text);
}

void Script::declare_types(std::string& out) const {
  for (std::size_t i = 0; i < system_.sorts.size(); ++i) {
    out += "(declare-sort " + symbol('S', i, system_.sorts[i].name) + " 0)\n";
  }
  for (std::size_t i = 0; i < system_.enums.size(); ++i) {
    const Type type = system::of_enum(system::EnumId{i});
    out += "(declare-datatypes ((" + type_text(system_, type) + " 0)) ((";
    for (std::size_t place = 0; place < system_.enums[i].members.size(); ++place) {
      out += "(" + member(system_, type.enumeration, place) + ")";
    }
    out += ")))\n";
  }
}

/// The functions that occur, and the free variables, as constants.
std::string Script::declarations(const std::vector<TermId>& parts, const conditions::Condition& condition) const {
  std::string out;
  declare_types(out);
  std::set<system::FunctionId> functions;
  for (const TermId id : parts) {
    if (system_.at(id).op == Op::Apply) functions.insert(system_.at(id).function);
  }
  for (const system::FunctionId id : functions) {
    const system::Function& function = system_.at(id);
    out += "(declare-fun " + symbol('f', id.index(), function.name) + " (";
    for (std::size_t i = 0; i < function.arguments.size(); ++i) {
      out += (i == 0 ? "" : " ") + type_text(system_, function.arguments[i]);
    }
    out += ") " + type_text(system_, function.result) + ")\n";
  }
  for (const BinderId binder : condition.constants) {
    out +=
        "(declare-fun " + binder_text(system_, binder) + " () " + type_text(system_, system_.at(binder).type) + ")\n";
  }
  return out;
}

/// Quantifiers and functions always; what else there is decides which solver is fit for it.
std::string logic(const System& system, const std::vector<TermId>& parts) {
  bool integers = false;
  bool words = false;
  for (const TermId id : parts) {
    integers = integers || system.at(id).type.kind == Kind::Int;
    words = words || system.at(id).type.kind == Kind::Bits;
  }
  if (words) return "ALL";
  return std::string("UF") + (system.enums.empty() ? "" : "DT") + (integers ? "NIA" : "");
}

/// One line, whatever the name holds.
std::string comment(const std::string& text) {
  std::string line = "; ";
  for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return line + "\n";
}

std::string Script::text(const conditions::Condition& condition) {
  std::vector<TermId> roots = condition.hypotheses;
  roots.push_back(condition.goal);
  const auto parts = conditions::reachable(system_, roots);
  for (const TermId id : parts) {
    for (const TermId arg : system_.at(id).args) ++uses_[arg];
  }
  constants_.insert(condition.constants.begin(), condition.constants.end());
  for (const TermId id : parts) define(id);
  std::string out = comment(condition.label) + "(set-logic " + logic(system_, parts) + ")\n";
  out += declarations(parts, condition) + body_;
  for (const TermId hypothesis : condition.hypotheses) out += "(assert " + texts_.at(hypothesis) + ")\n";
  return out + "(assert (not " + texts_.at(condition.goal) + "))\n(check-sat)\n";
}

}  // namespace

std::string to_smtlib(const conditions::Terms& terms, const conditions::Condition& condition) {
  return Script(terms.system()).text(condition);
}

}  // namespace bulkhead::certificate
