// Recursion here follows brackets and `if`, which were counted before (kMaxNesting). Operators are written flat in the
// grammar; which binds tighter is said here, so that a quantifier can reach to the end of its brackets.
#include <algorithm>

#include "lang/base/check.h"
#include "lang/syntax/build.h"

namespace bulkhead::syntax {
namespace {

using ast::Expr;
using ast::ExprId;
using ast::ExprKind;
using source::Span;

/// A finished part of an expression, with the brackets around it, and the operators between parts.
struct Part {
  ExprId expr;
  Span span;
};
struct Sign {
  ExprKind kind;
  Span span;
};
struct Chain {
  std::vector<Part> parts;
  std::vector<Sign> signs;  // signs[i] stands between parts[i] and parts[i + 1]
};

Span join(const Span& first, const Span& last) {
  return {first.file, first.begin, last.end};
}

ExprId leaf(Build& build, ExprKind kind, const Span& span, decltype(Expr::value) value) {
  Expr expr;
  expr.kind = kind;
  expr.span = span;
  expr.value = std::move(value);
  return build.add(std::move(expr));
}

Part node(Build& build, ExprKind kind, const Span& span, const Span& op, std::vector<ExprId> args) {
  Expr expr;
  expr.kind = kind;
  expr.span = span;
  expr.op = op;
  expr.args = std::move(args);
  return {build.add(std::move(expr)), span};
}

/// `a && b && c` within `chain`: one node over all of them.
Chain together(Build& build, const Chain& chain, ExprKind kind) {
  Chain result;
  for (std::size_t i = 0; i < chain.parts.size();) {
    std::size_t last = i;
    while (last < chain.signs.size() && chain.signs[last].kind == kind) ++last;
    if (last == i) {
      result.parts.push_back(chain.parts[i]);
    } else {
      std::vector<ExprId> args;
      for (std::size_t k = i; k <= last; ++k) args.push_back(chain.parts[k].expr);
      const Span span = join(chain.parts[i].span, chain.parts[last].span);
      result.parts.push_back(node(build, kind, span, chain.signs[i].span, std::move(args)));
    }
    if (last < chain.signs.size()) result.signs.push_back(chain.signs[last]);
    i = last + 1;
  }
  return result;
}

/// `a - b + c` within `chain`: (a - b) + c.
Chain leftwards(Build& build, const Chain& chain, ExprKind one, ExprKind other) {
  Chain result;
  result.parts.push_back(chain.parts[0]);
  for (std::size_t i = 0; i < chain.signs.size(); ++i) {
    const Sign& sign = chain.signs[i];
    const Part& next = chain.parts[i + 1];
    if (sign.kind != one && sign.kind != other) {
      result.signs.push_back(sign);
      result.parts.push_back(next);
      continue;
    }
    Part& left = result.parts.back();
    left = node(build, sign.kind, join(left.span, next.span), sign.span, {left.expr, next.expr});
  }
  return result;
}

/// `a -> b -> c` within `chain`: a -> (b -> c).
Chain rightwards(Build& build, const Chain& chain, ExprKind kind) {
  Chain result;
  result.parts.push_back(chain.parts.back());
  for (std::size_t i = chain.signs.size(); i-- > 0;) {
    const Sign& sign = chain.signs[i];
    const Part& before = chain.parts[i];
    if (sign.kind != kind) {
      result.signs.push_back(sign);
      result.parts.push_back(before);
      continue;
    }
    Part& right = result.parts.back();
    right = node(build, kind, join(before.span, right.span), sign.span, {before.expr, right.expr});
  }
  std::reverse(result.signs.begin(), result.signs.end());
  std::reverse(result.parts.begin(), result.parts.end());
  return result;
}

ExprKind kind_of(std::string_view sign) {
  if (sign == "&&") return ExprKind::And;
  if (sign == "||") return ExprKind::Or;
  if (sign == "->") return ExprKind::Implies;
  if (sign == "<->") return ExprKind::Equivalent;
  if (sign == "&") return ExprKind::BitAnd;
  if (sign == "*") return ExprKind::Multiply;
  if (sign == "union") return ExprKind::Union;
  if (sign == "intersect") return ExprKind::Intersect;
  if (sign == "+") return ExprKind::Add;
  if (sign == "-") return ExprKind::Subtract;
  if (sign == "==") return ExprKind::Equal;
  if (sign == "!=") return ExprKind::NotEqual;
  if (sign == "<") return ExprKind::Less;
  if (sign == "<=") return ExprKind::LessEqual;
  if (sign == ">") return ExprKind::Greater;
  BH_CHECK(sign == ">=", "the grammar knows these operators");
  return ExprKind::GreaterEqual;
}

std::vector<Sign> signs_of(const Cursor& at) {
  std::vector<Sign> signs;
  for (const Cursor& word : at.words()) signs.push_back({kind_of(word.text()), word.span()});
  return signs;
}

std::vector<ExprId> elements(Build& build, const Cursor& at) {
  std::vector<ExprId> found;
  for (const Cursor& element : at.children(Rule::Element)) found.push_back(value(build, element));
  return found;
}

ExprId primary(Build& build, const Cursor& at) {
  if (const auto inner = at.child(Rule::Expr)) return expression(build, *inner);
  if (at.has("{")) return node(build, ExprKind::Set, at.span(), at.span(), elements(build, at)).expr;
  return value(build, at);
}

ExprId operand(Build& build, const Cursor& at) {
  Chain chain;
  for (const Cursor& child : at.children(Rule::Primary)) chain.parts.push_back({primary(build, child), child.span()});
  chain.signs = signs_of(at);
  chain = together(build, chain, ExprKind::BitAnd);
  chain = leftwards(build, chain, ExprKind::Multiply, ExprKind::Multiply);
  chain = leftwards(build, chain, ExprKind::Intersect, ExprKind::Intersect);
  chain = leftwards(build, chain, ExprKind::Add, ExprKind::Subtract);
  return leftwards(build, chain, ExprKind::Union, ExprKind::Union).parts[0].expr;
}

void membership(Build& build, const Cursor& at, Expr& expr) {
  const std::vector<Cursor> numbers = at.children(Rule::Number);
  expr.kind = ExprKind::InSet;
  if (!numbers.empty()) {
    expr.kind = ExprKind::InRange;
    for (const Cursor& n : numbers) expr.args.push_back(leaf(build, ExprKind::Number, n.span(), number(build, n)));
  } else if (at.has("{")) {
    expr.braced = true;
    for (const ExprId element : elements(build, at)) expr.args.push_back(element);
  } else if (const auto inner = at.child(Rule::Expr)) {
    expr.args.push_back(expression(build, *inner));
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
    if (const auto on = at.child(Rule::Application)) {
      expr.args.push_back(application(build, path(on->only(Rule::Path)), *on));
    }
  } else {
    expr.kind = kind_of(sign);
    expr.args.push_back(operand(build, operands[1]));
  }
  return build.add(std::move(expr));
}

bool is_not(const Cursor& prefix) {
  return prefix.inside().text() == "!";
}

/// `!`, a quantifier, or `if ... then ... else`, before all of `inner`.
Part prefixed(Build& build, const Cursor& prefix, const Part& inner) {
  const Cursor word = prefix.inside();
  const Span span = join(word.span(), inner.span);
  if (is_not(prefix)) return node(build, ExprKind::Not, span, word.span(), {inner.expr});
  if (const auto all = prefix.child(Rule::Bindings)) {
    const ExprKind kind = word.text() == "forall" ? ExprKind::ForAll : ExprKind::Exists;
    const Part made = node(build, kind, span, word.span(), {inner.expr});
    build.module.exprs[made.expr.index()].value = bindings(*all);
    return made;
  }
  std::vector<ExprId> args;
  for (const Cursor& part : prefix.children(Rule::Expr)) args.push_back(expression(build, part));
  args.push_back(inner.expr);
  return node(build, ExprKind::IfThenElse, span, word.span(), std::move(args));
}

ExprId whole(Build& build, const Chain& chain) {
  const Chain conjunctions = together(build, chain, ExprKind::And);
  const Chain disjunctions = together(build, conjunctions, ExprKind::Or);
  const Chain implications = rightwards(build, disjunctions, ExprKind::Implies);
  return rightwards(build, implications, ExprKind::Equivalent).parts[0].expr;
}

}  // namespace

ast::Bindings bindings(const Cursor& at) {
  ast::Bindings found;
  for (const Cursor& child : at.children(Rule::Binding)) {
    ast::Binding one{names(child), {}, child.span()};
    one.type = one.names.back();
    one.names.pop_back();
    found.push_back(std::move(one));
  }
  return found;
}

/// From the right: what stands right of a quantifier or an `else` is a part of it.
ExprId expression(Build& build, const Cursor& at) {
  const std::vector<Cursor> items = at.children(Rule::Item);
  const std::vector<Sign> signs = signs_of(at);
  std::vector<Part> parts;
  for (const Cursor& item : items) parts.push_back({comparison(build, item.only(Rule::Comparison)), item.span()});
  Chain rest;  // what stands right of the item at hand, in reverse
  const auto in_order = [&rest] {
    Chain chain = rest;
    std::reverse(chain.parts.begin(), chain.parts.end());
    std::reverse(chain.signs.begin(), chain.signs.end());
    return chain;
  };
  for (std::size_t i = items.size(); i-- > 0;) {
    if (i + 1 < items.size()) rest.signs.push_back(signs[i]);
    std::vector<Cursor> prefixes = items[i].children(Rule::Prefix);
    Part self = parts[i];
    if (!prefixes.empty()) self.span = items[i].only(Rule::Comparison).span();
    for (; !prefixes.empty() && is_not(prefixes.back()); prefixes.pop_back()) {
      self = prefixed(build, prefixes.back(), self);
    }
    rest.parts.push_back(self);
    if (prefixes.empty()) continue;
    Part body{whole(build, in_order()), join(self.span, rest.parts.front().span)};
    for (auto prefix = prefixes.rbegin(); prefix != prefixes.rend(); ++prefix) body = prefixed(build, *prefix, body);
    rest = {{body}, {}};
  }
  return whole(build, in_order());
}

std::optional<ExprId> when(Build& build, const Cursor& parent) {
  const auto found = parent.child(Rule::When);
  if (!found) return std::nullopt;
  return expression(build, found->only(Rule::Expr));
}

/// Comparisons joined by `&&`, `!` before some of them.
ExprId requirements(Build& build, const Cursor& at) {
  std::vector<ExprId> all;
  for (const Cursor& one : at.children(Rule::Requirement)) {
    Part part{comparison(build, one.only(Rule::Comparison)), one.span()};
    if (const auto sign = one.find("!")) {
      part = node(build, ExprKind::Not, one.span(), sign->span(), {part.expr});
    }
    all.push_back(part.expr);
  }
  if (all.size() == 1) return all[0];
  const Span span = join(at.children(Rule::Requirement).front().span(), at.span());
  return node(build, ExprKind::And, span, at.find("&&")->span(), std::move(all)).expr;
}

std::vector<ExprId> argument_list(Build& build, const Cursor& at) {
  std::vector<ExprId> values;
  for (const Cursor& child : at.children(Rule::Argument)) {
    const auto inner = child.child(Rule::Expr);
    values.push_back(inner ? expression(build, *inner) : leaf(build, ExprKind::Star, child.span(), {}));
  }
  return values;
}

ExprId application(Build& build, const ast::Path& function, const Cursor& at) {
  const auto args = at.child(Rule::Arguments);
  if (!args) return leaf(build, ExprKind::Path, function.span, function);
  ast::Path name = function;
  Span end = args->span();
  if (const auto fields = at.child(Rule::Fields)) {  // `page(x).owner` and `page.owner(x)` are one
    for (const ast::Name& field : names(*fields)) name.parts.push_back(field);
    end = fields->span();
  }
  const Part made = node(build, ExprKind::Apply, join(function.span, end), function.span, argument_list(build, *args));
  build.module.exprs[made.expr.index()].value = std::move(name);
  return made.expr;
}

ExprId value(Build& build, const Cursor& at) {
  const Cursor inner = at.inside();
  const Span span = inner.span();
  if (inner.leaf()) return leaf(build, ExprKind::Boolean, span, inner.text() == "true");
  if (inner.rule() == Rule::Number) return leaf(build, ExprKind::Number, span, number(build, inner));
  if (inner.rule() == Rule::String) return leaf(build, ExprKind::String, span, string(build, inner));
  if (inner.rule() == Rule::Address) return leaf(build, ExprKind::Network, span, ast::Address{as_written(inner), span});
  if (inner.rule() == Rule::Path) return leaf(build, ExprKind::Path, span, path(inner));
  BH_CHECK(inner.rule() == Rule::Application, "a value is a literal, a path or an application");
  return application(build, path(inner.only(Rule::Path)), inner);
}

}  // namespace bulkhead::syntax
