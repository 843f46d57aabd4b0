#include "lang/expand/expand.h"

#include <map>
#include <set>

#include "lang/expand/channels.h"
#include "lang/expand/compose.h"
#include "lang/expand/life_claims.h"
#include "lang/expand/protocol.h"

namespace bulkhead::expand {
namespace {

using diag::Code;

class Expansion {
 public:
  Expansion(resolve::Modules& modules, diag::DiagnosticSink& sink) : modules_(modules), sink_(sink) {}

  /// Compositions in an order in which the components of each are plain already.
  void run() {
    collect();
    std::vector<std::string> ready;
    for (const auto& [name, count] : waiting_) {
      if (count == 0) ready.push_back(name);
    }
    while (!ready.empty()) {
      const std::string name = ready.back();
      ready.pop_back();
      waiting_.erase(name);
      replace(models_.at(name));
      for (const std::string& user : users_[name]) {
        if (--waiting_.at(user) == 0) ready.push_back(user);
      }
    }
    bool reported = false;  // the others are in the same circle, or made of it
    for (const auto& [name, count] : waiting_) {
      const ast::Name where = decl(models_.at(name)).name;
      if (!reported) sink_.report({Code::BadComposition, where.span, "`" + name + "` is made of itself", {}, "", {}});
      reported = true;
      drop(models_.at(name));
    }
  }

 private:
  ast::Sentence& sentence(const Written& at) { return modules_.modules[at.module.index()].tree.sentences[at.sentence]; }
  ast::ModelDecl& decl(const Written& at) { return std::get<ast::ModelDecl>(sentence(at).form); }

  void collect() {
    for (std::size_t m = 0; m < modules_.modules.size(); ++m) {
      auto& sentences = modules_.modules[m].tree.sentences;
      for (std::size_t s = 0; s < sentences.size(); ++s) {
        const auto* model = std::get_if<ast::ModelDecl>(&sentences[s].form);
        if (model == nullptr) continue;
        const bool first = models_.emplace(model->name.text, Written{resolve::ModuleId(m), s}).second;
        if (!first && model->composition) std::get<ast::ModelDecl>(sentences[s].form).composition.reset();
      }
    }
    for (const auto& [name, where] : models_) {
      if (!decl(where).composition) continue;
      std::size_t& count = waiting_[name];
      std::set<std::string> components;
      for (const ast::Component& component : decl(where).composition->components) {
        const auto found = models_.find(component.model.text);
        if (found == models_.end() || !decl(found->second).composition) continue;
        if (!components.insert(component.model.text).second) continue;
        ++count;
        users_[component.model.text].push_back(name);
      }
    }
  }

  void replace(const Written& at) {
    auto made = compose(modules_, models_, at, copied_, sink_);
    if (!made) return drop(at);
    decl(at) = std::move(*made);
  }

  /// Its mistake was reported: what is left declares a name of which nothing is known.
  void drop(const Written& at) {
    const ast::Name name = decl(at).name;
    sentence(at).form = ast::DynamicSentence{{"model", name.span}, {name}, ""};
    modules_.incomplete = true;
  }

  resolve::Modules& modules_;
  diag::DiagnosticSink& sink_;
  Models models_;
  std::map<std::string, std::size_t> waiting_;  // compositions: how many of their components are compositions too
  std::map<std::string, std::vector<std::string>> users_;
  std::size_t copied_ = 0;
};

}  // namespace

void expand(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink) {
  expand_protocols(modules, sources, sink);
  expand_channels(modules, sources, sink);
  expand_life_claims(modules, sources, sink);
  Expansion(modules, sink).run();
}

}  // namespace bulkhead::expand
