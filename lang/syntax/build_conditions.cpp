// Recursion here follows brackets, which were counted before (kMaxNesting).
#include "lang/base/check.h"
#include "lang/syntax/build.h"

namespace bulkhead::syntax {
namespace {

using ast::Expr;
using ast::ExprId;
using ast::ExprKind;

/// `a && b && c`: one node over all of them; a single one stays itself.
template <typename Part>
ExprId chain(Build& build, const Cursor& at, Rule rule, ExprKind kind, Part part) {
  const std::vector<Cursor> parts = at.children(rule);
  if (parts.size() == 1) return part(build, parts[0]);
  Expr expr;
  expr.kind = kind;
  expr.span = at.span();
  expr.op = at.words().front().span();
  for (const Cursor& p : parts) expr.args.push_back(part(build, p));
  return build.add(std::move(expr));
}

ExprKind comparison_kind(std::string_view sign) {
  if (sign == "==") return ExprKind::Equal;
  if (sign == "!=") return ExprKind::NotEqual;
  if (sign == "<") return ExprKind::Less;
  if (sign == "<=") return ExprKind::LessEqual;
  if (sign == ">") return ExprKind::Greater;
  BH_CHECK(sign == ">=", "the grammar knows six comparisons");
  return ExprKind::GreaterEqual;
}

ExprId leaf(Build& build, ExprKind kind, const source::Span& span, decltype(Expr::value) value) {
  Expr expr;
  expr.kind = kind;
  expr.span = span;
  expr.value = std::move(value);
  return build.add(std::move(expr));
}

ExprId primary(Build& build, const Cursor& at) {
  if (const auto inner = at.child(Rule::Expr)) return expression(build, *inner);
  return value(build, at);
}

ExprId operand(Build& build, const Cursor& at) {
  return chain(build, at, Rule::Primary, ExprKind::BitAnd, primary);
}

void membership(Build& build, const Cursor& at, Expr& expr) {
  const std::vector<Cursor> numbers = at.children(Rule::Number);
  expr.kind = ExprKind::InSet;
  if (!numbers.empty()) {
    expr.kind = ExprKind::InRange;
    for (const Cursor& n : numbers) expr.args.push_back(leaf(build, ExprKind::Number, n.span(), number(build, n)));
  } else if (at.has("{")) {
    expr.braced = true;
    for (const Cursor& element : at.children(Rule::Element)) expr.args.push_back(value(build, element));
  } else {
    expr.args.push_back(value(build, at));
  }
}

ExprId comparison(Build& build, const Cursor& at) {
  const std::vector<Cursor> operands = at.children(Rule::Operand);
  const ExprId left = operand(build, operands[0]);
  const std::vector<Cursor> words = at.words();
  if (words.empty()) return left;
  Expr expr;
  expr.span = at.span();
  expr.op = words[0].span();
  expr.args.push_back(left);
  const std::string_view sign = words[0].text();
  if (sign == "in") {
    membership(build, at.only(Rule::Membership), expr);
  } else if (sign == "like") {
    const Cursor glob = at.only(Rule::String);
    expr.kind = ExprKind::Like;
    expr.args.push_back(leaf(build, ExprKind::String, glob.span(), string(build, glob)));
  } else if (sign == "has" || sign == "holds") {
    const ast::Name word = name(at.only(Rule::Name));
    expr.kind = sign == "has" ? ExprKind::Has : ExprKind::Holds;
    expr.args.push_back(leaf(build, ExprKind::Path, word.span, ast::Path{{word}, word.span}));
  } else {
    expr.kind = comparison_kind(sign);
    expr.args.push_back(operand(build, operands[1]));
  }
  return build.add(std::move(expr));
}

ExprId negation(Build& build, const Cursor& at) {
  ExprId inner = comparison(build, at.only(Rule::Comparison));
  const std::vector<Cursor> marks = at.words();
  for (auto mark = marks.rbegin(); mark != marks.rend(); ++mark) {
    Expr expr;
    expr.kind = ExprKind::Not;
    expr.op = mark->span();
    expr.span = {expr.op.file, expr.op.begin, at.span().end};
    expr.args.push_back(inner);
    inner = build.add(std::move(expr));
  }
  return inner;
}

ExprId conjunction(Build& build, const Cursor& at) {
  return chain(build, at, Rule::Negation, ExprKind::And, negation);
}
ExprId disjunction(Build& build, const Cursor& at) {
  return chain(build, at, Rule::Conjunction, ExprKind::Or, conjunction);
}

}  // namespace

ExprId expression(Build& build, const Cursor& at) {
  std::vector<ExprId> parts;
  for (const Cursor& part : at.children(Rule::Disjunction)) parts.push_back(disjunction(build, part));
  const std::vector<Cursor> arrows = at.words();
  ExprId right = parts.back();
  for (std::size_t i = parts.size() - 1; i-- > 0;) {  // a -> b -> c is a -> (b -> c)
    Expr expr;
    expr.kind = ExprKind::Implies;
    expr.op = arrows[i].span();
    expr.span = {at.span().file, build.module.at(parts[i]).span.begin, at.span().end};
    expr.args = {parts[i], right};
    right = build.add(std::move(expr));
  }
  return right;
}

std::optional<ExprId> when(Build& build, const Cursor& parent) {
  const auto found = parent.child(Rule::When);
  if (!found) return std::nullopt;
  return expression(build, found->only(Rule::Expr));
}

ExprId value(Build& build, const Cursor& at) {
  const Cursor inner = at.inside();
  const source::Span span = inner.span();
  if (inner.leaf()) return leaf(build, ExprKind::Boolean, span, inner.text() == "true");
  if (inner.rule() == Rule::Number) return leaf(build, ExprKind::Number, span, number(build, inner));
  if (inner.rule() == Rule::String) return leaf(build, ExprKind::String, span, string(build, inner));
  if (inner.rule() == Rule::Address) return leaf(build, ExprKind::Network, span, ast::Address{as_written(inner), span});
  BH_CHECK(inner.rule() == Rule::Path, "a value is a literal or a path");
  return leaf(build, ExprKind::Path, span, path(inner));
}

}  // namespace bulkhead::syntax
