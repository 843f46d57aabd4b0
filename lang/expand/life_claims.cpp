#include "lang/expand/life_claims.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "lang/base/check.h"
#include "lang/expand/splice.h"
#include "lang/expand/visible.h"

namespace bulkhead::expand {
namespace {

using diag::Code;

/// A claim as one about the policy's own instance of a model: what stands before and after the instance's name.
struct Meaning {
  std::string_view model, block, before, after;
};
constexpr Meaning kVerified{"Launch",
                            "    invariant verified_before_run: forall c: Container. started(c) -> verified(c);\n", "",
                            ".verified_before_run"};
constexpr Meaning kPurged{
    "Lifecycle", "", "in ",
    ": forall c: Container. told(c) && lives(c) leads to mode(c) == Mode.Purged under fair { purge }"};

class LifeClaims {
 public:
  LifeClaims(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink)
      : modules_(modules), sources_(sources), sink_(sink) {}

  void run() {
    for (module_ = 0; module_ < modules_.modules.size(); ++module_) {
      made_.clear();
      const std::size_t count = tree().sentences.size();  // models are added behind
      for (std::size_t s = 0; s < count; ++s) {
        const auto* claim = std::get_if<ast::Claim>(&tree().sentences[s].form);
        if (claim == nullptr) continue;
        if (std::holds_alternative<ast::VerifiedClaim>(claim->form)) {
          rewrite(s, claim->form_span, kVerified);
        } else if (is_purge(*claim) && sees(kPurged.model) &&
                   !declares_itself(modules_, module_, {"revoked", "purged"})) {
          rewrite(s, claim->form_span, kPurged);
        }
      }
    }
  }

 private:
  ast::Module& tree() { return modules_.modules[module_].tree; }
  void report(const ast::Span& span, std::string message, std::string help) {
    sink_.report({Code::UnknownName, span, std::move(message), {}, std::move(help), {}});
    modules_.incomplete = true;
  }

  /// `revoked leads to purged`, word for word; elsewhere the words are those of some other model.
  bool is_purge(const ast::Claim& claim) {
    const auto* leads = std::get_if<ast::LeadsToClaim>(&claim.form);
    if (leads == nullptr || leads->system || !leads->each.empty()) return false;
    if (!leads->fair.empty() || !leads->rank.empty()) return false;
    const auto* from = std::get_if<ast::Path>(&tree().at(leads->from).value);
    const auto* to = std::get_if<ast::Path>(&tree().at(leads->to).value);
    return from != nullptr && to != nullptr && from->text() == "revoked" && to->text() == "purged";
  }

  /// The library's own: a model of that name elsewhere says nothing of how containers live.
  bool sees(std::string_view model) const {
    return sees_of_library(modules_, module_, "lifecycle", std::string(model));
  }

  bool has_containers() const {
    return std::any_of(modules_.modules.begin(), modules_.modules.end(), [](const resolve::Module& module) {
      return std::any_of(module.tree.sentences.begin(), module.tree.sentences.end(), [](const ast::Sentence& one) {
        return std::holds_alternative<ast::ContainerDecl>(one.form) ||
               std::holds_alternative<ast::OpenContainerDecl>(one.form);
      });
    });
  }

  /// By value: sentences are added to those in which the claim stands.
  void rewrite(std::size_t sentence, const ast::Span span, const Meaning& meaning) {
    if (!sees(meaning.model)) return report(span, "nothing says here how containers live", "add `import lifecycle;`");
    if (!has_containers()) return report(span, "the policy has no container: this claims nothing", "declare them");
    const std::string name = std::string(meaning.model) + "_" + std::to_string(module_);
    if (made_.emplace(meaning.model).second) add_instance(name, span, meaning);
    const auto claim = read_text(sources_, "claims about lives",
                                 "prove " + std::string(meaning.before) + name + std::string(meaning.after) + ";");
    BH_CHECK(claim.has_value(), "this sentence can be read");
    ast::ClaimForm form = copied_claim(*claim, tree());
    std::get<ast::Claim>(tree().sentences[sentence].form).form = std::move(form);
  }

  /// What is wrong with it, a policy that calls its own model so sees at the claim.
  void add_instance(const std::string& name, const ast::Span& span, const Meaning& meaning) {
    std::string text = "model " + name + " = " + std::string(meaning.model) + "(containers)";
    text += meaning.block.empty() ? ";\n" : " {\n" + std::string(meaning.block) + "}\n";
    auto model = read_text(sources_, "lives of containers", std::move(text));
    BH_CHECK(model.has_value(), "this model can be read");
    auto& decl = std::get<ast::ModelDecl>(model->sentences.front().form);
    decl.name.span = span;
    decl.composition->of_policy = true;
    for (ast::Component& component : decl.composition->components) component.model.span = component.span = span;
    for (ast::Expr& expr : model->exprs) {
      auto* path = std::get_if<ast::Path>(&expr.value);
      if (path != nullptr && path->text() == "containers") path->span = span;
    }
    add_model(*model, tree());
  }

  resolve::Modules& modules_;
  source::SourceMap& sources_;
  diag::DiagnosticSink& sink_;
  std::size_t module_ = 0;
  std::set<std::string> made_;  // the models of which the module at hand has its instance
};

}  // namespace

void expand_life_claims(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink) {
  LifeClaims(modules, sources, sink).run();
}

}  // namespace bulkhead::expand
