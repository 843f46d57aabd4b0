#include "checker/query/cache.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "checker/certificate/check.h"
#include "checker/certificate/file.h"
#include "checker/query/places.h"
#include "checker/query/system_key.h"
#include "lang/base/file.h"
#include "lang/base/sha256.h"
#include "lang/ir/conditions.h"

namespace bulkhead::query {
namespace {

using obligation::GraphNode;

/// Another version of the checker makes other certificates: part of every key.
constexpr std::string_view kGeneration = "bulkhead.cache/v6";

/// Parts of a key, each with its length, so that no two lists of parts make one text.
class Key {
 public:
  std::string text{kGeneration};

  void add(std::string_view part) { text += "\n" + std::to_string(part.size()) + ":" + std::string(part); }
  void number(std::size_t value) { add(std::to_string(value)); }
  void queries(const std::vector<obligation::LabelledQuery>& list) {
    number(list.size());
    for (const obligation::LabelledQuery& one : list) query(one);
  }
  /// With the subjects that a solution becomes requests of: the entry names them by their ids.
  void query(const obligation::LabelledQuery& one) {
    add(obligation::to_text(one.query));
    for (const obligation::Act& act : one.acts) {
      number(act.subject.index());
      number(static_cast<std::size_t>(act.right));
      number(act.folder ? 1 : 0);
    }
  }
  void node(GraphNode node) {
    number(node.subject.valid() ? node.subject.index() + 1 : 0);
    number(node.data.valid() ? node.data.index() + 1 : 0);
  }
  void part(const obligation::Sum::Part& part) {
    add(part.label);
    number(part.amount);
    number(part.sentence.valid() ? part.sentence.index() + 1 : 0);
  }
};

/// What a verdict names by its place, where it names anything so.
std::string places_beside(const std::string& entry) {
  return entry + ".places";
}

/// How the conditions of a theorem are shown without the second solver: a line for each.
std::string hints_beside(const std::string& entry) {
  return entry + ".hints";
}

std::string lines_of(const std::vector<std::string>& hints) {
  std::string text;
  for (const std::string& hint : hints) text += hint + "\n";
  return text;
}

std::vector<std::string> hints_in(std::string_view text) {
  std::vector<std::string> hints;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    hints.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return hints;
}

/// A key that has to read more edges than this costs more than it saves.
constexpr std::size_t kMostEdges = 50'000;

}  // namespace

CertificateCache::CertificateCache(const ir::World& world, CacheOptions options)
    : world_(world), folder_(std::move(options.folder)), solver_(std::move(options.solver)), rules_(world) {
  std::error_code error;
  if (!folder_.empty()) std::filesystem::create_directories(folder_, error);
  if (error) folder_.clear();  // a cache that cannot be had is no reason to fail
}

CertificateCache::Graph& CertificateCache::graph_of(const obligation::View& view) {
  const auto found = graphs_.find(view);
  if (found != graphs_.end()) return found->second;
  return graphs_.emplace(view, Graph{obligation::InfluenceGraph(rules_, view), {}}).first->second;
}

const CertificateCache::Influences& CertificateCache::influences_of(Graph& graph, GraphNode node) {
  const auto [found, fresh] = graph.influences.try_emplace(node);
  if (!fresh) return found->second;
  Key key;
  key.node(node);
  for (const GraphNode next : graph.graph.neighbours(node)) {
    const auto edges = graph.graph.edges(node, next);
    if (edges && edges->empty()) continue;
    found->second.next.push_back(next);
    key.node(next);
    if (!edges) key.add(edges.error().reason);
    for (std::size_t i = 0; edges && i < edges->size(); ++i) {
      const obligation::Influence& edge = (*edges)[i];
      key.number(static_cast<std::size_t>(edge.cause));
      if (edge.condition) key.query(*edge.condition);
      key.add(edge.channel.valid() ? world_.at(edge.channel).name : "");
    }
  }
  found->second.digest = to_hex(sha256(key.text));
  return found->second;
}

std::optional<std::string> CertificateCache::normalised(const obligation::Unreachable& goal) {
  Key key;
  for (const auto* side : {&goal.sources, &goal.targets}) {
    key.number(side->size());
    for (const GraphNode node : *side) key.node(node);
  }
  key.number(static_cast<std::size_t>(goal.view.actors));
  key.number(goal.view.cuts.size());
  for (const ir::ChannelCut& cut : goal.view.cuts) {
    key.add(world_.at(cut.channel).name);
    key.number(cut.sender ? cut.sender->index() + 1 : 0);
  }
  // All nodes that the sources can reach if every edge that may exist does.
  Graph& graph = graph_of(goal.view);
  std::set<GraphNode> region(goal.sources.begin(), goal.sources.end());
  std::size_t edges = 0;
  for (std::vector<GraphNode> open = goal.sources; !open.empty();) {
    const GraphNode node = open.back();
    open.pop_back();
    edges += graph.graph.neighbours(node).size();
    if (edges > kMostEdges) return std::nullopt;
    for (const GraphNode next : influences_of(graph, node).next) {
      if (region.insert(next).second) open.push_back(next);
    }
  }
  for (const GraphNode node : region) key.add(influences_of(graph, node).digest);
  return key.text;
}

std::optional<std::string> CertificateCache::normalised(const obligation::Obligation& obligation) {
  Key key;
  const ir::Claim& claim = world_.at(obligation.claim);
  key.add(claim.text);
  key.number(claim.form.index());
  const auto variable = obligation.instance.variable;
  key.add(variable ? world_.at(*variable).name : "");
  key.add(obligation.instance.direction == obligation::Direction::Forward ? "forward" : "backward");
  key.number(obligation.not_vacuous.size());
  for (const auto& condition : obligation.not_vacuous) key.add(obligation::to_text(condition.query));
  if (const auto* empty = std::get_if<obligation::AllEmpty>(&obligation.goal)) {
    key.queries(empty->queries);
  } else if (const auto* some = std::get_if<obligation::SomeWitness>(&obligation.goal)) {
    key.queries(some->queries);
  } else if (const auto* linear = std::get_if<obligation::Linear>(&obligation.goal)) {
    for (const obligation::Sum& sum : linear->sums) {
      key.add(sum.label);
      key.number(sum.parts.size());
      for (const auto& part : sum.parts) key.part(part);
      for (const auto& part : sum.bound) key.part(part);
    }
  } else if (const auto* apart = std::get_if<obligation::Apart>(&obligation.goal)) {
    for (const obligation::Unreachable& flow : apart->flows) {
      const auto part = normalised(flow);
      if (!part) return std::nullopt;
      key.add(*part);
    }
  } else if (const auto* graph = std::get_if<obligation::Unreachable>(&obligation.goal)) {
    const auto part = normalised(*graph);
    if (!part) return std::nullopt;
    key.add(*part);
  } else if (const auto* theorem = std::get_if<obligation::Theorem>(&obligation.goal)) {
    key.add(key_of(world_.at(theorem->system), theorem->theorem));
  }
  const bool moves = !std::holds_alternative<obligation::Theorem>(obligation.goal) &&
                     !std::holds_alternative<obligation::Linear>(obligation.goal);
  if (moves) key.add(conditions());
  return key.text;
}

std::optional<std::string> CertificateCache::path(const obligation::Obligation& obligation) {
  const auto key = normalised(obligation);
  if (!key) return std::nullopt;
  return folder_ + "/" + to_hex(sha256(solver_ + "\n" + *key)) + ".cert";
}

const std::string& CertificateCache::conditions() {
  if (conditions_) return *conditions_;
  conditions_.emplace();
  if (!ir::has_conditions(world_)) return *conditions_;
  Key key;
  key.add(text_of_moves(world_));
  key.add(text_of_conditions(rules_));
  return conditions_.emplace(to_hex(sha256(key.text)));
}

std::optional<CertificateCache::Found> CertificateCache::find(const obligation::Obligation& obligation,
                                                              CacheReport& report) {
  if (!enabled()) return std::nullopt;
  const auto name = path(obligation);
  if (!name) return std::nullopt;
  const auto bytes = certificate::read_bytes(*name);
  if (!bytes) {
    if (bytes.error().error != ENOENT) drop(obligation, bytes.error().message(), report);
    return std::nullopt;
  }
  auto file = certificate::read(*bytes);
  if (!file) {
    drop(obligation, file.error(), report);
    return std::nullopt;
  }
  const auto places = certificate::read_bytes(places_beside(*name));
  const bool found = find_places(world_, places ? std::string_view(*places) : "", file->verdict);
  if (!found) {
    drop(obligation, "a delegation or channel that it names is gone", report);
    return std::nullopt;
  }
  const auto hints = certificate::read_bytes(hints_beside(*name));
  return Found{std::move(file.value().verdict), hints ? hints_in(*hints) : std::vector<std::string>()};
}

void CertificateCache::store(const obligation::Obligation& obligation, verdict::Verdict verdict,
                             const std::vector<std::string>& hints, CacheReport& report) {
  if (!enabled() || std::holds_alternative<verdict::Unknown>(verdict)) return;
  const auto name = path(obligation);
  if (!name) return;
  if (!hints.empty()) certificate::unseal(verdict);
  const auto text = certificate::write({world_.at(obligation.claim).name, obligation.instance, verdict});
  const std::string places = places_of(world_, verdict);
  std::error_code ignored;
  std::filesystem::remove(places_beside(*name), ignored);
  if (!places.empty() && !write_file(places_beside(*name), places, 0600).ok()) return;
  std::filesystem::remove(hints_beside(*name), ignored);
  if (!hints.empty() && !write_file(hints_beside(*name), lines_of(hints), 0600).ok()) return;
  if (write_file(*name, text, 0600).ok()) ++report.stored;
}

void CertificateCache::drop(const obligation::Obligation& obligation, const std::string& reason, CacheReport& report) {
  std::error_code ignored;
  if (const auto name = path(obligation)) {
    std::filesystem::remove(*name, ignored);
    std::filesystem::remove(places_beside(*name), ignored);
    std::filesystem::remove(hints_beside(*name), ignored);
  }
  report.dropped.push_back(world_.at(obligation.claim).name + ": " + reason);
}

}  // namespace bulkhead::query
