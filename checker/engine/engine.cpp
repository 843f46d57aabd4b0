#include "checker/engine/engine.h"

#include <algorithm>
#include <atomic>

#include "checker/engine/acquisition.h"
#include "checker/engine/conditional.h"
#include "checker/engine/engine_list.h"
#include "checker/engine/portfolio.h"
#include "checker/sat/sat.h"
#include "lang/base/parallel.h"
#include "lang/base/watch.h"

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

/// A run shows the verdict, whether it is what was wanted or not.
bool is_shown_by_a_run(const obligation::Obligation& obligation, const verdict::Verdict& verdict) {
  const bool witness = std::holds_alternative<obligation::SomeWitness>(obligation.goal);
  return witness ? std::holds_alternative<verdict::Holds>(verdict) : std::holds_alternative<verdict::Violated>(verdict);
}

/// Somebody may act in it who only does what a protocol allows.
bool has_followers(const ir::World& world) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (!ir::is_free(world, ir::SubjectId{i})) return true;
  }
  return false;
}

constexpr const char* kHangsOnConditions =
    "whether the parent can come to it under the conditions of delegations is not decided";

/// The same question where only those act who are free to: a run that needs no other shows it; else nobody knows.
verdict::Verdict without_followers(const obligation::Obligation& obligation, Session& session,
                                   const verdict::Verdict& found) {
  const auto free = obligation::obligation(session.rules(), obligation.claim, obligation.instance, ir::Actors::Free);
  if (!free) return verdict::Unknown{free.error().reason};
  verdict::Verdict verdict = solve_by(make_engines(), *free, session);
  if (verdict.index() == found.index() || std::holds_alternative<verdict::Unknown>(verdict)) return verdict;
  if (!has_followers(session.world())) return verdict::Unknown{kHangsOnConditions};
  return verdict::Unknown{"it hangs on a trusted subject: what its protocol lets it do is not decided here"};
}

/// Null: the obligation is one of another claim.
const ir::Attenuates* attenuates(const obligation::Obligation& obligation, const ir::World& world) {
  if (!std::holds_alternative<obligation::AllEmpty>(obligation.goal)) return nullptr;
  return std::get_if<ir::Attenuates>(&world.at(obligation.claim).form);
}

/// The bound of `attenuates` is what the parent surely has: what is beyond it need not be beyond what the parent may
/// come to.
bool is_bounded_from_below(const obligation::Obligation& obligation, const ir::World& world) {
  return ir::has_conditions(world) && attenuates(obligation, world) != nullptr;
}

/// Of `attenuates`: what the verdict says of the parent shows that it lacks what the child comes to.
bool shows_lack(const obligation::Obligation& obligation, const ir::World& world, const verdict::Verdict& verdict) {
  const ir::Attenuates* claim = attenuates(obligation, world);
  const auto* violated = std::get_if<verdict::Violated>(&verdict);
  if (claim == nullptr || violated == nullptr || violated->negation) return true;
  ir::Request wanted = violated->trace.steps.back().requests.front();
  wanted.subject = ir::resolve(claim->parent, obligation.instance.variable);
  return surely_lacks(world, wanted);
}

}  // namespace

Session::Session(const ir::World& world, const Budget& budget)
    : world_(world), budget_(budget), rules_(world), queries_(world, budget) {
  if (ir::has_conditions(world)) conditional_ = std::make_unique<Conditional>(*this);
}

Session::~Session() = default;

const obligation::InfluenceGraph& Session::graph(const obligation::View& view) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<Graph>& made = graphs_[view];
  if (!made) made = std::make_unique<Graph>(Graph{obligation::InfluenceGraph(rules_, view), {}});
  return made->graph;
}

SharedEdge Session::edge(const obligation::View& view, obligation::GraphNode from, obligation::GraphNode to) {
  const obligation::InfluenceGraph& seen = graph(view);
  {
    const std::lock_guard lock(mutex_);
    const auto& edges = graphs_.at(view)->edges;
    if (const auto found = edges.find({from, to}); found != edges.end()) return found->second;
  }
  Edge edge;
  auto influences = seen.edges(from, to);
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
  return graphs_.at(view)
      ->edges.emplace(std::pair{from, to}, std::make_shared<const Edge>(std::move(edge)))
      .first->second;
}

std::vector<std::unique_ptr<Engine>> make_engines() {
  std::vector<std::unique_ptr<Engine>> engines;
#define BH_ENGINE(Class, spelling, kind, summary) engines.push_back(std::make_unique<Class>());
#include "checker/engine/engines.def"
#undef BH_ENGINE
  return engines;
}

verdict::Verdict solve(const obligation::Obligation& obligation, Session& session) {
  Conditional* conditional = session.conditional();
  return conditional != nullptr ? conditional->solve(obligation) : solve_unconditionally(obligation, session);
}

verdict::Verdict solve_unconditionally(const obligation::Obligation& obligation, Session& session) {
  std::vector<ir::Object> objects;
  if (auto decided = vacuity(obligation, session, objects)) return *decided;
  verdict::Verdict verdict = solve_by(make_engines(), obligation, session);
  const ir::World& world = session.world();
  if (is_shown_by_a_run(obligation, verdict) && (has_followers(world) || is_bounded_from_below(obligation, world))) {
    verdict = without_followers(obligation, session, verdict);
  }
  if (!shows_lack(obligation, world, verdict)) return verdict::Unknown{kHangsOnConditions};
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

void limit_memory(std::uint32_t mib) {
  solver::limit_memory(mib);
  limit_resident_memory(std::uint64_t{mib} << 20u);
}

}  // namespace bulkhead::engine
