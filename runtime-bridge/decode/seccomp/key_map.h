// A hash map from three words to one, made for decision diagrams: they ask it once for each step, and little else.
//
// Open addressing, linear probing, never more than half full; nothing is ever removed. std::unordered_map has a node on
// the heap for each entry and divides by a prime: together with its cache misses that was half of what proving a filter
// cost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bulkhead::decode::seccomp {

struct Key {
  std::uint32_t a = 0, b = 0, c = 0;
  friend bool operator==(const Key&, const Key&) = default;
};

class KeyMap {
 public:
  /// No entry has this value.
  static constexpr std::uint32_t kNothing = UINT32_MAX;

  /// The value of `key`, or kNothing.
  std::uint32_t find(const Key& key) const { return slots_[place(key)].value; }
  /// Requires: `key` is not there, `value` is not kNothing.
  void insert(const Key& key, std::uint32_t value) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    slots_[place(key)] = {key, value};
    ++size_;
  }

 private:
  struct Slot {
    Key key;
    std::uint32_t value = kNothing;
  };

  static std::size_t hash(const Key& key) {
    std::uint64_t hash = key.a;
    hash = (hash ^ (std::uint64_t{key.b} << 21)) * 0x9E3779B97F4A7C15u;
    hash = (hash ^ (hash >> 29) ^ key.c) * 0xBF58476D1CE4E5B9u;
    return static_cast<std::size_t>(hash ^ (hash >> 32));
  }
  /// Where `key` is, or the empty slot where it would be: there always is one.
  std::size_t place(const Key& key) const {
    std::size_t at = hash(key) & (slots_.size() - 1);
    while (slots_[at].value != kNothing && !(slots_[at].key == key)) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow() {
    std::vector<Slot> before(2 * slots_.size());
    before.swap(slots_);
    for (const Slot& slot : before) {
      if (slot.value != kNothing) slots_[place(slot.key)] = slot;
    }
  }

  std::vector<Slot> slots_ = std::vector<Slot>(1024);  // a power of two
  std::size_t size_ = 0;
};

}  // namespace bulkhead::decode::seccomp
