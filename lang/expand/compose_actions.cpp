// Shared actions: the guards of all parts, and the updates of all of them at once.
#include <algorithm>

#include "lang/expand/composing.h"

namespace bulkhead::expand {

void Composing::find_joints() {
  for (const ast::SharedAction& shared : decl_.composition->shared) {
    Joint joint{&shared, "", {}};
    std::set<std::size_t> components;
    for (const ast::SharedAction::Part& one : shared.parts) {
      const auto found = find_action(one);
      if (!found) return;
      if (!components.insert(found->first).second) {
        return bad(one.span, "one component has two actions here", "an action is shared between different components");
      }
      if (!taken_.insert({found->first, found->second->name.text}).second) {
        return bad(one.span, "`" + one.action.text() + "` is shared already", "name all that happens together at once");
      }
      joint.parts.push_back(*found);
    }
    joint.name = shared.name ? shared.name->text : joint.parts[0].second->name.text;
    joints_.push_back(std::move(joint));
  }
}

std::optional<std::pair<std::size_t, const ast::ActionDecl*>> Composing::find_action(
    const ast::SharedAction::Part& one) {
  std::vector<std::pair<std::size_t, const ast::ActionDecl*>> found;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    for (const ast::ModelSentence& sentence : parts_[i].model.sentences) {
      const auto* decl = std::get_if<ast::ActionDecl>(&sentence.form);
      if (decl == nullptr) continue;
      const std::string full = parts_[i].component->model.text + "." + decl->name.text;
      if (one.action.text() == full || one.action.text() == decl->name.text) found.emplace_back(i, decl);
    }
  }
  if (found.size() == 1) return found[0];
  if (found.empty()) {
    error(Code::UnknownName, one.action.span, "no component has an action `" + one.action.text() + "`",
          "write `COMPONENT.ACTION`");
  } else {
    bad(one.action.span, "several components have an action `" + one.action.text() + "`", "write `COMPONENT.ACTION`");
  }
  return std::nullopt;
}

bool Composing::touches_shared(std::size_t component, const ast::VariantDecl& variant) const {
  const auto shared = [&](const ast::Name& action) { return taken_.count({component, action.text}) != 0; };
  return std::any_of(variant.edits.begin(), variant.edits.end(), [&](const ast::Edit& edit) {
    if (const auto* e = std::get_if<ast::DropUpdate>(&edit.form)) return shared(e->action);
    if (const auto* e = std::get_if<ast::DropGuard>(&edit.form)) return shared(e->action);
    if (const auto* e = std::get_if<ast::DropAction>(&edit.form)) return shared(e->action);
    if (const auto* e = std::get_if<ast::ReplaceUpdate>(&edit.form)) return shared(e->action);
    if (const auto* e = std::get_if<ast::ReplaceGuard>(&edit.form)) return shared(e->action);
    return false;
  });
}

void Composing::join(const Joint& joint) {
  ast::ActionDecl action{{joint.name, joint.written->span}, {}, std::nullopt, {}};
  std::vector<ast::ExprId> guards;
  std::map<std::string, std::string> types;
  for (std::size_t i = 0; i < joint.parts.size(); ++i) {
    Part& part = parts_[joint.parts[i].first];
    const ast::ActionDecl& decl = *joint.parts[i].second;
    if (!name_parameters(joint.written->parts[i], decl, part)) return;
    Copy copy(modules_.at(part.module).tree, tree(), part.names, copied_);
    ast::ActionDecl made = copy(decl);
    part.names.parameters.clear();
    for (const ast::Binding& binding : made.parameters) {
      for (const ast::Name& name : binding.names) {
        const auto [known, fresh] = types.emplace(name.text, binding.type.text);
        if (fresh) action.parameters.push_back({{name}, binding.type, binding.span});
        if (known->second == binding.type.text) continue;
        return bad(joint.written->parts[i].span,
                   "`" + name.text + "` is a `" + binding.type.text + "` here and a `" + known->second + "` before",
                   "name the parameters: `" + joint.written->parts[i].action.text() + "(x, y)`");
      }
    }
    if (made.when) guards.push_back(*made.when);
    action.updates.insert(action.updates.end(), made.updates.begin(), made.updates.end());
  }
  if (guards.size() == 1) action.when = guards[0];
  if (guards.size() > 1) {
    ast::Expr all;
    all.kind = ast::ExprKind::And;
    all.span = all.op = joint.written->span;
    all.args = std::move(guards);
    tree().exprs.push_back(std::move(all));
    action.when = ast::ExprId(tree().exprs.size() - 1);
  }
  result_.sentences.push_back({joint.written->span, "", std::move(action)});
}

bool Composing::name_parameters(const ast::SharedAction::Part& written, const ast::ActionDecl& decl, Part& part) {
  if (!written.parameters) return true;
  std::vector<ast::Name> own;
  for (const ast::Binding& binding : decl.parameters) {
    own.insert(own.end(), binding.names.begin(), binding.names.end());
  }
  if (own.size() != written.parameters->size()) {
    error(Code::WrongArguments, written.span,
          "`" + written.action.text() + "` has " + std::to_string(own.size()) + " parameters, and here are " +
              std::to_string(written.parameters->size()));
    return false;
  }
  for (std::size_t i = 0; i < own.size(); ++i) part.names.parameters[own[i].text] = (*written.parameters)[i].text;
  return true;
}

}  // namespace bulkhead::expand
