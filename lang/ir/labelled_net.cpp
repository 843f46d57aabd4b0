#include "lang/ir/labelled_net.h"

#include "lang/ir/label.h"
#include "lang/ir/overlap.h"

namespace bulkhead::ir {

ObjectPatterns addresses_with(const World& world, LabelId label) {
  ObjectPatterns addresses;
  for (const ObjectSet& set : world.sets) {
    if (!set.label || set.plane != Plane::Net || !at_most(world, label, *set.label)) continue;
    addresses.everything = addresses.everything || set.patterns.everything;
    addresses.nets.insert(addresses.nets.end(), set.patterns.nets.begin(), set.patterns.nets.end());
  }
  return addresses;
}

bool has_address(const ObjectPatterns& addresses) {
  return addresses.everything || !addresses.nets.empty();
}

bool comes_from(const Channel& channel, const ObjectPatterns& addresses) {
  return has_address(addresses) && may_overlap(Plane::Net, channel.nets, addresses);  // exact: nets are boxes
}

}  // namespace bulkhead::ir
