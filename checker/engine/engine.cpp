#include "checker/engine/engine.h"

#include <algorithm>
#include <atomic>

#include "checker/engine/engine_list.h"
#include "checker/engine/portfolio.h"
#include "lang/base/parallel.h"

namespace bulkhead::engine {
namespace {

/// Shows that the claim is not vacuous; or the verdict that it is, or that nobody knows.
std::optional<verdict::Verdict> vacuity(const obligation::Obligation& obligation, Session& session,
                                        std::vector<ir::Object>& objects) {
  for (std::size_t i = 0; i < obligation.not_vacuous.size(); ++i) {
    const SharedAnswer answer = session.queries().ask(obligation.not_vacuous[i].query);
    if (const auto* none = std::get_if<NoSolution>(answer.get()))
      return verdict::Vacuous{obligation.not_vacuous[i].reason, i, none->evidence};
    if (const auto* unknown = std::get_if<NoAnswer>(answer.get())) return verdict::Unknown{unknown->reason};
    objects.push_back(std::get<Solution>(*answer).object);
  }
  return std::nullopt;
}

}  // namespace

Session::Session(const ir::World& world, const Budget& budget)
    : world_(world), budget_(budget), rules_(world), queries_(world, budget) {}

const obligation::InfluenceGraph& Session::graph() {
  std::call_once(graph_once_, [&] { graph_.emplace(rules_); });
  return *graph_;
}

SharedEdge Session::edge(obligation::GraphNode from, obligation::GraphNode to) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = edges_.find({from, to}); found != edges_.end()) return found->second;
  }
  Edge edge;
  auto influences = graph().edges(from, to);
  if (influences)
    edge.influences = std::move(influences).value();
  else
    edge.unknown = influences.error().reason;
  for (std::size_t i = 0; i < edge.influences.size() && !edge.exists; ++i) {
    const auto& condition = edge.influences[i].condition;
    edge.answers.push_back(condition ? queries_.ask(condition->query) : nullptr);
    if (!condition || std::holds_alternative<Solution>(*edge.answers.back()))
      edge.exists = i;
    else if (const auto* unknown = std::get_if<NoAnswer>(edge.answers.back().get()))
      edge.unknown = unknown->reason;
  }
  const std::lock_guard lock(mutex_);
  return edges_.emplace(std::pair{from, to}, std::make_shared<const Edge>(std::move(edge))).first->second;
}

std::vector<std::unique_ptr<Engine>> make_engines() {
  std::vector<std::unique_ptr<Engine>> engines;
#define BH_ENGINE(Class, spelling, kind, summary) engines.push_back(std::make_unique<Class>());
#include "checker/engine/engines.def"
#undef BH_ENGINE
  return engines;
}

verdict::Verdict solve(const obligation::Obligation& obligation, Session& session) {
  std::vector<ir::Object> objects;
  if (auto decided = vacuity(obligation, session, objects)) return *decided;
  verdict::Verdict verdict = solve_by(make_engines(), obligation, session);
  if (auto* holds = std::get_if<verdict::Holds>(&verdict)) holds->certificate.not_vacuous = std::move(objects);
  return verdict;
}

std::vector<verdict::Verdict> solve_all(std::span<const obligation::Obligation> obligations, Session& session,
                                        unsigned jobs, const std::function<void(std::size_t index)>& done) {
  std::vector<verdict::Verdict> verdicts(obligations.size());
  std::atomic<std::size_t> next{0};
  std::mutex reporting;
  const auto work = [&](std::size_t) {
    for (std::size_t i = next++; i < obligations.size(); i = next++) {
      verdicts[i] = solve(obligations[i], session);
      if (!done) continue;
      const std::lock_guard lock(reporting);
      done(i);
    }
  };
  in_parallel(std::min<std::size_t>(std::max(jobs, 1u), obligations.size()), work);
  return verdicts;
}

}  // namespace bulkhead::engine
