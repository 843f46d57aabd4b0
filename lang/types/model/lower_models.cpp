#include "lang/types/model/lower_models.h"

#include "lang/base/check.h"
#include "lang/system/valid.h"
#include "lang/types/model/theorem.h"
#include "lang/types/once_sink.h"

namespace bulkhead::model {
namespace {

/// A variant, and where it was written.
struct VariantText {
  ModuleId module;
  const ast::VariantDecl* decl = nullptr;
  ast::Span span;
};
struct ViewText {
  ModuleId module;
  const ast::ViewDecl* decl = nullptr;
  ast::Span span;
};
/// What a policy says of one model, in and outside of its block.
struct Family {
  ModuleId module;
  const ast::ModelDecl* decl = nullptr;
  ast::Span span;
  std::vector<VariantText> variants;
  std::vector<ViewText> views;
};

class ModelsLowering {
 public:
  ModelsLowering(const resolve::Modules& modules, const resolve::Names& names, const source::SourceMap& sources,
                 diag::DiagnosticSink& sink)
      : modules_(modules), names_(names), sources_(sources), sink_(sink) {}

  types::Theorems run() {
    collect();
    for (const Family& family : families_) lower(family);
    types::Theorems theorems;
    for_each([&](ModuleId module, const ast::Sentence& sentence) {
      const auto* claim = std::get_if<ast::Claim>(&sentence.form);
      if (claim == nullptr) return;
      auto theorem = lower_theorem(systems_, modules_, names_, module, *claim, sink_);
      if (theorem) theorems.claims.emplace(claim, std::move(*theorem));
    });
    check(theorems);
    for (const auto& model : systems_.all) theorems.systems.push_back(std::move(model->system));
    return theorems;
  }

 private:
  template <typename Visit>
  void for_each(Visit visit) const {
    for (std::size_t m = 0; m < modules_.modules.size(); ++m) {
      for (const ast::Sentence& sentence : modules_.modules[m].tree.sentences) visit(ModuleId(m), sentence);
    }
  }

  void collect() {
    for_each([&](ModuleId module, const ast::Sentence& sentence) {
      const auto* decl = std::get_if<ast::ModelDecl>(&sentence.form);
      if (decl == nullptr) return;
      BH_CHECK(!decl->composition || modules_.incomplete, "a composition became a plain model");
      Family family{module, decl, sentence.span, {}, {}};
      for (const ast::ModelSentence& inner : decl->sentences) {
        if (const auto* variant = std::get_if<ast::VariantDecl>(&inner.form)) {
          own(variant->model, decl->name, "variant");
          family.variants.push_back({module, variant, inner.span});
        }
        if (const auto* view = std::get_if<ast::ViewDecl>(&inner.form)) {
          own(view->model, decl->name, "view");
          family.views.push_back({module, view, inner.span});
        }
      }
      by_name_.emplace(decl->name.text, families_.size());
      families_.push_back(std::move(family));
    });
    for_each([&](ModuleId module, const ast::Sentence& sentence) {
      if (const auto* variant = std::get_if<ast::VariantDecl>(&sentence.form)) {
        Family* family = family_of(variant->model, variant->name, module, "variant Stale of Memory { ... }");
        if (family != nullptr) family->variants.push_back({module, variant, sentence.span});
      }
      if (const auto* view = std::get_if<ast::ViewDecl>(&sentence.form)) {
        Family* family = family_of(view->model, view->observer, module, "view of o: Container in Memory sees ...;");
        if (family != nullptr) family->views.push_back({module, view, sentence.span});
      }
    });
  }

  void error(Code code, const ast::Span& span, std::string message, std::string help) {
    sink_.report({code, span, std::move(message), {}, std::move(help), {}});
  }

  /// In a model's own block nothing is said of another one.
  void own(const std::optional<ast::Name>& named, const ast::Name& model, const std::string& what) {
    if (!named || named->text == model.text) return;
    error(Code::Misplaced, named->span,
          "a " + what + " of `" + named->text + "` does not stand in `" + model.text + "`",
          "write it outside of the block");
  }

  Family* family_of(const std::optional<ast::Name>& model, const ast::Name& what, ModuleId module,
                    const std::string& example) {
    if (!model) {
      error(Code::UnclearModel, what.span, "this does not say which model it is of", "write `" + example + "`");
      return nullptr;
    }
    if (!names_.find(resolve::Space::Models, *model, module, sink_)) return nullptr;
    const auto found = by_name_.find(model->text);
    return found == by_name_.end() ? nullptr : &families_[found->second];
  }

  void lower(const Family& family) {
    if (systems_.by_name.count(family.decl->name.text) != 0) return;  // declared twice, and reported
    const Draft base = draft_of(family.module, *family.decl, family.span);
    scratch(base);
    add(base, family);
    std::map<std::string, ast::Span> names;
    for (const ast::ModelSentence& sentence : family.decl->sentences) {
      const auto* property = std::get_if<ast::PropertyDecl>(&sentence.form);
      if (property != nullptr) names.emplace(property->name.text, property->name.span);
    }
    for (const VariantText& variant : family.variants) {
      const auto [found, fresh] = names.emplace(variant.decl->name.text, variant.decl->name.span);
      if (!fresh) {
        sink_.report({Code::DuplicateName,
                      variant.decl->name.span,
                      "`" + variant.decl->name.text + "` is declared twice",
                      {{found->second, "first declared here"}},
                      "variants, invariants and lemmas of a model have different names",
                      {}});
        continue;
      }
      add(varied(base, modules_, variant.module, *variant.decl, variant.span, sink_), family);
    }
  }

  void scratch(const Draft& draft) {
    Model model(modules_, names_, sources_, sink_);
    model.draft = draft;
    declare_types(model);
    declare_functions(model);
    check_definitions(model);
  }

  void add(Draft draft, const Family& family) {
    if (terms_ > kMaxAllTerms) return;
    auto model = std::make_unique<Model>(modules_, names_, sources_, sink_);
    model->system.name = family.decl->name.text + (draft.variant.empty() ? "" : "." + draft.variant);
    model->system.variant = draft.variant;
    model->system.origin = model->origin(draft.span);
    model->system.origin.text = (draft.variant.empty() ? "model " : "variant ") + model->system.name;
    model->draft = std::move(draft);
    declare_types(*model);
    declare_functions(*model);
    lower_initial_values(*model);
    lower_actions(*model);
    lower_properties(*model);
    for (const ViewText& view : family.views) lower_view(*model, *view.decl, view.module, view.span);
    check_members(*model);
    if (model->draft.variant.empty() && !sink_.has_errors()) find_smells(*model);
    terms_ += model->system.terms.size();
    if (terms_ > kMaxAllTerms) {
      error(Code::PolicyTooLarge, model->draft.span, "the models of this policy grow beyond what the checker takes on",
            "check some of them in files of their own");
    }
    systems_.by_name.emplace(model->system.name, systems_.all.size());
    systems_.all.push_back(std::move(model));
  }

  /// Whatever reads these systems relies on it.
  void check(const types::Theorems& theorems) const {
    if (sink_.has_errors() || modules_.incomplete) return;
    for (const auto& model : systems_.all) {
      BH_CHECK(system::is_valid(model->system), "a model without mistakes is a valid system");
    }
    for (const auto& [claim, theorem] : theorems.claims) {
      const system::System& about = systems_.all[theorem.system.index()]->system;
      BH_CHECK(system::is_valid(about, theorem.theorem), "a claim without mistakes is a valid theorem");
    }
  }

  const resolve::Modules& modules_;
  const resolve::Names& names_;
  const source::SourceMap& sources_;
  types::OnceSink sink_;
  std::vector<Family> families_;
  std::map<std::string, std::size_t> by_name_;
  Systems systems_;
  std::size_t terms_ = 0;
};

}  // namespace

types::Theorems lower_models(const resolve::Modules& modules, const resolve::Names& names,
                             const source::SourceMap& sources, diag::DiagnosticSink& sink) {
  return ModelsLowering(modules, names, sources, sink).run();
}

}  // namespace bulkhead::model
