#include "lang/resolve/profiles.h"

#include <algorithm>

namespace bulkhead::resolve {
namespace {

using diag::Code;

std::vector<ast::Name> uses_of(const ast::SentenceForm& form) {
  if (const auto* open = std::get_if<ast::OpenContainerDecl>(&form)) return {open->profile};
  if (const auto* container = std::get_if<ast::ContainerDecl>(&form)) return container->uses;
  if (const auto* profile = std::get_if<ast::ProfileDecl>(&form)) return profile->uses;
  return {};
}

const ast::SentenceForm& form_of(const Names& names, SymbolId id) {
  const Symbol& symbol = names.at(id);
  return names.modules().at(symbol.module).tree.sentences[symbol.sentence].form;
}

/// An open container says nothing but its profile.
const ast::Body& body_of(const ast::SentenceForm& form) {
  static const ast::Body kNothing;
  if (std::holds_alternative<ast::OpenContainerDecl>(form)) return kNothing;
  if (const auto* container = std::get_if<ast::ContainerDecl>(&form)) return container->body;
  return std::get<ast::ProfileDecl>(form).body;
}

/// The profiles behind `uses`, each with the name that leads to it. Reports what is no profile.
struct Use {
  SymbolId profile;
  source::Span span;
};
std::vector<Use> resolve_uses(const Names& names, SymbolId id, diag::DiagnosticSink& sink) {
  std::vector<Use> uses;
  for (const ast::Name& name : uses_of(form_of(names, id))) {
    const auto used = names.find(Space::Subjects, name, names.at(id).module, sink);
    if (!used) continue;
    const Symbol& symbol = names.at(*used);
    if (symbol.kind != Kind::Profile) {
      sink.report({Code::WrongKindOfName,
                   name.span,
                   "`uses` takes a profile, and `" + name.text + "` is a " + std::string(to_string(symbol.kind)),
                   {{symbol.name.span, "declared here"}},
                   "move what both share into a profile",
                   {}});
      continue;
    }
    uses.push_back({*used, name.span});
  }
  return uses;
}

void report_circle(const Names& names, const std::vector<SymbolId>& circle, source::Span span,
                   diag::DiagnosticSink& sink) {
  diag::Diagnostic report{Code::ProfileCycle, span, "profiles use each other: ", {}, "", {}};
  for (const SymbolId id : circle) {
    report.message += "`" + names.at(id).name.text + "` -> ";
    report.labels.push_back({names.at(id).name.span, "`" + names.at(id).name.text + "` takes part"});
  }
  report.message += "`" + names.at(circle.front()).name.text + "`";
  report.help = "move what they share into a profile that uses neither";
  sink.report(std::move(report));
}

/// Removes every `uses` that closes a circle among profiles, after a report.
void break_circles(const Names& names, std::vector<std::vector<Use>>& uses, diag::DiagnosticSink& sink) {
  enum class Mark { New, Open, Done };
  std::vector<Mark> marks(uses.size(), Mark::New);
  struct Step {
    SymbolId profile;
    std::size_t next = 0;
  };
  for (std::size_t start = 0; start < uses.size(); ++start) {
    if (marks[start] != Mark::New) continue;
    std::vector<Step> path{{SymbolId(start), 0}};
    marks[start] = Mark::Open;
    while (!path.empty()) {
      Step& step = path.back();
      std::vector<Use>& mine = uses[step.profile.index()];
      if (step.next == mine.size()) {
        marks[step.profile.index()] = Mark::Done;
        path.pop_back();
        continue;
      }
      const Use use = mine[step.next];
      if (marks[use.profile.index()] == Mark::Open) {
        std::vector<SymbolId> circle;
        for (auto at = path.rbegin(); at != path.rend(); ++at) {
          circle.insert(circle.begin(), at->profile);
          if (at->profile == use.profile) break;
        }
        report_circle(names, circle, use.span, sink);
        mine.erase(mine.begin() + static_cast<std::ptrdiff_t>(step.next));
        continue;
      }
      ++step.next;
      if (marks[use.profile.index()] == Mark::New) {
        marks[use.profile.index()] = Mark::Open;
        path.push_back({use.profile, 0});
      }
    }
  }
}

/// Far to near: each used profile after what it uses itself, each once, then the own body.
std::vector<Layer> layers_of(const Names& names, const std::vector<std::vector<Use>>& uses, SymbolId subject) {
  std::vector<Layer> layers;
  std::vector<bool> placed(uses.size(), false);
  struct Step {
    SymbolId id;
    std::size_t next = 0;
  };
  std::vector<Step> path{{subject, 0}};
  while (!path.empty()) {
    Step& step = path.back();
    const std::vector<Use>& mine = uses[step.id.index()];
    if (step.next < mine.size()) {
      const SymbolId next = mine[step.next++].profile;
      if (!placed[next.index()]) path.push_back({next, 0});
      continue;
    }
    const SymbolId id = step.id;
    path.pop_back();
    if (placed[id.index()]) continue;
    placed[id.index()] = true;
    const Symbol& symbol = names.at(id);
    layers.push_back({symbol.module, id == subject ? SymbolId{} : id, &body_of(form_of(names, id))});
  }
  return layers;
}

}  // namespace

std::vector<std::vector<Layer>> compose(const Names& names, diag::DiagnosticSink& sink) {
  const std::size_t count = names.symbols().size();
  std::vector<std::vector<Use>> uses(count);
  for (std::size_t i = 0; i < count; ++i) uses[i] = resolve_uses(names, SymbolId(i), sink);
  break_circles(names, uses, sink);
  std::vector<std::vector<Layer>> layers(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Kind kind = names.symbols()[i].kind;
    if (kind == Kind::Container || kind == Kind::Profile) layers[i] = layers_of(names, uses, SymbolId(i));
  }
  for (std::size_t m = 0; m < names.modules().modules.size(); ++m) {
    for (const ast::Sentence& sentence : names.modules().modules[m].tree.sentences) {
      const auto* extend = std::get_if<ast::ExtendDecl>(&sentence.form);
      if (extend == nullptr) continue;
      const auto id = names.find(Space::Subjects, extend->name, ModuleId(m), sink);
      if (!id) continue;
      const Symbol& symbol = names.at(*id);
      if (symbol.kind == Kind::Container) {
        layers[id->index()].push_back({ModuleId(m), SymbolId{}, &extend->body});
        continue;
      }
      sink.report({Code::WrongKindOfName,
                   extend->name.span,
                   "`extend container` takes a container, and `" + extend->name.text + "` is a " +
                       std::string(to_string(symbol.kind)),
                   {{symbol.name.span, "declared here"}},
                   "",
                   {}});
    }
  }
  return layers;
}

std::vector<bool> used_profiles(const Names& names) {
  std::vector<bool> used(names.symbols().size(), false);
  for (std::size_t i = 0; i < names.symbols().size(); ++i) {
    for (const ast::Name& name : uses_of(form_of(names, SymbolId(i)))) {
      if (const auto id = names.peek(Space::Subjects, name.text)) used[id->index()] = true;
    }
  }
  return used;
}

}  // namespace bulkhead::resolve
