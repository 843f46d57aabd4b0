// Small random worlds in which rights move: four containers, two volumes, two rights, conditions on one bit of context.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "lang/ir/acquire.h"
#include "lang/ir/world.h"

namespace bulkhead::samples {

/// Two worlds of one seed are the same world. `conditions`: rules may ask for the context.
ir::World random_authority(std::uint32_t seed, bool conditions);

/// A few objects, of which no pattern of these worlds tells more than these apart; and both contexts.
std::vector<ir::Object> authority_objects();
std::vector<ir::Context> authority_contexts();

/// Everybody who may exercise the right on the object in `context` in some state that explicit search reaches: each
/// state is the set of delegations that were used, and each step is one that the reference semantics takes.
std::set<ir::SubjectId> searched(const ir::World& world, ir::Right right, const ir::Object& object,
                                 const ir::Context& context);

/// A claim that the subject can never have this right on exactly this object.
ir::ClaimId add_acquire_claim(ir::World& world, ir::SubjectId subject, ir::Right right, const ir::Object& object);

}  // namespace bulkhead::samples
