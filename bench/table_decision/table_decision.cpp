// Decision latency of a table: a class that is already known, a path from its bytes, the plain rows, and fnmatch as a
// peer.
#include <benchmark/benchmark.h>
#include <fnmatch.h>

#include <string>
#include <vector>

#include "runtime-bridge/table/decide.h"

namespace {

using namespace bulkhead::table;

/// `rows` permit rows, each for a folder of its own, and one forbid row.
Table table_of(std::int64_t rows) {
  Table table;
  table.volumes.resize(1);
  for (std::int64_t i = 0; i < rows; ++i) {
    Row row;
    row.rights = kRead;
    row.literals.emplace_back();
    row.literals[0].files.push_back({0, "/srv/data" + std::to_string(i) + "/**", ""});
    table.rows.push_back(std::move(row));
  }
  Row forbid;
  forbid.effect = Effect::Forbid;
  forbid.rights = kRead | kWrite;
  forbid.literals.emplace_back();
  forbid.literals[0].files.push_back({0, "/**/*.key", ""});
  table.rows.push_back(std::move(forbid));
  return table;
}

std::string last_path(std::int64_t rows) {
  return "/srv/data" + std::to_string(rows - 1) + "/reports/2024/summary.txt";
}

void known_class(benchmark::State& state) {
  const auto decider = Decider::build(table_of(state.range(0)));
  const std::string path = last_path(state.range(0));
  FileClass known = decider->classify({0, path});
  if (known == kUnclassified || !decider->allowed(kRead, known)) return state.SkipWithError("wrong answer");
  for (auto _ : state) {
    benchmark::DoNotOptimize(known);
    benchmark::DoNotOptimize(decider->allowed(kRead, known));
  }
}
BENCHMARK(known_class)->Arg(10)->Arg(100)->Arg(1000);

void from_path(benchmark::State& state) {
  const auto decider = Decider::build(table_of(state.range(0)));
  const std::string path = last_path(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(decider->decide(kRead, FileObject{0, path}));
  state.counters["states"] = static_cast<double>(decider->size().states);
}
BENCHMARK(from_path)->Arg(10)->Arg(100)->Arg(1000);

void peer_fnmatch(benchmark::State& state) {
  std::vector<std::string> patterns;
  for (std::int64_t i = 0; i < state.range(0); ++i) patterns.push_back("/srv/data" + std::to_string(i) + "/*");
  const std::string path = last_path(state.range(0));
  for (auto _ : state) {
    bool allowed = false;
    for (const std::string& pattern : patterns) {
      if (fnmatch(pattern.c_str(), path.c_str(), 0) == 0) {
        allowed = true;
        break;
      }
    }
    allowed = allowed && fnmatch("*.key", path.c_str(), 0) != 0;
    benchmark::DoNotOptimize(allowed);
  }
}
BENCHMARK(peer_fnmatch)->Arg(10)->Arg(100)->Arg(1000);

void build(benchmark::State& state) {
  const Table table = table_of(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(Decider::build(table).ok());
}
BENCHMARK(build)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
