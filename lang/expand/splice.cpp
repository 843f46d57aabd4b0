#include "lang/expand/splice.h"

#include "lang/expand/copy.h"
#include "lang/syntax/parser.h"

namespace bulkhead::expand {

std::optional<ast::Module> read_text(source::SourceMap& sources, const std::string& name, std::string text) {
  diag::DiagnosticList mistakes;
  auto module = syntax::parse(sources, sources.add(name, std::move(text)), mistakes);
  if (mistakes.error_count() > 0) return std::nullopt;
  return module;
}

ast::ClaimForm copied_claim(const ast::Module& from, ast::Module& to) {
  ast::ClaimForm form = std::get<ast::Claim>(from.sentences.front().form).form;
  if (auto* leads = std::get_if<ast::LeadsToClaim>(&form)) {
    std::size_t copied = 0;
    const Renaming nothing;
    Copy copy(from, to, nothing, copied);
    leads->from = copy(leads->from);
    leads->to = copy(leads->to);
    for (ast::ExprId& one : leads->rank) one = copy(one);
  }
  return form;
}

void add_model(const ast::Module& from, ast::Module& to) {
  const auto& written = std::get<ast::ModelDecl>(from.sentences.front().form);
  ast::ModelDecl model;
  model.name = written.name;
  model.composition = written.composition;
  std::size_t copied = 0;
  const Renaming nothing;
  Copy copy(from, to, nothing, copied);
  if (model.composition) {
    for (ast::Component& component : model.composition->components) {
      for (std::size_t i = 0; component.arguments && i < component.arguments->size(); ++i) {
        component.arguments->at(i) = copy(component.arguments->at(i));
      }
    }
  }
  for (const ast::ModelSentence& one : written.sentences) {
    model.sentences.push_back({one.span, one.doc, copy(one.form)});
  }
  to.sentences.push_back({from.sentences.front().span, "", std::move(model)});
}

}  // namespace bulkhead::expand
