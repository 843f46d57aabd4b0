#include "lang/types/operand.h"

#include <algorithm>
#include <limits>

#include "lang/base/check.h"
#include "lang/types/quantity.h"

namespace bulkhead::types {
namespace {

using ir::ObjectField;
using ir::TypeKind;

struct FieldRow {
  ir::Plane plane;
  std::string_view word;
  ObjectField field;
  TypeKind type;
  Shape shape;
};
constexpr FieldRow kFields[] = {
    {ir::Plane::File, "path", ObjectField::Path, TypeKind::Path, Shape::Path},
    {ir::Plane::File, "label", ObjectField::Label, TypeKind::Label, Shape::Label},
    {ir::Plane::Net, "port", ObjectField::Port, TypeKind::Int, Shape::Signed},
    {ir::Plane::Net, "address", ObjectField::Address, TypeKind::Address, Shape::Address},
    {ir::Plane::Net, "proto", ObjectField::Proto, TypeKind::Proto, Shape::Proto},
    {ir::Plane::Syscall, "arg0", ObjectField::Argument0, TypeKind::Int, Shape::Unsigned},
    {ir::Plane::Syscall, "arg1", ObjectField::Argument1, TypeKind::Int, Shape::Unsigned},
    {ir::Plane::Syscall, "arg2", ObjectField::Argument2, TypeKind::Int, Shape::Unsigned},
    {ir::Plane::Syscall, "arg3", ObjectField::Argument3, TypeKind::Int, Shape::Unsigned},
    {ir::Plane::Syscall, "arg4", ObjectField::Argument4, TypeKind::Int, Shape::Unsigned},
    {ir::Plane::Syscall, "arg5", ObjectField::Argument5, TypeKind::Int, Shape::Unsigned},
    {ir::Plane::KernelCapability, "number", ObjectField::Number, TypeKind::Int, Shape::Unsigned},
};

Shape shape_of(const ir::Attribute& attribute) {
  switch (attribute.type.kind) {
    case TypeKind::Bool:
      return Shape::Bool;
    case TypeKind::Int:
      return Shape::Signed;
    case TypeKind::Enum:
      return Shape::Enum;
    case TypeKind::Label:
      return Shape::Label;
    case TypeKind::String:
      return attribute.source == ir::Source::Context ? Shape::ContextString : Shape::String;
    case TypeKind::Path:
      return Shape::Path;
    case TypeKind::Address:
      return Shape::Address;
    case TypeKind::Proto:
      return Shape::Proto;
  }
  BH_CHECK(false, "an unknown type");
}

Operand constant(Lowering& lowering, const ast::Expr& source, ir::Type type, Shape shape, ir::Value value) {
  ir::Expr expr;
  expr.type = type;
  expr.value = std::move(value);
  Operand operand{shape, type.enumeration, {}, &source, {}};
  operand.expr = emit(lowering, std::move(expr));
  return operand;
}

Operand attribute(Lowering& lowering, const ast::Expr& source, const AttributeRef& ref) {
  const ir::Attribute& declared = lowering.world.at(ref.attribute);
  ir::Expr expr;
  expr.op = ir::Op::Attribute;
  expr.type = declared.type;
  expr.source = ref.source;
  expr.attribute = ref.attribute;
  Operand operand{shape_of(declared), declared.type.enumeration, {}, &source, ref.attribute};
  operand.expr = emit(lowering, std::move(expr));
  return operand;
}

Operand field(Lowering& lowering, const ast::Expr& source, const ast::Name& name, const Scope& scope) {
  std::vector<std::string> choices;
  for (const FieldRow& row : kFields) {
    if (row.plane != *scope.plane) continue;
    choices.emplace_back(row.word);
    if (row.word != name.text) continue;
    ir::Expr expr;
    expr.op = ir::Op::Field;
    expr.type.kind = row.type;
    expr.field = row.field;
    Operand operand{row.shape, {}, {}, &source, {}};
    operand.expr = emit(lowering, std::move(expr));
    return operand;
  }
  lowering.unknown_word(Code::NoSuchAttribute, name, "attribute of a " + std::string(to_string(*scope.plane)), choices);
  return {};
}

Operand enum_member(Lowering& lowering, const ast::Expr& source, ir::EnumId id, const ast::Name& member) {
  const ir::EnumType& type = lowering.world.enums.at(id.index());
  const auto found = std::find(type.members.begin(), type.members.end(), member.text);
  if (found == type.members.end()) {
    lowering.unknown_word(Code::UnknownName, member, "member of enum `" + type.name + "` named", type.members);
    return {};
  }
  const ir::EnumMember value{id, static_cast<std::uint32_t>(found - type.members.begin())};
  return constant(lowering, source, {TypeKind::Enum, id}, Shape::Enum, value);
}

Operand dotted(Lowering& lowering, const ast::Expr& expr, const ast::Path& path, const Scope& scope) {
  const ast::Name& head = path.parts.front();
  if (path.parts.size() == 2) {
    const ast::Name& name = path.parts.back();
    if (scope.plane && head.text == scope.object) return field(lowering, expr, name, scope);
    if (head.text == "context" || (!scope.subject.empty() && head.text == scope.subject)) {
      const auto ref = find_attribute(lowering, head, name, scope);
      return ref ? attribute(lowering, expr, *ref) : Operand{};
    }
    if (const auto id = lowering.names.peek(Space::Enums, head.text)) {
      if (!lowering.find(Space::Enums, head, scope.module)) return {};
      return enum_member(lowering, expr, lowering.enums[id->index()], name);
    }
  }
  std::vector<std::string> choices{"context"};
  if (!scope.subject.empty()) choices.push_back(scope.subject);
  if (!scope.object.empty()) choices.push_back(scope.object);
  lowering.unknown_word(Code::UnknownName, head, "variable or enum named", choices);
  return {};
}

/// An integer that fits: signed 64 bits, or unsigned ones kept in the same bits.
Operand integer(Lowering& lowering, const ast::Expr& source, bool is_unsigned) {
  const auto& number = std::get<ast::Number>(source.value);
  if (number.unit != ast::Unit::None || number.per_second) {
    lowering.sink.report({Code::WrongUnit,
                          number.span,
                          "conditions compare plain numbers",
                          {},
                          "leave the unit out",
                          {{number.span, digits(number)}}});
    return {};
  }
  constexpr std::uint64_t kTop = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const bool fits = is_unsigned ? !number.negative : number.whole <= (number.negative ? kTop + 1 : kTop);
  if (!fits || number.millionths != 0) {
    lowering.error(Code::QuantityOutOfRange, number.span,
                   is_unsigned ? "arguments of system calls compare with whole numbers from 0 to 2^64 - 1"
                               : "whole numbers lie between -2^63 and 2^63 - 1 here");
    return {};
  }
  const std::uint64_t bits = number.negative ? std::uint64_t{0} - number.whole : number.whole;
  return constant(lowering, source, {TypeKind::Int, {}}, is_unsigned ? Shape::Unsigned : Shape::Signed,
                  static_cast<std::int64_t>(bits));
}

Operand word(Lowering& lowering, const ast::Expr& source, const Operand& like, const Scope& scope) {
  const ast::Name& name = std::get<ast::Path>(source.value).parts.front();
  if (like.shape == Shape::Enum) return enum_member(lowering, source, like.enumeration, name);
  if (like.shape == Shape::Label) {
    const auto label = lowering.find(Space::Labels, name, scope.module);
    if (!label) return {};
    return constant(lowering, source, {TypeKind::Label, {}}, Shape::Label, lowering.labels[label->index()]);
  }
  if (like.shape == Shape::Proto && (name.text == "tcp" || name.text == "udp")) {
    const auto proto = static_cast<std::int64_t>(name.text == "tcp" ? ir::Proto::Tcp : ir::Proto::Udp);
    return constant(lowering, source, {TypeKind::Proto, {}}, Shape::Proto, proto);
  }
  lowering.error(Code::TypeMismatch, source.span,
                 "`" + name.text + "` does not compare with " + describe(lowering, like));
  return {};
}

}  // namespace

bool is_literal(Shape shape) {
  return shape == Shape::NumberLiteral || shape == Shape::StringLiteral || shape == Shape::NetworkLiteral ||
         shape == Shape::Word;
}

std::string describe(Lowering& lowering, const Operand& operand) {
  switch (operand.shape) {
    case Shape::Failed:
      return "something unknown";
    case Shape::Bool:
      return "a truth value";
    case Shape::Signed:
      return "a number";
    case Shape::Unsigned:
      return "an unsigned number";
    case Shape::Enum:
      return "a `" + lowering.world.enums.at(operand.enumeration.index()).name + "`";
    case Shape::Label:
      return "a label";
    case Shape::String:
    case Shape::ContextString:
    case Shape::StringLiteral:
      return "a string";
    case Shape::Path:
      return "a path";
    case Shape::Address:
      return "an address";
    case Shape::Proto:
      return "a protocol";
    case Shape::NumberLiteral:
      return "a number";
    case Shape::NetworkLiteral:
      return "an address";
    case Shape::Word:
      return "`" + std::get<ast::Path>(operand.source->value).text() + "`";
  }
  BH_CHECK(false, "an unknown shape");
}

ir::ExprId emit(Lowering& lowering, ir::Expr expr) {
  lowering.world.exprs.push_back(std::move(expr));
  return ir::ExprId(lowering.world.exprs.size() - 1);
}

ir::ExprId emit_bool(Lowering& lowering, ir::Op op, std::vector<ir::ExprId> args) {
  ir::Expr expr;
  expr.op = op;
  expr.args = std::move(args);
  return emit(lowering, std::move(expr));
}

std::optional<AttributeRef> find_attribute(Lowering& lowering, const ast::Name& variable, const ast::Name& name,
                                           const Scope& scope) {
  if (variable.text == "context") {
    const auto symbol = lowering.find(Space::ContextAttributes, name, scope.module);
    if (!symbol || !lowering.attributes[symbol->index()].valid()) return std::nullopt;
    return AttributeRef{ir::Source::Context, lowering.attributes[symbol->index()]};
  }
  if (variable.text != scope.subject) {
    lowering.unknown_word(Code::UnknownName, variable, "variable", {scope.subject, "context"});
    return std::nullopt;
  }
  if (const auto symbol = lowering.names.peek(Space::ContainerAttributes, name.text)) {
    if (!lowering.find(Space::ContainerAttributes, name, scope.module)) return std::nullopt;
    if (!lowering.attributes[symbol->index()].valid()) return std::nullopt;
    return AttributeRef{ir::Source::Subject, lowering.attributes[symbol->index()]};
  }
  const auto inferred = lowering.inferred.find(name.text);
  if (inferred != lowering.inferred.end()) return AttributeRef{ir::Source::Subject, inferred->second};
  if (lowering.modules.incomplete) return std::nullopt;
  std::vector<std::string> choices;
  for (const ir::Attribute& attribute : lowering.world.attributes) {
    if (attribute.source == ir::Source::Subject) choices.push_back(attribute.name);
  }
  diag::Diagnostic report{
      Code::NoSuchAttribute, name.span, "no container has an attribute `" + name.text + "`", {}, "", {}};
  if (const auto meant = diag::did_you_mean(name.text, choices)) {
    report.help = "did you mean `" + *meant + "`?";
    report.fixes.push_back({name.span, *meant});
  } else {
    report.help = "set it in a container, or declare it: `attribute " + name.text + ": bool;`";
  }
  lowering.sink.report(std::move(report));
  return std::nullopt;
}

Operand lower_leaf(Lowering& lowering, const ast::Expr& expr, const Scope& scope) {
  if (const auto* truth = std::get_if<bool>(&expr.value)) {
    return constant(lowering, expr, {TypeKind::Bool, {}}, Shape::Bool, *truth);
  }
  if (std::holds_alternative<ast::Number>(expr.value)) return {Shape::NumberLiteral, {}, {}, &expr, {}};
  if (std::holds_alternative<ast::String>(expr.value)) return {Shape::StringLiteral, {}, {}, &expr, {}};
  if (std::holds_alternative<ast::Address>(expr.value)) return {Shape::NetworkLiteral, {}, {}, &expr, {}};
  const auto& path = std::get<ast::Path>(expr.value);
  if (!path.simple()) return dotted(lowering, expr, path, scope);
  const ast::Name& name = path.parts.front();
  const bool is_attribute =
      lowering.names.peek(Space::ContainerAttributes, name.text).has_value() || lowering.inferred.count(name.text) != 0;
  if (scope.bare_attributes && is_attribute) {
    const auto ref = find_attribute(lowering, {scope.subject, name.span}, name, scope);
    return ref ? attribute(lowering, expr, *ref) : Operand{};
  }
  return {Shape::Word, {}, {}, &expr, {}};
}

Operand coerce(Lowering& lowering, const Operand& literal, const Operand& like, const Scope& scope) {
  if (literal.shape == Shape::NumberLiteral && (like.shape == Shape::Signed || like.shape == Shape::Unsigned)) {
    return integer(lowering, *literal.source, like.shape == Shape::Unsigned);
  }
  const bool string = like.shape == Shape::String || like.shape == Shape::ContextString;
  if (literal.shape == Shape::StringLiteral && string) {
    return constant(lowering, *literal.source, {TypeKind::String, {}}, like.shape,
                    std::get<ast::String>(literal.source->value).value);
  }
  if (literal.shape == Shape::Word) return word(lowering, *literal.source, like, scope);
  lowering.error(Code::TypeMismatch, literal.source->span,
                 describe(lowering, literal) + " does not compare with " + describe(lowering, like));
  return {};
}

}  // namespace bulkhead::types
