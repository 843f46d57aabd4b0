#include <variant>

#include "lang/format/write.h"

namespace bulkhead::format {
namespace {

using ast::ExprKind;

/// How loosely an operator binds: brackets are needed around what binds looser than, or like, the operator around it.
int looseness(ExprKind kind) {
  switch (kind) {
    case ExprKind::Boolean:
    case ExprKind::Number:
    case ExprKind::String:
    case ExprKind::Network:
    case ExprKind::Path:
    case ExprKind::Apply:
    case ExprKind::Set:
    case ExprKind::Star:
      return 0;
    case ExprKind::BitAnd:
    case ExprKind::Add:
    case ExprKind::Subtract:
    case ExprKind::Multiply:
    case ExprKind::Union:
    case ExprKind::Intersect:
      return 1;
    case ExprKind::Equal:
    case ExprKind::NotEqual:
    case ExprKind::Less:
    case ExprKind::LessEqual:
    case ExprKind::Greater:
    case ExprKind::GreaterEqual:
    case ExprKind::Like:
    case ExprKind::InRange:
    case ExprKind::InSet:
    case ExprKind::Has:
    case ExprKind::Holds:
      return 2;
    case ExprKind::Not:
      return 3;
    case ExprKind::And:
      return 4;
    case ExprKind::Or:
      return 5;
    case ExprKind::Implies:
    case ExprKind::Equivalent:
    case ExprKind::IfThenElse:
    case ExprKind::ForAll:
    case ExprKind::Exists:
      return 6;
  }
  return 6;
}

std::string_view sign(ExprKind kind) {
  switch (kind) {
    case ExprKind::Boolean:
    case ExprKind::Number:
    case ExprKind::String:
    case ExprKind::Network:
    case ExprKind::Path:
    case ExprKind::Not:
      return "!";
    case ExprKind::Apply:
    case ExprKind::Set:
    case ExprKind::IfThenElse:
    case ExprKind::ForAll:
    case ExprKind::Exists:
      return ", ";
    case ExprKind::Star:
      return "*";
    case ExprKind::Add:
      return " + ";
    case ExprKind::Subtract:
      return " - ";
    case ExprKind::Multiply:
      return " * ";
    case ExprKind::Union:
      return " union ";
    case ExprKind::Intersect:
      return " intersect ";
    case ExprKind::Equivalent:
      return " <-> ";
    case ExprKind::BitAnd:
      return " & ";
    case ExprKind::Equal:
      return " == ";
    case ExprKind::NotEqual:
      return " != ";
    case ExprKind::Less:
      return " < ";
    case ExprKind::LessEqual:
      return " <= ";
    case ExprKind::Greater:
      return " > ";
    case ExprKind::GreaterEqual:
      return " >= ";
    case ExprKind::Like:
      return " like ";
    case ExprKind::InRange:
    case ExprKind::InSet:
      return " in ";
    case ExprKind::Has:
      return " has ";
    case ExprKind::Holds:
      return " holds ";
    case ExprKind::And:
      return " && ";
    case ExprKind::Or:
      return " || ";
    case ExprKind::Implies:
      return " -> ";
  }
  return "";
}

std::string leaf(const ast::Module& module, const ast::Expr& expr) {
  Write write(module);
  if (const auto* truth = std::get_if<bool>(&expr.value)) write << (*truth ? "true" : "false");
  if (const auto* number = std::get_if<ast::Number>(&expr.value)) write << *number;
  if (const auto* string = std::get_if<ast::String>(&expr.value)) write << *string;
  if (const auto* address = std::get_if<ast::Address>(&expr.value)) write << address->text;
  if (const auto* path = std::get_if<ast::Path>(&expr.value)) write << *path;
  if (const auto* all = std::get_if<ast::Bindings>(&expr.value)) write << *all;
  if (expr.kind == ExprKind::Star) write << "*";
  return write.text();
}

struct Part {
  std::variant<std::string, ast::ExprId> what;
  int around = 7;  // looseness of the operator around it
};

constexpr int kNobody = 7;

/// `f(a, b)`, `{ a, b }`: what is in the list needs no brackets.
std::vector<Part> listed(const ast::Expr& expr, const std::string& before, const std::string& after) {
  std::vector<Part> parts = {{before}};
  for (std::size_t i = 0; i < expr.args.size(); ++i) {
    if (i > 0) parts.push_back({std::string(", ")});
    parts.push_back({expr.args[i], kNobody});
  }
  parts.push_back({after});
  return parts;
}

/// What `expr` consists of, in order.
std::vector<Part> parts_of(const ast::Module& module, const ast::Expr& expr) {
  const int own = looseness(expr.kind);
  std::vector<Part> parts;
  if (expr.kind == ExprKind::Not) return {{std::string("!")}, {expr.args[0], own + 1}};  // `!!a` needs no brackets
  if (expr.kind == ExprKind::Apply) return listed(expr, leaf(module, expr) + "(", ")");
  if (expr.kind == ExprKind::Set) return listed(expr, "{ ", " }");
  if (expr.kind == ExprKind::ForAll || expr.kind == ExprKind::Exists) {
    const std::string word = expr.kind == ExprKind::ForAll ? "forall " : "exists ";
    return {{word + leaf(module, expr) + ". "}, {expr.args[0], kNobody}};
  }
  if (expr.kind == ExprKind::IfThenElse) {
    return {{std::string("if ")},    {expr.args[0], kNobody}, {std::string(" then ")},
            {expr.args[1], kNobody}, {std::string(" else ")}, {expr.args[2], kNobody}};
  }
  for (std::size_t i = 0; i < expr.args.size(); ++i) {
    const bool set = expr.kind == ExprKind::InSet && expr.braced;
    const bool range = expr.kind == ExprKind::InRange;
    if (i == 1) parts.push_back({std::string(sign(expr.kind))});
    if (i == 1 && set) parts.push_back({std::string("{ ")});
    if (i > 1) {
      parts.push_back({std::string(range                          ? std::string_view("..")
                                   : expr.kind == ExprKind::InSet ? ", "
                                   : expr.kind == ExprKind::Holds ? " on "
                                                                  : sign(expr.kind))});
    }
    const bool joined = i == 1 && expr.kind == ExprKind::InSet && !set;  // `x in (a union b)`
    parts.push_back({expr.args[i], joined ? 1 : own});
    if (i + 1 == expr.args.size() && set) parts.push_back({std::string(i == 0 ? " in { }" : " }")});
  }
  return parts;
}

}  // namespace

std::string condition(const ast::Module& module, ast::ExprId root) {
  std::string out;
  std::vector<Part> pending = {{root, 7}};  // the next part last; no recursion: `!!!...` may be thousands deep
  while (!pending.empty()) {
    const Part part = pending.back();
    pending.pop_back();
    if (const auto* text = std::get_if<std::string>(&part.what)) {
      out += *text;
      continue;
    }
    const ast::Expr& expr = module.at(std::get<ast::ExprId>(part.what));
    if (looseness(expr.kind) == 0 && expr.kind != ExprKind::Apply && expr.kind != ExprKind::Set) {
      out += leaf(module, expr);
      continue;
    }
    const bool brackets = looseness(expr.kind) >= part.around;
    if (brackets) pending.push_back({std::string(")")});
    const std::vector<Part> parts = parts_of(module, expr);
    pending.insert(pending.end(), parts.rbegin(), parts.rend());
    if (brackets) pending.push_back({std::string("(")});
  }
  return out;
}

}  // namespace bulkhead::format
