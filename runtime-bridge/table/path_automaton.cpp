#include "runtime-bridge/table/path_automaton.h"

#include <algorithm>
#include <map>

namespace bulkhead::table {
namespace {

/// States of all patterns in one numbering: pattern i's states start at base[i].
using Subset = std::vector<std::uint32_t>;

class Construction {
 public:
  Construction(const std::vector<JointPattern>& patterns, const JointBounds& bounds)
      : patterns_(patterns), bounds_(bounds) {
    std::uint32_t base = 0;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      const auto states = static_cast<std::uint32_t>(patterns[i].automaton->states.size());
      base_.push_back(base);
      owner_.insert(owner_.end(), states, static_cast<std::uint32_t>(i));
      base += states;
    }
    seen_.assign(base, false);
  }

  /// One byte of each class of bytes that no edge tells apart, and the class of every byte.
  std::vector<std::uint8_t> columns(std::array<std::uint8_t, 256>& column) const {
    std::array<bool, 257> starts{};
    starts[0] = true;
    for (const JointPattern& pattern : patterns_) {
      for (const GlobAutomaton::State& state : pattern.automaton->states) {
        for (const GlobAutomaton::Edge& edge : state.edges) {
          starts[edge.low] = true;
          starts[std::size_t{edge.high} + 1] = true;
        }
      }
    }
    std::vector<std::uint8_t> first;
    for (std::size_t byte = 0; byte < 256; ++byte) {
      if (starts[byte]) first.push_back(static_cast<std::uint8_t>(byte));
      column[byte] = static_cast<std::uint8_t>(first.size() - 1);
    }
    return first;
  }

  /// Before the first byte of a path, or behind the path "/".
  enum class At { Start, Root };
  Subset first(At at) const {
    Subset subset;
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
      GlobWalk walk(*patterns_[i].automaton);
      for (const char c : patterns_[i].prefix) walk.step(static_cast<std::uint8_t>(c));
      if (at == At::Root && patterns_[i].prefix.empty()) walk.step('/');
      for (const std::uint16_t state : walk) subset.push_back(base_[i] + state);
    }
    std::sort(subset.begin(), subset.end());
    return subset;
  }

  Subset step(const Subset& from, std::uint8_t byte) {
    Subset to;
    for (const std::uint32_t id : from) {
      const std::uint32_t base = base_[owner_[id]];
      for (const GlobAutomaton::Edge& edge : state(id).edges) {
        ++work_;
        if (edge.low <= byte && byte <= edge.high) add(base + edge.to, to);
      }
    }
    for (std::size_t done = 0; done < to.size(); ++done) {
      const std::uint32_t base = base_[owner_[to[done]]];
      for (const std::uint16_t next : state(to[done]).silent) add(base + next, to);
    }
    for (const std::uint32_t id : to) seen_[id] = false;
    work_ += to.size();
    std::sort(to.begin(), to.end());
    return to;
  }

  std::vector<std::uint32_t> accepted(const Subset& subset) const {
    std::vector<std::uint32_t> patterns;
    for (const std::uint32_t id : subset) {
      const std::uint32_t owner = owner_[id];
      if (id - base_[owner] == patterns_[owner].automaton->accept) patterns.push_back(owner);
    }
    return patterns;
  }

  bool exhausted(std::size_t states) const { return states > bounds_.states || work_ > bounds_.work; }

 private:
  const GlobAutomaton::State& state(std::uint32_t id) const {
    return patterns_[owner_[id]].automaton->states[id - base_[owner_[id]]];
  }
  void add(std::uint32_t id, Subset& to) {
    if (seen_[id]) return;
    seen_[id] = true;
    to.push_back(id);
  }

  const std::vector<JointPattern>& patterns_;
  const JointBounds& bounds_;
  std::vector<std::uint32_t> base_;
  std::vector<std::uint32_t> owner_;
  std::vector<bool> seen_;
  std::size_t work_ = 0;
};

}  // namespace

std::optional<PathAutomaton> PathAutomaton::build(const std::vector<JointPattern>& patterns,
                                                  const JointBounds& bounds) {
  Construction construction(patterns, bounds);
  PathAutomaton automaton;
  const std::vector<std::uint8_t> bytes = construction.columns(automaton.column_);
  automaton.width_ = static_cast<std::uint32_t>(bytes.size());

  // The first two states are not looked up: a path never comes back to them, and they may be equal.
  const Subset start = construction.first(Construction::At::Start);
  const Subset root = construction.first(Construction::At::Root);
  std::map<Subset, std::uint32_t> known;
  std::vector<const Subset*> order{&start, &root};
  const auto number = [&](Subset subset) {
    const auto [at, fresh] = known.try_emplace(std::move(subset), static_cast<std::uint32_t>(order.size()));
    if (fresh) order.push_back(&at->first);
    return at->second;
  };
  for (std::size_t state = 0; state < order.size(); ++state) {
    for (const std::uint8_t byte : bytes) {
      automaton.next_.push_back(number(construction.step(*order[state], byte)));
      if (construction.exhausted(order.size())) return std::nullopt;
    }
    automaton.accepted_.push_back(construction.accepted(*order[state]));
  }
  return automaton;
}

}  // namespace bulkhead::table
