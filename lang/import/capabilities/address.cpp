#include "lang/import/capabilities/address.h"

#include <algorithm>
#include <charconv>

namespace bulkhead::capabilities {
namespace {

constexpr unsigned width_of(ir::Family family) {
  return family == ir::Family::V4 ? 32 : 128;
}

template <typename T>
std::optional<T> number(std::string_view text, int base, std::size_t longest) {
  T value{};
  if (text.empty() || text.size() > longest) return std::nullopt;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto next = text.find(at);
    parts.push_back(text.substr(0, next));
    if (next == std::string_view::npos) return parts;
    text.remove_prefix(next + 1);
  }
}

std::optional<ir::Address> parse_v4(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  ir::Address address;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto value = number<std::uint8_t>(parts[i], 10, 3);
    if (!value || (parts[i].size() > 1 && parts[i].front() == '0')) return std::nullopt;  // 010 is 8 to some
    address.bytes[i] = *value;
  }
  return address;
}

/// The groups of one side of `::`, each two bytes.
std::optional<std::vector<std::uint8_t>> parse_groups(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  if (text.empty()) return bytes;
  const auto parts = split(text, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i + 1 == parts.size() && parts[i].find('.') != std::string_view::npos) {
      const auto tail = parse_v4(parts[i]);
      if (!tail) return std::nullopt;
      bytes.insert(bytes.end(), tail->bytes.begin(), tail->bytes.begin() + 4);
      continue;
    }
    const auto group = number<std::uint16_t>(parts[i], 16, 4);
    if (!group) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(*group >> 8));
    bytes.push_back(static_cast<std::uint8_t>(*group & 255));
  }
  return bytes;
}

std::optional<ir::Address> parse_v6(std::string_view text) {
  ir::Address address;
  address.family = ir::Family::V6;
  const auto gap = text.find("::");
  const auto left = parse_groups(text.substr(0, gap));
  if (!left) return std::nullopt;
  if (gap == std::string_view::npos) {
    if (left->size() != 16) return std::nullopt;
    std::copy(left->begin(), left->end(), address.bytes.begin());
    return address;
  }
  const auto right = parse_groups(text.substr(gap + 2));
  if (!right || left->size() + right->size() > 14) return std::nullopt;
  std::copy(left->begin(), left->end(), address.bytes.begin());
  std::copy(right->rbegin(), right->rend(), address.bytes.rbegin());
  return address;
}

void set_bit(ir::Address& address, unsigned index, bool on) {
  const auto mask = static_cast<std::uint8_t>(1u << (7 - index % 8));
  auto& byte = address.bytes[index / 8];
  byte = static_cast<std::uint8_t>(on ? byte | mask : byte & ~mask);
}

Block block_at(ir::Address address, unsigned bits) {
  Block block{address, address, bits};
  for (unsigned i = bits; i < width_of(address.family); ++i) {
    set_bit(block.first, i, false);
    set_bit(block.last, i, true);
  }
  return block;
}

}  // namespace

std::optional<Block> parse_block(std::string_view text, bool& host_bits) {
  host_bits = false;
  const auto slash = text.find('/');
  const auto plain = text.substr(0, slash);
  const auto address = plain.find(':') == std::string_view::npos ? parse_v4(plain) : parse_v6(plain);
  if (!address) return std::nullopt;
  unsigned bits = width_of(address->family);
  if (slash != std::string_view::npos) {
    const auto given = number<unsigned>(text.substr(slash + 1), 10, 3);
    if (!given || *given > bits) return std::nullopt;
    bits = *given;
  }
  auto block = block_at(*address, bits);
  host_bits = block.first != *address;
  return block;
}

std::string to_string(const ir::Address& address) {
  std::string out;
  if (address.family == ir::Family::V4) {
    for (std::size_t i = 0; i < 4; ++i) out += (i ? "." : "") + std::to_string(address.bytes[i]);
    return out;
  }
  // The longest run of zero groups, at least two, becomes `::` [RFC 5952].
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = address.bytes[2 * i] * 256u + address.bytes[2 * i + 1];
  std::size_t best = 8;
  std::size_t best_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && groups[i + length] == 0) ++length;
    if (length > best_length) {
      best = i;
      best_length = length;
    }
  }
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += best_length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    char digits[4];
    const auto end = std::to_chars(digits, digits + 4, groups[i], 16).ptr;
    out.append(digits, end);
  }
  return out;
}

std::string to_string(const Block& block) {
  if (block.bits == width_of(block.first.family)) return to_string(block.first);
  return to_string(block.first) + "/" + std::to_string(block.bits);
}

namespace {

using Ports = std::vector<std::pair<std::uint16_t, std::uint16_t>>;

Ports other_ports(std::vector<std::pair<std::uint32_t, std::uint32_t>> granted) {
  std::sort(granted.begin(), granted.end());
  Ports out;
  std::uint32_t next = 0;
  for (const auto& [first, last] : granted) {
    if (first > next) out.emplace_back(static_cast<std::uint16_t>(next), static_cast<std::uint16_t>(first - 1));
    next = std::max(next, last + 1);
  }
  if (next <= 65535) out.emplace_back(static_cast<std::uint16_t>(next), std::uint16_t{65535});
  return out;
}

/// What is outside on a block that each of `granted` covers entirely.
std::vector<Outside::Service> services_outside(const std::vector<const ir::NetPattern*>& granted) {
  std::vector<Outside::Service> services;
  for (const auto proto : {ir::Proto::Tcp, ir::Proto::Udp}) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ports;
    for (const auto* grant : granted) {
      if ((grant->protos >> static_cast<unsigned>(proto)) & 1) ports.emplace_back(grant->first_port, grant->last_port);
    }
    auto rest = other_ports(std::move(ports));
    if (!rest.empty()) services.push_back({proto, std::move(rest)});
  }
  return services;
}

struct Pending {
  Block block;
  std::vector<const ir::NetPattern*> granted;
};

void add(std::vector<Outside>& out, const Block& block, std::vector<Outside::Service> services) {
  for (auto& group : out) {
    const auto same = [](const auto& a, const auto& b) { return a.proto == b.proto && a.ports == b.ports; };
    if (std::equal(group.services.begin(), group.services.end(), services.begin(), services.end(), same)) {
      group.blocks.push_back(block);
      return;
    }
  }
  out.push_back({{block}, std::move(services)});
}

}  // namespace

std::vector<Outside> outside_of(const std::vector<ir::NetPattern>& granted) {
  std::vector<Outside> out;
  std::vector<Pending> pending;
  for (const auto family : {ir::Family::V6, ir::Family::V4}) {
    Pending all{block_at(ir::Address{family, {}}, 0), {}};
    for (const auto& grant : granted) {
      if (grant.first.family == family) all.granted.push_back(&grant);
    }
    pending.push_back(std::move(all));
  }
  while (!pending.empty()) {
    const Pending now = std::move(pending.back());
    pending.pop_back();
    const auto covers_block = [&](const auto* g) { return g->first <= now.block.first && now.block.last <= g->last; };
    if (now.granted.empty()) {
      add(out, now.block, {});
    } else if (std::all_of(now.granted.begin(), now.granted.end(), covers_block)) {
      if (auto services = services_outside(now.granted); !services.empty()) add(out, now.block, std::move(services));
    } else {
      for (const bool high : {true, false}) {  // the low half is taken first
        auto address = now.block.first;
        set_bit(address, now.block.bits, high);
        Pending half{block_at(address, now.block.bits + 1), {}};
        for (const auto* grant : now.granted) {
          if (grant->first <= half.block.last && half.block.first <= grant->last) half.granted.push_back(grant);
        }
        pending.push_back(std::move(half));
      }
    }
  }
  return out;
}

}  // namespace bulkhead::capabilities
