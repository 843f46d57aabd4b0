#include "lang/frontend/spell_net.h"

#include <algorithm>

#include "lang/ir/net_range.h"

namespace bulkhead::frontend {
namespace {

using ir::Address;

std::size_t bits_of(const Address& address) {
  return address.family == ir::Family::V4 ? 32 : 128;
}

/// Whether bit `k` is set; 0 is the lowest.
bool bit(const Address& address, std::size_t k) {
  return ((address.bytes.at((bits_of(address) - 1 - k) / 8) >> (k % 8)) & 1u) != 0;
}

/// The last address of the block of 2^k addresses that begins at `first`.
Address block_end(Address first, std::size_t k) {
  for (std::size_t i = 0; i < k; ++i) {
    std::uint8_t& byte = first.bytes.at((bits_of(first) - 1 - i) / 8);
    byte = static_cast<std::uint8_t>(byte | (1u << (i % 8)));
  }
  return first;
}

/// Requires: some bit is 0.
Address successor(Address address) {
  for (std::size_t i = bits_of(address) / 8; i-- > 0;) {
    if (++address.bytes.at(i) != 0) break;
  }
  return address;
}

std::string behind(const ir::NetPattern& net) {
  std::string text;
  if (net.first_port != 0 || net.last_port != 65535) {
    text += " port " + std::to_string(net.first_port);
    if (net.last_port != net.first_port) text += ".." + std::to_string(net.last_port);
  }
  if (net.protos == 1) text += " tcp";
  if (net.protos == 2) text += " udp";
  return text;
}

void join(std::string& text, const std::string& more, const char* comma) {
  if (!text.empty()) text += comma;
  text += more;
}

}  // namespace

std::vector<std::string> spell_addresses(const ir::NetPattern& net) {
  std::vector<std::string> blocks;
  const std::size_t bits = bits_of(net.first);
  for (Address first = net.first;;) {
    std::size_t k = 0;
    while (k < bits && !bit(first, k) && block_end(first, k + 1) <= net.last) ++k;
    blocks.push_back(ir::to_string(first) + (k == 0 ? "" : "/" + std::to_string(bits - k)));
    const Address last = block_end(first, k);
    if (last >= net.last) return blocks;
    first = successor(last);
  }
}

std::string spell_net_groups(const std::vector<ir::NetPattern>& nets) {
  std::string text;
  for (const ir::NetPattern& net : nets) {
    std::string group;
    for (const std::string& block : spell_addresses(net)) join(group, block, ", ");
    join(text, group + behind(net), " or ");
  }
  return text;
}

std::string spell_net_list(const std::vector<ir::NetPattern>& nets) {
  std::string text;
  for (const bool has_port : {true, false}) {
    for (const ir::NetPattern& net : nets) {
      const std::string port = behind(net);
      if (port.empty() == has_port) continue;
      for (const std::string& block : spell_addresses(net)) join(text, block + port, ", ");
    }
  }
  return text;
}

}  // namespace bulkhead::frontend
