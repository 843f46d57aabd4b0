// The transitive closure of a graph: every question who reaches whom, answered from rows of bits.
#pragma once

#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include "checker/closure/certificate.h"
#include "checker/closure/components.h"
#include "checker/closure/graph.h"
#include "lang/base/bitset.h"

namespace bulkhead::closure {

/// Up to so many components all rows are kept (12 MB); of larger graphs as many rows as kMaxRowBytes has room for.
inline constexpr std::size_t kMaxKeptComponents = 10'000;
inline constexpr std::size_t kMaxRowBytes = std::size_t{256} << 20;

struct ClosureLimits {
  std::size_t kept_components = kMaxKeptComponents;
  std::size_t row_bytes = kMaxRowBytes;
};

/// Rows are over components, so a graph in which everything reaches everything has one row of one bit.
///
/// Cost: up to kept_components: edges between components times components / 64, once. Above: a row is searched in
/// linear
///       time when it is first asked for, and forgotten, oldest first, when there is no room; never more than
///       row_bytes (or one row, if that is more). Not for several threads at once.
class TransitiveClosure {
 public:
  explicit TransitiveClosure(const Graph& graph, ClosureLimits limits = {});

  /// By one edge or more: a node reaches itself where it lies on a circle.
  bool reaches(Node from, Node to);
  /// The nodes that `from` reaches.
  Bitset reached_from(Node from);
  /// Pairs (from, to) where `from` reaches `to`, from != to. Cost: every row.
  std::uint64_t pairs();

  const Components& components() const { return components_; }
  std::size_t nodes_in(Component component) const { return sizes_[component]; }
  /// The components that `component` reaches. The reference is good until the next question.
  const Bitset& row(Component component);
  /// All rows as evidence; nothing where they are not all kept.
  std::optional<ClosedRelation> relation() const;

 private:
  bool is_complete() const { return components_.count <= limits_.kept_components; }
  void condense(const Graph& graph);
  void close_all();
  Bitset search(Component from) const;

  ClosureLimits limits_;
  Components components_;
  std::vector<std::uint32_t> sizes_;
  Graph condensed_;  // one edge between two components; a loop where a component reaches itself
  std::vector<Bitset> rows_;
  std::unordered_map<Component, Bitset> kept_;  // where not all rows are; in the order of kept_order_
  std::deque<Component> kept_order_;
};

}  // namespace bulkhead::closure
