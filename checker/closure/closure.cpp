#include "checker/closure/closure.h"

#include <algorithm>
#include <limits>

#include "lang/base/check.h"

namespace bulkhead::closure {

TransitiveClosure::TransitiveClosure(const Graph& graph, ClosureLimits limits)
    : limits_(limits), components_(closure::components(graph)), sizes_(components_.count, 0), condensed_(0, {}) {
  for (const Component component : components_.of) ++sizes_[component];
  condense(graph);
  if (is_complete()) close_all();
}

void TransitiveClosure::condense(const Graph& graph) {
  // Members side by side, so that the edges of a component come in one go and each target is taken once.
  std::vector<Edge> member_edges;
  for (Node node = 0; node < graph.nodes(); ++node) member_edges.push_back({components_.of[node], node, 0});
  std::stable_sort(member_edges.begin(), member_edges.end(),
                   [](const Edge& a, const Edge& b) { return a.from < b.from; });
  std::vector<Component> last(components_.count, std::numeric_limits<Component>::max());
  std::vector<Edge> edges;
  for (const Edge& member : member_edges) {
    for (const Node target : graph.targets(member.to)) {
      const Component to = components_.of[target];
      if (last[to] == member.from) continue;
      last[to] = member.from;
      edges.push_back({member.from, to, 0});
    }
  }
  condensed_ = Graph(components_.count, edges);
}

void TransitiveClosure::close_all() {
  // Edges lead to smaller numbers, so the rows that a row is made of are there before it.
  rows_.assign(components_.count, Bitset(components_.count));
  for (Component from = 0; from < components_.count; ++from) {
    for (const Node to : condensed_.targets(from)) {
      rows_[from].set(to);
      if (to != from) rows_[from] |= rows_[to];
    }
  }
}

Bitset TransitiveClosure::search(Component from) const {
  Bitset row(components_.count);
  std::vector<Component> open{from};
  while (!open.empty()) {
    const Component component = open.back();
    open.pop_back();
    for (const Node to : condensed_.targets(component)) {
      if (row.test(to)) continue;
      row.set(to);
      const auto known = kept_.find(to);
      if (known != kept_.end()) {
        row |= known->second;
      } else {
        open.push_back(to);
      }
    }
  }
  return row;
}

const Bitset& TransitiveClosure::row(Component component) {
  BH_CHECK(component < components_.count, "a component beyond the graph");
  if (is_complete()) return rows_[component];
  const auto known = kept_.find(component);
  if (known != kept_.end()) return known->second;
  const std::size_t row_bytes = (components_.count + 63) / 64 * sizeof(std::uint64_t);
  Bitset found = search(component);
  while (!kept_order_.empty() && (kept_order_.size() + 1) * row_bytes > limits_.row_bytes) {
    kept_.erase(kept_order_.front());
    kept_order_.pop_front();
  }
  kept_order_.push_back(component);
  return kept_.emplace(component, std::move(found)).first->second;
}

bool TransitiveClosure::reaches(Node from, Node to) {
  BH_CHECK(from < components_.of.size() && to < components_.of.size(), "a node beyond the graph");
  return row(components_.of[from]).test(components_.of[to]);
}

Bitset TransitiveClosure::reached_from(Node from) {
  BH_CHECK(from < components_.of.size(), "a node beyond the graph");
  const Bitset& reached = row(components_.of[from]);
  Bitset nodes(components_.of.size());
  for (std::size_t node = 0; node < components_.of.size(); ++node) {
    if (reached.test(components_.of[node])) nodes.set(node);
  }
  return nodes;
}

std::uint64_t TransitiveClosure::pairs() {
  std::uint64_t sum = 0;
  for (Component from = 0; from < components_.count; ++from) {
    std::uint64_t targets = 0;
    const Bitset& reached = row(from);
    reached.for_each([&](std::size_t to) { targets += sizes_[to]; });
    sum += sizes_[from] * (targets - (reached.test(from) ? 1 : 0));  // all but the node itself
  }
  return sum;
}

std::optional<ClosedRelation> TransitiveClosure::relation() const {
  if (!is_complete()) return std::nullopt;
  ClosedRelation relation{components_.of, components_.count, {}};
  for (const Bitset& one : rows_) relation.rows.insert(relation.rows.end(), one.words().begin(), one.words().end());
  return relation;
}

}  // namespace bulkhead::closure
