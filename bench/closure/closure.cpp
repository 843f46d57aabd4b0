// Who reaches whom among 10^2 to 10^5 subjects with 10^3 to 10^7 grants: closed, and the closure certified by the
// independent checker. Above 10 000 components single questions are asked, each with a closed set as evidence.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <filesystem>
#include <string>
#include <vector>

#include "bench/closure/grants.h"
#include "checker/closure/closure.h"
#include "checker/closure/objection.h"
#include "checker/closure/reach.h"
#include "checker/closure/relation_file.h"
#include "lang/base/check.h"
#include "lang/base/file.h"

namespace bulkhead {
namespace {

constexpr std::uint32_t kSeed = 4;
constexpr std::size_t kQuestions = 100;

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void closed_and_certified(benchmark::State& state) {
  const auto subjects = static_cast<std::size_t>(state.range(0)), count = static_cast<std::size_t>(state.range(1));
  const std::vector<closure::Edge> edges = bench::grants(subjects, count, kSeed);
  std::size_t components = 0;
  std::uint64_t pairs = 0;
  for (auto _ : state) {
    const closure::Graph graph(subjects, edges);
    closure::TransitiveClosure closed(graph);
    const auto relation = closed.relation();
    BH_CHECK(relation.has_value(), "all rows are kept");
    BH_CHECK(!closure::objection(subjects, edges, *relation).has_value(), "the closure is certified");
    state.PauseTiming();
    components = closed.components().count;
    pairs = closed.pairs();
    state.ResumeTiming();
  }
  state.counters["components"] = static_cast<double>(components);
  state.counters["pairs"] = static_cast<double>(pairs);
  state.counters["peak_MiB"] = peak_mib();
}
BENCHMARK(closed_and_certified)
    ->Args({100, 1'000})
    ->Args({1'000, 10'000})
    ->Args({10'000, 100'000})
    ->Args({10'000, 1'000'000})
    ->Args({50'000, 5'000'000})
    ->Unit(benchmark::kMillisecond);

void questions_on_demand(benchmark::State& state) {
  const auto subjects = static_cast<std::size_t>(state.range(0)), count = static_cast<std::size_t>(state.range(1));
  const std::vector<closure::Edge> edges = bench::grants(subjects, count, kSeed);
  for (auto _ : state) {
    const closure::Graph graph(subjects, edges);
    closure::TransitiveClosure closed(graph, {.kept_components = 0});
    for (std::size_t i = 0; i < kQuestions; ++i) {
      const auto from = static_cast<closure::Node>(i * (subjects / kQuestions));
      const closure::Node to = static_cast<closure::Node>(subjects - 1 - i);
      const closure::Node sources[] = {from}, targets[] = {to};
      const bool reached = closed.reaches(from, to);
      if (reached || from == to) continue;
      const closure::ClosedSet set = closure::reachable(graph, sources);
      BH_CHECK(!closure::objection(subjects, edges, sources, targets, set).has_value(), "the answer is certified");
    }
  }
  state.counters["questions"] = kQuestions;
  state.counters["peak_MiB"] = peak_mib();
}
BENCHMARK(questions_on_demand)
    ->Args({10'000, 1'000'000})
    ->Args({100'000, 1'000'000})
    ->Args({100'000, 10'000'000})
    ->Unit(benchmark::kMillisecond);

/// A file of all pairs, mapped for one question and forgotten again, as `bulkhead query FILE flow A B` does.
void question_of_a_mapped_relation(benchmark::State& state) {
  const auto subjects = static_cast<std::size_t>(state.range(0));
  const std::vector<closure::Edge> edges = bench::grants(subjects, 20 * subjects, kSeed);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < subjects; ++i) names.push_back("subject_" + std::to_string(i) + "_t");
  const std::string path = (std::filesystem::temp_directory_path() / "bulkhead-bench.flow").string();
  const Digest key = sha256("bench");
  closure::TransitiveClosure closed(closure::Graph(subjects, edges));
  BH_CHECK(write_file(path, closure::encode_relation(key, names, *closed.relation()), 0600).ok(), "it can be written");
  std::size_t at = 0, reached = 0;
  for (auto _ : state) {
    const auto mapped = closure::MappedRelation::open(path, key);
    const auto from = mapped->find(names[at++ % subjects]);
    reached += mapped->reached_from(*from)->count();
  }
  benchmark::DoNotOptimize(reached);
  std::filesystem::remove(path);
}
BENCHMARK(question_of_a_mapped_relation)->Arg(1'000)->Arg(4'000)->Arg(10'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace bulkhead
