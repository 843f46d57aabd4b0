#include "lang/types/comparison.h"

#include "lang/base/check.h"
#include "lang/ir/glob.h"
#include "lang/types/glob_text.h"
#include "lang/types/patterns.h"

namespace bulkhead::types {
namespace {

Operand truth(ir::ExprId expr, const ast::Expr& source) {
  return {Shape::Bool, {}, expr, &source, {}};
}

ir::Op op_of(ast::ExprKind kind) {
  switch (kind) {
    case ast::ExprKind::Equal:
      return ir::Op::Equal;
    case ast::ExprKind::NotEqual:
      return ir::Op::NotEqual;
    case ast::ExprKind::Less:
      return ir::Op::Less;
    case ast::ExprKind::LessEqual:
      return ir::Op::LessEqual;
    case ast::ExprKind::Greater:
      return ir::Op::Greater;
    case ast::ExprKind::GreaterEqual:
      return ir::Op::GreaterEqual;
    case ast::ExprKind::Boolean:
    case ast::ExprKind::Number:
    case ast::ExprKind::String:
    case ast::ExprKind::Network:
    case ast::ExprKind::Path:
    case ast::ExprKind::Not:
    case ast::ExprKind::And:
    case ast::ExprKind::Or:
    case ast::ExprKind::Implies:
    case ast::ExprKind::BitAnd:
    case ast::ExprKind::Like:
    case ast::ExprKind::InRange:
    case ast::ExprKind::InSet:
    case ast::ExprKind::Has:
    case ast::ExprKind::Holds:
    case ast::ExprKind::Equivalent:
    case ast::ExprKind::Add:
    case ast::ExprKind::Subtract:
    case ast::ExprKind::Multiply:
    case ast::ExprKind::IfThenElse:
    case ast::ExprKind::ForAll:
    case ast::ExprKind::Exists:
    case ast::ExprKind::Apply:
    case ast::ExprKind::Set:
    case ast::ExprKind::Star:
    case ast::ExprKind::Union:
    case ast::ExprKind::Intersect:
      break;
  }
  BH_CHECK(false, "no comparison");
}

bool is_order(ir::Op op) {
  return op != ir::Op::Equal && op != ir::Op::NotEqual;
}

bool has_order(Shape shape) {
  return shape == Shape::Signed || shape == Shape::Unsigned || shape == Shape::Enum || shape == Shape::Label;
}

/// `path == "/x"`: the glob that matches this one path, so that paths only ever meet globs.
Operand path_is(Lowering& lowering, const ast::Expr& source, const Operand& path, const Operand& text) {
  if (text.shape != Shape::StringLiteral) {
    lowering.error(Code::TypeMismatch, source.span, "a path compares with a string that is written there");
    return {};
  }
  const auto& literal = std::get<ast::String>(text.source->value);
  if (!check_path(literal, "what a path is compared with", lowering.sources, lowering.sink)) return {};
  ir::Expr expr;
  expr.op = ir::Op::Like;
  expr.value = ir::escape_glob(literal.value);
  expr.args = {path.expr};
  return truth(emit(lowering, std::move(expr)), source);
}

Operand address_in(Lowering& lowering, const ast::Expr& source, const Operand& range) {
  if (range.shape != Shape::NetworkLiteral) {
    lowering.error(Code::TypeMismatch, range.source->span,
                   "an address compares with an address or a range that is written there",
                   "a set of them goes behind the variable: `n: net in Registry`");
    return {};
  }
  const auto& address = std::get<ast::Address>(range.source->value);
  if (!lower_address(lowering, address)) return {};
  ir::Expr expr;
  expr.op = ir::Op::InNet;
  expr.value = address.text;
  return truth(emit(lowering, std::move(expr)), source);
}

/// `a == b` where `a` has a type and `b` is a literal or has the same one.
Operand equal_to(Lowering& lowering, const ast::Expr& source, const Operand& a, const Operand& b, const Scope& scope) {
  if (a.shape == Shape::Path) return path_is(lowering, source, a, b);
  if (a.shape == Shape::Address) return address_in(lowering, source, b);
  const Operand other = is_literal(b.shape) ? coerce(lowering, b, a, scope) : b;
  if (other.shape == Shape::Failed) return {};
  return truth(emit_bool(lowering, ir::Op::Equal, {a.expr, other.expr}), source);
}

bool same_type(const Operand& a, const Operand& b) {
  const auto string = [](Shape shape) { return shape == Shape::String || shape == Shape::ContextString; };
  if (string(a.shape) && string(b.shape)) return true;
  return a.shape == b.shape && a.enumeration == b.enumeration;
}

bool any_failed(const std::vector<Operand>& operands) {
  for (const Operand& operand : operands) {
    if (operand.shape == Shape::Failed) return true;
  }
  return false;
}

/// The first operand must have a type of its own: it is what the others are compared with.
bool has_type(Lowering& lowering, const Operand& operand) {
  if (!is_literal(operand.shape)) return true;
  const bool word = operand.shape == Shape::Word;
  lowering.error(Code::TypeMismatch, operand.source->span,
                 word ? "there is no variable or attribute " + describe(lowering, operand) + " here"
                      : "a constant stands where an attribute is needed",
                 word ? "write `f.path`, `c.trust`, `context.mfa` or another attribute" : "");
  return false;
}

}  // namespace

Operand lower_comparison(Lowering& lowering, const ast::Expr& expr, std::vector<Operand> operands, const Scope& scope) {
  if (any_failed(operands)) return {};
  const ir::Op op = op_of(expr.kind);
  const bool turned = is_literal(operands[0].shape) && !is_literal(operands[1].shape);
  const Operand& typed = operands[turned ? 1 : 0];
  const Operand& other = operands[turned ? 0 : 1];
  if (!has_type(lowering, typed)) return {};
  if (!is_literal(other.shape) && !same_type(typed, other)) {
    lowering.error(Code::TypeMismatch, expr.span,
                   describe(lowering, operands[0]) + " does not compare with " + describe(lowering, operands[1]));
    return {};
  }
  if (is_order(op) && !has_order(typed.shape)) {
    lowering.error(Code::TypeMismatch, expr.op, describe(lowering, typed) + " has no order",
                   "compare with `==` or `!=`");
    return {};
  }
  if (is_order(op)) {
    const Operand constant = is_literal(other.shape) ? coerce(lowering, other, typed, scope) : other;
    if (constant.shape == Shape::Failed) return {};
    const ir::ExprId left = turned ? constant.expr : typed.expr;
    const ir::ExprId right = turned ? typed.expr : constant.expr;
    return truth(emit_bool(lowering, op, {left, right}), expr);
  }
  const Operand equal = equal_to(lowering, expr, typed, other, scope);
  if (op == ir::Op::Equal || equal.shape == Shape::Failed) return equal;
  return truth(emit_bool(lowering, ir::Op::Not, {equal.expr}), expr);
}

Operand lower_like(Lowering& lowering, const ast::Expr& expr, const std::vector<Operand>& operands) {
  if (any_failed(operands)) return {};
  const Operand& text = operands[0];
  if (text.shape != Shape::Path && text.shape != Shape::String) {
    lowering.error(Code::TypeMismatch, expr.span,
                   "`like` is about paths and strings of containers, and this is " + describe(lowering, text),
                   text.shape == Shape::ContextString ? "strings of the context compare with `==`" : "");
    return {};
  }
  const auto* glob = std::get_if<ast::String>(&operands[1].source->value);
  if (glob == nullptr) {
    lowering.error(Code::TypeMismatch, operands[1].source->span, "`like` takes a pattern in quotes");
    return {};
  }
  if (text.shape == Shape::Path && !check_glob(*glob, lowering.sources, lowering.sink)) return {};
  const auto alternatives = ir::expand_glob(glob->value);
  if (!alternatives) {
    lowering.error(Code::BadGlob, glob->span, alternatives.error());
    return {};
  }
  ir::Expr like;
  like.op = ir::Op::Like;
  like.value = glob->value;
  like.args = {text.expr};
  return truth(emit(lowering, std::move(like)), expr);
}

Operand lower_in_range(Lowering& lowering, const ast::Expr& expr, const std::vector<Operand>& operands,
                       const Scope& scope) {
  if (any_failed(operands) || !has_type(lowering, operands[0])) return {};
  if (operands[0].shape != Shape::Signed && operands[0].shape != Shape::Unsigned) {
    lowering.error(Code::TypeMismatch, expr.span,
                   "`a..b` is a range of numbers, and " + describe(lowering, operands[0]) + " is none");
    return {};
  }
  std::vector<ir::ExprId> args{operands[0].expr};
  for (std::size_t i = 1; i < operands.size(); ++i) {
    if (!is_literal(operands[i].shape) && !same_type(operands[0], operands[i])) {
      lowering.error(Code::TypeMismatch, operands[i].source->span,
                     describe(lowering, operands[i]) + " does not compare with " + describe(lowering, operands[0]));
      return {};
    }
    const Operand bound =
        is_literal(operands[i].shape) ? coerce(lowering, operands[i], operands[0], scope) : operands[i];
    if (bound.shape == Shape::Failed) return {};
    args.push_back(bound.expr);
  }
  const auto* low = std::get_if<ast::Number>(&operands[1].source->value);
  const auto* high = std::get_if<ast::Number>(&operands[2].source->value);
  if (low != nullptr && high != nullptr && !low->negative && (high->negative || low->whole > high->whole)) {
    lowering.error(Code::QuantityOutOfRange, {low->span.file, low->span.begin, high->span.end},
                   "this range ends before it begins", "`a..b` holds both ends");
    return {};
  }
  return truth(emit_bool(lowering, ir::Op::InRange, std::move(args)), expr);
}

Operand lower_in_set(Lowering& lowering, const ast::Expr& expr, const std::vector<Operand>& operands,
                     const Scope& scope) {
  if (any_failed(operands)) return {};
  if (operands[0].shape == Shape::Word) {
    lowering.error(Code::TypeMismatch, expr.span, "`in` is about an attribute here",
                   "to speak of the objects of a set write it behind the variable: `f: file in Data`");
    return {};
  }
  if (!has_type(lowering, operands[0])) return {};
  std::vector<ir::ExprId> tests;
  for (std::size_t i = 1; i < operands.size(); ++i) {
    if (!is_literal(operands[i].shape) && !same_type(operands[0], operands[i])) {
      lowering.error(Code::TypeMismatch, operands[i].source->span,
                     describe(lowering, operands[i]) + " does not compare with " + describe(lowering, operands[0]));
      return {};
    }
    const Operand test = equal_to(lowering, expr, operands[0], operands[i], scope);
    if (test.shape == Shape::Failed) return {};
    tests.push_back(test.expr);
  }
  if (tests.size() == 1) return truth(tests.front(), expr);
  return truth(emit_bool(lowering, ir::Op::Or, std::move(tests)), expr);
}

Operand lower_bit_and(Lowering& lowering, const ast::Expr& expr, const std::vector<Operand>& operands,
                      const Scope& scope) {
  if (any_failed(operands)) return {};
  const Operand like{Shape::Unsigned, {}, {}, &expr, {}};
  ir::ExprId all;
  for (const Operand& operand : operands) {
    const Operand word = is_literal(operand.shape) ? coerce(lowering, operand, like, scope) : operand;
    if (word.shape == Shape::Failed) return {};
    if (word.shape != Shape::Unsigned) {
      lowering.error(Code::TypeMismatch, operand.source->span,
                     "`&` is about arguments of system calls, and this is " + describe(lowering, operand));
      return {};
    }
    if (!all.valid()) {
      all = word.expr;
      continue;
    }
    ir::Expr both;
    both.op = ir::Op::BitAnd;
    both.type.kind = ir::TypeKind::Int;
    both.args = {all, word.expr};
    all = emit(lowering, std::move(both));
  }
  return {Shape::Unsigned, {}, all, &expr, {}};
}

}  // namespace bulkhead::types
