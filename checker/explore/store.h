// Interned words: each array of a fixed number of words is kept once and named by the order in which it came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "checker/explore/machine.h"

namespace bulkhead::explore {

using Words = std::vector<std::uint64_t>;
using Node = std::uint32_t;
inline constexpr Node kNoNode = std::numeric_limits<Node>::max();

class Store {
 public:
  explicit Store(std::size_t words) : width_(words) {}

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return words_.capacity() * sizeof(std::uint64_t) + slots_.capacity() * sizeof(Node); }
  /// The node of these words, and whether it is new. Requires: size() < kNoNode.
  std::pair<Node, bool> intern(std::span<const std::uint64_t> words);
  std::span<const std::uint64_t> at(Node node) const {
    return {words_.data() + static_cast<std::size_t>(node) * width_, width_};
  }

 private:
  void grow();
  std::size_t slot_of(std::span<const std::uint64_t> words) const;

  std::size_t width_;
  std::size_t size_ = 0;
  Words words_;
  std::vector<Node> slots_;  // open addressing; at most half full
};

/// How the entries of a state are packed into words: each takes as many bits as its type has values.
class Layout {
 public:
  explicit Layout(const Machine& machine);

  std::size_t words() const { return words_; }
  void pack(FlatView flat, Words& words) const;
  void unpack(std::span<const std::uint64_t> words, Flat& flat) const;

 private:
  struct Field {
    std::size_t word;
    unsigned shift;
    std::uint64_t mask;
  };
  std::vector<Field> fields_;
  std::size_t words_ = 0;
};

}  // namespace bulkhead::explore
