#include "checker/explore/lasso.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <utility>

#include "checker/explore/graph.h"
#include "lang/base/check.h"

namespace bulkhead::explore {

using namespace bulkhead::system;

namespace {

enum class Demand : std::uint8_t { None, Weak, Strong };

/// What one choice of the claim's variables says of each node.
struct Marks {
  std::vector<bool> from;    // `from` holds
  std::vector<bool> avoids;  // `to` does not, and all that is enabled is known
  std::vector<bool> fair;    // in a part in which a fair loop stays away from `to`
};

class LassoSearch {
 public:
  LassoSearch(const System& system, const LeadsTo& claim, const Scope& scope, const Options& options)
      : claim_(claim), graph_(system, scope, options), gap_(graph_.gap()) {
    const auto& instances = graph_.machine().instances();
    demands_.assign(instances.size(), Demand::None);
    for (const Fair& fair : claim.fair) {
      for (std::size_t i = 0; i < instances.size(); ++i) {
        if (instances[i].action != fair.action || demands_[i] == Demand::Strong) continue;
        demands_[i] = fair.strong ? Demand::Strong : Demand::Weak;
      }
    }
    for (std::uint32_t i = 0; i < demands_.size(); ++i) {
      if (demands_[i] != Demand::None) fair_.push_back(i);
    }
  }

  Outcome run(std::optional<std::uint32_t> steps) {
    if (!graph_.machine().lists_instances()) return stopped("the values of a parameter of an action cannot be listed");
    std::vector<Value> counts;
    for (const BinderId binder : claim_.each) {
      const auto& machine = graph_.machine();
      const auto count = cardinality(machine.system(), machine.scope(), machine.system().at(binder).type);
      if (!count) return stopped("the values of a variable of the claim cannot be listed");
      counts.push_back(static_cast<Value>(*count));
    }
    std::vector<Value> choice(counts.size(), 0);
    for (bool more = true; more;) {
      for (std::size_t i = 0; i < choice.size(); ++i) graph_.machine().bind(claim_.each[i], choice[i]);
      if (auto found = search()) {
        const bool short_enough = !steps || found->steps.size() <= *steps;
        if (short_enough) return Found{std::move(*found), std::nullopt};
        gap_ = "a fair loop was found, with more steps than the claim allows";
      }
      more = false;
      for (std::size_t i = choice.size(); i-- > 0 && !more;) {
        more = ++choice[i] < counts[i];
        if (!more) choice[i] = 0;
      }
    }
    if (gap_) return stopped(*gap_);
    return Exhausted{graph_.size()};
  }

 private:
  Outcome stopped(const std::string& why) { return Stopped{why, graph_.size(), std::nullopt}; }

  std::optional<Run> search() {
    Marks marks = mark();
    std::vector<Node> avoiding;
    for (Node node = 0; node < graph_.size(); ++node) {
      if (marks.avoids[node]) avoiding.push_back(node);
    }
    std::vector<std::vector<Node>> fair = fair_parts(std::move(avoiding));
    marks.fair.assign(graph_.size(), false);
    for (const auto& part : fair) {
      for (const Node node : part) marks.fair[node] = true;
    }
    auto stem = find_stem(marks);
    if (!stem) return std::nullopt;
    const Node entry = stem->empty() ? start_ : stem->back().to;
    const auto has_entry = [&](const auto& part) { return std::binary_search(part.begin(), part.end(), entry); };
    const auto part = std::find_if(fair.begin(), fair.end(), has_entry);
    return assemble(*stem, loop_through(*part, entry));
  }

  Marks mark() {
    Marks marks;
    Flat flat;
    for (Node node = 0; node < graph_.size(); ++node) {
      graph_.reach().load(node, flat);
      const Answer from = graph_.machine().holds(flat, claim_.from);
      const Answer to = graph_.machine().holds(flat, claim_.to);
      if (!gap_ && graph_.machine().is_spent()) gap_ = graph_.machine().why_spent();
      if (!gap_ && (from == Answer::Beyond || to == Answer::Beyond)) gap_ = "the claim is beyond what can be computed";
      marks.from.push_back(from == Answer::Yes);
      marks.avoids.push_back(to == Answer::No && graph_.reach().is_expanded(node));
    }
    return marks;
  }

  bool enabled(Node node, std::uint32_t instance) const {
    const auto edges = graph_.edges(node);
    return std::ranges::binary_search(edges, instance, {}, &Edge::instance);
  }

  /// The parts of the set in which some fair run can stay. A run may also stay where it is: every node is a part.
  std::vector<std::vector<Node>> fair_parts(std::vector<Node> nodes) {
    std::vector<std::vector<Node>> fair, open{std::move(nodes)};
    while (!open.empty()) {
      const std::vector<Node> set = std::move(open.back());
      open.pop_back();
      for (auto& part : graph_.parts(set)) {
        std::optional<std::vector<Node>> rest = without_unfair(part);
        if (!rest) continue;
        if (rest->size() == part.size()) {
          fair.push_back(std::move(part));
        } else if (!rest->empty()) {
          open.push_back(std::move(*rest));
        }
      }
    }
    return fair;
  }

  /// The part, if going through all of it is fair; less, where a strong demand can only be met by staying away from
  /// some nodes; none, where a weak one cannot be met.
  std::optional<std::vector<Node>> without_unfair(const std::vector<Node>& part) {
    for (const std::uint32_t instance : fair_) {
      const auto is_enabled = [&](Node node) { return enabled(node, instance); };
      const auto is_taken = [&](Node node) { return taken_inside(part, node, instance) != nullptr; };
      if (std::any_of(part.begin(), part.end(), is_taken)) continue;
      if (demands_[instance] == Demand::Weak) {
        if (std::all_of(part.begin(), part.end(), is_enabled)) return std::nullopt;
        continue;
      }
      std::vector<Node> rest;
      std::copy_if(part.begin(), part.end(), std::back_inserter(rest), std::not_fn(is_enabled));
      if (rest.size() != part.size()) return rest;
    }
    return part;
  }

  const Edge* taken_inside(const std::vector<Node>& part, Node node, std::uint32_t instance) const {
    for (const Edge& edge : graph_.edges(node)) {
      if (edge.instance == instance && std::binary_search(part.begin(), part.end(), edge.to)) return &edge;
    }
    return nullptr;
  }

  /// The shortest way from an initial state over one with `from` into a fair part, avoiding `to` after that.
  std::optional<std::vector<Edge>> find_stem(const Marks& marks) {
    struct Came {
      std::size_t before = ~std::size_t{0};
      Edge edge{0, kNoNode};
      bool seen = false;
    };
    std::vector<Came> came(graph_.size() * 2);  // node * 2 + (1: `from` has held, and `to` not since)
    std::deque<std::size_t> queue;
    const auto reach = [&](Node node, bool owed, std::size_t before, Edge edge) {
      const bool owes = marks.avoids[node] && (owed || marks.from[node]);
      for (const bool way : {false, true}) {
        if (way ? !owes : owed) continue;
        Came& one = came[node * std::size_t{2} + (way ? 1 : 0)];
        if (one.seen) continue;
        one = {before, edge, true};
        queue.push_back(node * std::size_t{2} + (way ? 1 : 0));
      }
    };
    for (const Node node : graph_.reach().first()) reach(node, false, ~std::size_t{0}, {0, kNoNode});
    for (; !queue.empty(); queue.pop_front()) {
      const std::size_t here = queue.front();
      const auto node = static_cast<Node>(here / 2);
      if (here % 2 == 1 && marks.fair[node]) {
        std::vector<Edge> stem;
        std::size_t place = here;
        for (; came[place].before != ~std::size_t{0}; place = came[place].before) stem.push_back(came[place].edge);
        start_ = static_cast<Node>(place / 2);
        std::reverse(stem.begin(), stem.end());
        return stem;
      }
      for (const Edge& edge : graph_.edges(node)) reach(edge.to, here % 2 == 1, here, edge);
    }
    return std::nullopt;
  }

  /// A shortest way inside the part to a node, or over an edge, that the goals name.
  std::vector<Edge> way(const std::vector<Node>& part, Node from, const std::function<bool(Node)>& node_goal,
                        const std::function<bool(const Edge&)>& edge_goal) {
    if (node_goal(from)) return {};
    const auto local = [&](Node node) { return std::lower_bound(part.begin(), part.end(), node) - part.begin(); };
    const auto inside = [&](Node node) { return std::binary_search(part.begin(), part.end(), node); };
    std::vector<std::pair<Node, Edge>> came(part.size(), {kNoNode, {0, kNoNode}});
    std::deque<Node> queue{from};
    const auto trace = [&](Node node) {
      std::vector<Edge> steps;
      for (; node != from; node = came[local(node)].first) steps.push_back(came[local(node)].second);
      std::reverse(steps.begin(), steps.end());
      return steps;
    };
    for (; !queue.empty(); queue.pop_front()) {
      const Node node = queue.front();
      for (const Edge& edge : graph_.edges(node)) {
        if (!inside(edge.to)) continue;
        if (edge_goal(edge)) {
          auto steps = trace(node);
          steps.push_back(edge);
          return steps;
        }
        if (edge.to == from || came[local(edge.to)].first != kNoNode) continue;
        came[local(edge.to)] = {node, edge};
        if (node_goal(edge.to)) return trace(edge.to);
        queue.push_back(edge.to);
      }
    }
    BH_CHECK(false, "inside of a strongly connected part there is a way to each of its nodes and edges");
  }

  /// A way from the entry through the part and back that is fair.
  std::vector<Edge> loop_through(const std::vector<Node>& part, Node entry) {
    std::vector<Edge> loop;
    Node here = entry;
    const auto go = [&](std::vector<Edge> steps) {
      if (!steps.empty()) here = steps.back().to;
      loop.insert(loop.end(), steps.begin(), steps.end());
    };
    for (const std::uint32_t instance : fair_) {
      const bool is_taken =
          std::any_of(loop.begin(), loop.end(), [&](const Edge& e) { return e.instance == instance; });
      const auto is_enabled = [&](Node node) { return enabled(node, instance); };
      const auto off = [&](const Edge& edge) { return !is_enabled(edge.to); };
      if (is_taken) continue;
      if (demands_[instance] == Demand::Weak) {
        if (!is_enabled(entry) || std::any_of(loop.begin(), loop.end(), off)) continue;
        go(way(part, here, std::not_fn(is_enabled), [&](const Edge& edge) { return edge.instance == instance; }));
      } else if (std::any_of(part.begin(), part.end(), is_enabled)) {
        go(way(
            part, here, [](Node) { return false; }, [&](const Edge& edge) { return edge.instance == instance; }));
      }
    }
    go(way(
        part, here, [&](Node node) { return node == entry; }, [](const Edge&) { return false; }));
    return loop;
  }

  Run assemble(const std::vector<Edge>& stem, const std::vector<Edge>& loop) {
    Flat flat;
    graph_.reach().load(start_, flat);
    Run run{graph_.machine().scope(), graph_.machine().restore(flat), {}, stem.size()};
    for (const auto* part : {&stem, &loop}) {
      for (const Edge& edge : *part) run.steps.push_back(graph_.machine().instances()[edge.instance]);
    }
    return run;
  }

  const LeadsTo& claim_;
  Graph graph_;
  std::optional<std::string> gap_;
  std::vector<Demand> demands_;      // by instance
  std::vector<std::uint32_t> fair_;  // instances with a demand
  Node start_ = kNoNode;
};

}  // namespace

Outcome search_lasso(const System& system, const LeadsTo& claim, std::optional<std::uint32_t> steps, const Scope& scope,
                     const Options& options) {
  Options plain = options;
  plain.reduction = Reduction::None;
  return LassoSearch(system, claim, scope, plain).run(steps);
}

}  // namespace bulkhead::explore
