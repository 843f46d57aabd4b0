#include "lang/types/lower.h"

#include "lang/types/authority.h"
#include "lang/types/fill_from_policy.h"
#include "lang/types/lowering.h"
#include "lang/types/model_sentences.h"
#include "lang/types/once_sink.h"

namespace bulkhead::types {
namespace {

std::string module_name(const resolve::Modules& modules) {
  for (const resolve::Module& module : modules.modules) {
    if (module.root && module.tree.name) return module.tree.name->text();
  }
  return modules.modules.empty() ? "" : modules.modules.front().name;
}

}  // namespace

ir::World lower(const resolve::Modules& modules, const resolve::Names& names, const LowerOptions& options,
                Theorems theorems, const source::SourceMap& sources, diag::DiagnosticSink& sink) {
  OnceSink once(sink);
  Lowering lowering{modules, names, options, sources, once, {}, {}};
  lowering.world.systems = std::move(theorems.systems);
  lowering.theorems = std::move(theorems.claims);
  const std::size_t count = names.symbols().size();
  lowering.volumes.resize(count);
  lowering.sets.resize(count);
  lowering.subjects.resize(count);
  lowering.labels.resize(count);
  lowering.enums.resize(count);
  lowering.syscalls.resize(count);
  lowering.attributes.resize(count);
  lowering.channels.resize(count);
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
  lower_channels(lowering);
  lower_flow_map(lowering);
  lower_attributes(lowering);
  lower_subjects(lowering);
  lower_pods(lowering);
  lower_life(lowering);
  lower_access_rules(lowering);
  lower_authority(lowering);
  imply_rules(lowering);
  fill_from_policy(lowering);
  lower_claims(lowering);
  if (!once.has_errors() && !modules.incomplete) find_smells(lowering);
  list_model_sentences(lowering);
  return std::move(lowering.world);
}

}  // namespace bulkhead::types
