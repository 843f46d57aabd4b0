#include "checker/explore/reach.h"

#include <algorithm>

#include "checker/explore/first_states.h"
#include "lang/base/check.h"

namespace bulkhead::explore {

using namespace bulkhead::system;

Reach::Reach(const System& system, const Scope& scope, const Options& options)
    : machine_(system, scope, options.work), layout_(machine_), max_bytes_(options.bytes), store_(layout_.words()) {
  machine_.watch(Watch(options.stop));
  if (options.reduction == Reduction::Renames) symmetry_.emplace(machine_);
}

void Reach::gap(const std::string& why) {
  if (!gap_) gap_ = why;
}

bool Reach::is_full() const {
  return store_.size() + 1 >= kNoNode || store_.bytes() + parents_.capacity() * sizeof(Node) > max_bytes_;
}

/// Interns a state; true where it is new.
bool Reach::add(Flat& flat, Node parent, Node& node) {
  canonical(flat);
  layout_.pack(flat, words_);
  const auto [found, is_new] = store_.intern(words_);
  node = found;
  if (is_new) parents_.push_back(parent);
  return is_new;
}

/// False: the visitor has enough.
bool Reach::start(FlatView state, const Visitor& visitor) {
  Flat flat(state.begin(), state.end());
  Node node = kNoNode;
  if (!add(flat, kNoNode, node)) return true;
  first_.push_back(node);
  return visitor.state(node, flat);
}

std::optional<std::string> Reach::run(const Visitor& visitor, std::optional<std::uint32_t> steps) {
  bool enough = false;
  const Listed listed = list_first_states(machine_, [&](FlatView state) {
    enough = !start(state, visitor);
    return !enough && !is_full();
  });
  if (enough) return std::nullopt;
  if (listed == Listed::Endless) gap("the values of a function that nothing initialises cannot be listed");
  if (listed == Listed::Beyond && !machine_.is_spent()) gap("whether a state is initial is beyond 64 bits");
  if (!gap_ && listed == Listed::All) depth_ = 0;
  return go_on(visitor, steps);
}

std::optional<std::string> Reach::run_from(const State& state, const Visitor& visitor,
                                           std::optional<std::uint32_t> steps) {
  if (!start(machine_.flatten(state), visitor)) return std::nullopt;
  depth_ = 0;
  return go_on(visitor, steps);
}

std::optional<std::string> Reach::go_on(const Visitor& visitor, std::optional<std::uint32_t> steps) {
  if (!machine_.lists_instances()) gap("the values of a parameter of an action cannot be listed");
  std::size_t level = 0, level_end = store_.size();
  for (std::size_t next = 0; next < store_.size() && !machine_.is_spent() && !is_full(); ++next) {
    if (next == level_end) {
      level_end = store_.size();
      ++level;
      if (!gap_) depth_ = level;
    }
    if (steps && level >= *steps) break;
    if (!expand(static_cast<Node>(next), visitor)) return std::nullopt;
  }
  if (machine_.is_spent()) gap(machine_.why_spent());
  if (is_full()) gap("the budget of memory is spent");
  return gap_;
}

/// False: the visitor has enough.
bool Reach::expand(Node node, const Visitor& visitor) {
  Flat from, to;
  load(node, from);
  bool certain = true;
  for (std::size_t i = 0; i < machine_.instances().size(); ++i) {
    const Answer fires = machine_.fire(from, i, to);
    if (machine_.is_spent() || is_full()) return true;
    if (fires == Answer::Beyond) {
      certain = false;
      gap("a step is beyond what 64 bits hold or what can be listed");
    }
    if (fires != Answer::Yes) continue;
    Node target = kNoNode;
    if (add(to, node, target) && !visitor.state(target, to)) return false;
    if (visitor.edge && !visitor.edge(node, static_cast<std::uint32_t>(i), target)) return false;
  }
  expanded_.resize(std::max<std::size_t>(expanded_.size(), node + 1), false);
  expanded_[node] = certain;
  return true;
}

Run Reach::run_to(Node node) {
  std::vector<Node> way;
  for (Node one = node; one != kNoNode; one = parents_[one]) way.push_back(one);
  std::reverse(way.begin(), way.end());
  Machine machine(machine_.system(), machine_.scope(), ~std::uint64_t{0});  // the way is short
  Flat state, to, renamed, wanted;
  load(way.front(), state);
  Run run{machine.scope(), machine.restore(state), {}, std::nullopt};
  for (std::size_t i = 1; i < way.size(); ++i) {
    load(way[i], wanted);
    for (std::size_t instance = 0;; ++instance) {
      BH_CHECK(instance < machine.instances().size(), "some step leads from a state to the one found from it");
      if (machine.fire(state, instance, to) != Answer::Yes) continue;
      renamed = to;
      canonical(renamed);
      if (renamed != wanted) continue;
      run.steps.push_back(machine.instances()[instance]);
      state = to;
      break;
    }
  }
  return run;
}

}  // namespace bulkhead::explore
