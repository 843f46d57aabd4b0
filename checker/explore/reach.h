// The states that can be reached in one scope, breadth first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/explore/explore.h"
#include "checker/explore/machine.h"
#include "checker/explore/store.h"
#include "checker/explore/symmetry.h"

namespace bulkhead::explore {

/// What a search wants to hear of; each answers true to go on.
struct Visitor {
  std::function<bool(Node, FlatView)> state;                             // each state once, in order of its distance
  std::function<bool(Node from, std::uint32_t instance, Node to)> edge;  // each step that fires; may be empty
};

class Reach {
 public:
  /// Requires: as Machine.
  Reach(const system::System& system, const system::Scope& scope, const Options& options);

  /// Visits what can be reached within so many steps. None: everything was visited, or the visitor had enough;
  /// otherwise why not everything was.
  std::optional<std::string> run(const Visitor& visitor, std::optional<std::uint32_t> steps = std::nullopt);

  /// The same from one state: what can be reached from it.
  std::optional<std::string> run_from(const system::State& state, const Visitor& visitor,
                                      std::optional<std::uint32_t> steps = std::nullopt);

  Machine& machine() { return machine_; }
  std::size_t states() const { return store_.size(); }
  /// Every run of at most so many steps was looked at; none: not even every initial state.
  std::optional<std::size_t> depth() const { return depth_; }
  void load(Node node, Flat& flat) const { layout_.unpack(store_.at(node), flat); }
  /// All instances of this node were tried, and none was beyond.
  bool is_expanded(Node node) const { return node < expanded_.size() && expanded_[node]; }
  const std::vector<Node>& first() const { return first_; }

  /// A shortest run to this node. With symmetry: to a state that differs from it in names alone.
  system::Run run_to(Node node);

 private:
  void canonical(Flat& flat) {
    if (symmetry_) machine_.charge(symmetry_->canonical(flat));
  }
  bool add(Flat& flat, Node parent, Node& node);
  bool start(FlatView state, const Visitor& visitor);
  std::optional<std::string> go_on(const Visitor& visitor, std::optional<std::uint32_t> steps);
  bool expand(Node node, const Visitor& visitor);
  bool is_full() const;
  void gap(const std::string& why);

  Machine machine_;
  Layout layout_;
  std::optional<Symmetry> symmetry_;
  std::uint64_t max_bytes_;
  Store store_;
  Words words_;
  std::vector<Node> parents_;
  std::vector<Node> first_;
  std::vector<bool> expanded_;
  std::optional<std::size_t> depth_;
  std::optional<std::string> gap_;
};

}  // namespace bulkhead::explore
