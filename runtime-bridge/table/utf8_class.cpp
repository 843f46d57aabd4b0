#include "runtime-bridge/table/utf8_class.h"

#include <algorithm>

namespace bulkhead::table {
namespace {

constexpr std::uint32_t kLastScalar = 0x10FFFF;
constexpr std::uint32_t kLengthLimits[] = {0x7F, 0x7FF, 0xFFFF, kLastScalar};

std::size_t encode(std::uint32_t scalar, std::array<std::uint8_t, 4>& bytes) {
  const auto tail = [&](unsigned shift) { return static_cast<std::uint8_t>(0x80u | ((scalar >> shift) & 0x3Fu)); };
  if (scalar <= 0x7F) {
    bytes = {static_cast<std::uint8_t>(scalar)};
    return 1;
  }
  if (scalar <= 0x7FF) {
    bytes = {static_cast<std::uint8_t>(0xC0u | (scalar >> 6)), tail(0)};
    return 2;
  }
  if (scalar <= 0xFFFF) {
    bytes = {static_cast<std::uint8_t>(0xE0u | (scalar >> 12)), tail(6), tail(0)};
    return 3;
  }
  bytes = {static_cast<std::uint8_t>(0xF0u | (scalar >> 18)), tail(12), tail(6), tail(0)};
  return 4;
}

/// Where a range must be cut so that each byte of its encodings ranges independently of the others; none: it need not.
std::optional<std::uint32_t> cut_of(ScalarRange range) {
  for (const std::uint32_t limit : kLengthLimits) {
    if (range.first <= limit && limit < range.last) return limit;
  }
  for (unsigned shift = 6; shift <= 18; shift += 6) {
    const std::uint32_t mask = (1u << shift) - 1;
    if ((range.first & ~mask) == (range.last & ~mask)) continue;
    if ((range.first & mask) != 0) return range.first | mask;
    if ((range.last & mask) != mask) return (range.last & ~mask) - 1;
  }
  return std::nullopt;
}

}  // namespace

std::vector<ScalarRange> normalised(std::vector<ScalarRange> ranges, bool negated) {
  if (negated) {
    ranges.push_back({'/', '/'});
    ranges.push_back({0xD800, 0xDFFF});
  }
  std::sort(ranges.begin(), ranges.end(), [](ScalarRange a, ScalarRange b) { return a.first < b.first; });
  std::vector<ScalarRange> joined;
  for (const ScalarRange range : ranges) {
    if (!joined.empty() && range.first <= joined.back().last + 1) {
      joined.back().last = std::max(joined.back().last, range.last);
    } else {
      joined.push_back(range);
    }
  }
  if (negated) {
    std::vector<ScalarRange> gaps;
    std::uint32_t next = 0;
    for (const ScalarRange range : joined) {
      if (next < range.first) gaps.push_back({next, range.first - 1});
      next = range.last + 1;
    }
    if (next <= kLastScalar) gaps.push_back({next, kLastScalar});
    return gaps;
  }
  std::vector<ScalarRange> kept;
  const auto keep = [&](std::uint32_t first, std::uint32_t last, ScalarRange range) {
    const ScalarRange part{std::max(first, range.first), std::min(last, range.last)};
    if (part.first <= part.last) kept.push_back(part);
  };
  for (const ScalarRange range : joined) {
    keep(0, '/' - 1, range);
    keep('/' + 1, 0xD7FF, range);
    keep(0xE000, kLastScalar, range);
  }
  return kept;
}

std::vector<ByteSequence> byte_sequences(const std::vector<ScalarRange>& ranges) {
  std::vector<ByteSequence> sequences;
  std::vector<ScalarRange> waiting(ranges.rbegin(), ranges.rend());
  while (!waiting.empty()) {
    const ScalarRange range = waiting.back();
    waiting.pop_back();
    if (const auto cut = cut_of(range)) {
      waiting.push_back({*cut + 1, range.last});
      waiting.push_back({range.first, *cut});
      continue;
    }
    std::array<std::uint8_t, 4> low{}, high{};
    ByteSequence sequence;
    sequence.length = encode(range.first, low);
    encode(range.last, high);
    for (std::size_t i = 0; i < sequence.length; ++i) sequence.ranges[i] = {low[i], high[i]};
    sequences.push_back(sequence);
  }
  return sequences;
}

std::optional<std::uint32_t> next_scalar(std::string_view text, std::size_t& at) {
  if (at >= text.size()) return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(at);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead > 0xF4 || at + length > text.size()) return std::nullopt;
  std::uint32_t scalar = length == 1 ? lead : lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return std::nullopt;
    scalar = (scalar << 6) | (byte(at + i) & 0x3Fu);
  }
  const bool overlong = length > 1 && scalar <= kLengthLimits[length - 2];
  if (overlong || scalar > kLastScalar || (scalar >= 0xD800 && scalar <= 0xDFFF)) return std::nullopt;
  at += length;
  return scalar;
}

}  // namespace bulkhead::table
