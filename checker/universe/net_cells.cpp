#include "checker/universe/net_cells.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace bulkhead::universe {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

struct Entry {
  std::uint32_t set = 0;
  const ir::NetPattern* pattern = nullptr;
};

/// The address after this one in its family, or none after the last.
std::optional<Bytes> successor(Bytes bytes, ir::Family family) {
  for (std::size_t i = family == ir::Family::V4 ? 4 : 16; i-- > 0;)
    if (++bytes[i] != 0) return bytes;
  return std::nullopt;
}

class CellVisitor {
 public:
  CellVisitor(std::span<const std::vector<ir::NetPattern>> sets, std::span<const std::uint16_t> port_cuts,
              std::uint64_t work, const std::function<Visit(const NetCell&)>& visit)
      : sets_(sets), port_cuts_(port_cuts), work_(work), visit_(visit) {
    for (std::uint32_t set = 0; set < sets.size(); ++set)
      for (const ir::NetPattern& pattern : sets[set]) entries_.push_back({set, &pattern});
  }

  CellsEnd run(ir::Family family);

 private:
  CellsEnd ports(const ir::Address& address, const std::vector<std::uint32_t>& active);
  bool spend(std::uint64_t amount) {
    if (amount > work_) return false;
    work_ -= amount;
    return true;
  }

  std::span<const std::vector<ir::NetPattern>> sets_;
  std::span<const std::uint16_t> port_cuts_;
  std::uint64_t work_;
  const std::function<Visit(const NetCell&)>& visit_;
  std::vector<Entry> entries_;
};

CellsEnd CellVisitor::run(ir::Family family) {
  struct Event {
    Bytes at;
    std::uint32_t entry;
    bool begins;
  };
  std::vector<Event> events;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    const ir::NetPattern& pattern = *entries_[i].pattern;
    if (pattern.first.family != family || pattern.last.bytes < pattern.first.bytes) continue;
    events.push_back({pattern.first.bytes, i, true});
    if (const auto after = successor(pattern.last.bytes, family)) events.push_back({*after, i, false});
  }
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });

  std::set<std::uint32_t> active;
  std::set<std::vector<std::uint32_t>> seen;
  std::size_t at = 0;
  for (Bytes address{};;) {
    for (; at < events.size() && events[at].at == address; ++at) {
      if (events[at].begins)
        active.insert(events[at].entry);
      else
        active.erase(events[at].entry);
    }
    if (!spend(active.size() + 1)) return CellsEnd::Exhausted;
    std::vector<std::uint32_t> here(active.begin(), active.end());
    if (seen.insert(here).second)
      if (const CellsEnd end = ports({family, address}, here); end != CellsEnd::All) return end;
    if (at == events.size()) return CellsEnd::All;
    address = events[at].at;
  }
}

CellsEnd CellVisitor::ports(const ir::Address& address, const std::vector<std::uint32_t>& active) {
  std::set<std::uint16_t> cuts{0};
  cuts.insert(port_cuts_.begin(), port_cuts_.end());
  for (const std::uint32_t i : active) {
    cuts.insert(entries_[i].pattern->first_port);
    if (entries_[i].pattern->last_port != 65535)
      cuts.insert(static_cast<std::uint16_t>(entries_[i].pattern->last_port + 1));
  }
  const std::set<std::uint16_t> fixed(port_cuts_.begin(), port_cuts_.end());
  std::set<std::vector<bool>> seen;
  for (const std::uint16_t port : cuts) {
    if (fixed.contains(port)) seen.clear();
    if (!spend(3 * active.size() + 3)) return CellsEnd::Exhausted;
    for (const ir::Proto proto : {ir::Proto::Tcp, ir::Proto::Udp, ir::Proto::Other}) {
      NetCell cell{std::vector<bool>(sets_.size()), {address, port, proto}};
      for (const std::uint32_t i : active) {
        const ir::NetPattern& pattern = *entries_[i].pattern;
        if (pattern.first_port <= port && port <= pattern.last_port &&
            ((pattern.protos >> static_cast<unsigned>(proto)) & 1u) != 0)
          cell.members[entries_[i].set] = true;
      }
      std::vector<bool> key = cell.members;
      key.push_back(proto == ir::Proto::Udp);
      key.push_back(proto == ir::Proto::Other);
      if (seen.insert(std::move(key)).second && visit_(cell) == Visit::Stop) return CellsEnd::Stopped;
    }
  }
  return CellsEnd::All;
}

}  // namespace

CellsEnd visit_net_cells(std::span<const std::vector<ir::NetPattern>> sets, std::span<const std::uint16_t> port_cuts,
                         std::uint64_t work, const std::function<Visit(const NetCell&)>& visit) {
  CellVisitor visitor(sets, port_cuts, work, visit);
  for (const ir::Family family : {ir::Family::V4, ir::Family::V6})
    if (const CellsEnd end = visitor.run(family); end != CellsEnd::All) return end;
  return CellsEnd::All;
}

}  // namespace bulkhead::universe
