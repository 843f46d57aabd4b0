// Who can meet whom at all, as far as sentences tell without any question. Trusted, internal to checker/obligation.
#pragma once

#include <vector>

#include "checker/obligation/folder.h"
#include "lang/ir/world.h"

namespace bulkhead::obligation {

/// By subject: where the objects lie of which some permit for one of these rights, a host's own right, or what may be
/// handed over speaks. One pass over the rules, because a graph of n subjects asks for all of them.
std::vector<Folders> folders_by_subject(const ir::World& world, ir::Rights rights);

/// The subjects that some permit lets connect or bind, by loopback or by the network.
std::vector<ir::SubjectId> connected_subjects(const ir::World& world);

}  // namespace bulkhead::obligation
