// The flow map of models/flow.bh for worlds that are built by hand; FlowMap.TheLibrarySaysWhatTestsTakeForGranted holds
// the two together.
#pragma once

#include "lang/ir/flow.h"

namespace bulkhead::samples {

inline ir::FlowMap whole_flow_map() {
  using ir::Right;
  ir::FlowMap map;
  map.into_file = ir::Rights(Right::Write) | Right::Rename | Right::Link;
  map.out_of_file = ir::Rights(Right::Read) | Right::Execute | Right::Rename | Right::Link;
  map.out_of_folder = Right::Read;
  map.into_network = map.out_of_network = ir::Rights(Right::Connect) | Right::Bind;
  map.into_loopback = map.out_of_loopback = Right::Connect;
  map.between_hosts = true;
  map.namespaces.fill(true);
  map.channel = map.backpressure = map.overhearing = map.forging = true;
  return map;
}

}  // namespace bulkhead::samples
