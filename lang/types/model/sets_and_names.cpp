// The part of expressions that speaks of names, sets and records.
#include <algorithm>

#include "lang/base/check.h"
#include "lang/types/model/expressions.h"

namespace bulkhead::model {

using ast::ExprKind;

namespace {

/// "inner.a" of `page(p).inner.a`.
std::string field_name(const ast::Path& path) {
  std::string name;
  for (std::size_t i = 1; i < path.parts.size(); ++i) name += (i == 1 ? "" : ".") + path.parts[i].text;
  return name;
}

}  // namespace

TermId Expressions::contains(const Value& set, TermId element) {
  system::Builder& builder = model_.builder;
  if (!set.parts.empty()) {
    std::vector<TermId> in;
    for (const Value& part : set.parts) in.push_back(contains(part, element));
    return set.in_both ? builder.conjunction(std::move(in)) : builder.disjunction(std::move(in));
  }
  if (set.variable != nullptr) {
    std::vector<TermId> args = set.args;
    args.push_back(element);
    return builder.apply(set.variable->functions[set.field], std::move(args));
  }
  std::vector<TermId> equal;
  for (const TermId one : set.args) equal.push_back(builder.equal(element, one));
  if (equal.size() == 1) return equal[0];
  return equal.empty() ? builder.truth(false) : builder.disjunction(std::move(equal));
}

Value Expressions::field_of(const Variable& variable, std::size_t field, std::vector<TermId> args,
                            const ast::Span& span) {
  const Type type = variable.result.form == Type::Form::Record
                        ? model_.records[variable.result.record].fields[field].second
                        : variable.result;
  if (type.form == Type::Form::Scalar) {
    return {type, model_.builder.apply(variable.functions[field], std::move(args)), nullptr, 0, {}, span};
  }
  return {type, {}, &variable, field, std::move(args), span};
}

TermId Expressions::equal_sets(const Value& left, const Value& right) {
  const system::BinderId each = model_.builder.binder("each", left.type.scalar);
  const TermId element = model_.builder.bound(each);
  return model_.builder.for_all({each}, model_.builder.equal(contains(left, element), contains(right, element)));
}

TermId Expressions::equal_records(const Value& left, const Value& right) {
  std::vector<TermId> equal;
  for (std::size_t i = 0; i < left.variable->functions.size(); ++i) {
    const Value a = field_of(*left.variable, i, left.args, left.span);
    const Value b = field_of(*right.variable, i, right.args, right.span);
    equal.push_back(a.type.form == Type::Form::Set ? equal_sets(a, b) : model_.builder.equal(a.term, b.term));
  }
  return equal.size() == 1 ? equal[0] : model_.builder.conjunction(std::move(equal));
}

/// A set or a record, as far as its name says.
bool Expressions::composite(ast::ExprId id) const {
  if (at(id).kind == ExprKind::Set || at(id).kind == ExprKind::Union || at(id).kind == ExprKind::Intersect) return true;
  const Variable* variable = variable_of(id);
  if (variable == nullptr || variable->result.form == Type::Form::Scalar) return false;
  const ast::Path path = path_of(at(id));
  if (variable->result.form == Type::Form::Set || path.simple()) return true;
  for (const auto& [field, type] : model_.records[variable->result.record].fields) {
    if (field == field_name(path)) return type.form == Type::Form::Set;
  }
  return false;
}

std::optional<Value> Expressions::equality(const ast::Expr& expr) {
  const auto result = [&](TermId equal) {
    return scalar_value(expr.kind == ExprKind::Equal ? equal : model_.builder.negation(equal), expr);
  };
  if (!composite(expr.args[0]) && !composite(expr.args[1])) {
    const auto sides = pair(expr.args[0], expr.args[1]);
    return sides ? result(model_.builder.equal(sides->first, sides->second)) : std::nullopt;
  }
  // What `{}` contains is said by the other side.
  const bool literal = at(expr.args[0]).kind == ExprKind::Set && at(expr.args[1]).kind != ExprKind::Set;
  const auto left = value(expr.args[literal ? 1 : 0]);
  if (!left) return std::nullopt;
  const auto right = value(expr.args[literal ? 0 : 1], left->type);
  if (!right) return std::nullopt;
  if (left->type == right->type) {
    BH_CHECK(left->type.form != Type::Form::Scalar, "a set or a record equals none but its like");
    return result(left->type.form == Type::Form::Set ? equal_sets(*left, *right) : equal_records(*left, *right));
  }
  model_.sink.report({Code::TypeMismatch,
                      right->span,
                      "this is " + model_.spell(right->type) + ", and the other side is " + model_.spell(left->type),
                      {{left->span, "the other side"}},
                      "",
                      {}});
  return std::nullopt;
}

std::optional<Value> Expressions::set(const ast::Expr& expr, const std::optional<Type>& wanted) {
  Value made{{Type::Form::Set, {}, 0}, {}, nullptr, 0, {}, expr.span};
  std::optional<system::Type> element;
  if (wanted && wanted->form == Type::Form::Set) element = wanted->scalar;
  for (const ast::ExprId id : expr.args) {
    const auto one = element ? typed(id, *element) : scalar(id);
    if (!one) return std::nullopt;
    if (!element) element = model_.system.at(*one).type;
    made.args.push_back(*one);
  }
  if (!element) {
    model_.error(Code::TypeMismatch, expr.span, "what this empty set could contain is not said",
                 "compare it with a declared set");
    return std::nullopt;
  }
  made.type.scalar = *element;
  return made;
}

/// `a union b`, `a intersect b`.
std::optional<Value> Expressions::combined(const ast::Expr& expr, const std::optional<Type>& wanted) {
  const bool literal = at(expr.args[0]).kind == ExprKind::Set;  // what `{}` contains is said by the other side
  Value made{{Type::Form::Set, {}, 0}, {}, nullptr, 0, {}, expr.span, {}, expr.kind == ExprKind::Intersect};
  std::optional<Type> type = wanted;
  for (const ast::ExprId id : {expr.args[literal ? 1 : 0], expr.args[literal ? 0 : 1]}) {
    auto part = value(id, type);
    if (!part) return std::nullopt;
    if (part->type.form != Type::Form::Set) {
      model_.error(Code::TypeMismatch, at(id).span,
                   "this is " + model_.spell(part->type) + ", and sets are joined here");
      return std::nullopt;
    }
    if (!made.parts.empty() && part->type != made.parts[0].type) {
      model_.error(
          Code::TypeMismatch, at(id).span,
          "this is " + model_.spell(part->type) + ", and the other side is " + model_.spell(made.parts[0].type));
      return std::nullopt;
    }
    type = part->type;
    made.parts.push_back(std::move(*part));
  }
  made.type = *type;
  return made;
}

std::optional<Value> Expressions::membership(const ast::Expr& expr) {
  std::optional<Value> container;
  if (!expr.braced) {
    container = value(expr.args[1]);
    if (!container) return std::nullopt;
    if (container->type.form != Type::Form::Set) {
      model_.error(Code::TypeMismatch, at(expr.args[1]).span,
                   "this is " + model_.spell(container->type) + ", and `in` needs a set");
      return std::nullopt;
    }
  }
  std::optional<system::Type> type;
  if (container) type = container->type.scalar;
  const auto tested = type ? typed(expr.args[0], *type) : scalar(expr.args[0]);
  if (!tested) return std::nullopt;
  if (!container) {
    container = Value{{Type::Form::Set, model_.system.at(*tested).type, 0}, {}, nullptr, 0, {}, expr.span};
    for (std::size_t i = 1; i < expr.args.size(); ++i) {
      const auto one = typed(expr.args[i], container->type.scalar);
      if (!one) return std::nullopt;
      container->args.push_back(*one);
    }
  }
  return scalar_value(contains(*container, *tested), expr);
}

const Variable* Expressions::variable_of(ast::ExprId id) const {
  const ast::Expr& expr = at(id);
  if (expr.kind != ExprKind::Path && expr.kind != ExprKind::Apply) return nullptr;
  const auto found = model_.variables.find(path_of(expr).parts[0].text);
  return found == model_.variables.end() ? nullptr : &found->second;
}

bool Expressions::counted(const ast::Expr& expr, std::size_t wanted, const std::string& who) {
  if (expr.args.size() == wanted) return true;
  const auto words = [](std::size_t n) { return std::to_string(n) + (n == 1 ? " argument" : " arguments"); };
  model_.error(Code::WrongArguments, expr.span,
               "`" + who + "` takes " + words(wanted) + ", and here are " + std::to_string(expr.args.size()));
  return false;
}

std::optional<std::size_t> Expressions::field_index(const ast::Path& path, const Variable& variable) {
  const ast::Name& field = path.parts[1];
  std::vector<std::string> known;
  if (variable.result.form == Type::Form::Record) {
    const Record& record = model_.records[variable.result.record];
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
      if (record.fields[i].first == field_name(path)) return i;
      known.push_back(record.fields[i].first);
    }
  }
  const bool inner = std::any_of(known.begin(), known.end(),
                                 [&](const std::string& one) { return one.rfind(field_name(path) + ".", 0) == 0; });
  if (inner) {
    model_.error(Code::TypeMismatch, path.parts.back().span, "a record in a record cannot stand here",
                 "name one of its fields");
    return std::nullopt;
  }
  const bool deeper = path.parts.size() > 2 && std::find(known.begin(), known.end(), field.text) != known.end();
  model_.unknown(deeper ? path.parts[2] : field, "field", deeper ? std::vector<std::string>{} : known);
  return std::nullopt;
}

std::optional<Expressions::Place> Expressions::place(ast::ExprId id, std::vector<system::BinderId>& stars) {
  const ast::Expr expr = at(id);
  const Variable* variable = variable_of(id);
  if (variable == nullptr) return std::nullopt;
  const ast::Path path = path_of(expr);
  Place place{variable, std::nullopt, {}};
  bool failed = !counted(expr, variable->arguments.size(), path.parts[0].text);
  if (!path.simple()) {
    place.field = field_index(path, *variable);
    failed = failed || !place.field;
  }
  for (std::size_t i = 0; i < expr.args.size() && !failed; ++i) {
    const system::Type& type = variable->arguments[i];
    if (at(expr.args[i]).kind == ExprKind::Star) {
      stars.push_back(model_.builder.binder("any", type));
      place.args.push_back(model_.builder.bound(stars.back()));
      continue;
    }
    const auto arg = typed(expr.args[i], type);
    if (!arg) return std::nullopt;
    place.args.push_back(*arg);
  }
  if (failed) return std::nullopt;
  return place;
}

/// A set is a function to `bool`: `s(c, x)` is `x in s(c)`, as dumps and inferred lemmas say it.
std::optional<Value> Expressions::application(const ast::Expr& expr, const Variable& variable) {
  const ast::Path path = path_of(expr);
  std::optional<std::size_t> field;
  if (!path.simple()) {
    field = field_index(path, variable);
    if (!field) return std::nullopt;
  }
  const Type& type = field ? model_.records[variable.result.record].fields[*field].second : variable.result;
  const bool asks = type.form == Type::Form::Set && expr.args.size() == variable.arguments.size() + 1;
  if (!asks && !counted(expr, variable.arguments.size(), path.parts[0].text)) return std::nullopt;
  std::vector<TermId> args;
  for (std::size_t i = 0; i < expr.args.size(); ++i) {
    const auto arg = typed(expr.args[i], i < variable.arguments.size() ? variable.arguments[i] : type.scalar);
    if (arg) args.push_back(*arg);
  }
  if (args.size() != expr.args.size()) return std::nullopt;
  if (asks) return scalar_value(model_.builder.apply(variable.functions[field.value_or(0)], std::move(args)), expr);
  if (variable.result.form == Type::Form::Record && !field) {
    return Value{variable.result, {}, &variable, 0, std::move(args), expr.span};
  }
  return field_of(variable, field.value_or(0), std::move(args), expr.span);
}

/// A definition is replaced by its body; the same application is made once.
std::optional<Value> Expressions::expansion(const ast::Expr& expr, const Definition& definition) {
  const std::string& name = definition.decl->name.text;
  if (!path_of(expr).simple()) {
    model_.unknown(path_of(expr).parts[1], "field", {});
    return std::nullopt;
  }
  if (!counted(expr, definition.parameters.size(), name) || model_.broken.count(name) != 0) return std::nullopt;
  Scope inside{definition.module, {}};
  std::vector<TermId> args;
  for (std::size_t i = 0; i < expr.args.size(); ++i) {
    const auto arg = typed(expr.args[i], definition.parameters[i].second);
    if (!arg) continue;
    args.push_back(*arg);
    inside.locals.push_back({definition.parameters[i].first, *arg});
  }
  if (args.size() != expr.args.size()) return std::nullopt;
  const auto known = model_.expanded.find({name, args});
  if (known != model_.expanded.end()) return scalar_value(known->second, expr);
  for (const std::string& around : model_.expanding) {
    if (around != name) continue;
    model_.sink.report({Code::DefinitionCycle,
                        path_of(expr).span,
                        "`" + name + "` is made of itself",
                        {{definition.decl->name.span, "it is defined here"}},
                        "a definition stands for a formula that ends; what changes is a `var`",
                        {}});
    return std::nullopt;
  }
  model_.expanding.push_back(name);
  const auto type =
      definition.decl->type ? model_.scalar_type(*definition.decl->type, definition.module) : std::nullopt;
  Expressions in(model_, inside);
  const auto body = type ? in.typed(definition.decl->body, *type) : in.scalar(definition.decl->body);
  model_.expanding.pop_back();
  if (!body) {
    model_.broken.insert(name);  // its mistake is no other one with other arguments
    return std::nullopt;
  }
  model_.expanded.emplace(std::pair{name, std::move(args)}, *body);
  return scalar_value(*body, expr);
}

/// `Trust.High`, or `High` where one enum has it, or where one is needed that has it.
std::optional<Value> Expressions::member(const ast::Expr& expr, const std::optional<Type>& wanted) {
  const ast::Path path = path_of(expr);
  const auto found = model_.members.find(path.parts.back().text);
  if (found == model_.members.end()) return std::nullopt;
  std::vector<TermId> fitting;
  for (const TermId term : found->second) {
    const system::Type& type = model_.system.at(term).type;
    const bool named = path.simple() || model_.system.at(type.enumeration).name == path.parts[0].text;
    const bool fits = path.simple() && wanted && wanted->form == Type::Form::Scalar && wanted->scalar == type;
    if (fits) return scalar_value(term, expr);
    if (named) fitting.push_back(term);
  }
  if (fitting.size() == 1) return scalar_value(fitting[0], expr);
  if (fitting.empty()) return std::nullopt;
  model_.error(Code::TypeMismatch, expr.span, "several enums have a member `" + path.parts.back().text + "`",
               "write which one is meant: `" + model_.system.at(model_.system.at(fitting[0]).type.enumeration).name +
                   "." + path.parts.back().text + "`");
  return Value{{Type::Form::Scalar, model_.system.at(fitting[0]).type, 0}, fitting[0], nullptr, 0, {}, expr.span};
}

std::optional<Value> Expressions::name(const ast::Expr& expr, const std::optional<Type>& wanted) {
  const ast::Path path = path_of(expr);
  const ast::Name& first = path.parts[0];
  for (const Local& local : scope_.locals) {
    if (local.name.text != first.text) continue;
    if (!path.simple()) {
      model_.unknown(path.parts[1], "field", {});
      return std::nullopt;
    }
    if (expr.kind == ExprKind::Apply && !counted(expr, 0, first.text)) return std::nullopt;
    return scalar_value(local.term, expr);
  }
  const auto variable = model_.variables.find(first.text);
  if (variable != model_.variables.end()) return application(expr, variable->second);
  const auto definition = model_.definitions.find(first.text);
  if (definition != model_.definitions.end()) return expansion(expr, definition->second);
  if (path.parts.size() <= 2 && expr.kind == ExprKind::Path) {
    if (path.parts.size() == 2) {  // an enum of the policy becomes known where it is named
      const bool known = model_.types.count(first.text) != 0;
      if (known || model_.names.peek(resolve::Space::Enums, first.text)) model_.type(first, scope_.module);
    }
    if (auto found = member(expr, wanted)) return found;
  }
  const auto type = model_.types.find(first.text);
  if (type != model_.types.end() && path.parts.size() == 2) {
    model_.unknown(path.parts[1], "member of `" + first.text + "`", {});
    return std::nullopt;
  }
  std::vector<std::string> known;
  for (const Local& local : scope_.locals) known.push_back(local.name.text);
  for (const auto& [word, unused] : model_.variables) known.push_back(word);
  for (const auto& [word, unused] : model_.definitions) known.push_back(word);
  for (const auto& [word, unused] : model_.members) known.push_back(word);
  const bool applied = expr.kind == ExprKind::Apply;
  model_.unknown(first, applied ? "function or definition" : "variable, constant or definition", known);
  return std::nullopt;
}

}  // namespace bulkhead::model
