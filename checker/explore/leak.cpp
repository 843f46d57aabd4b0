#include "checker/explore/leak.h"

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

#include "checker/explore/graph.h"
#include "lang/system/replay.h"

namespace bulkhead::explore {

using namespace bulkhead::system;

namespace {

constexpr std::size_t kMaxSubjects = 16;
using Subjects = std::uint32_t;  // a set, one bit for each

enum class Side : std::uint8_t { Left, Right, Both };

/// Two runs so far, and the sources of what is still to come.
struct Pair {
  Node left, right;
  Subjects sources;
  std::uint32_t world;  // which contents of the rigid functions
};

/// What subjects see in nodes, as numbers that are equal where the views are.
class Views {
 public:
  Views(const System& system, const View& view, Graph& graph, std::size_t subjects)
      : system_(system),
        view_(view),
        graph_(graph),
        seen_(subjects, std::vector<std::uint32_t>(graph.size(), kNotYet)) {}

  /// None: beyond.
  std::optional<std::uint32_t> at(Node node, std::size_t subject) {
    std::uint32_t& one = seen_[subject][node];
    if (one == kNotYet) one = look_at(node, subject);
    return one == kBeyond ? std::nullopt : std::optional<std::uint32_t>(one);
  }

 private:
  static constexpr std::uint32_t kNotYet = ~std::uint32_t{0}, kBeyond = kNotYet - 1;

  std::uint32_t look_at(Node node, std::size_t subject) {
    Flat flat;
    graph_.reach().load(node, flat);
    const State state = graph_.machine().restore(flat);
    const auto seen = look(system_, graph_.machine().scope(), state, view_, static_cast<Value>(subject));
    if (!seen) return kBeyond;
    return numbers_.try_emplace(*seen, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }

  const System& system_;
  const View& view_;
  Graph& graph_;
  std::vector<std::vector<std::uint32_t>> seen_;  // by subject, by node
  std::map<std::vector<Seen>, std::uint32_t> numbers_;
};

class LeakSearch {
 public:
  LeakSearch(const System& system, const LeaksNothing& claim, const Scope& scope, const Options& options)
      : system_(system),
        claim_(claim),
        max_bytes_(options.bytes),
        max_work_(options.work),
        stop_(options.stop),
        graph_(system, scope, options),
        subjects_(*cardinality(system, scope, system.at(claim.observer).type)),
        views_(system, system.at(claim.view), graph_, subjects_),
        gap_(graph_.gap()) {
    for (const Fired& fired : graph_.machine().instances()) {
      const auto subject = subject_of(system, claim, fired);
      subject_of_.push_back(subject ? static_cast<int>(*subject) : -1);
    }
  }

  Outcome run(std::optional<std::uint32_t> steps) {
    if (subjects_ > kMaxSubjects) return stopped("the scope has too many observers");
    if (auto found = start()) return finish(*found, steps);
    for (std::size_t next = 0; next < pairs_.size(); ++next) {
      work_ += subject_of_.size();
      if (is_over()) break;
      if (auto found = expand(static_cast<Node>(next))) return finish(*found, steps);
    }
    if (gap_) return stopped(*gap_);
    return Exhausted{graph_.size()};
  }

 private:
  struct Came {
    Node before;
    std::uint32_t instance;
    Side side;
  };

  /// Asked for each pair; then there is a gap.
  bool is_over() {
    const bool is_full = store_.bytes() + pairs_.capacity() * (sizeof(Pair) + sizeof(Came)) > max_bytes_;
    if (is_full) gap_ = "the budget of memory is spent";
    if (!is_full && work_ > max_work_) gap_ = "the budget of work is spent on pairs of states";
    if (!is_full && stop_.stop_requested()) gap_ = "it was stopped among pairs of states";
    return is_full || work_ > max_work_ || stop_.stop_requested();
  }

  Outcome stopped(const std::string& why) { return Stopped{why, graph_.size(), std::nullopt}; }

  /// Initial states with the same rigid functions, and sources that see the same in both.
  std::optional<Node> start() {
    std::map<Flat, std::pair<std::uint32_t, std::vector<Node>>> worlds;
    Flat flat;
    for (const Node node : graph_.reach().first()) {
      graph_.reach().load(node, flat);
      auto [world, is_new] = worlds.try_emplace(rigid_of(flat));
      if (is_new) {
        world->second.first = static_cast<std::uint32_t>(targets_.size());
        targets_.push_back(targets_in(flat));
      }
      world->second.second.push_back(node);
    }
    for (const auto& [rigid, world] : worlds) {
      for (std::size_t i = 0; i < world.second.size(); ++i) {
        for (std::size_t j = i; j < world.second.size(); ++j) {
          work_ += subjects_;
          if (is_over()) return std::nullopt;
          if (auto found = start_with(world.second[i], world.second[j], world.first)) return found;
        }
      }
    }
    return std::nullopt;
  }

  std::optional<Node> start_with(Node left, Node right, std::uint32_t world) {
    Subjects alike = 0;
    for (std::size_t subject = 0; subject < subjects_; ++subject) {
      const auto a = views_.at(left, subject), b = views_.at(right, subject);
      if (!a || !b) gap_ = "what somebody sees is beyond what can be computed";
      if (a && b && *a == *b) alike |= Subjects{1} << subject;
    }
    for (Subjects sources = alike; sources != 0; sources = (sources - 1) & alike) {  // every subset but the empty one
      ++work_;
      if (auto found = add({left, right, sources, world}, {kNoNode, 0, Side::Both})) return found;
    }
    return std::nullopt;
  }

  Flat rigid_of(const Flat& flat) {
    Flat rigid;
    for (std::size_t i = 0; i < system_.functions.size(); ++i) {
      if (system_.functions[i].change != Change::Rigid) continue;
      const auto& machine = graph_.machine();
      rigid.insert(rigid.end(), flat.begin() + static_cast<std::ptrdiff_t>(machine.offset(i)),
                   flat.begin() + static_cast<std::ptrdiff_t>(machine.offset(i + 1)));
    }
    return rigid;
  }

  /// By subject, whom it may influence.
  std::vector<Subjects> targets_in(const Flat& flat) {
    std::vector<Subjects> targets;
    Machine& machine = graph_.machine();
    for (std::size_t source = 0; source < subjects_; ++source) {
      Subjects whom = Subjects{1} << source;
      for (std::size_t target = 0; claim_.except.valid() && target < subjects_; ++target) {
        machine.bind(claim_.observer, static_cast<Value>(target));
        machine.bind(claim_.source, static_cast<Value>(source));
        const Answer excepted = machine.holds(flat, claim_.except);
        if (excepted == Answer::Beyond) gap_ = "whom the claim excepts is beyond what can be computed";
        if (excepted == Answer::Yes) whom |= Subjects{1} << target;
      }
      targets.push_back(whom);
    }
    return targets;
  }

  /// Where the attempt leads: a refused one stays. None: nobody knows.
  std::optional<Node> after(Node node, std::uint32_t instance) {
    if (!graph_.reach().is_expanded(node)) return std::nullopt;
    const auto edges = graph_.edges(node);
    const auto edge = std::ranges::lower_bound(edges, instance, {}, &Edge::instance);
    return edge != edges.end() && edge->instance == instance ? edge->to : node;
  }

  /// The pair, if it shows a leak.
  std::optional<Node> add(const Pair& pair, const Came& came) {
    const Words words{(std::uint64_t{pair.left} << 32) | pair.right, (std::uint64_t{pair.world} << 32) | pair.sources};
    const auto [node, is_new] = store_.intern(words);
    if (!is_new) return std::nullopt;
    pairs_.push_back(pair);
    came_.push_back(came);
    if (!std::has_single_bit(pair.sources)) return std::nullopt;
    const auto observer = static_cast<std::size_t>(std::countr_zero(pair.sources));
    const auto a = views_.at(pair.left, observer), b = views_.at(pair.right, observer);
    if (!a || !b) gap_ = "what somebody sees is beyond what can be computed";
    return a && b && *a != *b ? std::optional<Node>(node) : std::nullopt;
  }

  std::optional<Node> expand(Node here) {
    for (std::uint32_t instance = 0; instance < subject_of_.size(); ++instance) {
      const Pair pair = pairs_[here];
      const int subject = subject_of_[instance];
      const Subjects self = subject < 0 ? 0 : Subjects{1} << subject;
      const Subjects targets = subject < 0 ? ~Subjects{0} : targets_[pair.world][static_cast<std::size_t>(subject)];
      const auto left = after(pair.left, instance), right = after(pair.right, instance);
      if (!left || !right) continue;        // the graph has a gap
      if ((targets & pair.sources) == 0) {  // purged: in one run alone
        if (auto found = add({*left, pair.right, pair.sources, pair.world}, {here, instance, Side::Left})) return found;
        if (auto found = add({pair.left, *right, pair.sources, pair.world}, {here, instance, Side::Right}))
          return found;
        continue;
      }
      if ((self & ~pair.sources) != 0) continue;  // it would be a source from here on, and is none
      if (auto found = add({*left, *right, pair.sources, pair.world}, {here, instance, Side::Both})) return found;
      const Subjects rest = pair.sources & ~self;  // or this was its last step that counts
      if (rest == pair.sources || (targets & rest) == 0) continue;
      if (auto found = add({*left, *right, rest, pair.world}, {here, instance, Side::Both})) return found;
    }
    return std::nullopt;
  }

  Outcome finish(Node found, std::optional<std::uint32_t> steps) {
    Run left{graph_.machine().scope(), {}, {}, std::nullopt}, right = left;
    Node node = found;
    for (; came_[node].before != kNoNode; node = came_[node].before) {
      const Fired& fired = graph_.machine().instances()[came_[node].instance];
      if (came_[node].side != Side::Right) left.steps.push_back(fired);
      if (came_[node].side != Side::Left) right.steps.push_back(fired);
    }
    std::reverse(left.steps.begin(), left.steps.end());
    std::reverse(right.steps.begin(), right.steps.end());
    if (steps && std::max(left.steps.size(), right.steps.size()) > *steps) {
      return stopped("a leak was found, with more steps than the claim allows");
    }
    Flat flat;
    graph_.reach().load(pairs_[node].left, flat);
    left.first = graph_.machine().restore(flat);
    graph_.reach().load(pairs_[node].right, flat);
    right.first = graph_.machine().restore(flat);
    return Found{std::move(left), std::move(right)};
  }

  const System& system_;
  const LeaksNothing& claim_;
  std::uint64_t max_bytes_, max_work_;
  std::stop_token stop_;
  Graph graph_;
  std::size_t subjects_;
  Views views_;
  std::optional<std::string> gap_;
  std::vector<int> subject_of_;                 // by instance; -1: the system's own
  std::vector<std::vector<Subjects>> targets_;  // by world, by subject
  Store store_{2};
  std::vector<Pair> pairs_;  // by node of the store
  std::vector<Came> came_;
  std::uint64_t work_ = 0;  // attempts
};

}  // namespace

Outcome search_leak(const System& system, const LeaksNothing& claim, std::optional<std::uint32_t> steps,
                    const Scope& scope, const Options& options) {
  Options plain = options;
  plain.reduction = Reduction::None;
  return LeakSearch(system, claim, scope, plain).run(steps);
}

}  // namespace bulkhead::explore
