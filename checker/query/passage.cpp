#include "checker/query/passage.h"

#include <algorithm>

#include "checker/certificate/influence_relation.h"
#include "checker/certificate/witness.h"
#include "checker/engine/acquisition.h"
#include "checker/engine/portfolio.h"
#include "lang/ir/acquire.h"
#include "lang/ir/conditions.h"
#include "lang/ir/replay.h"

namespace bulkhead::query {
namespace {

using obligation::GraphNode;

constexpr const char* kClaim = "a passage";  // no claim of a text is called so

/// With a claim about nobody, from whose obligation every passage has its nodes and what it assumes.
ir::World with_claim(ir::World world) {
  ir::Claim claim;
  claim.name = kClaim;
  claim.form = ir::Protected{};
  world.claims.push_back(std::move(claim));
  return world;
}

engine::Budget budget_until(engine::Clock::time_point deadline) {
  engine::Budget budget;
  budget.deadline = deadline;
  return budget;
}

ir::FlowEnds ends_of(const Passage& passage) {
  ir::FlowEnds ends;
  for (const GraphNode node : passage.sources) {
    if (node.network())
      ends.source_data = node.data;  // no label: the network
    else
      ends.sources.push_back(node.subject);
  }
  for (const GraphNode node : passage.targets) {
    if (node.network())
      ends.target_network = true;
    else
      ends.targets.push_back(node.subject);
  }
  return ends;
}

bool has_followers(const ir::World& world) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (!ir::is_free(world, ir::SubjectId{i})) return true;
  }
  return false;
}

/// The closed set as a relation of two groups: what is inside leads to nothing outside.
certificate::InfluenceRelation relation_of(const ir::World& world, const verdict::ClosedEvidence& evidence) {
  certificate::InfluenceRelation made{{{}, 2, {0b01, 0b11}}, evidence.crossings};
  for (const GraphNode node : obligation::graph_nodes(world)) {
    const bool inside = std::binary_search(evidence.closed.begin(), evidence.closed.end(), node);
    made.relation.class_of.push_back(inside ? 0 : 1);
  }
  return made;
}

constexpr const char* kHangs =
    "it hangs on conditions of delegations, or on what a trusted subject does by its protocol, which is not decided "
    "here";

}  // namespace

Passages::Passages(const ir::World& world, const PassageOptions& options)
    : world_(with_claim(world)),
      claim_(world_.claims.size() - 1),
      options_(options),
      budget_(budget_until(options.deadline)),
      session_(world_, budget_) {}

CaseResult Passages::operator()(const Passage& passage) {
  CaseResult result{
      {}, verdict::Unknown{"the policy has sentences about behaviour over time"}, {}, std::nullopt, false};
  if (!world_.dynamic.empty()) return result;
  result.verdict = solve(passage, session_, ir::Actors::Everybody, &result.assumptions);
  if (std::holds_alternative<verdict::Violated>(result.verdict)) {
    result.verdict = shown(passage, std::move(result.verdict));
    if (std::holds_alternative<verdict::Violated>(result.verdict))
      result.checked = {certificate::Outcome::Accepted, ""};
    if (std::holds_alternative<verdict::Unknown>(result.verdict) && ir::has_conditions(world_)) {
      if (auto none = none_by_claim(passage)) return std::move(*none);
    }
  }
  const auto* holds = std::get_if<verdict::Holds>(&result.verdict);
  if (holds == nullptr || options_.certify == Certify::Off) return result;
  result.checked = check(passage, *holds);
  if (result.checked->outcome != certificate::Outcome::Accepted)
    result.verdict = verdict::Unknown{result.checked->reason};
  return result;
}

verdict::Verdict Passages::solve(const Passage& passage, engine::Session& session, ir::Actors actors,
                                 std::vector<std::string>* assumptions) const {
  auto asked = obligation::obligation(session.rules(), claim_, {}, actors);
  if (!asked) return verdict::Unknown{asked.error().reason};
  obligation::Obligation& obligation = asked.value();
  auto& goal = std::get<obligation::Unreachable>(obligation.goal);
  goal.sources = passage.sources;
  goal.targets = passage.targets;
  if (assumptions != nullptr) *assumptions = obligation.assumptions;
  return engine::solve_by(engine::make_engines(), obligation, session);
}

/// `found` takes every condition for true and lets everybody act. A path is one of those who are free, after a run of
/// the policy as it is.
verdict::Verdict Passages::shown(const Passage& passage, verdict::Verdict found) {
  const bool conditional = ir::has_conditions(world_);
  if (conditional || has_followers(world_)) {
    if (!settled_) settled_ = std::make_unique<Settled>(world_, budget_);
    if (!free_) free_ = std::make_unique<engine::Session>(settled_->asked(), budget_);
    found = solve(passage, *free_, ir::Actors::Free, nullptr);
  }
  auto* violated = std::get_if<verdict::Violated>(&found);
  if (violated == nullptr) return verdict::Unknown{kHangs};
  ir::Witness witness = certificate::witness_of(violated->trace);
  if (conditional) {
    const auto run = settled_->run(witness.handovers);
    if (!run) return verdict::Unknown{kHangs};
    witness.handovers = *run;
    std::erase_if(violated->trace.steps, [](const verdict::Step& step) { return step.handover.has_value(); });
    const std::vector<verdict::Step> before = engine::steps_of(world_, *run);
    violated->trace.steps.insert(violated->trace.steps.begin(), before.begin(), before.end());
  }
  if (auto objection = ir::replay_flow(world_, ends_of(passage), witness))
    return verdict::Unknown{"a path was found that does not replay: " + *objection};
  return found;
}

/// Who may have an edge to the network, or from it, every condition being true.
std::vector<ir::SubjectRef> Passages::beside_network(bool sending) {
  std::vector<ir::SubjectRef> found;
  const GraphNode network;
  for (const GraphNode node : obligation::graph_nodes(world_)) {
    if (node.network()) continue;
    const engine::SharedEdge edge = sending ? session_.edge({}, node, network) : session_.edge({}, network, node);
    if (edge->exists || !edge->unknown.empty()) found.push_back({node.subject});
  }
  return found;
}

/// The engine of claims decides what conditions can come to, and has evidence for it. No path leads to the network if
/// none leads to whoever may have an edge to it, and the other way round.
std::optional<CaseResult> Passages::none_by_claim(const Passage& passage) {
  const std::vector<GraphNode> network{GraphNode{}};
  const bool sending = passage.targets == network;
  if (!sending && passage.sources != network) return std::nullopt;
  ir::Protected claim;
  std::vector<ir::SubjectRef>& asked = sending ? claim.right : claim.left;
  for (const GraphNode node : sending ? passage.sources : passage.targets) asked.push_back({node.subject});
  std::vector<ir::SubjectRef>& beside = sending ? claim.left : claim.right;
  beside = beside_network(sending);
  for (const ir::SubjectRef& one : asked) {
    const auto same = [&](const ir::SubjectRef& other) { return other.fixed == one.fixed; };
    if (std::any_of(beside.begin(), beside.end(), same)) return std::nullopt;
  }
  ir::World world = world_;
  world.claims.at(claim_.index()).form = std::move(claim);
  ProveOptions options;
  options.only = {kClaim};
  options.certify = options_.certify;
  options.second_solver = options_.second_solver;
  const auto left = std::min(options_.deadline, engine::Clock::now() + options.timeout) - engine::Clock::now();
  options.timeout = std::max(std::chrono::duration_cast<std::chrono::milliseconds>(left), std::chrono::milliseconds{1});
  Proof proof = prove(world, options);
  const bool none = proof.claims.size() == 1 && proof.claims.front().status == Status::Satisfied;
  return none ? std::optional(std::move(proof.claims.front().cases.front())) : std::nullopt;
}

certificate::Checked Passages::check(const Passage& passage, const verdict::Holds& holds) const {
  const auto* closed = std::get_if<verdict::ClosedEvidence>(&holds.certificate.evidence);
  if (closed == nullptr) return {certificate::Outcome::Rejected, "evidence of another kind than the question needs"};
  const auto inside = [&](GraphNode node) {
    return std::binary_search(closed->closed.begin(), closed->closed.end(), node);
  };
  if (!std::all_of(passage.sources.begin(), passage.sources.end(), inside))
    return {certificate::Outcome::Rejected, "the closed set lacks a source"};
  if (std::any_of(passage.targets.begin(), passage.targets.end(), inside))
    return {certificate::Outcome::Rejected, "the closed set has a target"};
  return certificate::check_influence(world_, relation_of(world_, *closed), options_.second_solver);
}

}  // namespace bulkhead::query
