#include "checker/closure/objection.h"

namespace bulkhead::closure {
namespace {

bool has(std::span<const std::uint64_t> words, std::size_t bit) {
  return ((words[bit >> 6u] >> (bit & 63u)) & 1u) == 1u;
}

std::string edge_text(const Edge& edge) {
  return "the edge from " + std::to_string(edge.from) + " to " + std::to_string(edge.to);
}

std::size_t words_for(std::size_t bits) {
  return bits / 64 + (bits % 64 == 0 ? 0 : 1);
}

}  // namespace

std::optional<std::string> objection(std::size_t nodes, std::span<const Edge> edges, std::span<const Node> sources,
                                     std::span<const Node> targets, const ClosedSet& set) {
  if (set.words.size() != words_for(nodes)) return "the set is not one of these nodes";
  for (const Node source : sources) {
    if (source >= nodes) return "source " + std::to_string(source) + " is no node";
    if (!has(set.words, source)) return "the set misses source " + std::to_string(source);
  }
  for (const Node target : targets) {
    if (target >= nodes) return "target " + std::to_string(target) + " is no node";
    if (has(set.words, target)) return "the set has target " + std::to_string(target);
  }
  for (const Edge& edge : edges) {
    if (edge.from >= nodes || edge.to >= nodes) return edge_text(edge) + " leaves the graph";
    if (has(set.words, edge.from) && !has(set.words, edge.to)) return edge_text(edge) + " leaves the set";
  }
  return std::nullopt;
}

std::optional<std::string> objection(std::size_t nodes, std::span<const Edge> edges, const ClosedRelation& relation) {
  const std::size_t width = words_for(relation.classes);
  if (relation.class_of.size() != nodes) return "the relation is not one of these nodes";
  if (width != 0 && relation.rows.size() / width != relation.classes) return "the relation has too few or many rows";
  if (relation.rows.size() != width * relation.classes) return "the relation has too few or many rows";
  for (const std::uint32_t one : relation.class_of) {
    if (one >= relation.classes) return "class " + std::to_string(one) + " has no row";
  }
  for (const Edge& edge : edges) {
    if (edge.from >= nodes || edge.to >= nodes) return edge_text(edge) + " leaves the graph";
    const std::size_t from = relation.class_of[edge.from], to = relation.class_of[edge.to];
    const std::span<const std::uint64_t> row(relation.rows.data() + from * width, width);
    if (!has(row, to)) return edge_text(edge) + " is not in the relation";
    if (from == to) continue;
    const std::span<const std::uint64_t> next(relation.rows.data() + to * width, width);
    for (std::size_t i = 0; i < width; ++i) {
      if ((next[i] & ~row[i]) != 0) return edge_text(edge) + " leads out of the relation";
    }
  }
  return std::nullopt;
}

}  // namespace bulkhead::closure
