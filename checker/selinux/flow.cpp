#include "checker/selinux/flow.h"

#include <algorithm>

#include "checker/closure/reach.h"

namespace bulkhead::selinux {
namespace {

bool moves(const Policy& policy, const Rule& rule, const std::vector<Permissions>& by_class) {
  for (const Access& access : policy.accesses_of(rule)) {
    if ((access.permissions & by_class[access.object_class.index()]) != 0) return true;
  }
  return false;
}

}  // namespace

FlowGraph::FlowGraph(const Policy& policy, const PermissionFlows& flows)
    : policy_(policy),
      types_(policy.types.size()),
      sets_(expand_sets(policy)),
      hubs_(sets_.size()),
      nodes_(types_),
      graph_(0, {}) {
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    if (policy.rules[i].kind == RuleKind::Allow) add_rule(RuleId(i), flows);
  }
  for (std::size_t i = 0; i < types_; ++i) {
    if (policy.types[i].permissive) add_permissive(TypeId(i));
  }
  graph_ = closure::Graph(nodes_, edges_);
}

std::optional<closure::Node> FlowGraph::entry(SetId id) {
  Hub& hub = hubs_[id.index()];
  const Bitset& set = sets_[id.index()];
  const std::size_t first = set.first();
  if (hub.entry || first == set.size()) return hub.entry;
  if (set.count() == 1) return hub.entry = static_cast<closure::Node>(first);
  hub.entry = static_cast<closure::Node>(nodes_++);
  set.for_each([&](std::size_t type) { edges_.push_back({*hub.entry, static_cast<closure::Node>(type)}); });
  return hub.entry;
}

std::optional<closure::Node> FlowGraph::exit(SetId id) {
  Hub& hub = hubs_[id.index()];
  const Bitset& set = sets_[id.index()];
  const std::size_t first = set.first();
  if (hub.exit || first == set.size()) return hub.exit;
  if (set.count() == 1) return hub.exit = static_cast<closure::Node>(first);
  hub.exit = static_cast<closure::Node>(nodes_++);
  set.for_each([&](std::size_t type) { edges_.push_back({static_cast<closure::Node>(type), *hub.exit}); });
  return hub.exit;
}

void FlowGraph::connect(SetId from, SetId to, closure::Cause cause) {
  const std::optional<closure::Node> begin = exit(from), end = entry(to);
  if (begin && end && *begin != *end) edges_.push_back({*begin, *end, cause});
}

void FlowGraph::add_rule(RuleId id, const PermissionFlows& flows) {
  const Rule& rule = policy_.rule(id);
  if (moves(policy_, rule, flows.out)) {
    connect(rule.sources, rule.targets, static_cast<closure::Cause>(causes_.size()));
    causes_.push_back({{}, {}, id, false});
  }
  if (moves(policy_, rule, flows.in)) {
    connect(rule.targets, rule.sources, static_cast<closure::Cause>(causes_.size()));
    causes_.push_back({{}, {}, id, true});
  }
}

void FlowGraph::add_permissive(TypeId type) {
  const auto node = static_cast<closure::Node>(type.index());
  const auto cause = static_cast<closure::Cause>(causes_.size());
  causes_.push_back({{}, {}, {}, false});
  for (closure::Node other = 0; other < types_; ++other) {
    if (other == node) continue;
    edges_.push_back({node, other, cause});
    edges_.push_back({other, node, cause});
  }
}

std::uint64_t FlowGraph::direct_flows() const {
  // By rows of bits, one source at a time for all rules: pairs are met once however many rules make them.
  std::vector<std::vector<const Bitset*>> into(types_);
  for (const closure::Edge& edge : edges_) {
    if (edge.cause == closure::kMembership) continue;
    const FlowStep& step = causes_[edge.cause];
    if (!step.rule.valid()) continue;
    const Rule& rule = policy_.rule(step.rule);
    const SetId from = step.into_subject ? rule.targets : rule.sources,
                to = step.into_subject ? rule.sources : rule.targets;
    sets_[from.index()].for_each([&](std::size_t type) { into[type].push_back(&sets_[to.index()]); });
  }
  std::uint64_t sum = 0;
  for (std::size_t type = 0; type < types_; ++type) {
    std::sort(into[type].begin(), into[type].end());
    into[type].erase(std::unique(into[type].begin(), into[type].end()), into[type].end());
    Bitset all(types_);
    for (const Bitset* set : into[type]) all |= *set;
    if (policy_.types[type].permissive) all.set_all();
    for (std::size_t other = 0; other < types_; ++other) {
      if (policy_.types[other].permissive) all.set(other);
    }
    all.reset(type);
    sum += all.count();
  }
  return sum;
}

std::optional<std::vector<FlowStep>> FlowGraph::shortest_path(TypeId from, TypeId to) const {
  const closure::Node sources[] = {static_cast<closure::Node>(from.index())};
  const closure::Node targets[] = {static_cast<closure::Node>(to.index())};
  const auto path = closure::shortest_path(graph_, sources, targets);
  if (!path) return std::nullopt;
  std::vector<FlowStep> steps;
  TypeId last = from;
  std::optional<FlowStep> open;  // its rule is known, the type that it ends in is not
  for (const closure::Edge& edge : *path) {
    if (edge.cause != closure::kMembership) {
      open = causes_[edge.cause];
      open->from = last;
    }
    if (edge.to >= types_) continue;
    last = TypeId(edge.to);
    if (!open) continue;
    open->to = last;
    steps.push_back(*open);
    open.reset();
  }
  return steps;
}

closure::ClosedSet FlowGraph::reachable(TypeId from) const {
  const closure::Node sources[] = {static_cast<closure::Node>(from.index())};
  closure::ClosedSet set = closure::reachable(graph_, sources);
  set.words.resize((types_ + 63) / 64);
  if (types_ % 64 != 0) set.words.back() &= (std::uint64_t{1} << (types_ % 64)) - 1;
  return set;
}

AllFlows all_flows(const FlowGraph& flow) {
  closure::TransitiveClosure closed(flow.graph());
  const closure::Components& components = closed.components();
  std::vector<std::size_t> types_in(components.count, 0);
  for (std::size_t type = 0; type < flow.types(); ++type) ++types_in[components.of[type]];
  AllFlows found;
  for (closure::Component from = 0; from < components.count; ++from) {
    if (types_in[from] == 0) continue;
    ++found.components;
    found.largest = std::max(found.largest, types_in[from]);
    std::uint64_t targets = 0;
    const Bitset& row = closed.row(from);
    row.for_each([&](std::size_t to) { targets += types_in[to]; });
    found.pairs += types_in[from] * (targets - (row.test(from) ? 1 : 0));
  }
  found.relation = closed.relation();
  return found;
}

}  // namespace bulkhead::selinux
