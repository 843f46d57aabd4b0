#include "lang/ir/net_range.h"

#include <charconv>
#include <vector>

namespace bulkhead::ir {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0;;) {
    const std::size_t end = text.find(separator, at);
    parts.push_back(text.substr(at, end == std::string_view::npos ? end : end - at));
    if (end == std::string_view::npos) return parts;
    at = end + 1;
  }
}

std::optional<unsigned> number(std::string_view text, int base, unsigned max) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || value > max) return std::nullopt;
  return value;
}

std::optional<Address> parse_v4(std::string_view text) {
  const auto parts = split(text, '.');
  Address address;
  if (parts.size() != 4) return std::nullopt;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto byte = parts[i].size() > 3 ? std::nullopt : number(parts[i], 10, 255);
    if (!byte) return std::nullopt;
    address.bytes[i] = static_cast<std::uint8_t>(*byte);
  }
  return address;
}

/// The 16 bit groups of one side of a "::".
std::optional<std::vector<unsigned>> groups_of(std::string_view text) {
  std::vector<unsigned> groups;
  if (text.empty()) return groups;
  for (const auto part : split(text, ':')) {
    const auto group = part.size() > 4 ? std::nullopt : number(part, 16, 0xFFFF);
    if (!group) return std::nullopt;
    groups.push_back(*group);
  }
  return groups;
}

std::optional<Address> parse_v6(std::string_view text) {
  const std::size_t gap = text.find("::");
  const auto head = groups_of(text.substr(0, gap));
  const auto tail = gap == std::string_view::npos ? std::vector<unsigned>{} : groups_of(text.substr(gap + 2));
  if (!head || !tail) return std::nullopt;
  const std::size_t written = head->size() + tail->size();
  if (gap == std::string_view::npos ? written != 8 : written > 7) return std::nullopt;
  std::vector<unsigned> groups = *head;
  groups.resize(8 - tail->size(), 0);
  groups.insert(groups.end(), tail->begin(), tail->end());
  Address address;
  address.family = Family::V6;
  for (std::size_t i = 0; i < 8; ++i) {
    address.bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8u);
    address.bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 0xFFu);
  }
  return address;
}

std::optional<NetPattern> prefix_range(const Address& base, unsigned bits) {
  NetPattern range{base, base};
  const std::size_t size = base.family == Family::V4 ? 4 : 16;
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned kept = bits >= 8 * (i + 1) ? 8 : bits > 8 * i ? bits - static_cast<unsigned>(8 * i) : 0;
    const unsigned free_bits = 0xFFu >> kept;
    if ((base.bytes[i] & free_bits) != 0) return std::nullopt;
    range.last.bytes[i] = static_cast<std::uint8_t>(base.bytes[i] | free_bits);
  }
  return range;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  return text.find(':') == std::string_view::npos ? parse_v4(text) : parse_v6(text);
}

std::optional<NetPattern> parse_net_range(std::string_view text) {
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    const auto base = parse_address(text.substr(0, slash));
    if (!base) return std::nullopt;
    const auto bits = number(text.substr(slash + 1), 10, base->family == Family::V4 ? 32 : 128);
    return bits ? prefix_range(*base, *bits) : std::nullopt;
  }
  const std::size_t dash = text.find('-');
  const auto first = parse_address(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_address(text.substr(dash + 1));
  if (!first || !last || first->family != last->family || last->bytes < first->bytes) return std::nullopt;
  return NetPattern{*first, *last};
}

const std::vector<NetPattern>& loopback_ranges() {
  static const std::vector<NetPattern> kRanges = [] {
    std::vector<NetPattern> ranges;
    for (const char* text : {"127.0.0.0/8", "0.0.0.0", "::1", "::", "::ffff:7f00:0/104", "::ffff:0:0"}) {
      ranges.push_back(*parse_net_range(text));
    }
    return ranges;
  }();
  return kRanges;
}

std::string to_string(const Address& address) {
  std::string text;
  if (address.family == Family::V4) {
    for (std::size_t i = 0; i < 4; ++i) text += (i > 0 ? "." : "") + std::to_string(address.bytes[i]);
    return text;
  }
  for (std::size_t i = 0; i < 16; i += 2) {
    char group[5] = {};
    const unsigned value = (static_cast<unsigned>(address.bytes[i]) << 8u) | address.bytes[i + 1];
    const auto end = std::to_chars(group, group + 4, value, 16).ptr;
    text += (i > 0 ? ":" : "") + std::string(group, end);
  }
  return text;
}

}  // namespace bulkhead::ir
