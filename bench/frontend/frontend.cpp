// Parse rate, and loading: parsing, names, types and desugaring, with the models that the policy imports.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/policy_text.h"
#include "lang/frontend/load.h"
#include "lang/syntax/parser.h"

namespace bulkhead {
namespace {

void parse(benchmark::State& state) {
  const std::string text = bench::policy_text(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    source::SourceMap sources;
    diag::DiagnosticList list;
    const source::FileId file = sources.add("bench.bh", text);
    const auto module = syntax::parse(sources, file, list);
    if (!module || list.error_count() != 0) return state.SkipWithError("does not parse");
    benchmark::DoNotOptimize(module->sentences.size());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(parse)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

void load(benchmark::State& state) {
  const std::string text = bench::policy_text(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    source::SourceMap sources;
    diag::DiagnosticList list;
    frontend::LoadOptions options;
    options.extra_texts.emplace_back("bench.bh", text);
    const auto program = frontend::load({}, options, sources, list);
    if (!program) return state.SkipWithError("does not load");
    benchmark::DoNotOptimize(program->world.rules.size());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(load)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bulkhead
