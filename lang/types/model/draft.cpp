#include "lang/types/model/draft.h"

#include <algorithm>

namespace bulkhead::model {
namespace {

using diag::Code;

ActionText action_text(ModuleId module, const ast::ActionDecl& decl, const ast::Span& span) {
  ActionText text{module, &decl, span, std::nullopt, {}};
  if (decl.when) text.guard = Text{module, *decl.when};
  for (const ast::Update& update : decl.updates) text.updates.push_back({module, &update});
  return text;
}

/// One variant while its changes are made.
class Variation {
 public:
  Variation(Draft& draft, const resolve::Modules& modules, ModuleId module, diag::DiagnosticSink& sink)
      : draft_(draft), modules_(modules), module_(module), sink_(sink) {}

  void operator()(const ast::DropUpdate& edit) { replace_updates(edit.function, edit.action, {}); }
  void operator()(const ast::ReplaceUpdate& edit) { replace_updates(edit.function, edit.action, edit.updates); }
  void operator()(const ast::DropGuard& edit) {
    if (ActionText* action = find(edit.action)) {
      if (!action->guard) return missing(edit.action, "`" + edit.action.text + "` has no guard");
      action->guard.reset();
    }
  }
  void operator()(const ast::DropAction& edit) {
    const ActionText* action = find(edit.action);
    if (action != nullptr) draft_.actions.erase(draft_.actions.begin() + (action - draft_.actions.data()));
  }
  void operator()(const ast::ReplaceGuard& edit) {
    if (ActionText* action = find(edit.action)) action->guard = Text{module_, edit.guard};
  }
  void operator()(const ast::DropInitially&) {
    drop([](const ast::ModelSentence& one) { return std::holds_alternative<ast::InitiallyDecl>(one.form); });
  }
  void operator()(const ast::DropAssumption& edit) {
    const bool dropped = drop([&](const ast::ModelSentence& one) {
      const auto* property = std::get_if<ast::PropertyDecl>(&one.form);
      return property != nullptr && property->keyword == ast::PropertyDecl::Keyword::Assume &&
             property->name.text == edit.property.text;
    });
    if (!dropped) missing(edit.property, "there is no assumption `" + edit.property.text + "`");
  }
  void operator()(const ast::AddAction& edit) {
    draft_.actions.push_back(action_text(module_, edit.action, edit.action.name.span));
  }

 private:
  template <typename Which>
  bool drop(Which which) {
    auto& all = draft_.sentences;
    const auto end = std::remove_if(all.begin(), all.end(), [&](const auto* one) { return which(*one); });
    const bool some = end != all.end();
    all.erase(end, all.end());
    return some;
  }

  /// The updates of `function`, and of all its fields, give way to others, in their place.
  void replace_updates(const ast::Path& function, const ast::Name& name, const std::vector<ast::Update>& others) {
    ActionText* action = find(name);
    if (action == nullptr) return;
    std::vector<UpdateText> kept;
    bool found = false;
    for (const UpdateText& one : action->updates) {
      if (!assigns(one, function)) {
        kept.push_back(one);
        continue;
      }
      if (!found) {
        for (const ast::Update& other : others) kept.push_back({module_, &other});
      }
      found = true;
    }
    action->updates = std::move(kept);
    if (!found) {
      missing({function.text(), function.span}, "`" + name.text + "` does not update `" + function.text() + "`");
    }
  }

  bool assigns(const UpdateText& text, const ast::Path& function) const;

  ActionText* find(const ast::Name& name) {
    std::vector<std::string> names;
    for (ActionText& action : draft_.actions) {
      if (action.decl->name.text == name.text) return &action;
      names.push_back(action.decl->name.text);
    }
    diag::Diagnostic report{Code::UnknownName, name.span, "there is no action `" + name.text + "`", {}, "", {}};
    if (const auto meant = diag::did_you_mean(name.text, names)) {
      report.help = "did you mean `" + *meant + "`?";
      report.fixes.push_back({name.span, *meant});
    }
    sink_.report(std::move(report));
    return nullptr;
  }

  void missing(const ast::Name& name, std::string message) {
    sink_.report({Code::UnknownName, name.span, std::move(message), {}, "a variant changes what its model says", {}});
  }

  Draft& draft_;
  const resolve::Modules& modules_;
  ModuleId module_;
  diag::DiagnosticSink& sink_;
};

bool Variation::assigns(const UpdateText& text, const ast::Path& function) const {
  const ast::Expr& target = modules_.at(text.module).tree.at(text.update->target);
  const std::string assigned = std::get<ast::Path>(target.value).text();
  return assigned == function.text() || assigned.rfind(function.text() + ".", 0) == 0;
}

bool changes_guard(const ast::Edit& edit) {
  return std::holds_alternative<ast::DropGuard>(edit.form) || std::holds_alternative<ast::ReplaceGuard>(edit.form) ||
         std::holds_alternative<ast::DropAction>(edit.form);
}

void drop_of_guards(Draft& draft) {
  const std::vector<std::string>& names = draft.model->of_guards;
  const auto of_guards = [&](const ast::ModelSentence* sentence) {
    const auto* property = std::get_if<ast::PropertyDecl>(&sentence->form);
    return property != nullptr && std::find(names.begin(), names.end(), property->name.text) != names.end();
  };
  auto& all = draft.sentences;
  all.erase(std::remove_if(all.begin(), all.end(), of_guards), all.end());
}

}  // namespace

Draft draft_of(ModuleId module, const ast::ModelDecl& model, const ast::Span& span) {
  Draft draft{module, &model, span, "", {}, {}};
  for (const ast::ModelSentence& sentence : model.sentences) {
    if (const auto* action = std::get_if<ast::ActionDecl>(&sentence.form)) {
      draft.actions.push_back(action_text(module, *action, sentence.span));
    } else if (!std::holds_alternative<ast::VariantDecl>(sentence.form)) {
      draft.sentences.push_back(&sentence);
    }
  }
  return draft;
}

Draft varied(const Draft& base, const resolve::Modules& modules, ModuleId module, const ast::VariantDecl& variant,
             const ast::Span& span, diag::DiagnosticSink& sink) {
  Draft draft = base;
  draft.span = span;
  draft.variant = variant.name.text;
  if (std::any_of(variant.edits.begin(), variant.edits.end(), changes_guard)) drop_of_guards(draft);
  Variation variation(draft, modules, module, sink);
  for (const ast::Edit& edit : variant.edits) std::visit(variation, edit.form);
  return draft;
}

}  // namespace bulkhead::model
