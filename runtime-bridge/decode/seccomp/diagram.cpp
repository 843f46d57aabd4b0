#include "runtime-bridge/decode/seccomp/diagram.h"

#include <algorithm>

namespace bulkhead::decode::seccomp {
namespace {

constexpr std::uint32_t kLeaf = 0xFFFFFFFF;  // sorts behind every variable

/// Words in the order of their variables: what a filter looks at first comes first; arguments from their upper half.
constexpr std::uint32_t kOrder[] = {
    bpf::kArchOffset, bpf::kNumberOffset, 20, 16, 28, 24, 36, 32, 44, 40, 52, 48, 60, 56, 12, 8};

std::uint32_t word_of(const bpf::Call& call, std::uint32_t offset) {
  if (offset == bpf::kNumberOffset) return call.number;
  if (offset == bpf::kArchOffset) return call.arch;
  const std::uint64_t wide = offset < bpf::kArgumentsOffset ? call.pointer : call.arguments[(offset - 16) / 8];
  return static_cast<std::uint32_t>(offset % 8 == 0 ? wide : wide >> 32);
}

void set_bit(bpf::Call& call, std::uint32_t offset, unsigned bit) {
  const std::uint64_t mask = std::uint64_t{1} << (bit + (offset % 8 == 0 ? 0 : 32));
  if (offset == bpf::kNumberOffset)
    call.number |= 1u << bit;
  else if (offset == bpf::kArchOffset)
    call.arch |= 1u << bit;
  else if (offset < bpf::kArgumentsOffset)
    call.pointer |= mask;
  else
    call.arguments[(offset - 16) / 8] |= mask;
}

}  // namespace

Diagrams::Diagrams() {
  no_ = value(0);
  yes_ = value(1);
}

std::uint32_t Diagrams::variable_of(std::uint32_t offset, unsigned bit) {
  const auto* place = std::find(std::begin(kOrder), std::end(kOrder), offset);
  return static_cast<std::uint32_t>(place - std::begin(kOrder)) * 32 + (31 - bit);
}

Ref Diagrams::make(std::uint32_t variable, Ref low, Ref high) {
  if (variable != kLeaf && low == high) return low;
  const Key key{variable, low, high};
  if (const Ref known = unique_.find(key); known != KeyMap::kNothing) return known;
  if (nodes_.size() >= kMaxNodes) {
    exhausted_ = true;
    return no_;
  }
  const auto fresh = static_cast<Ref>(nodes_.size());
  unique_.insert(key, fresh);
  nodes_.push_back({variable, low, high});
  return fresh;
}

Ref Diagrams::value(std::uint32_t value) {
  return make(kLeaf, value, 0);
}

bool Diagrams::leaf(Ref ref) const {
  return nodes_[ref].variable == kLeaf;
}

std::uint32_t Diagrams::top(Ref a, Ref b, Ref c) const {
  return std::min({nodes_[a].variable, nodes_[b].variable, nodes_[c].variable});
}

Ref Diagrams::cofactor(Ref ref, std::uint32_t variable, bool high) const {
  const Node& node = nodes_[ref];
  if (node.variable != variable) return ref;
  return high ? node.high : node.low;
}

// Recursion: one level for each variable, at most 512, whatever the program.
Ref Diagrams::choose(Ref condition, Ref then, Ref otherwise) {
  if (condition == yes_ || then == otherwise) return then;
  if (condition == no_) return otherwise;
  if (then == yes_ && otherwise == no_) return condition;
  if (exhausted_) return no_;
  const Key key{condition, then, otherwise};
  if (const Ref known = chosen_.find(key); known != KeyMap::kNothing) return known;
  const std::uint32_t variable = top(condition, then, otherwise);
  const auto side = [&](bool high) {
    return choose(cofactor(condition, variable, high), cofactor(then, variable, high),
                  cofactor(otherwise, variable, high));
  };
  const Ref low = side(false);
  const Ref high = side(true);
  const Ref result = make(variable, low, high);
  chosen_.insert(key, result);
  return result;
}

Ref Diagrams::where_action(Ref diagram, const std::vector<std::uint32_t>& actions) {
  // Children are older than their parents, so one pass in the order of age suffices.
  std::vector<bool> needed(nodes_.size(), false);
  needed[diagram] = true;
  for (Ref ref = diagram + 1; ref-- > 0;) {
    if (needed[ref] && !leaf(ref)) needed[nodes_[ref].low] = needed[nodes_[ref].high] = true;
  }
  std::vector<Ref> result(diagram + 1, no_);
  for (Ref ref = 0; ref <= diagram; ++ref) {
    if (!needed[ref]) continue;
    const Node node = nodes_[ref];
    if (node.variable == kLeaf) {
      const bool listed = std::find(actions.begin(), actions.end(), node.low & bpf::kActionMask) != actions.end();
      result[ref] = listed ? yes_ : no_;
    } else {
      result[ref] = make(node.variable, result[node.low], result[node.high]);
    }
  }
  return result[diagram];
}

Ref Diagrams::difference(Ref a, Ref b) {
  KeyMap known;
  // An explicit stack: a pair is finished once both of its sides are.
  std::vector<Key> open{{a, b, 0}};
  while (!open.empty()) {
    const Key pair = open.back();
    if (known.find(pair) != KeyMap::kNothing) {
      open.pop_back();
      continue;
    }
    if (pair.a == pair.b || (leaf(pair.a) && leaf(pair.b))) {
      known.insert(pair, pair.a == pair.b ? no_ : yes_);
      continue;
    }
    const std::uint32_t variable = top(pair.a, pair.b, pair.b);
    const Key low{cofactor(pair.a, variable, false), cofactor(pair.b, variable, false), 0};
    const Key high{cofactor(pair.a, variable, true), cofactor(pair.b, variable, true), 0};
    const Ref low_known = known.find(low), high_known = known.find(high);
    if (low_known != KeyMap::kNothing && high_known != KeyMap::kNothing) {
      known.insert(pair, make(variable, low_known, high_known));
      continue;
    }
    if (low_known == KeyMap::kNothing) open.push_back(low);
    if (high_known == KeyMap::kNothing) open.push_back(high);
  }
  return known.find({a, b, 0});
}

Bits<32> Diagrams::word(std::uint32_t offset) {
  Bits<32> bits{};
  for (unsigned i = 0; i < 32; ++i) bits[i] = make(variable_of(offset, i), no_, yes_);
  return bits;
}

Bits<64> Diagrams::argument(unsigned index) {
  const Bits<32> lower = word(bpf::kArgumentsOffset + 8 * index);
  const Bits<32> upper = word(bpf::kArgumentsOffset + 8 * index + 4);
  Bits<64> bits{};
  std::copy(lower.begin(), lower.end(), bits.begin());
  std::copy(upper.begin(), upper.end(), bits.begin() + 32);
  return bits;
}

std::optional<bpf::Call> Diagrams::example(Ref condition) const {
  if (condition == no_) return std::nullopt;
  bpf::Call call;
  // Every node but "no" has a way to "yes".
  for (Ref ref = condition; !leaf(ref);) {
    const Node& node = nodes_[ref];
    if (node.low != no_) {
      ref = node.low;
      continue;
    }
    set_bit(call, kOrder[node.variable / 32], 31 - node.variable % 32);
    ref = node.high;
  }
  return call;
}

std::uint32_t Diagrams::evaluate(Ref diagram, const bpf::Call& call) const {
  while (!leaf(diagram)) {
    const Node& node = nodes_[diagram];
    const std::uint32_t word = word_of(call, kOrder[node.variable / 32]);
    diagram = ((word >> (31 - node.variable % 32)) & 1) != 0 ? node.high : node.low;
  }
  return nodes_[diagram].low;
}

}  // namespace bulkhead::decode::seccomp
