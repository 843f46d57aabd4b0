#include "checker/engine/query_solver.h"

#include <set>

#include "checker/engine/condition.h"
#include "checker/universe/net_cells.h"
#include "lang/base/sha256.h"

namespace bulkhead::engine {
namespace {

Truth truth(bool value) {
  return value ? Truth::True : Truth::False;
}

std::vector<Truth> truths(const std::vector<bool>& members) {
  std::vector<Truth> made;
  for (const bool member : members) made.push_back(truth(member));
  return made;
}

NoAnswer undecided(const std::string& reason) {
  return {reason.empty() ? "the query could not be decided" : reason};
}

}  // namespace

QuerySolver::QuerySolver(const ir::World& world, const Budget& budget) : world_(world), budget_(budget) {}

solver::Limits limits_now(const Budget& budget) {
  solver::Limits limits = budget.solver;
  if (budget.deadline == Clock::time_point::max()) return limits;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(budget.deadline - Clock::now()).count();
  const auto most = static_cast<std::uint32_t>(std::clamp<long long>(left, 1, 1'000'000'000));
  limits.timeout_ms = limits.timeout_ms == 0 ? most : std::min(limits.timeout_ms, most);
  return limits;
}

QueryCounts QuerySolver::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

SharedAnswer QuerySolver::ask(const obligation::Query& query) {
  const std::string text = obligation::to_text(query);
  std::promise<SharedAnswer> promise;
  std::shared_future<SharedAnswer> future;
  bool mine = false;
  {
    const std::lock_guard lock(mutex_);
    ++counts_.asked;
    const auto [found, fresh] = answers_.try_emplace(text);
    if (fresh) {
      found->second = promise.get_future().share();
      ++counts_.decided;
    }
    mine = fresh;
    future = found->second;
  }
  if (mine) promise.set_value(std::make_shared<const QueryAnswer>(decide(query, text)));
  return future.get();
}

QueryAnswer QuerySolver::decide(const obligation::Query& query, const std::string& text) {
  verdict::QueryEvidence evidence{to_hex(sha256(text)), {}};
  if (!query.formula.root.valid() || query.formula.is_false()) return NoSolution{std::move(evidence)};
  if (Clock::now() >= budget_.deadline) return NoAnswer{std::string(kTimeIsUp)};
  if (query.object) {
    Condition condition(world_, query.formula, limits_now(budget_));
    const Truth held = condition.holds(std::vector<Truth>(query.formula.patterns.size(), Truth::False));
    if (held == Truth::Unknown) return undecided(condition.reason());
    if (held == Truth::True) return Solution{*query.object, condition.model().contexts};
    if (!query.formula.equations.empty())
      evidence.closed = condition.closed_classes({std::vector<bool>(query.formula.patterns.size(), false)});
    return NoSolution{std::move(evidence)};
  }
  switch (query.plane) {
    case ir::Plane::File:
      return decide_files(query, std::move(evidence));
    case ir::Plane::Net:
      return decide_nets(query, std::move(evidence));
    case ir::Plane::Syscall:
      return decide_syscalls(query, std::move(evidence));
    case ir::Plane::KernelCapability:
      return decide_capabilities(query, std::move(evidence));
  }
  return NoAnswer{"an unknown plane"};
}

/// Cells first: exact and quick for a policy of ordinary size. Where ports or protos are compared, or the cells are too
/// many, the solver gets addresses and ports as words.
QueryAnswer QuerySolver::decide_nets(const obligation::Query& query, verdict::QueryEvidence evidence) {
  const obligation::Formula& formula = query.formula;
  Condition condition(world_, formula, limits_now(budget_));
  const bool compares =
      encode::reads_field(formula, ir::ObjectField::Port) || encode::reads_field(formula, ir::ObjectField::Proto);
  if (!compares) {
    std::vector<std::vector<ir::NetPattern>> sets;
    for (const ir::ObjectPatterns& patterns : formula.patterns) sets.push_back(patterns.nets);
    std::optional<QueryAnswer> answer;
    std::set<std::vector<bool>> kinds;
    const auto end = universe::visit_net_cells(sets, {}, budget_.net_cells, [&](const universe::NetCell& cell) {
      if (!formula.equations.empty()) kinds.insert(cell.members);
      const Truth held = condition.holds(truths(cell.members));
      if (held == Truth::True) answer = Solution{cell.witness, condition.model().contexts};
      if (held == Truth::Unknown) answer = undecided(condition.reason());
      return answer ? universe::Visit::Stop : universe::Visit::Continue;
    });
    if (answer) return *answer;
    if (end == universe::CellsEnd::All) {
      if (!formula.equations.empty()) evidence.closed = condition.closed_classes(kinds);
      return NoSolution{std::move(evidence)};
    }
  }
  const Truth held = condition.holds(std::vector<Truth>(formula.patterns.size(), Truth::Unknown));
  if (held == Truth::True) return Solution{condition.model().net, condition.model().contexts};
  if (held == Truth::Unknown) return undecided(condition.reason());
  return NoSolution{std::move(evidence)};
}

QueryAnswer QuerySolver::decide_syscalls(const obligation::Query& query, verdict::QueryEvidence evidence) {
  const obligation::Formula& formula = query.formula;
  Condition condition(world_, formula, limits_now(budget_));
  for (std::size_t number = 0; number <= world_.syscalls.size(); ++number) {
    const ir::SyscallId syscall = number < world_.syscalls.size() ? ir::SyscallId{number} : ir::kUnknownSyscall;
    std::vector<Truth> members;
    for (const ir::ObjectPatterns& patterns : formula.patterns) {
      const auto& listed = patterns.syscalls;
      members.push_back(truth(std::find(listed.begin(), listed.end(), syscall) != listed.end()));
    }
    const Truth held = condition.holds(members);
    if (held == Truth::Unknown) return undecided(condition.reason());
    if (held == Truth::True)
      return Solution{ir::SyscallObject{syscall, condition.model().arguments}, condition.model().contexts};
  }
  return NoSolution{std::move(evidence)};
}

QueryAnswer QuerySolver::decide_capabilities(const obligation::Query& query, verdict::QueryEvidence evidence) {
  const obligation::Formula& formula = query.formula;
  const bool compares = encode::reads_field(formula, ir::ObjectField::Number);
  Condition condition(world_, formula, limits_now(budget_));
  for (std::uint8_t number = 0; number < 64; ++number) {
    std::vector<Truth> members;
    for (const ir::ObjectPatterns& patterns : formula.patterns) {
      const auto& listed = patterns.capabilities;
      members.push_back(truth(std::find(listed.begin(), listed.end(), number) != listed.end()));
    }
    encode::Fields fields;
    if (compares) fields[static_cast<std::size_t>(ir::ObjectField::Number)] = number;
    const Truth held = condition.holds(members, fields);
    if (held == Truth::Unknown) return undecided(condition.reason());
    if (held == Truth::True) return Solution{ir::CapabilityObject{number}, condition.model().contexts};
  }
  return NoSolution{std::move(evidence)};
}

}  // namespace bulkhead::engine
