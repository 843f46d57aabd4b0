// docs/adr/0005-composition.md says what a composition means.
#include "lang/expand/compose.h"

#include "lang/expand/composing.h"
#include "lang/expand/expand.h"

namespace bulkhead::expand {

std::optional<ast::ModelDecl> Composing::run() {
  if (!find_parts()) return std::nullopt;
  own_names();
  for (Part& part : parts_) bind_parameters(part);
  find_joints();
  if (failed_) return std::nullopt;
  result_.name = decl_.name;
  for (std::size_t i = 0; i < decl_.parameters; ++i) result_.sentences.push_back(decl_.sentences[i]);
  result_.parameters = decl_.parameters;
  for (Part& part : parts_) declarations(part);
  for (Part& part : parts_) sentences(part);
  for (const Joint& joint : joints_) join(joint);
  own_sentences();
  declare_missing_sorts();
  if (copied_ > kMaxCopied) {
    error(Code::PolicyTooLarge, decl_.name.span,
          "the compositions of this policy grow beyond what the checker takes on", "compose fewer models");
  }
  if (failed_) return std::nullopt;
  return std::move(result_);
}

bool Composing::find_parts() {
  std::set<std::string> seen;
  for (const ast::Component& component : decl_.composition->components) {
    const auto found = models_.find(component.model.text);
    if (found == models_.end()) {
      if (!modules_.incomplete) {
        std::vector<std::string> known;
        for (const auto& [name, where] : models_) known.push_back(name);
        diag::Diagnostic report{
            Code::UnknownName, component.model.span, "there is no model `" + component.model.text + "`", {}, "", {}};
        if (const auto meant = diag::did_you_mean(component.model.text, known)) {
          report.help = "did you mean `" + *meant + "`?";
          report.fixes.push_back({component.model.span, *meant});
        }
        sink_.report(std::move(report));
      }
      return false;
    }
    const Written& where = found->second;
    const auto& form = modules_.at(where.module).tree.sentences[where.sentence].form;
    if (!std::holds_alternative<ast::ModelDecl>(form)) return false;  // it has a mistake, which was reported
    if (!modules_.sees[home_.index()][where.module.index()]) {
      const std::string& name = modules_.at(where.module).name;
      error(Code::NotImported, component.model.span,
            "`" + component.model.text + "` is declared in `" + name + "`, which is not imported here",
            "add `import " + name + ";`");
      return false;
    }
    if (!seen.insert(component.model.text).second) {
      bad(component.model.span, "`" + component.model.text + "` is a component twice",
          "give it two names: `model Left = " + component.model.text + ";`");
      return false;
    }
    Part part{&component,
              std::get<ast::ModelDecl>(modules_.at(where.module).tree.sentences[where.sentence].form),
              where.module,
              "",
              {}};
    if (decl_.composition->components.size() > 1) part.prefix = component.model.text + ".";
    parts_.push_back(std::move(part));
  }
  return true;
}

void Composing::own_names() {
  for (Part& part : parts_) {
    for (const ast::ModelSentence& sentence : part.model.sentences) {
      if (const auto* decl = std::get_if<ast::FunctionDecl>(&sentence.form)) {
        const bool shared = decl->from_policy;  // the policy fills it once
        part.names.values[decl->name.text] = (shared ? "" : part.prefix) + decl->name.text;
      }
      if (const auto* decl = std::get_if<ast::DefineDecl>(&sentence.form)) {
        part.names.values[decl->name.text] = part.prefix + decl->name.text;
      }
      if (const auto* decl = std::get_if<ast::ActionDecl>(&sentence.form)) {
        part.names.actions[decl->name.text] = part.prefix + decl->name.text;
      }
      if (const auto* decl = std::get_if<ast::PropertyDecl>(&sentence.form)) {
        part.names.properties[decl->name.text] = part.prefix + decl->name.text;
      }
      if (const auto* decl = std::get_if<ast::VariantDecl>(&sentence.form)) {
        part.names.properties[decl->name.text] = part.prefix + decl->name.text;
      }
    }
  }
}

std::optional<ast::ModelDecl> compose(resolve::Modules& modules, const Models& models, const Written& written,
                                      std::size_t& copied, diag::DiagnosticSink& sink) {
  return Composing(modules, models, written, copied, sink).run();
}

}  // namespace bulkhead::expand
