#include "lang/resolve/import_cycles.h"

#include <algorithm>

namespace bulkhead::resolve {
namespace {

/// Where `from` imports `to`.
source::Span import_span(const Modules& modules, ModuleId from, ModuleId to) {
  const Module& importer = modules.at(from);
  for (const ast::Import& import : importer.tree.imports) {
    if (import.module.text() == modules.at(to).name) return import.module.span;
  }
  return importer.tree.imports.empty() ? source::Span{} : importer.tree.imports.front().module.span;
}

void report_cycle(const Modules& modules, const std::vector<ModuleId>& circle, diag::DiagnosticSink& sink) {
  diag::Diagnostic report{diag::Code::ImportCycle, import_span(modules, circle.back(), circle.front()), "", {}, "", {}};
  for (const ModuleId id : circle) report.message += "`" + modules.at(id).name + "` -> ";
  report.message = "modules import each other: " + report.message + "`" + modules.at(circle.front()).name + "`";
  for (std::size_t i = 0; i + 1 < circle.size(); ++i) {
    report.labels.push_back({import_span(modules, circle[i], circle[i + 1]),
                             "`" + modules.at(circle[i]).name + "` imports `" + modules.at(circle[i + 1]).name + "`"});
  }
  report.help = "move what both need into a module that imports neither";
  sink.report(std::move(report));
}

}  // namespace

void report_import_cycles(const Modules& modules, diag::DiagnosticSink& sink) {
  enum class Mark { New, Open, Done };
  std::vector<Mark> marks(modules.modules.size(), Mark::New);
  struct Step {
    ModuleId module;
    std::size_t next = 0;
  };
  for (std::size_t start = 0; start < modules.modules.size(); ++start) {
    if (marks[start] != Mark::New) continue;
    std::vector<Step> path{{ModuleId(start), 0}};
    marks[start] = Mark::Open;
    while (!path.empty()) {
      Step& step = path.back();
      const std::vector<ModuleId>& imports = modules.at(step.module).imports;
      if (step.next == imports.size()) {
        marks[step.module.index()] = Mark::Done;
        path.pop_back();
        continue;
      }
      const ModuleId next = imports[step.next++];
      if (marks[next.index()] == Mark::New) {
        marks[next.index()] = Mark::Open;
        path.push_back({next, 0});
      } else if (marks[next.index()] == Mark::Open) {
        std::vector<ModuleId> circle;
        for (auto at = path.rbegin(); at != path.rend(); ++at) {
          circle.push_back(at->module);
          if (at->module == next) break;
        }
        std::reverse(circle.begin(), circle.end());
        report_cycle(modules, circle, sink);
      }
    }
  }
}

}  // namespace bulkhead::resolve
