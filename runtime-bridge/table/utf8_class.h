// Sets of UTF-8 scalars as alternatives of byte ranges, the way automata over bytes need them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace bulkhead::table {

/// Scalars `first` to `last`, both inclusive.
struct ScalarRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

/// One to four byte ranges in a row.
struct ByteSequence {
  struct Range {
    std::uint8_t low = 0;
    std::uint8_t high = 0;
  };
  std::array<Range, 4> ranges{};
  std::size_t length = 0;
};

/// Sorted, disjoint, without surrogates and without "/"; of the complement if `negated`.
std::vector<ScalarRange> normalised(std::vector<ScalarRange> ranges, bool negated);

/// Sequences that together are exactly the encodings of `ranges` (normalised).
std::vector<ByteSequence> byte_sequences(const std::vector<ScalarRange>& ranges);

/// The scalar at `text[at]`, moving `at` behind it; nothing where the bytes are not UTF-8 or none are left.
std::optional<std::uint32_t> next_scalar(std::string_view text, std::size_t& at);

}  // namespace bulkhead::table
