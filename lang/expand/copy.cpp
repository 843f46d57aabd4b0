#include "lang/expand/copy.h"
#include "lang/base/overloaded.h"

namespace bulkhead::expand {
namespace {}  // namespace

ast::Name Copy::renamed(const std::map<std::string, std::string>& names, const ast::Name& name) {
  const auto found = names.find(name.text);
  return found == names.end() ? name : ast::Name{found->second, name.span};
}

ast::Path Copy::path(const ast::Path& path) const {
  ast::Path made = path;
  ast::Name& first = made.parts.front();
  const auto parameter = names_.parameters.find(first.text);
  first =
      parameter == names_.parameters.end() ? renamed(names_.values, first) : ast::Name{parameter->second, first.span};
  if (made.parts.size() > 1 && first.text == path.parts.front().text) first = type(first);  // `Phase.Idle`
  return made;
}

ast::Bindings Copy::operator()(const ast::Bindings& bindings) const {
  ast::Bindings made = bindings;
  for (ast::Binding& binding : made) {
    binding.type = type(binding.type);
    for (ast::Name& name : binding.names) name = renamed(names_.parameters, name);
  }
  return made;
}

/// Children stand before parents in both modules: what the root needs is copied in rising order.
ast::ExprId Copy::operator()(ast::ExprId root) {
  std::set<ast::ExprId> needed;
  for (std::vector<ast::ExprId> open{root}; !open.empty();) {
    const ast::ExprId id = open.back();
    open.pop_back();
    if (!needed.insert(id).second) continue;
    const ast::Expr& expr = from_.at(id);
    open.insert(open.end(), expr.args.begin(), expr.args.end());
  }
  std::map<ast::ExprId, ast::ExprId> made;
  for (const ast::ExprId id : needed) {
    ast::Expr expr = from_.at(id);
    for (ast::ExprId& arg : expr.args) arg = made.at(arg);
    if (auto* named = std::get_if<ast::Path>(&expr.value)) *named = path(*named);
    if (auto* bound = std::get_if<ast::Bindings>(&expr.value)) *bound = (*this)(*bound);
    to_.exprs.push_back(std::move(expr));
    made.emplace(id, ast::ExprId(to_.exprs.size() - 1));
    ++copied_;
  }
  return made.at(root);
}

ast::Update Copy::operator()(const ast::Update& update) {
  return {update.form, (*this)(update.each), (*this)(update.target), (*this)(update.value), update.span};
}

ast::ActionDecl Copy::operator()(const ast::ActionDecl& action) {
  ast::ActionDecl made{this->action(action.name), (*this)(action.parameters), std::nullopt, {}};
  if (action.when) made.when = (*this)(*action.when);
  for (const ast::Update& update : action.updates) made.updates.push_back((*this)(update));
  return made;
}

ast::Edit Copy::edit(const ast::Edit& written) {
  ast::Edit made = written;
  std::visit(Overloaded{
                 [&](ast::DropUpdate& e) {
                   e = {path(e.function), action(e.action)};
                 },
                 [&](ast::DropGuard& e) { e.action = action(e.action); },
                 [&](ast::DropAction& e) { e.action = action(e.action); },
                 [](ast::DropInitially&) {},
                 [&](ast::DropAssumption& e) { e.property = renamed(names_.properties, e.property); },
                 [&](ast::ReplaceUpdate& e) {
                   e = {path(e.function), action(e.action), e.updates};
                   for (ast::Update& update : e.updates) update = (*this)(update);
                 },
                 [&](ast::ReplaceGuard& e) {
                   e = {action(e.action), (*this)(e.guard)};
                 },
                 [&](ast::AddAction& e) { e.action = (*this)(e.action); },
             },
             made.form);
  return made;
}

ast::ModelForm Copy::operator()(const ast::ModelForm& form) {
  ast::ModelForm made = form;
  std::visit(Overloaded{
                 [](ast::SortDecl&) {},
                 [](ast::EnumDecl&) {},
                 [&](ast::RecordDecl& d) {
                   for (ast::RecordDecl::Field& field : d.fields) field.type = type(field.type);
                 },
                 [&](ast::FunctionDecl& d) {
                   d.name = renamed(names_.values, d.name);
                   for (ast::Argument& argument : d.arguments) argument.type = type(argument.type);
                   if (d.result) d.result = type(*d.result);
                   if (d.initial) d.initial = (*this)(*d.initial);
                 },
                 [&](ast::DefineDecl& d) {
                   d.name = renamed(names_.values, d.name);
                   d.parameters = (*this)(d.parameters);
                   if (d.type) d.type = type(*d.type);
                   d.body = (*this)(d.body);
                 },
                 [&](ast::InitiallyDecl& d) { d.formula = (*this)(d.formula); },
                 [&](ast::ActionDecl& d) { d = (*this)(d); },
                 [&](ast::PropertyDecl& d) {
                   d.name = renamed(names_.properties, d.name);
                   d.formula = (*this)(d.formula);
                 },
                 [&](ast::VariantDecl& d) {
                   d.name = renamed(names_.properties, d.name);
                   d.model.reset();
                   for (ast::Edit& one : d.edits) one = edit(one);
                 },
                 [&](ast::ViewDecl& d) {
                   d.model.reset();
                   d.type = type(d.type);
                   for (ast::ViewDecl::Item& item : d.items) {
                     item.value = (*this)(item.value);
                     item.each = (*this)(item.each);
                     if (item.with) item.with = (*this)(*item.with);
                   }
                 },
             },
             made);
  return made;
}

}  // namespace bulkhead::expand
