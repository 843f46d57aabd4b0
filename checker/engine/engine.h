// Engine: one of the four seams. Finds verdicts with evidence; nothing that it says is trusted until the evidence is
// checked.
//
// A new engine: a class below, its file, a line in engines.def. It must give evidence of a kind that checker/verdict
// knows.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/engine/query_solver.h"
#include "checker/obligation/obligation.h"
#include "checker/verdict/verdict.h"
#include "lang/system/formula.h"

namespace bulkhead::engine {

/// The edges from one subject to another, with an answer for each that has a condition, up to the first that exists.
struct Edge {
  std::vector<obligation::Influence> influences;
  std::vector<SharedAnswer> answers;  // by influence; null for an unconditional one
  std::optional<std::size_t> exists;  // the first influence that does
  std::string unknown;                // why nobody knows whether one exists
};
using SharedEdge = std::shared_ptr<const Edge>;

class Conditional;

/// What the obligations of one world share: queries and edges that were decided before. Any number of threads may use
/// it.
///
/// Requires: `world` outlives this.
class Session {
 public:
  explicit Session(const ir::World& world, const Budget& budget = {});
  ~Session();

  const ir::World& world() const { return world_; }
  const obligation::Rules& rules() const { return rules_; }
  /// Made when it is first asked for.
  const obligation::InfluenceGraph& graph(const obligation::View& view);
  QuerySolver& queries() { return queries_; }
  const Budget& budget() const { return budget_; }
  SharedEdge edge(const obligation::View& view, obligation::GraphNode from, obligation::GraphNode to);
  /// What is known of the conditions of delegations; null: there are none.
  Conditional* conditional() { return conditional_.get(); }

 private:
  const ir::World& world_;
  Budget budget_;
  obligation::Rules rules_;
  QuerySolver queries_;
  std::mutex mutex_;
  struct Graph {
    obligation::InfluenceGraph graph;
    std::map<std::pair<obligation::GraphNode, obligation::GraphNode>, SharedEdge> edges;
  };
  std::map<obligation::View, std::unique_ptr<Graph>> graphs_;
  std::unique_ptr<Conditional> conditional_;
};

/// When an engine is asked, and what it may answer besides Unknown.
enum class Role : std::uint8_t {
  Decides,  // anything; asked alone, one after the other
  Proves,   // side by side with the others that follow: Holds or Vacuous; Violated only where it came across a run
  Infers,   // like Proves, by lemmas that it finds; asked again where the others of its kind found some that it has not
  Refutes   // side by side: Violated
};

/// Closed formulas that were shown to hold in every reachable state of a goal's system, whatever the sizes of its
/// sorts: properties by their name, others as "inferred_1" and so on. Nobody's verdict rests on them: evidence that
/// uses one proves it.
using Invariants = std::vector<system::NamedFormula>;

/// One question to one engine: when to give up, and what those that were asked before have found out.
struct Turn {
  Turn(std::stop_token token = {}) : stop(std::move(token)) {}

  std::stop_token stop;
  Invariants known;
  Invariants* found = nullptr;  // where the engine leaves what others may use; null: nobody wants it
};

class Engine {
 public:
  virtual ~Engine() = default;
  virtual std::string_view name() const = 0;
  virtual Role role() const = 0;
  virtual bool decides(const obligation::Goal& goal) const = 0;
  /// Requires: decides(obligation.goal). Does not look at vacuity: Certificate::not_vacuous stays empty.
  /// Ensures:  deterministic, unless a stop is requested; then soon Unknown.
  virtual verdict::Verdict solve(const obligation::Obligation& obligation, Session& session,
                                 const Turn& turn) const = 0;
};

/// Bounds the memory of the solvers and of everything that has a Watch, for the whole process: a question that meets it
/// is open. 0: no bound.
void limit_memory(std::uint32_t mib);

/// Every engine of engines.def, in order.
std::vector<std::unique_ptr<Engine>> make_engines();

/// The verdict on one obligation: vacuity first, then the engines that decide goals of its kind (portfolio.h).
///
/// Ensures: deterministic for the world and the budget, whatever else the session was asked, but for the deadline: what
/// it cuts off is unknown.
verdict::Verdict solve(const obligation::Obligation& obligation, Session& session);

/// All of them, by `jobs` threads; `done` is called after each (from one thread at a time, in no certain order).
std::vector<verdict::Verdict> solve_all(std::span<const obligation::Obligation> obligations, Session& session,
                                        unsigned jobs, const std::function<void(std::size_t index)>& done = {});

}  // namespace bulkhead::engine
