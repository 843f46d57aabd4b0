// The edges from what is labelled: where paths of `no flow` and `keeps apart` begin. Trusted, internal to
// checker/obligation.
#pragma once

#include <vector>

#include "checker/obligation/obligation.h"

namespace bulkhead::obligation {

/// How data of at least this label comes to a subject that acts, but over channels: it knows it, reads it in a file or
/// on a device, or receives it from an address. Or the refusal.
std::optional<Refusal> labelled_data(std::vector<Influence>& edges, const Rules& rules, ir::Actors actors,
                                     ir::LabelId label, ir::SubjectId to);

/// Of what channels bring from the network: what may come from the labelled addresses themselves, whether or not remote
/// hosts tell each other. Whoever puts something into a channel that is not intact may be any of them.
void keep_labelled(std::vector<Influence>& received, const ir::World& world, ir::LabelId label);

/// How it comes to the network as a whole: where remote hosts tell each other, from any address that has some.
void labelled_network(std::vector<Influence>& edges, const ir::World& world, ir::LabelId label);

}  // namespace bulkhead::obligation
