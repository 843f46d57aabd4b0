// Copies of the sentences of a model, with names replaced.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "lang/ast/ast.h"

namespace bulkhead::expand {

/// Which name becomes which. In a model a name stands for one thing, so that no place can mean another one.
struct Renaming {
  std::map<std::string, std::string> values;      // variables, constants, relations, definitions
  std::map<std::string, std::string> parameters;  // of the action at hand
  std::map<std::string, std::string> types;
  std::map<std::string, std::string> actions;
  std::map<std::string, std::string> properties;
};

/// From one module into another, which may be the same one.
class Copy {
 public:
  Copy(const ast::Module& from, ast::Module& to, const Renaming& names, std::size_t& copied)
      : from_(from), to_(to), names_(names), copied_(copied) {}

  ast::ExprId operator()(ast::ExprId id);
  ast::Bindings operator()(const ast::Bindings& bindings) const;
  ast::ActionDecl operator()(const ast::ActionDecl& action);
  ast::Update operator()(const ast::Update& update);
  ast::ModelForm operator()(const ast::ModelForm& form);

  ast::Name type(const ast::Name& name) const { return renamed(names_.types, name); }
  ast::Name action(const ast::Name& name) const { return renamed(names_.actions, name); }

 private:
  static ast::Name renamed(const std::map<std::string, std::string>& names, const ast::Name& name);
  ast::Path path(const ast::Path& path) const;
  ast::TypeRef type(const ast::TypeRef& type) const { return {type.set, this->type(type.name), type.span}; }
  ast::Edit edit(const ast::Edit& edit);

  const ast::Module& from_;
  ast::Module& to_;
  const Renaming& names_;
  std::size_t& copied_;
};

}  // namespace bulkhead::expand
