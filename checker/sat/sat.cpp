#include "checker/sat/sat.h"

#include <unistd.h>

#include <atomic>
#include <cadical.hpp>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "checker/sat/elaborate.h"
#include "lang/base/check.h"

namespace bulkhead::sat {

namespace {

std::atomic<std::uint64_t> memory_bound = 0;  // bytes; 0: none

/// What the process has in memory, in bytes; 0 where nobody tells.
std::uint64_t resident() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  unsigned long long total = 0, pages = 0;
  const int read = std::fscanf(file, "%llu %llu", &total, &pages);
  std::fclose(file);
  return read == 2 ? pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

/// Asked again and again by the solver while it works; the memory is looked at now and then.
class Stop final : public CaDiCaL::Terminator {
 public:
  explicit Stop(std::stop_token token) : token_(std::move(token)) {}
  bool terminate() override {
    const std::uint64_t bound = memory_bound;
    if (bound != 0 && asked_++ % kEvery == 0) full_ = resident() > bound;
    return full_ || token_.stop_requested();
  }

 private:
  static constexpr std::uint64_t kEvery = 64;
  std::stop_token token_;
  std::uint64_t asked_ = 0;
  bool full_ = false;
};

}  // namespace

void limit_memory(std::uint64_t mib) {
  memory_bound = mib << 20u;
}

struct Solver::State {
  explicit State(std::stop_token token) : stop(std::move(token)) { solver.connect_terminator(&stop); }
  ~State() { solver.disconnect_terminator(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Stop stop;
  CaDiCaL::Solver solver;
};

Solver::Solver(std::stop_token stop) : state_(std::make_unique<State>(std::move(stop))) {
  // Thousands of small related questions: simplification costs more than it gives.
  BH_CHECK(state_->solver.configure("plain"), "the solver knows its configurations");
  state_->solver.set("quiet", 1);
}
Solver::~Solver() = default;
Solver::Solver(Solver&&) noexcept = default;
Solver& Solver::operator=(Solver&&) noexcept = default;

void Solver::add(std::span<const Literal> clause) {
  for (const Literal literal : clause) state_->solver.add(literal);
  state_->solver.add(0);
}

Answer Solver::solve(std::span<const Literal> assumptions, std::span<const Literal> also, std::uint32_t conflicts) {
  for (const Literal literal : assumptions) state_->solver.assume(literal);
  for (const Literal literal : also) state_->solver.constrain(literal);
  if (!also.empty()) state_->solver.constrain(0);
  if (conflicts != 0) state_->solver.limit("conflicts", static_cast<int>(conflicts));
  const int status = state_->solver.solve();
  if (status == 10) return Answer::Satisfiable;
  return status == 20 ? Answer::Unsatisfiable : Answer::Unknown;
}

bool Solver::value(Literal literal) const {
  return state_->solver.val(literal) > 0;
}
bool Solver::failed(Literal assumption) const {
  return state_->solver.failed(assumption);
}

namespace {

/// What the solver writes down on its way to a refutation: DRAT.
std::optional<std::string> solve_and_trace(std::span<const Clause> clauses, std::uint32_t conflicts,
                                           std::stop_token stop) {
  char* bytes = nullptr;
  std::size_t size = 0;
  std::FILE* file = open_memstream(&bytes, &size);
  if (file == nullptr) return std::nullopt;
  int status = 0;
  {
    Stop stopped(std::move(stop));
    CaDiCaL::Solver solver;
    solver.connect_terminator(&stopped);
    solver.set("quiet", 1);
    solver.set("binary", 0);
    solver.trace_proof(file, "proof");
    for (const Clause& clause : clauses) {
      for (const Literal literal : clause) solver.add(literal);
      solver.add(0);
    }
    if (conflicts != 0) solver.limit("conflicts", static_cast<int>(conflicts));
    status = solver.solve();
    solver.close_proof_trace();
    solver.disconnect_terminator();
  }
  std::fclose(file);
  std::string proof(bytes, size);
  std::free(bytes);
  if (status != 20) return std::nullopt;
  return proof;
}

}  // namespace

std::optional<std::string> refute(std::span<const Clause> clauses, std::uint32_t conflicts, std::stop_token stop) {
  const auto proof = solve_and_trace(clauses, conflicts, stop);
  if (!proof) return std::nullopt;
  auto elaborated = elaborate(clauses, *proof, std::move(stop));
  if (!elaborated) return std::nullopt;
  return std::move(elaborated).value();
}

}  // namespace bulkhead::sat
