#include "checker/certificate/influence_relation.h"

#include <algorithm>
#include <chrono>

#include "checker/certificate/questions.h"
#include "checker/certificate/witness.h"
#include "checker/closure/objection.h"

namespace bulkhead::certificate {
namespace {

using obligation::GraphNode;

Checked rejected(std::string reason) {
  return {Outcome::Rejected, std::move(reason)};
}

/// The walk over all pairs that could be edges.
class Judge {
 public:
  Judge(const ir::World& world, const InfluenceRelation& evidence, const SolverOptions& options)
      : evidence_(evidence),
        options_(options),
        nodes_(obligation::graph_nodes(world)),
        grounds_(world),
        graph_(grounds_.rules()) {}

  Checked operator()() {
    // The shape first: has() relies on it.
    if (auto wrong = closure::objection(nodes_.size(), {}, evidence_.relation)) return rejected(*wrong);
    for (std::size_t u = 0; u < nodes_.size(); ++u) {
      if (std::chrono::steady_clock::now() >= options_.deadline) return {Outcome::Unavailable, "the time was up"};
      if (auto wrong = judge(u)) return rejected(*wrong);
    }
    if (next_ != evidence_.crossings.size()) return rejected("evidence for an edge that does not exist");
    return ask_all();
  }

 private:
  bool has(std::size_t from, std::size_t to) const {
    const closure::ClosedRelation& relation = evidence_.relation;
    const std::size_t width = (relation.classes + 63) / 64, bit = relation.class_of[to];
    return ((relation.rows[relation.class_of[from] * width + bit / 64] >> (bit % 64)) & 1u) != 0;
  }

  /// Everything that may leave node u is in the relation, as is what that leads to; or it is a question.
  std::optional<std::string> judge(std::size_t u) {
    std::vector<closure::Edge> edges;
    for (const GraphNode neighbour : graph_.neighbours(nodes_[u])) {
      const auto place = std::lower_bound(nodes_.begin(), nodes_.end(), neighbour);
      if (place == nodes_.end() || *place != neighbour) return "a neighbour that is no node";
      const auto v = static_cast<std::size_t>(place - nodes_.begin());
      if (has(u, v)) {
        edges.push_back({static_cast<closure::Node>(u), static_cast<closure::Node>(v)});
      } else if (auto wrong = question(nodes_[u], neighbour)) {
        return wrong;
      }
    }
    return closure::objection(nodes_.size(), edges, evidence_.relation);
  }

  std::optional<std::string> question(GraphNode u, GraphNode v) {
    const auto edges = graph_.edges(u, v);
    if (!edges) return edges.error().reason;
    for (const obligation::Influence& edge : *edges) {
      if (!edge.condition) return "an edge without a condition is not in the relation";
      if (next_ == evidence_.crossings.size()) return "an edge lacks evidence that it does not exist";
      const Question one{asked(edge.condition->query), &evidence_.crossings[next_++]};
      if (one.evidence->digest != one.asked->digest) return "evidence about another query";
      const auto script = grounds_.script(one);
      if (!script->ok()) return script->error();
      if (!trivially_empty(one.asked->query)) scripts_.emplace_back(script, &script->value());
    }
    return std::nullopt;
  }

  Checked ask_all() const {
    std::vector<std::string_view> scripts;
    for (const auto& script : scripts_) scripts.push_back(*script);
    if (scripts.empty()) return {Outcome::Accepted, ""};
    const auto answers = ask(scripts, options_);
    if (!answers) return {Outcome::Unavailable, answers.error().message()};
    for (const Answer answer : *answers) {
      if (answer == Answer::Sat) return rejected("the second solver finds a solution");
    }
    const bool open = std::find(answers->begin(), answers->end(), Answer::Unknown) != answers->end();
    return open ? Checked{Outcome::Unavailable, "the second solver gave no answer"} : Checked{Outcome::Accepted, ""};
  }

  const InfluenceRelation& evidence_;
  const SolverOptions& options_;
  std::vector<GraphNode> nodes_;
  Grounds grounds_;
  obligation::InfluenceGraph graph_;
  std::size_t next_ = 0;
  std::vector<std::shared_ptr<const std::string>> scripts_;
};

}  // namespace

Checked check_influence(const ir::World& world, const InfluenceRelation& evidence, const SolverOptions& options) {
  return Judge(world, evidence, options)();
}

std::optional<std::string> edge_objection(const ir::World& world, const verdict::Step& step,
                                          const std::vector<ir::Handover>& handovers) {
  ir::Witness witness = witness_of({{step}, {}});
  if (witness.path.size() != 1 || witness.path.front().data.valid()) return "one edge is needed";
  const ir::FlowStep& edge = witness.path.front();
  witness.handovers = handovers;
  ir::FlowEnds ends;
  if (edge.from) ends.sources.push_back(*edge.from);
  if (!edge.from) ends.source_data = edge.data;  // no label: the network
  if (edge.to) ends.targets.push_back(*edge.to);
  ends.target_network = !edge.to;
  return ir::replay_flow(world, ends, witness);
}

}  // namespace bulkhead::certificate
