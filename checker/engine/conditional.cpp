#include "checker/engine/conditional.h"

#include <algorithm>

#include "checker/engine/acquisition.h"
#include "checker/engine/conditional_run.h"
#include "checker/engine/portfolio.h"
#include "checker/obligation/authority_system.h"
#include "checker/obligation/possession.h"
#include "lang/ir/glob.h"
#include "lang/ir/replay.h"

namespace bulkhead::engine {

using obligation::Obligation;
using verdict::Verdict;

/// The world without something, and what is known of it.
struct Conditional::Place {
  Place(ir::World made, const Budget& budget) : world(std::move(made)), session(world, budget) {}
  ir::World world;
  Session session;
};

namespace {

/// Each takes one delegation out of the question, or ends it.
constexpr int kRounds = 64;

std::vector<ir::Handover> handovers_of(const Verdict& verdict) {
  std::vector<ir::Handover> steps;
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) {
    const auto* evidence = std::get_if<verdict::WitnessEvidence>(&holds->certificate.evidence);
    if (evidence != nullptr) steps = evidence->handovers;
  }
  if (const auto* violated = std::get_if<verdict::Violated>(&verdict)) {
    for (const verdict::Step& step : violated->trace.steps) {
      if (step.handover) steps.push_back(*step.handover);
    }
  }
  return steps;
}

std::vector<ir::Request> requests_of(const Verdict& verdict) {
  std::vector<ir::Request> requests;
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) {
    const auto* evidence = std::get_if<verdict::WitnessEvidence>(&holds->certificate.evidence);
    if (evidence != nullptr) requests = evidence->requests;
  }
  if (const auto* violated = std::get_if<verdict::Violated>(&verdict)) {
    for (const verdict::Step& step : violated->trace.steps) {
      requests.insert(requests.end(), step.requests.begin(), step.requests.end());
    }
  }
  return requests;
}

/// Shown by a run of requests; anything else holds of every run. The negation of `attenuates` is about the parent
/// alone.
bool is_shown_by_run(const ir::World& world, const Obligation& obligation, const Verdict& verdict) {
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) {
    return std::holds_alternative<verdict::WitnessEvidence>(holds->certificate.evidence);
  }
  const auto* violated = std::get_if<verdict::Violated>(&verdict);
  return violated != nullptr &&
         (!violated->negation || std::holds_alternative<ir::Attenuates>(world.at(obligation.claim).form));
}

bool same_gift(const ir::Handover& a, const ir::Handover& b) {
  return !a.revocation.valid() && !b.revocation.valid() && a.delegation == b.delegation && a.right == b.right &&
         a.object == b.object;
}

bool is_taken(const std::vector<ir::Handover>& steps, const ir::Handover& step) {
  return std::any_of(steps.begin(), steps.end(), [&](const ir::Handover& one) { return same_gift(one, step); });
}

}  // namespace

Conditional::Conditional(Session& session) : session_(session), world_(session.world()) {}
Conditional::~Conditional() = default;

Verdict Conditional::solve(const Obligation& obligation) {
  Verdict found = solve_unconditionally(obligation, session_);
  const bool open = std::holds_alternative<verdict::Unknown>(found);
  if (!open && !is_shown_by_run(world_, obligation, found)) return found;
  if (const auto shown = open ? std::nullopt : with_run(found, handovers_of(found))) return *shown;
  const std::lock_guard lock(mutex_);
  settle();
  for (int round = 0; round < kRounds; ++round) {
    Place& place = current();
    const auto again = obligation::obligation(place.session.rules(), obligation.claim, obligation.instance);
    if (!again) return verdict::Unknown{again.error().reason};
    found = solve_unconditionally(*again, place.session);
    if (!is_shown_by_run(world_, obligation, found)) {
      attach(found);
      return found;
    }
    const Steps wanted = handovers_of(found);
    auto shown = with_run(found, completed(wanted));
    std::string reason = "no run was found that keeps to the conditions of delegations";
    bool narrower = false;
    for (std::size_t i = wanted.size(); !shown && !narrower && i-- > 0;) {
      if (world_.at(wanted[i].delegation).when.always() && i + 1 < wanted.size()) continue;
      Asked asked = ask(wanted[i]);
      narrower = asked.outcome == Asked::Outcome::Never;
      if (asked.outcome == Asked::Outcome::Run) shown = with_run(found, asked.run);
      if (!asked.reason.empty()) reason += ": " + asked.reason;
    }
    if (shown) {
      attach(*shown);  // where it says what the parent lacks: in this world
      return *shown;
    }
    if (!narrower) return verdict::Unknown{reason};
  }
  return verdict::Unknown{"too many delegations with conditions bear on it"};
}

/// The verdict with this run before its requests; none where it does not replay.
std::optional<Verdict> Conditional::with_run(const Verdict& found, const std::optional<Steps>& run) const {
  if (!run) return std::nullopt;
  ir::Acquired acquired(world_);
  if (acquired.hand_over(*run)) return std::nullopt;
  const auto requests = requests_of(found);
  const bool allowed =
      std::all_of(requests.begin(), requests.end(), [&](const ir::Request& request) { return acquired.may(request); });
  if (!allowed) return std::nullopt;
  Verdict verdict = found;
  if (auto* holds = std::get_if<verdict::Holds>(&verdict)) {
    std::get<verdict::WitnessEvidence>(holds->certificate.evidence).handovers = *run;
  }
  if (auto* violated = std::get_if<verdict::Violated>(&verdict)) {
    auto& steps = violated->trace.steps;
    std::erase_if(steps, [](const verdict::Step& step) { return step.handover.has_value(); });
    const auto before = steps_of(world_, *run);
    steps.insert(steps.begin(), before.begin(), before.end());
  }
  return verdict;
}

/// The steps, each after what its condition asks for.
std::optional<Conditional::Steps> Conditional::completed(const Steps& wanted) const {
  std::optional<ir::Acquired> now(world_);
  Steps steps;
  for (const ir::Handover& step : wanted) {
    if (!is_taken(steps, step) && !take(step, now, steps)) return std::nullopt;
  }
  return steps;
}

/// By the first alternative that can be brought about.
bool Conditional::take(const ir::Handover& step, std::optional<ir::Acquired>& now, Steps& steps) const {
  std::vector<ir::HoldsCondition::Alternative> alternatives = world_.at(step.delegation).when.alternatives;
  if (alternatives.empty()) alternatives.emplace_back();
  for (const auto& alternative : alternatives) {
    ir::Acquired trial = *now;
    Steps taken = steps;
    ir::Handover last = step;
    bool possible = true;
    for (const ir::HoldsCondition::Literal& one : alternative) {
      if (one.negated || !possible) continue;
      const auto way = ways_.find(one.what);
      possible = way != ways_.end();
      if (!possible) break;
      if (way->second.request) last.shown.push_back(*way->second.request);
      for (const ir::Handover& before : way->second.steps) {
        if (is_taken(taken, before)) continue;
        possible = possible && !trial.hand_over(before);
        taken.push_back(before);
      }
    }
    if (!possible || trial.hand_over(last)) continue;
    taken.push_back(std::move(last));
    now.emplace(trial);
    steps = std::move(taken);
    return true;
  }
  return false;
}

/// Without steps and without a request: nobody knows how.
Conditional::Way Conditional::way_of(Session& session, const obligation::LabelledQuery& query,
                                     const Solution& solution) const {
  const Run run = run_of(session, query.acts, solution);
  if (run.requests.size() != 1) return {};
  const auto steps = completed(run.handovers);
  if (!steps) return {};
  ir::Acquired acquired(world_);
  if (acquired.hand_over(*steps) || !acquired.may(run.requests.front())) return {};
  if (!steps->empty()) return {*steps, std::nullopt};
  return {{}, run.requests.front()};
}

/// What is had without anything handed over is never lost.
void Conditional::find_always() {
  ir::Exclusions nothing_moves;
  for (std::size_t i = 0; i < world_.delegations.size(); ++i) {
    for (const ir::Right right : ir::kAllRights) {
      if (world_.delegations[i].rights.has(right)) nothing_moves.unused.insert({ir::DelegationId{i}, right});
    }
  }
  Place place(ir::without(world_, nothing_moves), session_.budget());
  for (std::size_t i = 0; i < world_.possessions.size(); ++i) {
    const ir::PossessionId id{i};
    const auto query = obligation::possession_query(place.session.rules(), id);
    if (!query) continue;
    const SharedAnswer answer = place.session.queries().ask(query->query);
    const auto* solution = std::get_if<Solution>(answer.get());
    if (solution == nullptr) continue;
    Way way = way_of(place.session, *query, *solution);
    if (!way.request) continue;
    excluded_.always.insert(id);
    evidence_.always.push_back({id, *way.request});
    ways_[id] = std::move(way);
  }
}

/// Takes out of `never` what can come about in the world without them; whether there was any. What is left is known
/// never to be the case once there is none.
bool Conditional::find_possible(const ir::Exclusions& excluded, Place& place) {
  evidence_.never.clear();
  bool some = false;
  for (const ir::PossessionId id : excluded.never) {
    const auto query = obligation::possession_query(place.session.rules(), id);
    const SharedAnswer answer = query ? place.session.queries().ask(query->query) : nullptr;
    if (const auto* none = answer ? std::get_if<NoSolution>(answer.get()) : nullptr) {
      evidence_.never.push_back({id, none->evidence});
      continue;
    }
    some = true;
    excluded_.never.erase(id);
    const auto* solution = answer ? std::get_if<Solution>(answer.get()) : nullptr;
    Way way = solution != nullptr ? way_of(place.session, *query, *solution) : Way();
    if (way.request || !way.steps.empty()) ways_[id] = std::move(way);
  }
  return some;
}

/// The least fixpoint of what conditions can come to: at first none, then what is possible by sentences whose
/// conditions are, and so on.
void Conditional::settle() {
  if (settled_) return;
  settled_ = true;
  find_always();
  for (std::size_t i = 0; i < world_.possessions.size(); ++i) {
    if (excluded_.always.count(ir::PossessionId{i}) == 0) excluded_.never.insert(ir::PossessionId{i});
  }
  while (find_possible(ir::Exclusions(excluded_), current())) {
  }
}

Conditional::Place& Conditional::current() {
  std::unique_ptr<Place>& place = places_[excluded_];
  if (!place) place = std::make_unique<Place>(ir::without(world_, excluded_), session_.budget());
  return *place;
}

/// By one of its alternatives, which asks for nothing but what runs bring about.
bool Conditional::can_be_met(const ir::HoldsCondition& when) const {
  return when.always() || std::any_of(when.alternatives.begin(), when.alternatives.end(), [&](const auto& alternative) {
           return std::all_of(alternative.begin(), alternative.end(),
                              [&](const auto& one) { return !one.negated && ways_.count(one.what) != 0; });
         });
}

/// Where nothing is asked to be lacking, runs can be put one after the other: what each step needs stays possible.
std::optional<ir::World> Conditional::unconditional() {
  const std::lock_guard lock(mutex_);
  settle();
  ir::World world = current().world;
  if (!ir::is_monotone(world)) return std::nullopt;
  for (ir::Delegation& one : world.delegations) {
    if (!one.rights.empty() && !can_be_met(one.when)) return std::nullopt;
    one.when = {};
  }
  for (ir::Revocation& one : world.revocations) one.when = {};
  return world;
}

void Conditional::attach(Verdict& verdict) const {
  if (evidence_.never.empty() && evidence_.unused.empty() && evidence_.always.empty()) return;
  if (auto* holds = std::get_if<verdict::Holds>(&verdict)) {
    holds->certificate.excluded = evidence_;
    if (!evidence_.unused.empty()) holds->engine += " and ic3";
  }
  if (auto* violated = std::get_if<verdict::Violated>(&verdict)) {
    if (violated->negation) violated->excluded = evidence_;
  }
}

/// Whether this use of a delegation can come about, by the finite engines.
Conditional::Asked Conditional::ask(const ir::Handover& last) {
  const ir::Use use{last.delegation, last.right};
  const ir::Exclusions before{excluded_.never, excluded_.always, {}};
  const ir::World world = ir::without(world_, before);
  std::set<ir::Use> unused(evidence_.unused.begin(), evidence_.unused.end());
  unused.insert(use);
  const auto made = obligation::authority_system(world, unused);
  if (!made) return {Asked::Outcome::Unknown, {}, made.error().reason};
  ir::World only;
  only.systems.push_back(made->system);
  Session session(only, session_.budget());
  Obligation asked;
  asked.goal = obligation::Theorem{ir::SystemId{0}, made->theorem};
  const Verdict verdict = solve_by(make_engines(), asked, session);
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) {
    const auto* scope = std::get_if<verdict::ScopeEvidence>(&holds->certificate.evidence);
    if (scope == nullptr) return {Asked::Outcome::Unknown, {}, "an invariant of another kind"};
    evidence_.unused.assign(unused.begin(), unused.end());
    evidence_.invariant = *scope;
    excluded_.unused = std::move(unused);
    return {Asked::Outcome::Never, {}, ""};
  }
  const auto* violated = std::get_if<verdict::Violated>(&verdict);
  if (violated == nullptr || violated->trace.runs.empty()) {
    const auto* unknown = std::get_if<verdict::Unknown>(&verdict);
    return {Asked::Outcome::Unknown, {}, unknown == nullptr ? "" : unknown->reason};
  }
  std::vector<obligation::AuthoritySystem::Move> moves;
  for (const system::Fired& fired : violated->trace.runs.front().steps) {
    moves.push_back(made->moves.at(fired.action.index()));
  }
  std::vector<ir::Request> shown;
  for (const auto& one : evidence_.always) shown.push_back(one.request);
  auto run = run_like(session_, moves, last, shown);
  if (!run) return {Asked::Outcome::Unknown, {}, "what the finite engine found is no run of the policy"};
  return {Asked::Outcome::Run, std::move(*run), ""};
}

}  // namespace bulkhead::engine
