#include "runtime-bridge/emit/nftables/boxes.h"

#include <algorithm>
#include <bitset>

namespace bulkhead::emit::nftables {
namespace {

using Patterns = std::vector<ir::NetPattern>;
using Ports = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

struct Policy {
  Patterns permits;
  Patterns forbids;
};

void collect(const ir::Rule& rule, Patterns& to) {
  if (rule.objects.everything) {
    for (const auto family : {ir::Family::V4, ir::Family::V6}) {
      ir::NetPattern all;
      all.first.family = all.last.family = family;
      std::fill_n(all.last.bytes.begin(), family == ir::Family::V4 ? 4 : 16, std::uint8_t{255});
      to.push_back(all);
    }
  }
  to.insert(to.end(), rule.objects.nets.begin(), rule.objects.nets.end());
}

/// The address after `address`; nothing after the last one of its family.
std::optional<ir::Address> successor(ir::Address address) {
  for (std::size_t i = address.family == ir::Family::V4 ? 4 : 16; i-- > 0;) {
    if (++address.bytes[i] != 0) return address;
  }
  return std::nullopt;
}
ir::Address predecessor(ir::Address address) {
  for (std::size_t i = address.family == ir::Family::V4 ? 4 : 16; i-- > 0;) {
    if (address.bytes[i]-- != 0) break;
  }
  return address;
}

bool speaks_of(const ir::NetPattern& pattern, const ir::Address& address, ir::Proto proto) {
  return pattern.first.family == address.family && pattern.first <= address && address <= pattern.last &&
         ((pattern.protos >> static_cast<unsigned>(proto)) & 1) != 0;
}

/// The ports of one protocol at one address, as maximal ranges. A bitmap is plain, and ports are few.
Ports ports_at(const Policy& policy, const ir::Address& address, ir::Proto proto) {
  static thread_local std::bitset<65536> open;
  open.reset();
  bool any = false;
  for (const auto& pattern : policy.permits) {
    if (!speaks_of(pattern, address, proto)) continue;
    any = true;
    for (std::uint32_t port = pattern.first_port; port <= pattern.last_port; ++port) open.set(port);
  }
  if (!any) return {};
  for (const auto& pattern : policy.forbids) {
    if (!speaks_of(pattern, address, proto)) continue;
    for (std::uint32_t port = pattern.first_port; port <= pattern.last_port; ++port) open.reset(port);
  }
  Ports out;
  for (std::uint32_t port = 0; port < 65536; ++port) {
    if (!open.test(port)) continue;
    if (!out.empty() && out.back().second + 1 == port) {
      out.back().second = port;
    } else {
      out.emplace_back(port, port);
    }
  }
  return out;
}

/// First addresses of the intervals that no pattern cuts.
std::vector<ir::Address> cuts(const Policy& policy, ir::Family family) {
  std::vector<ir::Address> out;
  for (const auto* patterns : {&policy.permits, &policy.forbids}) {
    for (const auto& pattern : *patterns) {
      if (pattern.first.family != family) continue;
      out.push_back(pattern.first);
      if (const auto next = successor(pattern.last)) out.push_back(*next);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void add_family(const Policy& policy, ir::Family family, std::vector<Box>& boxes) {
  const auto starts = cuts(policy, family);
  ir::Address last_of_all;
  last_of_all.family = family;
  std::fill_n(last_of_all.bytes.begin(), family == ir::Family::V4 ? 4 : 16, std::uint8_t{255});
  for (const auto proto : {ir::Proto::Tcp, ir::Proto::Udp}) {
    Ports open_ports;
    std::size_t open_from = 0;
    for (std::size_t i = 0; i < starts.size(); ++i) {
      const auto ports = ports_at(policy, starts[i], proto);
      const auto end = i + 1 < starts.size() ? predecessor(starts[i + 1]) : last_of_all;
      if (i > 0 && ports == open_ports) {  // neighbours alike: one interval
        for (std::size_t b = open_from; b < boxes.size(); ++b) boxes[b].last = end;
        continue;
      }
      open_ports = ports;
      open_from = boxes.size();
      for (const auto& [first, last] : ports) {
        boxes.push_back({starts[i], end, proto, static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last)});
      }
      if (boxes.size() > kMaxBoxes) return;
    }
  }
}

}  // namespace

std::optional<Reach> reach_of(const ir::World& world, ir::SubjectId container, ir::Right right) {
  Policy policy;
  Reach out;
  for (const auto& rule : world.rules) {
    if (rule.plane != ir::Plane::Net || !rule.rights.has(right) || (rule.subject && *rule.subject != container))
      continue;
    if (rule.effect == ir::Effect::Forbid) {
      collect(rule, policy.forbids);
    } else if (rule.when) {
      out.conditional = rule.sentence;
    } else {
      collect(rule, policy.permits);
    }
  }
  const auto other = [](const ir::NetPattern& p) {
    return ((p.protos >> static_cast<unsigned>(ir::Proto::Other)) & 1) != 0;
  };
  out.other_protocols = std::any_of(policy.permits.begin(), policy.permits.end(), other);
  for (const auto family : {ir::Family::V4, ir::Family::V6}) add_family(policy, family, out.boxes);
  if (out.boxes.size() > kMaxBoxes) return std::nullopt;
  return out;
}

}  // namespace bulkhead::emit::nftables
