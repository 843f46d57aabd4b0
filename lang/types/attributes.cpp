// Attributes of containers and of the context: declared, or inferred from the values that containers give them.
#include <set>
#include <string>

#include "lang/types/attribute_value.h"
#include "lang/types/lowering.h"

namespace bulkhead::types {
namespace {

std::optional<ir::Type> type_from(Lowering& lowering, const ast::Name& name, ModuleId module) {
  if (name.text == "bool") return ir::Type{ir::TypeKind::Bool, {}};
  if (name.text == "int") return ir::Type{ir::TypeKind::Int, {}};
  if (name.text == "string") return ir::Type{ir::TypeKind::String, {}};
  if (name.text == "label") return ir::Type{ir::TypeKind::Label, {}};
  if (lowering.names.peek(Space::Enums, name.text)) {
    const auto symbol = lowering.find(Space::Enums, name, module);
    return symbol ? std::optional(ir::Type{ir::TypeKind::Enum, lowering.enums[symbol->index()]}) : std::nullopt;
  }
  std::vector<std::string> choices{"bool", "int", "string", "label"};
  for (const ir::EnumType& type : lowering.world.enums) choices.push_back(type.name);
  lowering.unknown_word(Code::UnknownName, name, "type", choices);
  return std::nullopt;
}

ir::AttributeId add(Lowering& lowering, ir::Attribute attribute) {
  lowering.world.attributes.push_back(std::move(attribute));
  return ir::AttributeId(lowering.world.attributes.size() - 1);
}

void lower_declared(Lowering& lowering) {
  const auto& symbols = lowering.names.symbols();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const bool context = symbols[i].kind == Kind::ContextAttribute;
    if (!context && symbols[i].kind != Kind::ContainerAttribute) continue;
    const auto& decl = std::get<ast::AttributeDecl>(lowering.sentence_of(SymbolId(i)).form);
    const auto type = type_from(lowering, decl.type, symbols[i].module);
    if (!type) continue;
    if (type->kind == ir::TypeKind::Label && lowering.world.labels.empty()) {
      lowering.error(Code::UnknownName, decl.type.span, "there are no labels",
                     "declare them: `label Public < Secret;`");
      continue;
    }
    lowering.attributes[i] =
        add(lowering, {decl.name.text, context ? ir::Source::Context : ir::Source::Subject, *type, decl.optional});
  }
}

void infer(Lowering& lowering, const ast::AttributeSetting& setting, ModuleId module) {
  if (lowering.names.peek(Space::ContainerAttributes, setting.attribute.text)) return;
  if (lowering.inferred.count(setting.attribute.text) != 0) return;
  const auto type = infer_type(lowering, setting, module);
  if (!type) return;
  lowering.inferred[setting.attribute.text] =
      add(lowering, {setting.attribute.text, ir::Source::Subject, *type, false});
}

/// The attributes that the bodies of one container set.
std::set<std::string> names_set(const std::vector<resolve::Layer>& layers) {
  std::set<std::string> names;
  for (const resolve::Layer& layer : layers) {
    for (const ast::BodySentence& sentence : layer.body->sentences) {
      if (const auto* setting = std::get_if<ast::AttributeSetting>(&sentence.form))
        names.insert(setting->attribute.text);
      if (std::holds_alternative<ast::Clearance>(sentence.form)) names.insert("clearance");
    }
  }
  return names;
}

/// An attribute that some container does not set is optional, whatever its declaration says.
void find_optional(Lowering& lowering) {
  for (std::size_t i = 0; i < lowering.layers.size(); ++i) {
    if (lowering.names.symbols()[i].kind != Kind::Container) continue;
    const std::set<std::string> set = names_set(lowering.layers[i]);
    for (ir::Attribute& attribute : lowering.world.attributes) {
      if (attribute.source == ir::Source::Subject && set.count(attribute.name) == 0) attribute.optional = true;
    }
  }
}

}  // namespace

void lower_attributes(Lowering& lowering) {
  lower_declared(lowering);
  for (std::size_t i = 0; i < lowering.layers.size(); ++i) {
    for (const resolve::Layer& layer : lowering.layers[i]) {
      for (const ast::BodySentence& sentence : layer.body->sentences) {
        if (const auto* setting = std::get_if<ast::AttributeSetting>(&sentence.form)) {
          infer(lowering, *setting, layer.module);
        } else if (std::holds_alternative<ast::Clearance>(sentence.form) && !lowering.clearance) {
          lowering.clearance = add(lowering, {"clearance", ir::Source::Subject, {ir::TypeKind::Label, {}}, false});
          lowering.inferred["clearance"] = *lowering.clearance;
        }
      }
    }
  }
  find_optional(lowering);
}

}  // namespace bulkhead::types
