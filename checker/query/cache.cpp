#include "checker/query/cache.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "checker/certificate/file.h"
#include "checker/query/system_key.h"
#include "lang/base/file.h"
#include "lang/base/sha256.h"

namespace bulkhead::query {
namespace {

using obligation::GraphNode;

/// Another version of the checker makes other certificates: part of every key.
constexpr std::string_view kGeneration = "bulkhead.cache/v4";

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
    }
  }
  void node(GraphNode node) { number(node.network() ? 0 : node.subject.index() + 1); }
  void part(const obligation::Sum::Part& part) {
    add(part.label);
    number(part.amount);
    number(part.sentence.valid() ? part.sentence.index() + 1 : 0);
  }
};

/// A key that has to read more edges than this costs more than it saves.
constexpr std::size_t kMostEdges = 50'000;

/// All nodes that the sources can reach if every edge that may exist does; none where there are too many edges.
std::optional<std::set<GraphNode>> region_of(const obligation::InfluenceGraph& graph,
                                             const obligation::Unreachable& goal) {
  std::set<GraphNode> region(goal.sources.begin(), goal.sources.end());
  std::size_t edges = 0;
  for (std::vector<GraphNode> open = goal.sources; !open.empty();) {
    const GraphNode node = open.back();
    open.pop_back();
    for (const GraphNode next : graph.neighbours(node)) {
      if (++edges > kMostEdges) return std::nullopt;
      if (region.insert(next).second) open.push_back(next);
    }
  }
  return region;
}

/// The key says nothing of delegations, channels and labels by their places in the world: what names them is searched
/// for again.
bool hands_over(const verdict::Verdict& verdict) {
  if (const auto* holds = std::get_if<verdict::Holds>(&verdict)) {
    const auto* witness = std::get_if<verdict::WitnessEvidence>(&holds->certificate.evidence);
    return witness != nullptr && !witness->handovers.empty();
  }
  const auto* violated = std::get_if<verdict::Violated>(&verdict);
  if (violated == nullptr) return false;
  const auto& steps = violated->trace.steps;
  return std::any_of(steps.begin(), steps.end(), [](const verdict::Step& step) {
    return step.handover.has_value() || step.channel.valid() || step.from.data.valid();
  });
}

}  // namespace

CertificateCache::CertificateCache(const ir::World& world, std::string folder, std::string solver)
    : world_(world), folder_(std::move(folder)), solver_(std::move(solver)), rules_(world) {
  std::error_code error;
  if (!folder_.empty()) std::filesystem::create_directories(folder_, error);
  if (error) folder_.clear();  // a cache that cannot be had is no reason to fail
}

const std::string& CertificateCache::digest_of(GraphNode node) {
  const auto [found, fresh] = digests_.try_emplace(node);
  if (!fresh) return found->second;
  Key key;
  key.node(node);
  for (const GraphNode next : graph_->neighbours(node)) {
    key.node(next);
    const auto edges = graph_->edges(node, next);
    if (!edges) key.add(edges.error().reason);
    for (std::size_t i = 0; edges && i < edges->size(); ++i) {
      const obligation::Influence& edge = (*edges)[i];
      key.number(static_cast<std::size_t>(edge.cause));
      if (edge.condition) key.query(*edge.condition);
      for (const ir::SentenceId sentence : edge.sentences) key.number(sentence.index());
    }
  }
  return found->second = to_hex(sha256(key.text));
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
  } else if (std::holds_alternative<obligation::Apart>(obligation.goal)) {
    return std::nullopt;  // three graphs: reading them for a key costs what searching them does
  } else if (const auto* graph = std::get_if<obligation::Unreachable>(&obligation.goal)) {
    const bool plain =
        graph->view == obligation::View{} && std::all_of(graph->sources.begin(), graph->sources.end(),
                                                         [](const GraphNode& node) { return node.subject.valid(); });
    if (!plain) return std::nullopt;  // a key does not say which edges are left out, nor where data lies
    if (!graph_) graph_.emplace(rules_);
    for (const auto* side : {&graph->sources, &graph->targets}) {
      key.number(side->size());
      for (const GraphNode node : *side) key.node(node);
    }
    const auto region = region_of(*graph_, *graph);
    if (!region) return std::nullopt;
    for (const GraphNode node : *region) key.add(digest_of(node));
  } else if (const auto* theorem = std::get_if<obligation::Theorem>(&obligation.goal)) {
    key.add(key_of(world_.at(theorem->system), theorem->theorem));
  }
  return key.text;
}

std::optional<std::string> CertificateCache::path(const obligation::Obligation& obligation) {
  const auto key = normalised(obligation);
  if (!key) return std::nullopt;
  return folder_ + "/" + to_hex(sha256(solver_ + "\n" + *key)) + ".cert";
}

std::optional<verdict::Verdict> CertificateCache::find(const obligation::Obligation& obligation, CacheReport& report) {
  if (!enabled()) return std::nullopt;
  const auto name = path(obligation);
  if (!name) return std::nullopt;
  const auto bytes = read_file(*name, certificate::kMaxFileBytes);
  if (!bytes) {
    if (bytes.error().error != ENOENT) drop(obligation, bytes.error().message(), report);
    return std::nullopt;
  }
  auto file = certificate::read(*bytes);
  if (!file) {
    drop(obligation, file.error(), report);
    return std::nullopt;
  }
  return std::move(file.value().verdict);
}

void CertificateCache::store(const obligation::Obligation& obligation, const verdict::Verdict& verdict,
                             CacheReport& report) {
  if (!enabled() || std::holds_alternative<verdict::Unknown>(verdict) || hands_over(verdict)) return;
  const auto name = path(obligation);
  if (!name) return;
  const auto text = certificate::write({world_.at(obligation.claim).name, obligation.instance, verdict});
  if (write_file(*name, text, 0600).ok()) ++report.stored;
}

void CertificateCache::drop(const obligation::Obligation& obligation, const std::string& reason, CacheReport& report) {
  std::error_code ignored;
  if (const auto name = path(obligation)) std::filesystem::remove(*name, ignored);
  report.dropped.push_back(world_.at(obligation.claim).name + ": " + reason);
}

}  // namespace bulkhead::query
