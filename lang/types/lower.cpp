#include "lang/types/lower.h"

#include <set>
#include <tuple>

#include "lang/types/lowering.h"

namespace bulkhead::types {
namespace {

/// A profile's mistakes are met once for each container that uses it, and told once.
class OnceSink final : public diag::DiagnosticSink {
 public:
  explicit OnceSink(diag::DiagnosticSink& sink) : sink_(sink) {}

  void report(diag::Diagnostic diagnostic) override {
    const auto& span = diagnostic.span;
    if (!seen_.emplace(diagnostic.code, span.file, span.begin, span.end, diagnostic.message).second) return;
    errors_ = errors_ || diag::severity_of(diagnostic.code) == diag::Severity::Error;
    sink_.report(std::move(diagnostic));
  }
  bool has_errors() const { return errors_; }

 private:
  diag::DiagnosticSink& sink_;
  std::set<std::tuple<diag::Code, source::FileId, std::uint32_t, std::uint32_t, std::string>> seen_;
  bool errors_ = false;
};

std::string module_name(const resolve::Modules& modules) {
  for (const resolve::Module& module : modules.modules) {
    if (module.root && module.tree.name) return module.tree.name->text();
  }
  return modules.modules.empty() ? "" : modules.modules.front().name;
}

}  // namespace

ir::World lower(const resolve::Modules& modules, const resolve::Names& names, const LowerOptions& options,
                const source::SourceMap& sources, diag::DiagnosticSink& sink) {
  OnceSink once(sink);
  Lowering lowering{modules, names, options, sources, once, {}, {}};
  const std::size_t count = names.symbols().size();
  lowering.volumes.resize(count);
  lowering.sets.resize(count);
  lowering.subjects.resize(count);
  lowering.labels.resize(count);
  lowering.enums.resize(count);
  lowering.syscalls.resize(count);
  lowering.attributes.resize(count);
  lowering.used.resize(count);
  lowering.world.module = module_name(modules);
  lowering.layers = resolve::compose(names, once);
  lower_labels(lowering);
  lower_enums(lowering);
  lower_volumes(lowering);
  lower_syscalls(lowering);
  lower_capabilities(lowering);
  lower_sets(lowering);
  declare_subjects(lowering);
  lower_attributes(lowering);
  lower_subjects(lowering);
  lower_pods(lowering);
  lower_access_rules(lowering);
  imply_rules(lowering);
  lower_claims(lowering);
  if (!once.has_errors() && !modules.incomplete) find_smells(lowering);
  return std::move(lowering.world);
}

}  // namespace bulkhead::types
