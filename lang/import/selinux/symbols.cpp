#include "lang/import/selinux/symbols.h"

#include <algorithm>

#include "lang/import/selinux/read.h"

namespace bulkhead::selinux {

Symbols::Symbols(const Draft& draft, source::FileId file, diag::DiagnosticSink& sink, Policy& policy)
    : draft_(draft),
      file_(file),
      sink_(sink),
      policy_(policy),
      symbols_(draft.names.size()),
      classes_(draft.names.size(), kNone) {}

source::Span Symbols::span(const Mention& mention) const {
  const auto length = static_cast<std::uint32_t>(draft_.names.word(mention.name).size());
  return {file_, mention.begin, mention.begin + length};
}

void Symbols::fail(diag::Code code, const Mention& mention, std::string message) {
  sink_.report({code, span(mention), std::move(message), {}, "", {}});
  failed_ = true;
}

void Symbols::fail_at(diag::Code code, std::uint32_t begin, std::string message) {
  sink_.report({code, {file_, begin, begin}, std::move(message), {}, "", {}});
  failed_ = true;
}

void Symbols::declare() {
  declare_classes();
  declare_types();
  join_attributes();
}

void Symbols::declare_classes() {
  for (const Mention& mention : draft_.classes) {
    if (classes_[mention.name] != kNone) {
      fail(diag::Code::SelinuxName, mention, "the class `" + word(mention) + "` is declared twice");
    } else if (policy_.classes.size() == kMaxClasses) {
      fail(diag::Code::SelinuxTooLarge, mention, "more than " + std::to_string(kMaxClasses) + " classes");
    } else {
      classes_[mention.name] = static_cast<std::uint32_t>(policy_.classes.size());
      policy_.classes.push_back({word(mention), span(mention), {}});
    }
    if (failed_) return;
  }
  std::unordered_map<Name, const DraftClass*> commons;
  for (const DraftClass& common : draft_.commons) {
    if (!commons.emplace(common.name.name, &common).second) {
      fail(diag::Code::SelinuxName, common.name, "the common `" + word(common.name) + "` is declared twice");
    }
  }
  for (const DraftClass& declared : draft_.class_permissions) {
    const std::optional<ClassId> id = object_class(declared.name);
    if (!id) continue;
    if (!policy_.classes[id->index()].permissions.empty()) {
      fail(diag::Code::SelinuxName, declared.name,
           "the permissions of `" + word(declared.name) + "` are declared twice");
      continue;
    }
    std::vector<Name> permissions;
    if (declared.inherits) {
      const auto common = commons.find(declared.inherits->name);
      if (common == commons.end()) {
        fail(diag::Code::SelinuxName, *declared.inherits, "there is no common `" + word(*declared.inherits) + "`");
        continue;
      }
      declare_permissions(*common->second, permissions);
    }
    declare_permissions(declared, permissions);
    for (std::size_t i = 0; i < permissions.size() && i < kMaxPermissions; ++i) {
      permissions_.emplace(std::uint64_t{id->index()} << 32 | permissions[i], Permissions{1} << i);
      policy_.classes[id->index()].permissions.emplace_back(draft_.names.word(permissions[i]));
    }
  }
}

void Symbols::declare_permissions(const DraftClass& declared, std::vector<Name>& permissions) {
  for (const Mention& mention : draft_.of(declared.permissions)) {
    if (failed_) return;
    if (std::find(permissions.begin(), permissions.end(), mention.name) != permissions.end()) {
      fail(diag::Code::SelinuxName, mention, "the permission `" + word(mention) + "` is declared twice");
    } else if (permissions.size() == kMaxPermissions) {
      fail(diag::Code::SelinuxTooLarge, mention, "a class has more than 32 permissions");
    } else {
      permissions.push_back(mention.name);
    }
  }
}

bool Symbols::declare(const Mention& mention, Symbol symbol) {
  if (word(mention) == "self") {
    fail(diag::Code::SelinuxName, mention, "`self` is a word of the language and no name");
    return false;
  }
  if (symbols_[mention.name].kind != Kind::None) {
    fail(diag::Code::SelinuxName, mention, "`" + word(mention) + "` is declared twice");
    return false;
  }
  symbols_[mention.name] = symbol;
  return true;
}

void Symbols::declare_types() {
  for (const Mention& mention : draft_.attributes) {
    if (declare(mention, {Kind::Attribute, static_cast<std::uint32_t>(policy_.attributes.size())})) {
      policy_.attributes.push_back({word(mention), span(mention), {}});
    }
  }
  for (const Mention& mention : draft_.types) {
    if (policy_.types.size() == kMaxTypes) {
      return fail(diag::Code::SelinuxTooLarge, mention, "more than " + std::to_string(kMaxTypes) + " types");
    }
    const TypeId id(policy_.types.size());
    if (!declare(mention, {Kind::Type, static_cast<std::uint32_t>(id.index())})) continue;
    policy_.types.push_back({word(mention), span(mention), false});
    policy_.type_names.emplace(word(mention), id);
  }
  for (const auto& [mention, alias] : draft_.aliases) {
    const std::optional<TypeId> id = type(mention);
    if (id && declare(alias, {Kind::Type, static_cast<std::uint32_t>(id->index())})) {
      policy_.type_names.emplace(word(alias), *id);
    }
  }
  for (const Mention& mention : draft_.permissive) {
    if (const std::optional<TypeId> id = type(mention)) policy_.types[id->index()].permissive = true;
  }
}

void Symbols::join_attributes() {
  for (const auto& [mention, attribute] : draft_.memberships) {
    const std::optional<TypeId> member = type(mention);
    if (!member) continue;
    const std::optional<SetWord> joined = type_or_attribute(attribute);
    if (!joined) continue;
    if (!joined->is_attribute) {
      fail(diag::Code::SelinuxName, attribute, "`" + word(attribute) + "` is a type, no attribute");
    } else {
      policy_.attributes[joined->index].members.push_back(*member);
    }
  }
}

std::optional<SetWord> Symbols::type_or_attribute(const Mention& mention) {
  const Symbol symbol = symbols_[mention.name];
  if (symbol.kind == Kind::None) {
    fail(diag::Code::SelinuxName, mention, "there is no type or attribute `" + word(mention) + "`");
    return std::nullopt;
  }
  return SetWord{symbol.index, symbol.kind == Kind::Attribute, mention.excluded};
}

std::optional<TypeId> Symbols::type(const Mention& mention) {
  const std::optional<SetWord> found = type_or_attribute(mention);
  if (!found) return std::nullopt;
  if (found->is_attribute) {
    fail(diag::Code::SelinuxName, mention, "`" + word(mention) + "` is an attribute, no type");
    return std::nullopt;
  }
  return TypeId(found->index);
}

std::optional<ClassId> Symbols::object_class(const Mention& mention) {
  if (classes_[mention.name] == kNone) {
    fail(diag::Code::SelinuxName, mention, "there is no class `" + word(mention) + "`");
    return std::nullopt;
  }
  return ClassId(classes_[mention.name]);
}

Permissions Symbols::permission(ClassId object_class, Name name) const {
  const auto found = permissions_.find(std::uint64_t{object_class.index()} << 32 | name);
  return found == permissions_.end() ? 0 : found->second;
}

Permissions Symbols::every_permission(ClassId object_class) const {
  const std::size_t count = policy_.classes[object_class.index()].permissions.size();
  return count == kMaxPermissions ? ~Permissions{0} : (Permissions{1} << count) - 1;
}

}  // namespace bulkhead::selinux
