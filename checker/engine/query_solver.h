// Single queries: is there an object, and contexts, that make this formula true? Each different query is decided once.
#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>

#include "checker/encode/encode.h"
#include "checker/obligation/formula.h"
#include "checker/solver/solver.h"
#include "checker/universe/path_search.h"
#include "checker/verdict/verdict.h"
#include "lang/ir/world.h"

namespace bulkhead::engine {

using Clock = std::chrono::steady_clock;

/// What one query may cost, in work units, so that answers repeat; and when all queries have to be answered. What the
/// clock cuts off is NoAnswer and says so.
struct Budget {
  universe::SearchBudget paths;
  std::uint64_t net_cells = 3'000'000;  // patterns touched; beyond it the solver decides
  solver::Limits solver;
  Clock::time_point deadline = Clock::time_point::max();
  std::string spacer;  // the program that asks Spacer (checker/solver/ask_spacer.h); empty: nobody asks it
  std::uint64_t child_memory_mib = 2048;
};

/// The solver's limits, with no more time than is left.
solver::Limits limits_now(const Budget& budget);

struct NoSolution {
  verdict::QueryEvidence evidence;
};
struct Solution {
  ir::Object object;
  encode::Contexts contexts;
};
struct NoAnswer {
  std::string reason;
};
/// The reason of what the deadline cut off.
inline constexpr std::string_view kTimeIsUp = "the time of the run was up before this was decided";
using QueryAnswer = std::variant<NoSolution, Solution, NoAnswer>;
using SharedAnswer = std::shared_ptr<const QueryAnswer>;

/// How an answer was found, for statistics and tests.
struct QueryCounts {
  std::uint64_t asked = 0;
  std::uint64_t decided = 0;  // the others were asked before
};

/// Requires: `world` outlives this. Any number of threads may ask at once; the answers do not depend on who asks first.
class QuerySolver {
 public:
  QuerySolver(const ir::World& world, const Budget& budget);

  SharedAnswer ask(const obligation::Query& query);
  QueryCounts counts() const;

 private:
  using PathPatterns = std::vector<universe::PathPattern>;

  QueryAnswer decide(const obligation::Query& query, const std::string& text);
  QueryAnswer decide_files(const obligation::Query& query, verdict::QueryEvidence evidence);
  QueryAnswer decide_nets(const obligation::Query& query, verdict::QueryEvidence evidence);
  QueryAnswer decide_syscalls(const obligation::Query& query, verdict::QueryEvidence evidence);
  QueryAnswer decide_capabilities(const obligation::Query& query, verdict::QueryEvidence evidence);
  /// The automaton of these patterns, made once.
  Result<std::shared_ptr<const universe::Nfa>, universe::PatternError> automaton(const PathPatterns& patterns);

  const ir::World& world_;
  Budget budget_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_future<SharedAnswer>> answers_;  // by the text of the query
  std::map<PathPatterns, std::shared_ptr<const universe::Nfa>> automata_;
  QueryCounts counts_;
};

}  // namespace bulkhead::engine
