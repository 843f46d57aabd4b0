// Expressions of models: typed, definitions expanded, sets and records taken apart.
#pragma once

#include <optional>
#include <vector>

#include "lang/types/model/model.h"

namespace bulkhead::model {

/// What an expression has become: a term, or a set or record of which the parts can be asked for.
struct Value {
  Type type;
  TermId term;                         // of Scalar
  const Variable* variable = nullptr;  // of a set or record that is read
  std::size_t field = 0;               // of a set that is a field
  std::vector<TermId> args;            // of the variable; without one the elements of a set `{ a, b }`
  ast::Span span;
  std::vector<Value> parts = {};  // of `a union b`, `a intersect b`: the two sets
  bool in_both = false;           // `intersect`
};

class Expressions {
 public:
  Expressions(Model& model, Scope& scope) : model_(model), scope_(scope) {}

  // Each: none after an error.
  std::optional<TermId> truth(ast::ExprId id) { return typed(id, system::kBool); }
  std::optional<TermId> typed(ast::ExprId id, const system::Type& wanted);
  std::optional<TermId> scalar(ast::ExprId id, std::optional<system::Type> wanted = std::nullopt);
  /// `wanted`: what numbers, names of members and `{}` are taken for.
  std::optional<Value> value(ast::ExprId id, std::optional<Type> wanted = std::nullopt);

  /// What a place or an item of a view names: a variable, and the terms that it is applied to. Each `*` is a new binder
  /// in `stars`.
  struct Place {
    const Variable* variable = nullptr;
    std::optional<std::size_t> field;
    std::vector<TermId> args;
  };
  std::optional<Place> place(ast::ExprId id, std::vector<system::BinderId>& stars);
  /// The variable that an expression names, if it names one.
  const Variable* variable_of(ast::ExprId id) const;

  /// The field that the second part of the path names; none after an error.
  std::optional<std::size_t> field_index(const ast::Path& path, const Variable& variable);

  /// `element` is in the set.
  TermId contains(const Value& set, TermId element);
  /// The field of a record, or of the variable that a place names.
  Value field_of(const Variable& variable, std::size_t field, std::vector<TermId> args, const ast::Span& span);

 private:
  const ast::Expr& at(ast::ExprId id) const { return model_.tree(scope_.module).at(id); }
  ast::Path path_of(const ast::Expr& expr) const { return model_.named(std::get<ast::Path>(expr.value)); }
  std::optional<Value> make(ast::ExprId id, const std::optional<Type>& wanted);
  std::optional<Value> number(const ast::Expr& expr, const std::optional<Type>& wanted);
  std::optional<Value> connective(const ast::Expr& expr);
  std::optional<Value> comparison(const ast::Expr& expr);
  std::optional<Value> equality(const ast::Expr& expr);
  std::optional<Value> arithmetic(const ast::Expr& expr, const std::optional<Type>& wanted);
  std::optional<TermId> of_words(ast::ExprKind kind, TermId left, TermId right);
  std::optional<Value> conditional(const ast::Expr& expr, const std::optional<Type>& wanted);
  std::optional<Value> quantified(const ast::Expr& expr);
  std::optional<Value> membership(const ast::Expr& expr);
  std::optional<Value> range(const ast::Expr& expr);
  std::optional<Value> set(const ast::Expr& expr, const std::optional<Type>& wanted);
  std::optional<Value> combined(const ast::Expr& expr, const std::optional<Type>& wanted);
  std::optional<Value> name(const ast::Expr& expr, const std::optional<Type>& wanted);
  std::optional<Value> application(const ast::Expr& expr, const Variable& variable);
  std::optional<Value> expansion(const ast::Expr& expr, const Definition& definition);
  std::optional<Value> member(const ast::Expr& expr, const std::optional<Type>& wanted);

  std::optional<std::pair<TermId, TermId>> pair(ast::ExprId left, ast::ExprId right,
                                                std::optional<system::Type> wanted = std::nullopt);
  bool untyped(ast::ExprId id) const;
  bool composite(ast::ExprId id) const;
  bool counted(const ast::Expr& expr, std::size_t wanted, const std::string& who);
  std::optional<Value> scalar_value(TermId term, const ast::Expr& expr);
  TermId equal_records(const Value& left, const Value& right);
  TermId equal_sets(const Value& left, const Value& right);

  Model& model_;
  Scope& scope_;
};

}  // namespace bulkhead::model
