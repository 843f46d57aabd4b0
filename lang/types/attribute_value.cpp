#include "lang/types/attribute_value.h"

#include <algorithm>
#include <limits>

#include "lang/base/check.h"

namespace bulkhead::types {
namespace {

using ir::TypeKind;

std::optional<std::uint32_t> member_of(const ir::EnumType& type, const std::string& name) {
  const auto found = std::find(type.members.begin(), type.members.end(), name);
  if (found == type.members.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - type.members.begin());
}

/// `Trust.High` names its enum; `High` is found where one enum alone has it.
std::optional<ir::Type> type_of_name(Lowering& lowering, const ast::Path& path, ModuleId module) {
  const ast::Name& name = path.parts.back();
  if (path.parts.size() == 2) {
    const auto symbol = lowering.find(Space::Enums, path.parts.front(), module);
    return symbol ? std::optional(ir::Type{TypeKind::Enum, lowering.enums[symbol->index()]}) : std::nullopt;
  }
  std::optional<ir::Type> type;
  std::vector<std::string> members;
  for (std::size_t i = 0; i < lowering.world.enums.size(); ++i) {
    const ir::EnumType& candidate = lowering.world.enums[i];
    members.insert(members.end(), candidate.members.begin(), candidate.members.end());
    if (!member_of(candidate, name.text)) continue;
    if (type) {
      lowering.error(Code::TypeMismatch, path.span, "`" + name.text + "` is a member of more than one enum",
                     "write `" + candidate.name + "." + name.text + "`");
      return std::nullopt;
    }
    type = ir::Type{TypeKind::Enum, ir::EnumId(i)};
  }
  if (type) return type;
  if (lowering.names.peek(Space::Labels, name.text)) return ir::Type{TypeKind::Label, {}};
  if (!lowering.modules.incomplete) lowering.unknown_word(Code::UnknownName, name, "enum member or label", members);
  return std::nullopt;
}

std::string noun_of(const Lowering& lowering, const ir::Type& type) {
  switch (type.kind) {
    case TypeKind::Bool:
      return "`true` or `false`";
    case TypeKind::Int:
      return "a whole number";
    case TypeKind::Enum:
      return "a member of `" + lowering.world.enums.at(type.enumeration.index()).name + "`";
    case TypeKind::Label:
      return "a label";
    case TypeKind::String:
      return "a string";
    case TypeKind::Path:
    case TypeKind::Address:
    case TypeKind::Proto:
      break;
  }
  BH_CHECK(false, "attributes have no such type");
}

std::optional<ir::Value> integer(Lowering& lowering, const ast::Number& number) {
  constexpr std::uint64_t kTop = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!number.plain_integer()) {
    lowering.error(Code::WrongUnit, number.span, "an attribute that is a number is a whole one without unit");
    return std::nullopt;
  }
  if (number.whole > (number.negative ? kTop + 1 : kTop)) {
    lowering.error(Code::QuantityOutOfRange, number.span, "numbers lie between -2^63 and 2^63 - 1");
    return std::nullopt;
  }
  return static_cast<std::int64_t>(number.negative ? std::uint64_t{0} - number.whole : number.whole);
}

/// A value that a name stands for: a member of the enum, or a label. Nothing where it stands for something else.
std::optional<ir::Value> named(Lowering& lowering, const ast::Path& path, const ir::Type& type, ModuleId module) {
  const ast::Name& name = path.parts.back();
  if (type.kind == TypeKind::Label && path.simple()) {
    const auto symbol = lowering.find(Space::Labels, name, module);
    return symbol ? std::optional<ir::Value>(lowering.labels[symbol->index()]) : std::nullopt;
  }
  const ir::EnumType& enumeration = lowering.world.enums.at(type.enumeration.index());
  const bool its_own = path.simple() || (path.parts.size() == 2 && path.parts.front().text == enumeration.name);
  const auto member = its_own ? member_of(enumeration, name.text) : std::nullopt;
  if (member) return ir::EnumMember{type.enumeration, *member};
  lowering.unknown_word(Code::UnknownName, name, "member of `" + enumeration.name + "` named", enumeration.members);
  return std::nullopt;
}

}  // namespace

std::optional<ir::Type> infer_type(Lowering& lowering, const ast::AttributeSetting& setting, ModuleId module) {
  const ast::Expr& expr = lowering.modules.at(module).tree.at(setting.value);
  if (std::holds_alternative<bool>(expr.value)) return ir::Type{TypeKind::Bool, {}};
  if (std::holds_alternative<ast::Number>(expr.value)) return ir::Type{TypeKind::Int, {}};
  if (std::holds_alternative<ast::String>(expr.value)) return ir::Type{TypeKind::String, {}};
  if (const auto* path = std::get_if<ast::Path>(&expr.value)) return type_of_name(lowering, *path, module);
  lowering.error(Code::TypeMismatch, expr.span,
                 "an attribute is a truth value, a number, a string, a label or an enum");
  return std::nullopt;
}

std::optional<ir::Value> attribute_value(Lowering& lowering, const ast::AttributeSetting& setting,
                                         const ir::Attribute& attribute, ModuleId module) {
  const ast::Expr& expr = lowering.modules.at(module).tree.at(setting.value);
  const TypeKind kind = attribute.type.kind;
  const auto* truth = std::get_if<bool>(&expr.value);
  const auto* number = std::get_if<ast::Number>(&expr.value);
  const auto* text = std::get_if<ast::String>(&expr.value);
  const auto* path = std::get_if<ast::Path>(&expr.value);
  if (truth != nullptr && kind == TypeKind::Bool) return *truth;
  if (number != nullptr && kind == TypeKind::Int) return integer(lowering, *number);
  if (text != nullptr && kind == TypeKind::String) return text->value;
  if (path != nullptr && (kind == TypeKind::Enum || kind == TypeKind::Label)) {
    return named(lowering, *path, attribute.type, module);
  }
  lowering.error(Code::TypeMismatch, expr.span,
                 "attribute `" + attribute.name + "` is " + noun_of(lowering, attribute.type));
  return std::nullopt;
}

}  // namespace bulkhead::types
