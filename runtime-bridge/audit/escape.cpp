#include <cstdint>

#include "runtime-bridge/audit/json_line.h"

namespace bulkhead::audit {
namespace {

/// The length of the UTF-8 scalar at `bytes[at]` with its value, or 0 where there is none (overlong, surrogate, cut).
std::size_t scalar_length(std::string_view bytes, std::size_t at, std::uint32_t& scalar) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  const std::uint8_t lead = byte(at);
  std::size_t length = 0;
  if (lead < 0x80) {
    scalar = lead;
    return 1;
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
    scalar = lead & 0x1Fu;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    scalar = lead & 0x0Fu;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    scalar = lead & 0x07u;
  } else {
    return 0;
  }
  if (bytes.size() - at < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
    scalar = (scalar << 6) | (byte(at + i) & 0x3Fu);
  }
  if (length == 3 && (scalar < 0x800 || (scalar >= 0xD800 && scalar <= 0xDFFF))) return 0;
  if (length == 4 && (scalar < 0x10000 || scalar > 0x10FFFF)) return 0;
  return length;
}

/// Characters that a terminal or an editor would act on instead of showing: controls, line separators, bidirectional
/// marks.
bool acts_on_a_reader(std::uint32_t scalar) {
  return scalar < 0x20 || (scalar >= 0x7F && scalar < 0xA0) || scalar == 0x061C ||
         (scalar >= 0x200B && scalar <= 0x200F) || (scalar >= 0x2028 && scalar <= 0x202E) ||
         (scalar >= 0x2060 && scalar <= 0x206F) || scalar == 0xFEFF || (scalar >= 0xE0000 && scalar <= 0xE007F);
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  std::uint32_t scalar = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = scalar_length(bytes, at, scalar);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string escape_untrusted(std::string_view bytes, std::size_t max_bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  const bool cut = bytes.size() > max_bytes;
  bytes = bytes.substr(0, max_bytes);
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    std::uint32_t scalar = 0;
    const std::size_t length = scalar_length(bytes, at, scalar);
    if (length != 0 && !acts_on_a_reader(scalar)) {
      if (scalar == '\\') out += '\\';
      out.append(bytes.substr(at, length));
      at += length;
      continue;
    }
    const std::size_t raw = length == 0 ? 1 : length;
    for (std::size_t i = 0; i < raw; ++i) {
      const auto byte = static_cast<std::uint8_t>(bytes[at + i]);
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
    at += raw;
  }
  if (cut) out += "...";
  return out;
}

}  // namespace bulkhead::audit
