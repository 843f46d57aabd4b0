#include "checker/explore/store.h"

#include <algorithm>
#include <bit>

#include "lang/base/check.h"

namespace bulkhead::explore {
namespace {

std::uint64_t hash(std::span<const std::uint64_t> words) {
  std::uint64_t mixed = 0x9e3779b97f4a7c15u;
  for (const std::uint64_t word : words) {  // splitmix64 of each word, chained
    mixed = (mixed ^ word) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    mixed ^= mixed >> 31;
  }
  return mixed;
}

unsigned bits_of(const system::System& system, const system::Scope& scope, const system::Type& type) {
  if (type.kind == system::Kind::Int) return 64;
  if (type.kind == system::Kind::Bits) return type.width;
  const auto count = system::cardinality(system, scope, type);
  return static_cast<unsigned>(std::bit_width(*count - 1));
}

}  // namespace

std::size_t Store::slot_of(std::span<const std::uint64_t> words) const {
  std::size_t slot = hash(words) & (slots_.size() - 1);
  while (slots_[slot] != kNoNode && !std::ranges::equal(at(slots_[slot]), words))
    slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

void Store::grow() {
  slots_.assign(std::max<std::size_t>(1024, slots_.size() * 2), kNoNode);
  for (std::size_t node = 0; node < size_; ++node)
    slots_[slot_of(at(static_cast<Node>(node)))] = static_cast<Node>(node);
}

std::pair<Node, bool> Store::intern(std::span<const std::uint64_t> words) {
  BH_CHECK(size_ < kNoNode, "more nodes than a name can tell apart");
  if (2 * (size_ + 1) > slots_.size()) grow();
  const std::size_t slot = slot_of(words);
  if (slots_[slot] != kNoNode) return {slots_[slot], false};
  slots_[slot] = static_cast<Node>(size_++);
  words_.insert(words_.end(), words.begin(), words.end());
  return {slots_[slot], true};
}

Layout::Layout(const Machine& machine) {
  unsigned used = 64;  // of the last word
  for (std::size_t entry = 0; entry < machine.entries(); ++entry) {
    const unsigned width = bits_of(machine.system(), machine.scope(), machine.type_of(entry));
    if (used + width > 64) {
      ++words_;
      used = 0;
    }
    const std::uint64_t mask = width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
    fields_.push_back({words_ == 0 ? 0 : words_ - 1, used == 64 ? 0 : used, mask});  // of width 0: anywhere
    used += width;
  }
  words_ = std::max<std::size_t>(words_, 1);
}

void Layout::pack(FlatView flat, Words& words) const {
  words.assign(words_, 0);
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    words[fields_[i].word] |= static_cast<std::uint64_t>(flat[i]) << fields_[i].shift;
  }
}

void Layout::unpack(std::span<const std::uint64_t> words, Flat& flat) const {
  flat.resize(fields_.size());
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    flat[i] = static_cast<system::Value>((words[field.word] >> field.shift) & field.mask);
  }
}

}  // namespace bulkhead::explore
