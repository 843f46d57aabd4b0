#include "checker/engine/acquisition.h"

#include <algorithm>
#include <map>
#include <set>

#include "checker/engine/witness.h"
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"

namespace bulkhead::engine {
namespace {

/// Chains of delegations for one right on one object, breadth first.
class Chains {
 public:
  Chains(Session& session, ir::Right right, const ir::Object& object)
      : session_(session), world_(session.world()), right_(right), object_(object) {
    for (std::size_t i = 0; i < world_.delegations.size(); ++i) {
      if (speaks(world_.delegations[i])) given_[world_.delegations[i].from].push_back(ir::DelegationId{i});
    }
    find_permitted();
  }

  /// None: the subject is not handed it, or a solver could not say.
  std::optional<std::vector<ir::Handover>> to(ir::SubjectId target) {
    if (is_held(target, false)) return std::vector<ir::Handover>();
    std::vector<ir::SubjectId> queue;
    for (const auto& [giver, given] : given_) {
      if (can_give_by_itself(giver)) queue.push_back(giver);
    }
    for (std::size_t at = 0; at < queue.size(); ++at) {
      const auto given = given_.find(queue[at]);
      for (std::size_t i = 0; given != given_.end() && i < given->second.size(); ++i) {
        const ir::Delegation& one = world_.at(given->second[i]);
        if (one.to == target && wanted(one.to)) return chain(given->second[i]);
        if (!one.onward || own_.contains(one.to) || !wanted(one.to)) continue;
        own_[one.to] = *wanted(one.to);
        handed_by_[one.to] = given->second[i];
        queue.push_back(one.to);
      }
    }
    return std::nullopt;
  }

 private:
  bool speaks(const ir::Delegation& one) const {
    return one.rights.has(right_) && ir::is_free(world_, one.from) && ir::patterns_match(one.objects, object_);
  }

  /// Who may have it by a sentence of its own, or as a host: nobody else is worth a question.
  void find_permitted() {
    for (const ir::Rule& rule : world_.rules) {
      if (rule.effect != ir::Effect::Permit || !rule.rights.has(right_)) continue;
      if (!ir::patterns_match(rule.objects, object_)) continue;
      if (rule.subject) {
        permitted_.insert(*rule.subject);
        continue;
      }
      for (const auto& [giver, given] : given_) permitted_.insert(giver);
    }
    for (const auto& [giver, given] : given_) {
      if (ir::is_implicit(world_, giver, object_)) permitted_.insert(giver);
    }
  }

  std::optional<ir::Context> context_of(const Result<obligation::Query, obligation::Refusal>& query) {
    if (!query) return std::nullopt;
    const SharedAnswer answer = session_.queries().ask(*query);
    const auto* solution = std::get_if<Solution>(answer.get());
    return solution == nullptr ? std::nullopt : std::optional(solution->contexts.copies[0]);
  }

  /// A context in which nothing forbids it.
  const std::optional<ir::Context>& wanted(ir::SubjectId subject) {
    const auto [found, fresh] = wanted_.try_emplace(subject);
    if (fresh) found->second = context_of(obligation::unforbidden_query(session_.rules(), subject, right_, object_));
    return found->second;
  }

  bool is_held(ir::SubjectId subject, bool onward) {
    return ir::Acquired(world_).was_handed(subject, right_, object_, onward) && wanted(subject);
  }

  /// Remembers the context in which the giver has the right by its own sentences, or by a `holds` sentence.
  bool can_give_by_itself(ir::SubjectId subject) {
    std::optional<ir::Context> context;
    if (permitted_.contains(subject)) context = context_of(obligation::access_query(world_, subject, right_, object_));
    if (!context && is_held(subject, true)) context = wanted(subject);
    if (!context) return false;
    own_[subject] = *context;
    return true;
  }

  std::vector<ir::Handover> chain(ir::DelegationId last) {
    std::vector<ir::Handover> steps;
    for (std::optional<ir::DelegationId> at = last; at;) {
      const ir::Delegation& one = world_.at(*at);
      steps.push_back({*at, right_, object_, own_.at(one.from), *wanted(one.to)});
      const auto before = handed_by_.find(one.from);
      at = before == handed_by_.end() ? std::nullopt : std::optional(before->second);
    }
    std::reverse(steps.begin(), steps.end());
    return steps;
  }

  Session& session_;
  const ir::World& world_;
  ir::Right right_;
  const ir::Object& object_;
  std::map<ir::SubjectId, std::vector<ir::DelegationId>> given_;  // by giver
  std::set<ir::SubjectId> permitted_;
  std::map<ir::SubjectId, ir::Context> own_;  // in which it can give
  std::map<ir::SubjectId, ir::DelegationId> handed_by_;
  std::map<ir::SubjectId, std::optional<ir::Context>> wanted_;
};

}  // namespace

namespace {

/// Adds the first request that is allowed, by itself or after what is handed over. False: none is.
bool add_allowed(Session& session, const std::vector<ir::Request>& requests, Run& run) {
  const ir::World& world = session.world();
  const auto allowed = std::find_if(requests.begin(), requests.end(),
                                    [&](const ir::Request& one) { return ir::decide(world, one).allowed; });
  if (allowed != requests.end()) {
    run.requests.push_back(*allowed);
    return true;
  }
  if (world.delegations.empty() && world.holdings.empty()) return false;
  for (const ir::Request& request : requests) {
    if (ir::is_forbidden(world, request)) continue;
    const auto chain = Chains(session, request.right, request.object).to(request.subject);
    if (!chain) continue;
    run.requests.push_back(request);
    run.handovers.insert(run.handovers.end(), chain->begin(), chain->end());
    return true;
  }
  return false;
}

}  // namespace

bool surely_lacks(const ir::World& world, const ir::Request& request) {
  if (ir::is_forbidden(world, request)) return true;
  // Conditions are taken for true there, and worlds without what they exclude are no worlds of the policy.
  if (!world.possessions.empty() || ir::contexts_decide(world, request.right)) return false;
  const auto able = ir::ever_may(world, request.right, request.object, request.context, ir::Actors::Everybody);
  return able.count(request.subject) == 0;
}

Run run_of(Session& session, const std::vector<obligation::Act>& acts, const Solution& solution) {
  std::map<std::uint8_t, std::vector<ir::Request>> candidates;  // by copy
  std::map<std::uint8_t, std::vector<ir::Request>> moves;       // instead, where none of them is allowed
  for (const obligation::Act& act : acts) {
    if (auto request = request_of(act, solution)) candidates[act.copy].push_back(std::move(*request));
    for (ir::Request& request : moves_of(act, solution)) moves[act.copy].push_back(std::move(request));
  }
  Run run;
  for (const auto& [copy, requests] : candidates) {
    if (add_allowed(session, requests, run) || add_allowed(session, moves[copy], run)) continue;
    run.requests.push_back(requests.front());
  }
  return run;
}

namespace {

/// A step that stands on these requests and on what `holds` sentences give besides.
verdict::Step standing_on(const ir::World& world, std::vector<ir::Request> requests) {
  verdict::Step step = step_of(world, requests);
  for (const ir::Request& request : requests) {
    if (ir::decide(world, request).allowed) continue;
    for (const ir::Holding& holding : world.holdings) {
      const bool meant = holding.holder == request.subject && holding.rights.has(request.right) &&
                         ir::patterns_match(holding.objects, request.object);
      if (meant) step.sentences.push_back(holding.sentence);
    }
  }
  step.requests.clear();
  return step;
}

}  // namespace

std::vector<verdict::Step> steps_of(const ir::World& world, const std::vector<ir::Handover>& handovers) {
  std::vector<verdict::Step> steps;
  for (const ir::Handover& one : handovers) {
    if (one.revocation.valid()) {
      verdict::Step step = standing_on(world, one.shown);
      step.handover = one;
      step.sentences.push_back(world.at(one.revocation).sentence);
      std::sort(step.sentences.begin(), step.sentences.end());
      step.sentences.erase(std::unique(step.sentences.begin(), step.sentences.end()), step.sentences.end());
      steps.push_back(std::move(step));
      continue;
    }
    const ir::Delegation& delegation = world.at(one.delegation);
    verdict::Step step = step_of(world, {{delegation.from, one.right, one.object, one.own}});
    step.requests.clear();
    step.handover = one;
    step.sentences.push_back(delegation.sentence);
    for (const ir::Holding& holding : world.holdings) {
      const bool meant = holding.holder == delegation.from && holding.rights.has(one.right) && holding.onward &&
                         ir::patterns_match(holding.objects, one.object);
      if (meant && step.sentences.size() == 1) step.sentences.push_back(holding.sentence);
    }
    const verdict::Step condition = standing_on(world, one.shown);
    step.sentences.insert(step.sentences.end(), condition.sentences.begin(), condition.sentences.end());
    std::sort(step.sentences.begin(), step.sentences.end());
    step.sentences.erase(std::unique(step.sentences.begin(), step.sentences.end()), step.sentences.end());
    steps.push_back(std::move(step));
  }
  return steps;
}

verdict::Step step_along(Session& session, const Edge& edge, const EdgeEnds& ends,
                         std::vector<ir::Handover>& handovers) {
  const obligation::Influence& influence = edge.influences[*edge.exists];
  verdict::Step step;
  if (influence.condition) {
    const auto& solution = std::get<Solution>(*edge.answers[*edge.exists]);
    Run run = run_of(session, influence.condition->acts, solution);
    step = step_of(session.world(), std::move(run.requests));
    handovers.insert(handovers.end(), run.handovers.begin(), run.handovers.end());
  }
  step.sentences.insert(step.sentences.end(), influence.sentences.begin(), influence.sentences.end());
  std::sort(step.sentences.begin(), step.sentences.end());
  step.sentences.erase(std::unique(step.sentences.begin(), step.sentences.end()), step.sentences.end());
  step.cause = influence.cause;
  step.channel = influence.channel;
  step.from = ends.from;
  step.to = ends.to;
  return step;
}

}  // namespace bulkhead::engine
