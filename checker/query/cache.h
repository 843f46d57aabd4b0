// A cache of certificates, never of verdicts: what is found in it is checked like everything else. Internal to
// checker/query.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "checker/query/proof.h"

namespace bulkhead::query {

struct CacheOptions {
  std::string folder;  // empty: there is no cache
  std::string solver;  // part of every key
};

/// Requires: the world outlives this.
class CertificateCache {
 public:
  CertificateCache(const ir::World& world, CacheOptions options);

  bool enabled() const { return !folder_.empty(); }
  /// What was stored for this obligation; a file that cannot be read as a verdict is deleted and reported.
  struct Found {
    verdict::Verdict verdict;
    std::vector<std::string> hints;  // certificate::Item::hints
  };
  std::optional<Found> find(const obligation::Obligation& obligation, CacheReport& report);
  /// Scripts are not stored where hints are: they follow from the system.
  void store(const obligation::Obligation& obligation, verdict::Verdict verdict, const std::vector<std::string>& hints,
             CacheReport& report);
  /// What was found was not accepted.
  void drop(const obligation::Obligation& obligation, const std::string& reason, CacheReport& report);

 private:
  /// Everything that the verdict rests on, as text. What no question of the obligation reads is not in it. None for
  /// a claim about influence whose graph would take longer to read than the search takes.
  std::optional<std::string> normalised(const obligation::Obligation& obligation);
  /// What the conditions of delegations rest on, of which no question of an obligation reads; empty: there are none.
  const std::string& conditions();
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
  std::optional<std::string> conditions_;
  std::map<obligation::View, Graph> graphs_;
};

}  // namespace bulkhead::query
