#include "checker/universe/net_cells.h"
#include "lang/ir/net_range.h"
#include "runtime-bridge/decode/nftables/nftables.h"

namespace bulkhead::decode::nftables {
namespace {

constexpr std::uint64_t kWork = 50'000'000;

void collect(const ir::Rule& rule, std::vector<ir::NetPattern>& to) {
  if (rule.objects.everything) {
    for (const auto* all : {"0.0.0.0/0", "::/0"}) {
      if (const auto pattern = ir::parse_net_range(all)) to.push_back(*pattern);
    }
  }
  to.insert(to.end(), rule.objects.nets.begin(), rule.objects.nets.end());
}

std::string shown(const ir::NetObject& object) {
  const char* proto = object.proto == ir::Proto::Tcp ? " tcp" : object.proto == ir::Proto::Udp ? " udp" : " other";
  return ir::to_string(object.address) + " port " + std::to_string(object.port) + proto;
}

}  // namespace

Comparison compare(const Meaning& meaning, const ir::World& world, ir::SubjectId container) {
  std::vector<std::vector<ir::NetPattern>> sets(3);
  sets[0] = meaning.allowed;
  for (const auto& rule : world.rules) {
    const bool concerned = rule.plane == ir::Plane::Net && rule.rights.has(ir::Right::Connect) &&
                           (!rule.subject || *rule.subject == container);
    if (!concerned || (rule.effect == ir::Effect::Permit && rule.when)) continue;
    collect(rule, sets[rule.effect == ir::Effect::Permit ? 1 : 2]);
  }
  Comparison out;
  const auto end = universe::visit_net_cells(sets, {}, kWork, [&](const universe::NetCell& cell) {
    const bool enforced = cell.members[0];
    const bool policy = cell.members[1] && !cell.members[2];
    if (enforced && !policy && out.wider.size() < 10) out.wider.push_back({"connect", shown(cell.witness)});
    if (policy && !enforced && out.narrower.size() < 10) out.narrower.push_back({"connect", shown(cell.witness)});
    return universe::Visit::Continue;
  });
  if (end != universe::CellsEnd::All) out.undecided.emplace_back("the destinations fall into too many ranges");
  if (meaning.neighbour_discovery)
    out.assumptions.emplace_back("neighbour discovery (ICMPv6 of the link) leaves the container");
  return out;
}

}  // namespace bulkhead::decode::nftables
