// A cache of certificates, never of verdicts: what is found in it is checked like everything else. Internal to
// checker/query.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "checker/query/proof.h"

namespace bulkhead::query {

/// Requires: the world outlives this.
class CertificateCache {
 public:
  /// `folder` empty: there is no cache. `solver` is part of every key.
  CertificateCache(const ir::World& world, std::string folder, std::string solver);

  bool enabled() const { return !folder_.empty(); }
  /// The verdict that was stored for this obligation; a file that cannot be read as one is deleted and reported.
  std::optional<verdict::Verdict> find(const obligation::Obligation& obligation, CacheReport& report);
  void store(const obligation::Obligation& obligation, const verdict::Verdict& verdict, CacheReport& report);
  /// What was found was not accepted.
  void drop(const obligation::Obligation& obligation, const std::string& reason, CacheReport& report);

 private:
  /// Everything that the verdict rests on, as text. What no question of the obligation reads is not in it. None for
  /// a claim about influence whose graph would take longer to read than the search takes.
  std::optional<std::string> normalised(const obligation::Obligation& obligation);
  std::optional<std::string> normalised(const obligation::Unreachable& goal);
  std::optional<std::string> path(const obligation::Obligation& obligation);

  /// Whom one node may influence, and everything that this rests on, as a digest.
  struct Influences {
    std::vector<obligation::GraphNode> next;
    std::string digest;
  };
  struct Graph {
    obligation::InfluenceGraph graph;
    std::map<obligation::GraphNode, Influences> influences;
  };
  /// Made for the first claim that looks at influence so.
  Graph& graph_of(const obligation::View& view);
  const Influences& influences_of(Graph& graph, obligation::GraphNode node);

  const ir::World& world_;
  std::string folder_;
  std::string solver_;
  obligation::Rules rules_;
  std::map<obligation::View, Graph> graphs_;
};

}  // namespace bulkhead::query
