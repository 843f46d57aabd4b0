#include "lang/types/model/expressions.h"

#include "lang/base/check.h"

namespace bulkhead::model {

using ast::ExprKind;

namespace {

Type scalar_type(const system::Type& type) {
  return {Type::Form::Scalar, type, 0};
}

bool ordered(const system::Type& type) {
  return type.kind != system::Kind::Bool && type.kind != system::Kind::Sort;
}

bool numeric(const system::Type& type) {
  return type.kind == system::Kind::Int || type.kind == system::Kind::Bits;
}

/// Counts the nesting while it lives.
class Deeper {
 public:
  explicit Deeper(std::size_t& level) : level_(level) { ++level_; }
  ~Deeper() { --level_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  std::size_t& level_;
};

}  // namespace

std::optional<TermId> Expressions::typed(ast::ExprId id, const system::Type& wanted) {
  const auto term = scalar(id, wanted);
  if (!term) return std::nullopt;
  const system::Type& found = model_.system.at(*term).type;
  if (found == wanted) return term;
  model_.error(Code::TypeMismatch, at(id).span,
               "this is of type " + model_.spell(found) + ", and " + model_.spell(wanted) + " is needed here");
  return std::nullopt;
}

std::optional<TermId> Expressions::scalar(ast::ExprId id, std::optional<system::Type> wanted) {
  const auto found = value(id, wanted ? std::optional(scalar_type(*wanted)) : std::nullopt);
  if (!found) return std::nullopt;
  if (found->type.form == Type::Form::Scalar) return found->term;
  model_.error(Code::TypeMismatch, at(id).span, "this is " + model_.spell(found->type) + ", and one value is needed",
               found->type.form == Type::Form::Set ? "ask for an element with `in`" : "name one of its fields");
  return std::nullopt;
}

std::optional<Value> Expressions::value(ast::ExprId id, std::optional<Type> wanted) {
  const Deeper deeper(model_.level);
  if (model_.level > system::kMaxTermDepth) {  // before the stack is in danger; the term would be refused anyway
    model_.too_large(
        at(id).span,
        "with its definitions this formula is nested more than " + std::to_string(system::kMaxTermDepth) + " deep",
        "split it into several invariants");
  }
  if (model_.full) return std::nullopt;
  auto made = make(id, wanted);
  if (!made) return std::nullopt;
  made->span = at(id).span;
  if (made->type.form == Type::Form::Scalar && !model_.accept(made->term, made->span)) return std::nullopt;
  return made;
}

std::optional<Value> Expressions::make(ast::ExprId id, const std::optional<Type>& wanted) {
  const ast::Expr expr = at(id);
  switch (expr.kind) {
    case ExprKind::Boolean:
      return scalar_value(model_.builder.truth(std::get<bool>(expr.value)), expr);
    case ExprKind::Number:
      return number(expr, wanted);
    case ExprKind::Path:
    case ExprKind::Apply:
      return name(expr, wanted);
    case ExprKind::Not:
    case ExprKind::And:
    case ExprKind::Or:
    case ExprKind::Implies:
    case ExprKind::Equivalent:
      return connective(expr);
    case ExprKind::Equal:
    case ExprKind::NotEqual:
      return equality(expr);
    case ExprKind::Less:
    case ExprKind::LessEqual:
    case ExprKind::Greater:
    case ExprKind::GreaterEqual:
      return comparison(expr);
    case ExprKind::InRange:
      return range(expr);
    case ExprKind::InSet:
      return membership(expr);
    case ExprKind::Add:
    case ExprKind::Subtract:
    case ExprKind::Multiply:
      return arithmetic(expr, wanted);
    case ExprKind::IfThenElse:
      return conditional(expr, wanted);
    case ExprKind::ForAll:
    case ExprKind::Exists:
      return quantified(expr);
    case ExprKind::Set:
      return set(expr, wanted);
    case ExprKind::Union:
    case ExprKind::Intersect:
      return combined(expr, wanted);
    case ExprKind::Star:
      model_.error(Code::Misplaced, expr.span, "`*` stands for every value in an update or in a view, not here",
                   "write `forall` or `exists`");
      return std::nullopt;
    case ExprKind::String:
    case ExprKind::Network:
    case ExprKind::BitAnd:
    case ExprKind::Like:
    case ExprKind::Has:
    case ExprKind::Holds:
      model_.error(Code::Misplaced, expr.op.file.valid() ? expr.op : expr.span, "this has no meaning in a model",
                   "models speak of bool, integers, words, enums, sorts, sets and records");
      return std::nullopt;
  }
  BH_CHECK(false, "an unknown kind of expression");
}

std::optional<Value> Expressions::scalar_value(TermId term, const ast::Expr& expr) {
  return Value{scalar_type(model_.system.at(term).type), term, nullptr, 0, {}, expr.span};
}

std::optional<Value> Expressions::number(const ast::Expr& expr, const std::optional<Type>& wanted) {
  const ast::Number& written = std::get<ast::Number>(expr.value);
  const bool word = wanted && wanted->form == Type::Form::Scalar && wanted->scalar.kind == system::Kind::Bits;
  if (!written.plain_integer()) {
    model_.error(Code::WrongUnit, expr.span, "numbers of models are whole and have no unit");
    return std::nullopt;
  }
  const std::uint8_t width = word ? wanted->scalar.width : 63;
  if ((word && written.negative) || (width < 64 && written.whole >> width != 0)) {
    const std::string type = word ? "`u" + std::to_string(width) + "`" : "64 bits with a sign";
    model_.error(Code::QuantityOutOfRange, expr.span, "this number does not fit into " + type);
    return std::nullopt;
  }
  if (word) return scalar_value(model_.builder.word(width, written.whole), expr);
  const auto whole = static_cast<std::int64_t>(written.whole);
  return scalar_value(model_.builder.integer(written.negative ? -whole : whole), expr);
}

std::optional<Value> Expressions::connective(const ast::Expr& expr) {
  std::vector<TermId> args;
  for (const ast::ExprId id : expr.args) {
    if (const auto arg = truth(id)) args.push_back(*arg);
  }
  if (args.size() != expr.args.size()) return std::nullopt;
  system::Builder& builder = model_.builder;
  if (expr.kind == ExprKind::Not) return scalar_value(builder.negation(args[0]), expr);
  if (expr.kind == ExprKind::And) return scalar_value(builder.conjunction(std::move(args)), expr);
  if (expr.kind == ExprKind::Or) return scalar_value(builder.disjunction(std::move(args)), expr);
  if (expr.kind == ExprKind::Implies) return scalar_value(builder.implies(args[0], args[1]), expr);
  return scalar_value(builder.equal(args[0], args[1]), expr);
}

/// Whether the type comes from what stands beside it: numbers, and names that several enums have as members.
bool Expressions::untyped(ast::ExprId root) const {
  for (std::vector<ast::ExprId> open{root}; !open.empty();) {
    const ast::Expr& expr = at(open.back());
    open.pop_back();
    const bool sum = expr.kind == ExprKind::Add || expr.kind == ExprKind::Subtract || expr.kind == ExprKind::Multiply;
    if (sum) {
      open.insert(open.end(), expr.args.begin(), expr.args.end());
    } else if (expr.kind == ExprKind::IfThenElse) {
      open.insert(open.end(), expr.args.begin() + 1, expr.args.end());
    } else if (expr.kind == ExprKind::Path) {
      const auto& path = std::get<ast::Path>(expr.value);
      const auto found = model_.members.find(path.parts[0].text);
      if (!path.simple() || found == model_.members.end() || found->second.size() < 2) return false;
    } else if (expr.kind != ExprKind::Number) {
      return false;
    }
  }
  return true;
}

std::optional<std::pair<TermId, TermId>> Expressions::pair(ast::ExprId left, ast::ExprId right,
                                                           std::optional<system::Type> wanted) {
  const bool from_right = untyped(left) && !untyped(right);
  const ast::ExprId first = from_right ? right : left;
  const ast::ExprId second = from_right ? left : right;
  const auto one = scalar(first, wanted);
  const auto other = one ? scalar(second, model_.system.at(*one).type) : scalar(second);
  if (!one || !other) return std::nullopt;
  const system::Type& a = model_.system.at(*one).type;
  const system::Type& b = model_.system.at(*other).type;
  if (a == b) return from_right ? std::pair{*other, *one} : std::pair{*one, *other};
  model_.sink.report({Code::TypeMismatch,
                      at(second).span,
                      "this is of type " + model_.spell(b) + ", and the other side is of type " + model_.spell(a),
                      {{at(first).span, "the other side"}},
                      "",
                      {}});
  return std::nullopt;
}

std::optional<Value> Expressions::comparison(const ast::Expr& expr) {
  const auto sides = pair(expr.args[0], expr.args[1]);
  if (!sides) return std::nullopt;
  const auto [left, right] = *sides;
  const system::Type& type = model_.system.at(left).type;
  if (!ordered(type)) {
    model_.error(Code::TypeMismatch, expr.op, "values of type " + model_.spell(type) + " have no order",
                 "they are compared with `==` and `!=`");
    return std::nullopt;
  }
  system::Builder& builder = model_.builder;
  if (expr.kind == ExprKind::Less) return scalar_value(builder.less(left, right), expr);
  if (expr.kind == ExprKind::LessEqual) return scalar_value(builder.less_equal(left, right), expr);
  if (expr.kind == ExprKind::Greater) return scalar_value(builder.less(right, left), expr);
  return scalar_value(builder.less_equal(right, left), expr);
}

/// Of two constant words the word that comes out. Written as they are, `200 + 100`, nothing would say that they wrap.
std::optional<TermId> Expressions::of_words(ExprKind kind, TermId left, TermId right) {
  const system::Term& a = model_.system.at(left);
  const system::Term& b = model_.system.at(right);
  const bool constant = a.op == system::Op::Constant && b.op == system::Op::Constant;
  if (!constant || a.type.kind != system::Kind::Bits) return std::nullopt;
  const auto x = static_cast<std::uint64_t>(a.value), y = static_cast<std::uint64_t>(b.value);
  const std::uint64_t whole = kind == ExprKind::Add ? x + y : kind == ExprKind::Subtract ? x - y : x * y;
  const std::uint8_t width = a.type.width;
  return model_.builder.word(width, width >= 64 ? whole : whole & ((std::uint64_t{1} << width) - 1));
}

std::optional<Value> Expressions::arithmetic(const ast::Expr& expr, const std::optional<Type>& wanted) {
  std::optional<system::Type> type;
  if (wanted && wanted->form == Type::Form::Scalar && numeric(wanted->scalar)) type = wanted->scalar;
  const auto sides = pair(expr.args[0], expr.args[1], type);
  if (!sides) return std::nullopt;
  const auto [left, right] = *sides;
  if (!numeric(model_.system.at(left).type)) {
    model_.error(Code::TypeMismatch, expr.op,
                 "values of type " + model_.spell(model_.system.at(left).type) + " are no numbers");
    return std::nullopt;
  }
  if (const auto known = of_words(expr.kind, left, right)) return scalar_value(*known, expr);
  system::Builder& builder = model_.builder;
  if (expr.kind == ExprKind::Add) return scalar_value(builder.add(left, right), expr);
  if (expr.kind == ExprKind::Subtract) return scalar_value(builder.subtract(left, right), expr);
  return scalar_value(builder.multiply(left, right), expr);
}

std::optional<Value> Expressions::conditional(const ast::Expr& expr, const std::optional<Type>& wanted) {
  const auto condition = truth(expr.args[0]);
  std::optional<system::Type> type;
  if (wanted && wanted->form == Type::Form::Scalar) type = wanted->scalar;
  const auto sides = pair(expr.args[1], expr.args[2], type);
  if (!condition || !sides) return std::nullopt;
  return scalar_value(model_.builder.choose(*condition, sides->first, sides->second), expr);
}

std::optional<Value> Expressions::quantified(const ast::Expr& expr) {
  const auto& bindings = std::get<ast::Bindings>(expr.value);
  const std::size_t outside = scope_.locals.size();
  const auto binders = introduce(model_, bindings, scope_);
  const auto body = truth(expr.args[0]);
  scope_.locals.resize(outside);
  if (!binders || !body) return std::nullopt;
  for (const ast::Binding& binding : bindings) {
    if (binding.type.text != "int" || !model_.draft.variant.empty()) continue;
    model_.error(Code::IntegerQuantifier, binding.span, "this ranges over all integers, of which there is no end",
                 "quantify over a sort, an enum or a word; a proof may not be found otherwise");
  }
  if (expr.kind == ExprKind::ForAll) return scalar_value(model_.builder.for_all(*binders, *body), expr);
  return scalar_value(model_.builder.exists(*binders, *body), expr);
}

std::optional<Value> Expressions::range(const ast::Expr& expr) {
  const auto tested = scalar(expr.args[0]);
  if (!tested) return std::nullopt;
  const system::Type type = model_.system.at(*tested).type;
  if (!numeric(type)) {
    model_.error(Code::TypeMismatch, expr.op, "values of type " + model_.spell(type) + " are no numbers");
    return std::nullopt;
  }
  const auto low = typed(expr.args[1], type);
  const auto high = typed(expr.args[2], type);
  if (!low || !high) return std::nullopt;
  system::Builder& builder = model_.builder;
  return scalar_value(builder.conjunction({builder.less_equal(*low, *tested), builder.less_equal(*tested, *high)}),
                      expr);
}

}  // namespace bulkhead::model
