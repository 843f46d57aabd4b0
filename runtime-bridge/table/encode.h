// The bytes of a table, and back: docs/formats/table.md says what stands where.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "lang/base/result.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::table {

inline constexpr std::size_t kMaxTableBytes = std::size_t{64} << 20;

/// Why bytes are not a table, and where it was noticed.
struct DecodeError {
  std::size_t offset = 0;
  std::string text;  // lower case, no full stop
};

/// The one encoding of `table`.
///
/// Requires: well_formed(table) is empty. Ensures: decode gives the same value back.
std::string encode(const Table& table);

/// The table that `bytes` encode. The bytes are not trusted: every length, index, enumeration and string is checked,
/// and what is not exactly what `encode` writes is refused.
Result<Table, DecodeError> decode(std::span<const std::uint8_t> bytes);
Result<Table, DecodeError> decode(std::string_view bytes);

/// What a table breaks of the rules that no encoding can break by itself (indices, patterns, paths, ranges); "" if
/// nothing.
std::string well_formed(const Table& table);

}  // namespace bulkhead::table
