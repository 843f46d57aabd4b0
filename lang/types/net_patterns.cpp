// Addresses, ports and protocols.
#include <algorithm>

#include "lang/ir/net_range.h"
#include "lang/types/patterns.h"
#include "lang/types/quantity.h"

namespace bulkhead::types {
namespace {

constexpr std::uint8_t kTcp = 1;  // bit 1 << ir::Proto
constexpr std::uint8_t kUdp = 2;
constexpr std::uint8_t kEveryProto = 7;

ir::NetPattern every_address(ir::Family family) {
  ir::NetPattern all;
  all.first.family = all.last.family = family;
  const std::size_t length = family == ir::Family::V4 ? 4 : 16;
  std::fill_n(all.last.bytes.begin(), length, std::uint8_t{0xFF});
  return all;
}

/// ::ffff:0:0/96 means IPv4 addresses, and a connect to it reaches them: one object must not have two names.
bool is_mapped(const ir::NetPattern& range) {
  if (range.first.family != ir::Family::V6) return false;
  const auto head = [](const ir::Address& address) {
    return std::all_of(address.bytes.begin(), address.bytes.begin() + 10, [](std::uint8_t b) { return b == 0; }) &&
           address.bytes[10] == 0xFF && address.bytes[11] == 0xFF;
  };
  return head(range.first) && head(range.last);
}

/// "10.0.7.0/24" for "10.0.7.9/24"; nothing where the text is no range at all.
std::optional<std::string> masked(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return std::nullopt;
  std::optional<ir::Address> address = ir::parse_address(text.substr(0, slash));
  if (!address || text.size() - slash > 4 || text.size() == slash + 1) return std::nullopt;
  std::size_t prefix = 0;
  for (const char digit : text.substr(slash + 1)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    prefix = prefix * 10 + static_cast<std::size_t>(digit - '0');
  }
  const std::size_t bits = address->family == ir::Family::V4 ? 32 : 128;
  if (prefix > bits) return std::nullopt;
  for (std::size_t bit = prefix; bit < bits; ++bit) {
    std::uint8_t& byte = address->bytes[bit / 8];
    byte = static_cast<std::uint8_t>(byte & ~(0x80u >> (bit % 8)));
  }
  return ir::to_string(*address) + text.substr(slash);
}

struct Ports {
  std::uint16_t first = 0;
  std::uint16_t last = 65535;
};

std::optional<std::vector<Ports>> lower_ports(Lowering& lowering, const std::vector<ast::PortRange>& written) {
  if (written.empty()) return std::vector<Ports>{Ports{}};
  std::vector<Ports> ports;
  for (const ast::PortRange& range : written) {
    for (const ast::Number* number : {&range.first, &range.last}) {
      if (number->plain_integer() && !number->negative && number->whole <= 65535) continue;
      lowering.error(Code::BadPort, number->span, "a port is a whole number from 0 to 65535");
      return std::nullopt;
    }
    if (range.first.whole > range.last.whole) {
      lowering.sink.report({Code::BadPort,
                            {range.first.span.file, range.first.span.begin, range.last.span.end},
                            "this range of ports ends before it begins",
                            {},
                            "turn it round",
                            {{range.first.span, digits(range.last)}, {range.last.span, digits(range.first)}}});
      return std::nullopt;
    }
    ports.push_back({static_cast<std::uint16_t>(range.first.whole), static_cast<std::uint16_t>(range.last.whole)});
  }
  return ports;
}

std::optional<std::uint8_t> lower_proto(Lowering& lowering, const std::optional<ast::Name>& proto) {
  if (!proto) return kEveryProto;
  if (proto->text == "tcp") return kTcp;
  if (proto->text == "udp") return kUdp;
  lowering.unknown_word(Code::UnknownWord, *proto, "protocol", {"tcp", "udp"});
  return std::nullopt;
}

}  // namespace

std::optional<ir::NetPattern> lower_address(Lowering& lowering, const ast::Address& address) {
  const std::optional<ir::NetPattern> range = ir::parse_net_range(address.text);
  if (range && !is_mapped(*range)) return range;
  diag::Diagnostic report{
      Code::BadAddress, address.span, "`" + address.text + "` is no address and no range of them", {}, "", {}};
  if (range) {
    report.message = "`" + address.text + "` is an IPv4 address in IPv6 clothes";
    report.help = "write the IPv4 address: rules about it hold for both spellings";
  } else if (const auto meant = masked(address.text)) {
    report.message = "`" + address.text + "` has bits behind its prefix";
    report.help = "the range is `" + *meant + "`";
    report.fixes.push_back({address.span, *meant});
  } else {
    report.help = "write `192.0.2.1`, `10.0.7.0/24`, `2001:db8::1` or `fd00:7::/48`";
  }
  lowering.sink.report(std::move(report));
  return std::nullopt;
}

void lower_net(Lowering& lowering, const ast::NetPattern& net, ir::ObjectPatterns& patterns) {
  const auto ports = lower_ports(lowering, net.ports);
  const auto protos = lower_proto(lowering, net.proto);
  std::vector<ir::NetPattern> ranges;
  if (net.any) ranges = {every_address(ir::Family::V4), every_address(ir::Family::V6)};
  for (const ast::Address& address : net.addresses) {
    if (const auto range = lower_address(lowering, address)) ranges.push_back(*range);
  }
  if (!ports || !protos) return;
  if (net.any && net.ports.empty() && !net.proto) {
    patterns.everything = true;
    return;
  }
  for (ir::NetPattern range : ranges) {
    range.protos = *protos;
    for (const Ports& port : *ports) {
      range.first_port = port.first;
      range.last_port = port.last;
      patterns.nets.push_back(range);
    }
  }
}

}  // namespace bulkhead::types
