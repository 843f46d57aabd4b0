// Drafts: a model with the changes of a variant made to its sentences, before anything is typed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lang/ast/ast.h"
#include "lang/diag/diagnostic.h"
#include "lang/resolve/modules.h"

namespace bulkhead::model {

using resolve::ModuleId;

/// Where an expression was written: a variant may stand in another file than its model.
struct Text {
  ModuleId module;
  ast::ExprId expr;
};
struct UpdateText {
  ModuleId module;
  const ast::Update* update = nullptr;
};
struct ActionText {
  ModuleId module;  // of its parameters
  const ast::ActionDecl* decl = nullptr;
  ast::Span span;
  std::optional<Text> guard;
  std::vector<UpdateText> updates;
};

struct Draft {
  ModuleId module;
  const ast::ModelDecl* model = nullptr;
  ast::Span span;  // of the model, or of its variant
  std::string variant;
  std::vector<const ast::ModelSentence*> sentences;  // all but actions, variants and what was dropped
  std::vector<ActionText> actions;
};

Draft draft_of(ModuleId module, const ast::ModelDecl& model, const ast::Span& span);

/// The draft with the changes of a variant that was written in `module`; reports each change of something that is not
/// there.
Draft varied(const Draft& base, const resolve::Modules& modules, ModuleId module, const ast::VariantDecl& variant,
             const ast::Span& span, diag::DiagnosticSink& sink);

}  // namespace bulkhead::model
