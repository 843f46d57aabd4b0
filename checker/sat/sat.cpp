#include "checker/sat/sat.h"

#include <cadical.hpp>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "checker/sat/elaborate.h"
#include "lang/base/check.h"
#include "lang/base/watch.h"

namespace bulkhead::sat {

namespace {

/// Asked again and again by the solver while it works.
class Stop final : public CaDiCaL::Terminator {
 public:
  explicit Stop(std::stop_token token) : watch_(std::move(token), kEvery) {}
  bool terminate() override { return watch_.is_over(); }
  const char* why() const { return watch_.why(); }

 private:
  static constexpr std::uint32_t kEvery = 64;
  Watch watch_;
};

}  // namespace

struct Solver::State {
  explicit State(const std::stop_token& token) : stop(token), adding(token) { solver.connect_terminator(&stop); }
  ~State() { solver.disconnect_terminator(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  Stop stop;
  Watch adding;  // once it is over, clauses are missing
  const char* why_unknown = "";
  CaDiCaL::Solver solver;
};

Solver::Solver(std::stop_token stop) : state_(std::make_unique<State>(stop)) {
  // Thousands of small related questions: simplification costs more than it gives.
  BH_CHECK(state_->solver.configure("plain"), "the solver knows its configurations");
  state_->solver.set("quiet", 1);
}
Solver::~Solver() = default;
Solver::Solver(Solver&&) noexcept = default;
Solver& Solver::operator=(Solver&&) noexcept = default;

void Solver::add(std::span<const Literal> clause) {
  if (state_->adding.is_over()) return;
  for (const Literal literal : clause) state_->solver.add(literal);
  state_->solver.add(0);
}

Answer Solver::solve(std::span<const Literal> assumptions, std::span<const Literal> also, std::uint32_t conflicts) {
  if (state_->adding.is_over()) {
    state_->why_unknown = state_->adding.why();
    return Answer::Unknown;
  }
  for (const Literal literal : assumptions) state_->solver.assume(literal);
  for (const Literal literal : also) state_->solver.constrain(literal);
  if (!also.empty()) state_->solver.constrain(0);
  if (conflicts != 0) state_->solver.limit("conflicts", static_cast<int>(conflicts));
  const int status = state_->solver.solve();
  if (status == 10) return Answer::Satisfiable;
  if (status == 20) return Answer::Unsatisfiable;
  state_->why_unknown = state_->stop.terminate() ? state_->stop.why() : "the solver's limit is reached";
  return Answer::Unknown;
}

const char* Solver::why_unknown() const {
  return state_->why_unknown;
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
    const Watch adding(stop);
    Stop stopped(std::move(stop));
    CaDiCaL::Solver solver;
    solver.connect_terminator(&stopped);
    solver.set("quiet", 1);
    solver.set("binary", 0);
    solver.trace_proof(file, "proof");
    for (const Clause& clause : clauses) {
      if (adding.is_over()) break;
      for (const Literal literal : clause) solver.add(literal);
      solver.add(0);
    }
    if (conflicts != 0) solver.limit("conflicts", static_cast<int>(conflicts));
    if (!adding.is_over()) status = solver.solve();
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
