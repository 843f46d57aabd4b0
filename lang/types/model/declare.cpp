// Declarations: sorts, enums and records, then functions, then which names are taken.
#include <set>

#include "lang/types/model/expressions.h"

namespace bulkhead::model {
namespace {

using Taken = std::map<std::string, ast::Span>;

/// Whether the name is new; else it is reported.
bool take(Model& model, Taken& taken, const ast::Name& name) {
  const auto [found, fresh] = taken.emplace(name.text, name.span);
  if (!fresh) model.twice(name, found->second);
  return fresh;
}

bool take_type(Model& model, Taken& taken, const ast::Name& name) {
  if (taken.count(name.text) != 0 || model.types.count(name.text) == 0) return take(model, taken, name);
  model.error(Code::DuplicateName, name.span, "`" + name.text + "` is a type of the language",
              "give the type another name");
  return false;
}

void declare_enum(Model& model, Taken& taken, const ast::EnumDecl& decl, const ast::Span& span) {
  if (!take_type(model, taken, decl.name)) return;
  std::vector<std::string> words;
  Taken members;
  for (const ast::Name& member : decl.members) {
    if (take(model, members, member)) words.push_back(member.text);
  }
  const system::EnumId id = model.builder.enumeration(decl.name.text, words);
  model.system.enums[id.index()].origin = model.origin(span);
  for (std::size_t i = 0; i < words.size(); ++i) model.members[words[i]].push_back(model.builder.member(id, i));
  model.types.emplace(decl.name.text, Type{Type::Form::Scalar, system::of_enum(id), 0});
}

constexpr std::size_t kMaxFields = 1'000;  // of one record, those of records in it included

std::optional<Type> as_type(const std::optional<system::Type>& type) {
  return type ? std::optional(Type{Type::Form::Scalar, *type, 0}) : std::nullopt;
}

void declare_record(Model& model, Taken& taken, const ast::RecordDecl& decl) {
  if (!take_type(model, taken, decl.name)) return;
  Record record{decl.name.text, {}};
  Taken fields;
  for (const ast::RecordDecl::Field& field : decl.fields) {
    if (!take(model, fields, field.name)) continue;
    const auto type = field.type.set ? as_type(model.scalar_type(field.type.name, model.draft.module))
                                     : model.type(field.type.name, model.draft.module);
    if (!type) continue;
    if (type->form == Type::Form::Record) {  // its fields are fields of this one, with longer names
      for (const auto& [inner, inner_type] : model.records[type->record].fields) {
        record.fields.emplace_back(field.name.text + "." + inner, inner_type);
      }
    } else {
      const auto form = field.type.set ? Type::Form::Set : Type::Form::Scalar;
      record.fields.emplace_back(field.name.text, Type{form, type->scalar, 0});
    }
    if (record.fields.size() > kMaxFields) {
      return model.too_large(field.span, "this record has more than " + std::to_string(kMaxFields) + " fields",
                             "use fewer records in records");
    }
  }
  if (decl.fields.empty()) model.error(Code::TypeMismatch, decl.name.span, "a record has at least one field");
  model.types.emplace(decl.name.text, Type{Type::Form::Record, {}, model.records.size()});
  model.records.push_back(std::move(record));
}

std::optional<Type> result_of(Model& model, const ast::FunctionDecl& decl) {
  if (!decl.result) return Type{Type::Form::Scalar, system::kBool, 0};
  if (!decl.result->set) return model.type(decl.result->name, model.draft.module);
  const auto element = model.scalar_type(decl.result->name, model.draft.module);
  if (!element) return std::nullopt;
  return Type{Type::Form::Set, *element, 0};
}

system::FunctionId declare_leaf(Model& model, const Variable& variable, const std::string& field, const Type& type,
                                const ast::Span& span) {
  std::vector<system::Type> arguments = variable.arguments;
  if (type.form == Type::Form::Set) arguments.push_back(type.scalar);
  const auto change = variable.rigid() ? system::Change::Rigid : system::Change::State;
  const std::string name = variable.decl->name.text + (field.empty() ? "" : "." + field);
  const auto result = type.form == Type::Form::Set ? system::kBool : type.scalar;
  const system::FunctionId id = model.builder.function(name, change, std::move(arguments), result);
  system::Function& function = model.system.functions[id.index()];
  function.from_policy = variable.decl->from_policy;
  function.origin = model.origin(span);
  return id;
}

void declare_function(Model& model, Taken& taken, const ast::FunctionDecl& decl, const ast::Span& span) {
  if (!take(model, taken, decl.name)) return;
  Variable variable{&decl, model.draft.module, {}, {}, {}};
  bool failed = false;
  for (const ast::Argument& argument : decl.arguments) {
    const auto type = model.scalar_type(argument.type, model.draft.module);
    failed = failed || !type;
    if (type) variable.arguments.push_back(*type);
  }
  const auto result = result_of(model, decl);
  if (!result || failed) {
    model.broken.insert(decl.name.text);
    return;
  }
  variable.result = *result;
  if (result->form == Type::Form::Record) {
    for (const auto& [field, type] : model.records[result->record].fields) {
      variable.functions.push_back(declare_leaf(model, variable, field, type, span));
    }
  } else {
    variable.functions.push_back(declare_leaf(model, variable, "", *result, span));
  }
  model.variables.emplace(decl.name.text, std::move(variable));
}

void declare_definition(Model& model, Taken& taken, const ast::DefineDecl& decl) {
  if (!take(model, taken, decl.name)) return;
  Definition definition{&decl, model.draft.module, {}};
  Taken parameters;
  bool failed = false;
  for (const ast::Binding& binding : decl.parameters) {
    const auto type = model.scalar_type(binding.type, model.draft.module);
    failed = failed || !type;
    for (const ast::Name& name : binding.names) {
      failed = !take(model, parameters, name) || failed;
      if (type) definition.parameters.emplace_back(name, *type);
    }
  }
  if (failed) {
    model.broken.insert(decl.name.text);
    return;
  }
  model.definitions.emplace(decl.name.text, std::move(definition));
}

}  // namespace

void declare_types(Model& model) {
  const auto builtin = [&](const char* name, system::Type type) {
    model.types.emplace(name, Type{Type::Form::Scalar, type, 0});
  };
  builtin("bool", system::kBool);
  builtin("int", system::kInt);
  builtin("u8", system::bits(8));
  builtin("u16", system::bits(16));
  builtin("u32", system::bits(32));
  builtin("u64", system::bits(64));
  Taken taken;
  for (const ast::ModelSentence* sentence : model.draft.sentences) {
    if (const auto* decl = std::get_if<ast::SortDecl>(&sentence->form)) {
      for (const ast::Name& name : decl->names) {
        if (!take_type(model, taken, name)) continue;
        const system::SortId id = model.builder.sort(name.text);
        model.system.sorts[id.index()].origin = model.origin(sentence->span);
        model.types.emplace(name.text, Type{Type::Form::Scalar, system::of_sort(id), 0});
      }
    }
    if (const auto* decl = std::get_if<ast::EnumDecl>(&sentence->form)) {
      declare_enum(model, taken, *decl, sentence->span);
    }
  }
  for (const ast::ModelSentence* sentence : model.draft.sentences) {  // their fields may be of any sort
    if (const auto* decl = std::get_if<ast::RecordDecl>(&sentence->form)) declare_record(model, taken, *decl);
  }
}

void declare_functions(Model& model) {
  Taken taken;
  for (const ast::ModelSentence* sentence : model.draft.sentences) {
    if (const auto* decl = std::get_if<ast::FunctionDecl>(&sentence->form)) {
      declare_function(model, taken, *decl, sentence->span);
    }
    if (const auto* decl = std::get_if<ast::DefineDecl>(&sentence->form)) declare_definition(model, taken, *decl);
  }
}

void check_members(Model& model) {
  std::set<std::string> members;
  for (const system::Enum& type : model.system.enums) {
    for (const std::string& member : type.members) members.insert(type.name + "." + member);
  }
  for (const system::Function& function : model.system.functions) {
    if (members.count(function.name) == 0) continue;
    model.error(Code::DuplicateName, function.origin.span,
                "`" + function.name + "` is a member of an enum, and a field of this", "give one of them another name");
  }
}

}  // namespace bulkhead::model
