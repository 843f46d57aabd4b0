#include "runtime-bridge/table/path_automaton.h"

#include <algorithm>

namespace bulkhead::table {

PathAutomaton::PathAutomaton(std::vector<JointPattern> patterns, const JointBounds& bounds)
    : patterns_(std::move(patterns)), bounds_(bounds) {
  for (const JointPattern& pattern : patterns_) {
    base_.push_back(static_cast<std::uint32_t>(owner_.size()));
    owner_.insert(owner_.end(), pattern.automaton->size(), static_cast<std::uint32_t>(base_.size() - 1));
  }
  seen_.assign(owner_.size(), false);
  tell_bytes_apart();

  Subset start, root;
  for (std::uint32_t i = 0; i < patterns_.size(); ++i) {
    const Subset here = behind_prefix(i);
    const Subset there = patterns_[i].prefix.empty() ? step(here, '/') : here;
    start.insert(start.end(), here.begin(), here.end());
    root.insert(root.end(), there.begin(), there.end());
  }
  // The first two states are not looked up: a path never comes back to them, and they may be equal.
  add_state(std::move(start));
  add_state(std::move(root));
}

void PathAutomaton::tell_bytes_apart() {
  std::array<bool, 257> starts{};
  starts[0] = true;
  for (const JointPattern& pattern : patterns_) {
    for (const GlobAutomaton::Edge& edge : pattern.automaton->all_edges) {
      starts[edge.low] = true;
      starts[std::size_t{edge.high} + 1] = true;
    }
  }
  for (std::size_t byte = 0; byte < 256; ++byte) {
    if (starts[byte]) bytes_.push_back(static_cast<std::uint8_t>(byte));
    column_[byte] = static_cast<std::uint8_t>(bytes_.size() - 1);
  }
  width_ = bytes_.size();
}

PathAutomaton::Subset PathAutomaton::behind_prefix(std::uint32_t pattern) {
  Subset subset{base_[pattern]};
  close(subset);
  for (const char c : patterns_[pattern].prefix) subset = step(subset, static_cast<std::uint8_t>(c));
  return subset;
}

void PathAutomaton::add(std::uint32_t id, Subset& to) {
  if (seen_[id]) return;
  seen_[id] = true;
  to.push_back(id);
}

/// Adds what silent moves lead to, and sorts.
void PathAutomaton::close(Subset& subset) {
  for (const std::uint32_t id : subset) seen_[id] = true;
  for (std::size_t done = 0; done < subset.size(); ++done) {
    const std::uint32_t owner = owner_[subset[done]], base = base_[owner];
    for (const std::uint16_t next : patterns_[owner].automaton->silent(subset[done] - base)) add(base + next, subset);
  }
  for (const std::uint32_t id : subset) seen_[id] = false;
  work_ += subset.size();
  std::sort(subset.begin(), subset.end());
}

PathAutomaton::Subset PathAutomaton::step(const Subset& from, std::uint8_t byte) {
  Subset to;
  for (const std::uint32_t id : from) {
    const std::uint32_t owner = owner_[id], base = base_[owner];
    for (const GlobAutomaton::Edge& edge : patterns_[owner].automaton->edges(id - base)) {
      ++work_;
      if (edge.low <= byte && byte <= edge.high) add(base + edge.to, to);
    }
  }
  close(to);
  return to;
}

void PathAutomaton::add_state(Subset subset) {
  std::vector<std::uint32_t> accepted;
  for (const std::uint32_t id : subset) {
    const std::uint32_t owner = owner_[id];
    if (id - base_[owner] == patterns_[owner].automaton->accept) accepted.push_back(owner);
  }
  accepted_.push_back(std::move(accepted));
  subsets_.push_back(std::move(subset));
  next_.resize(next_.size() + width_, kUnmade);
}

bool PathAutomaton::make(std::uint32_t state, std::uint32_t column) {
  if (exhausted()) return false;
  Subset subset = step(subsets_[state], bytes_[column]);
  const auto number = static_cast<std::uint32_t>(subsets_.size());
  const auto found = known_.find(&subset);
  if (found != known_.end()) {
    next_[state * width_ + column] = found->second;
  } else {
    add_state(std::move(subset));
    known_.emplace(&subsets_.back(), number);
    next_[state * width_ + column] = number;
  }
  return !exhausted();
}

std::optional<std::uint32_t> PathAutomaton::walk(std::string_view path) {
  if (exhausted()) return std::nullopt;
  if (path == "/") return kRoot;
  std::uint32_t state = kStart;
  for (const char c : path) {
    const std::uint32_t column = column_[static_cast<std::uint8_t>(c)];
    if (next_[state * width_ + column] == kUnmade && !make(state, column)) return std::nullopt;
    state = next_[state * width_ + column];
  }
  return state;
}

bool PathAutomaton::complete() {
  for (std::uint32_t state = 0; state < subsets_.size(); ++state) {
    for (std::uint32_t column = 0; column < width_; ++column) {
      if (next_[state * width_ + column] == kUnmade && !make(state, column)) return false;
    }
  }
  return !exhausted();
}

}  // namespace bulkhead::table
