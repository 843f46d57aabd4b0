// Emission of one container's table, and its validation: the bytes decoded and compared with the policy.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/policy_text.h"
#include "lang/frontend/load.h"
#include "runtime-bridge/decode/table/table.h"
#include "runtime-bridge/emit/table/table.h"
#include "runtime-bridge/table/encode.h"

namespace bulkhead {
namespace {

struct Loaded {
  source::SourceMap sources;
  std::optional<frontend::Program> program;
  ir::SubjectId container;

  explicit Loaded(std::int64_t containers) {
    diag::DiagnosticList list;
    frontend::LoadOptions options;
    options.extra_texts.emplace_back("bench.bh", bench::policy_text(static_cast<std::size_t>(containers)));
    program = frontend::load({}, options, sources, list);
    for (std::size_t i = 0; program && i < program->world.subjects.size(); ++i) {
      if (program->world.subjects[i].name == "Worker0") container = ir::SubjectId{i};
    }
  }
};

void emit(benchmark::State& state) {
  const Loaded loaded(state.range(0));
  if (!loaded.program) return state.SkipWithError("does not load");
  for (auto _ : state) {
    const auto emission = emit::emit_table(loaded.program->world, loaded.container, loaded.sources, {});
    if (!emission.ok()) return state.SkipWithError(emission.error().reason.c_str());
    benchmark::DoNotOptimize(table::encode(emission->table));
  }
}
BENCHMARK(emit)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

void validate(benchmark::State& state) {
  const Loaded loaded(state.range(0));
  if (!loaded.program) return state.SkipWithError("does not load");
  const auto emission = emit::emit_table(loaded.program->world, loaded.container, loaded.sources, {});
  if (!emission.ok()) return state.SkipWithError(emission.error().reason.c_str());
  const std::string bytes = table::encode(emission->table);
  for (auto _ : state) {
    const auto compared =
        decode::compare_table_bytes(bytes, loaded.program->world, loaded.container, {loaded.sources, {}});
    if (!compared.ok() || !compared->equal()) return state.SkipWithError("is not the policy");
  }
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(validate)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bulkhead
