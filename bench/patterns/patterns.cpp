// Pattern sets: atoms of n sets, inclusion in a union of n, and the patterns whose determinisation explodes.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "checker/universe/net_cells.h"
#include "checker/universe/path_algebra.h"

namespace bulkhead::universe {
namespace {

Nfa nfa_of(std::vector<PathPattern> patterns) {
  return std::move(Nfa::build(std::move(patterns))).value();
}

std::string name(std::int64_t i) {
  return "name" + std::to_string(i);
}

void atoms_of_separate_sets(benchmark::State& state) {
  std::vector<Nfa> nfas;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    static const char* const kEnds[] = {"/**", "/*.so", "/data?"};
    nfas.push_back(nfa_of({{"/usr/lib/" + name(i) + kEnds[i % 3], ""}}));
  }
  std::vector<const Nfa*> languages;
  for (const Nfa& nfa : nfas) languages.push_back(&nfa);
  std::size_t count = 0;
  for (auto _ : state) count = path_atoms(languages, {400'000'000, Strategy::Both})->size();
  state.counters["atoms"] = static_cast<double>(count);
}
BENCHMARK(atoms_of_separate_sets)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

void inclusion_in_a_union(benchmark::State& state, const char* before, const char* after) {
  std::vector<PathPattern> patterns;
  for (std::int64_t i = 0; i < state.range(0); ++i) patterns.push_back({before + name(i) + after, ""});
  const Nfa small = nfa_of({{"/srv/x/" + name(state.range(0) / 2) + "/y", ""}});
  for (auto _ : state) {
    const Nfa all = nfa_of(patterns);
    benchmark::DoNotOptimize(difference_witness(small, all));
  }
}
BENCHMARK_CAPTURE(inclusion_in_a_union, subtrees_anywhere, "/**/", "/**")
    ->Arg(10)
    ->Arg(100)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(inclusion_in_a_union, suffixes, "/**/*", "/y")
    ->Arg(10)
    ->Arg(100)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond);

void union_in_itself(benchmark::State& state) {
  std::vector<PathPattern> patterns;
  for (std::int64_t i = 0; i < state.range(0); ++i) patterns.push_back({"/**/" + name(i) + "/**", ""});
  const Nfa all = nfa_of(patterns);
  for (auto _ : state) benchmark::DoNotOptimize(difference_witness(all, all));
}
BENCHMARK(union_in_itself)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

void inclusion_that_explodes_when_determinised(benchmark::State& state) {
  const std::string tail(static_cast<std::size_t>(state.range(0)), '?');
  const Nfa small = nfa_of({{"/d/**/*a" + tail, ""}});
  const Nfa large = nfa_of({{"/**/*a" + tail, ""}});
  for (auto _ : state) benchmark::DoNotOptimize(difference_witness(small, large));
}
BENCHMARK(inclusion_that_explodes_when_determinised)->Arg(8)->Arg(20)->Arg(40)->Unit(benchmark::kMillisecond);

void net_cells(benchmark::State& state) {
  std::vector<std::vector<ir::NetPattern>> sets(2);
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    ir::NetPattern net;
    net.first.bytes = {10, static_cast<std::uint8_t>(i / 256), static_cast<std::uint8_t>(i), 0};
    net.last.bytes = {10, static_cast<std::uint8_t>(i / 256), static_cast<std::uint8_t>(i), 255};
    net.first_port = net.last_port = static_cast<std::uint16_t>(1000 + i);
    sets[static_cast<std::size_t>(i % 2)].push_back(net);
  }
  for (auto _ : state) {
    std::size_t cells = 0;
    visit_net_cells(sets, {}, 100'000'000, [&](const NetCell&) {
      ++cells;
      return Visit::Continue;
    });
    benchmark::DoNotOptimize(cells);
  }
}
BENCHMARK(net_cells)->Arg(10)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bulkhead::universe
