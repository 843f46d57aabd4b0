#include "lang/expand/visible.h"

#include <algorithm>

namespace bulkhead::expand {
namespace {

bool declares(const ast::ModelDecl& model, const std::set<std::string>& names) {
  return std::any_of(model.sentences.begin(), model.sentences.end(), [&](const ast::ModelSentence& one) {
    const auto* function = std::get_if<ast::FunctionDecl>(&one.form);
    const auto* definition = std::get_if<ast::DefineDecl>(&one.form);
    return (function != nullptr && names.count(function->name.text) != 0) ||
           (definition != nullptr && names.count(definition->name.text) != 0);
  });
}

/// Whether some model of a module is as asked.
template <typename Ask>
bool has_model(const resolve::Module& module, Ask ask) {
  return std::any_of(module.tree.sentences.begin(), module.tree.sentences.end(), [&](const ast::Sentence& one) {
    const auto* model = std::get_if<ast::ModelDecl>(&one.form);
    return model != nullptr && ask(*model);
  });
}

}  // namespace

bool sees_of_library(const resolve::Modules& modules, std::size_t module, const std::string& home,
                     const std::string& model) {
  for (std::size_t m = 0; m < modules.modules.size(); ++m) {
    const resolve::Module& one = modules.modules[m];
    if (!modules.sees[module][m] || !one.library || one.name != home) continue;
    if (has_model(one, [&](const ast::ModelDecl& decl) { return decl.name.text == model; })) return true;
  }
  return false;
}

bool declares_itself(const resolve::Modules& modules, std::size_t module, const std::set<std::string>& names) {
  for (std::size_t m = 0; m < modules.modules.size(); ++m) {
    const resolve::Module& one = modules.modules[m];
    if (!modules.sees[module][m] || one.library) continue;
    if (has_model(one, [&](const ast::ModelDecl& decl) { return declares(decl, names); })) return true;
  }
  return false;
}

}  // namespace bulkhead::expand
