#include "checker/query/all_pairs.h"

#include <algorithm>

#include "checker/closure/closure.h"
#include "checker/engine/acquisition.h"
#include "checker/engine/engine.h"
#include "lang/base/bitset.h"
#include "lang/ir/conditions.h"

namespace bulkhead::query {
namespace {

using obligation::GraphNode;

/// Edges as far as they are needed to know all pairs: from each node in turn, where what earlier ones reach is known.
class Search {
 public:
  Search(const ir::World& world, engine::Session& session, engine::Clock::time_point deadline)
      : world_(world),
        session_(session),
        deadline_(deadline),
        nodes_(obligation::graph_nodes(world)),
        graph_(session.graph({})),
        exact_(!ir::has_conditions(world)) {
    rows_.reserve(nodes_.size());
  }

  /// Nothing: too many groups to keep.
  std::optional<AllPairs> operator()() {
    for (std::size_t from = 0; from < nodes_.size(); ++from) rows_.push_back(close(from));
    rows_.clear();
    auto relation = closure::TransitiveClosure(closure::Graph(nodes_.size(), edges_)).relation();
    if (!relation) return std::nullopt;
    AllPairs found{nodes_, {std::move(*relation), {}}, exact_};
    found.evidence.crossings = crossings(found.evidence.relation);
    return found;
  }

 private:
  /// For the pairs that the relation does not have, in the order that the judge asks in.
  std::vector<verdict::QueryEvidence> crossings(const closure::ClosedRelation& relation) {
    std::vector<verdict::QueryEvidence> list;
    const std::size_t width = (relation.classes + 63) / 64;
    for (std::size_t u = 0; u < nodes_.size(); ++u) {
      const std::uint64_t* row = relation.rows.data() + relation.class_of[u] * width;
      for (const std::size_t v : neighbours(u)) {
        const std::size_t bit = relation.class_of[v];
        if (((row[bit / 64] >> (bit % 64)) & 1u) != 0) continue;
        const engine::SharedEdge edge = session_.edge({}, nodes_[u], nodes_[v]);
        for (const engine::SharedAnswer& answer : edge->answers) {
          const auto* none = answer == nullptr ? nullptr : std::get_if<engine::NoSolution>(answer.get());
          list.push_back(none == nullptr ? verdict::QueryEvidence{} : none->evidence);
        }
      }
    }
    return list;
  }

  std::vector<std::size_t> neighbours(std::size_t from) const {
    std::vector<std::size_t> places;
    for (const GraphNode node : graph_.neighbours(nodes_[from])) {
      places.push_back(static_cast<std::size_t>(std::lower_bound(nodes_.begin(), nodes_.end(), node) - nodes_.begin()));
    }
    return places;
  }

  Bitset close(std::size_t from) {
    Bitset reached(nodes_.size());
    reached.set(from);
    std::vector<std::size_t> open{from};
    for (std::size_t at = 0; at < open.size(); ++at) {
      for (const std::size_t to : in_order(neighbours(open[at]))) {
        if (reached.test(to) || !leads(open[at], to)) continue;
        reached.set(to);
        if (to < rows_.size())
          reached |= rows_[to];
        else
          open.push_back(to);
      }
    }
    sizes_.push_back(reached.count());
    return reached;
  }

  /// Those first of which it is known that they reach the most: one of them may save the questions about all others.
  std::vector<std::size_t> in_order(std::vector<std::size_t> nodes) const {
    const auto size = [&](std::size_t node) { return node < sizes_.size() ? sizes_[node] : 0; };
    std::stable_sort(nodes.begin(), nodes.end(), [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
    return nodes;
  }

  /// What is not known counts as an edge, so that nothing is kept as impossible for want of knowledge.
  bool leads(std::size_t from, std::size_t to) {
    const bool too_much = asked_ >= kMostEdgesAsked || engine::Clock::now() >= deadline_;
    if (!too_much) {
      ++asked_;
      const engine::SharedEdge edge = session_.edge({}, nodes_[from], nodes_[to]);
      if (!edge->exists && edge->unknown.empty()) return false;
      exact_ = exact_ && edge->exists && is_shown(*edge, from, to);
    }
    exact_ = exact_ && !too_much;
    edges_.push_back({static_cast<closure::Node>(from), static_cast<closure::Node>(to)});
    return true;
  }

  bool is_shown(const engine::Edge& edge, std::size_t from, std::size_t to) {
    std::vector<ir::Handover> handovers;
    const verdict::Step step = engine::step_along(session_, edge, {nodes_[from], nodes_[to]}, handovers);
    return !certificate::edge_objection(world_, step, handovers);
  }

  const ir::World& world_;
  engine::Session& session_;
  engine::Clock::time_point deadline_;
  std::vector<GraphNode> nodes_;
  const obligation::InfluenceGraph& graph_;
  bool exact_;
  std::size_t asked_ = 0;
  std::vector<Bitset> rows_;  // of the nodes that have been closed
  std::vector<std::size_t> sizes_;
  std::vector<closure::Edge> edges_;
};

}  // namespace

Result<AllPairs, std::string> all_pairs(const ir::World& world, const AllPairsOptions& options) {
  if (!world.dynamic.empty()) return fail(std::string("the policy has sentences about behaviour over time"));
  if (obligation::graph_nodes(world).size() > kMostRelatedSubjects) return fail(std::string("too many subjects"));
  engine::Budget budget;
  budget.deadline = options.deadline;
  engine::Session session(world, budget);
  Search search(world, session, options.deadline);
  std::optional<AllPairs> found = search();
  if (!found) return fail(std::string("too many groups of subjects"));
  const auto checked = certificate::check_influence(world, found->evidence, options.second_solver);
  if (checked.outcome != certificate::Outcome::Accepted) return fail(checked.reason);
  return std::move(*found);
}

}  // namespace bulkhead::query
