// UTF-8, as far as an importer needs it: is it valid, and how to show bytes that nobody should trust.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::json {

/// Offset of the first byte that is not part of a well-formed scalar (no overlong forms, no surrogates).
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// The text with control characters and backticks escaped, cut at 200 bytes: for messages.
std::string printable(std::string_view text);

}  // namespace bulkhead::json
