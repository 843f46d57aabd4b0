#include "lang/system/well_typed.h"

#include <algorithm>

#include "lang/base/check.h"
#include "lang/system/state.h"

namespace bulkhead::system {
namespace {

using Objection = std::optional<std::string>;

/// The type exists, and is written in the one way in which types are compared.
bool is_type(const System& system, const Type& type) {
  switch (type.kind) {
    case Kind::Bool:
      return type == kBool;
    case Kind::Int:
      return type == kInt;
    case Kind::Bits:
      return type == bits(type.width) && (type.width == 8 || type.width == 16 || type.width == 32 || type.width == 64);
    case Kind::Enum:
      return type == of_enum(type.enumeration) && type.enumeration.index() < system.enums.size();
    case Kind::Sort:
      return type == of_sort(type.sort) && type.sort.index() < system.sorts.size();
  }
  return false;
}

Objection declarations(const System& system) {
  for (const Enum& one : system.enums) {
    if (one.members.empty()) return "enum `" + one.name + "` has no member";
  }
  const auto fine = [&](const Type& type) { return is_type(system, type); };
  for (const Function& function : system.functions) {
    if (!fine(function.result) || !std::all_of(function.arguments.begin(), function.arguments.end(), fine)) {
      return "function `" + function.name + "` has a type that does not exist";
    }
  }
  for (const Binder& binder : system.binders) {
    if (!fine(binder.type)) return "binder `" + binder.name + "` has a type that does not exist";
  }
  return std::nullopt;
}

class TermChecker {
 public:
  TermChecker(const System& system, const Term& term) : system_(system), term_(term) {}

  /// Requires: every argument exists and is well typed.
  Objection check() const {
    if (!is_type(system_, term_.type)) return "a type that does not exist";
    switch (term_.op) {
      case Op::Constant:
        return constant();
      case Op::Bound:
        return wrong(!bare() || term_.binder.index() >= system_.binders.size() ||
                     system_.at(term_.binder).type != term_.type);
      case Op::Apply:
        return apply();
      case Op::Not:
        return wrong(!takes(1, kBool) || term_.type != kBool);
      case Op::And:
      case Op::Or:
        return wrong(!takes(term_.args.size(), kBool) || term_.type != kBool);
      case Op::Implies:
        return wrong(!takes(2, kBool) || term_.type != kBool);
      case Op::Equal:
        return wrong(term_.args.size() != 2 || type(0) != type(1) || term_.type != kBool);
      case Op::Less:
      case Op::LessEqual:
        return wrong(term_.args.size() != 2 || type(0) != type(1) || term_.type != kBool || !ordered(type(0)));
      case Op::Add:
      case Op::Subtract:
      case Op::Multiply:
        return wrong(!takes(2, term_.type) || !ordered(term_.type) || term_.type.kind == Kind::Enum);
      case Op::IfThenElse:
        return wrong(term_.args.size() != 3 || type(0) != kBool || type(1) != term_.type || type(2) != term_.type);
      case Op::ForAll:
      case Op::Exists:
        return quantifier();
    }
    return "an operator that does not exist";
  }

 private:
  Objection wrong(bool is_wrong) const {
    if (is_wrong) return "operands that do not fit its operator";
    const bool quantified = term_.op == Op::ForAll || term_.op == Op::Exists;
    if (!quantified && !term_.binders.empty()) return "binders without a quantifier";
    return std::nullopt;
  }
  const Type& type(std::size_t argument) const { return system_.at(term_.args[argument]).type; }
  bool bare() const { return term_.args.empty(); }
  bool takes(std::size_t count, const Type& each) const {
    if (term_.args.size() != count) return false;
    return std::all_of(term_.args.begin(), term_.args.end(), [&](TermId id) { return system_.at(id).type == each; });
  }
  static bool ordered(const Type& type) {
    return type.kind == Kind::Int || type.kind == Kind::Bits || type.kind == Kind::Enum;
  }

  Objection constant() const {
    if (term_.type.kind == Kind::Sort) return "a constant of a sort, whose elements have no names";
    return wrong(!bare() || !is_value(system_, {}, term_.type, term_.value));  // no sort: no scope is looked at
  }
  Objection apply() const {
    if (term_.function.index() >= system_.functions.size()) return "a function that does not exist";
    const Function& function = system_.at(term_.function);
    if (function.arguments.size() != term_.args.size()) return "too few or too many arguments";
    for (std::size_t i = 0; i < term_.args.size(); ++i) {
      if (type(i) != function.arguments[i]) return "an argument of another type";
    }
    return wrong(term_.type != function.result);
  }
  Objection quantifier() const {
    for (const BinderId binder : term_.binders) {
      if (binder.index() >= system_.binders.size()) return "a binder that does not exist";
    }
    return wrong(!takes(1, kBool) || term_.type != kBool || term_.binders.empty());
  }

  const System& system_;
  const Term& term_;
};

}  // namespace

std::optional<std::string> well_typed(const System& system) {
  if (auto why = declarations(system)) return why;
  std::vector<std::size_t> depths;
  depths.reserve(system.terms.size());
  for (std::size_t i = 0; i < system.terms.size(); ++i) {
    const Term& term = system.terms[i];
    const auto name = [&] { return "term " + std::to_string(i) + " has "; };
    std::size_t depth = 1;
    for (const TermId arg : term.args) {
      if (arg.index() >= i) return name() + "an argument that does not stand before it";
      depth = std::max(depth, depths[arg.index()] + 1);
    }
    if (depth > kMaxTermDepth) return name() + "too many terms nested in it";
    depths.push_back(depth);
    if (auto why = TermChecker(system, term).check()) return name() + *why;
  }
  return std::nullopt;
}

}  // namespace bulkhead::system
