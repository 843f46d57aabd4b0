// A policy's file rights as a Landlock rule set.
//
// Landlock grants rights to whole subtrees and cannot take a part out again. So each right on each volume is emitted as
// the subtrees and single files that lie inside the policy entirely, and what is left over is shown: at level standard
// emission is then refused, at the others the listener grants it, one open at a time.
#pragma once

#include <string>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/emit/error.h"
#include "runtime-bridge/emit/gap.h"
#include "runtime-bridge/table/landlock_access.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::emit::landlock {

struct Emission {
  table::Landlock rules;  // sorted by path; sentences are indices into World::sentences
  std::vector<Gap> gaps;
};

/// `started`: what the runtime's own exec of the program makes the kernel execute. Landlock has to let it through, and
/// cannot take it back; each that the policy does not forbid is granted, and is a gap where the policy does not allow
/// it to the program itself.
///
/// Ensures: what the rules grant, for every context, the policy allows (decode::landlock::compare proves it again), but
///          for that gap.
/// Fails:   at level standard, where read, write or execute is granted by the policy and not by any union of subtrees
/// and
///          files; with an ABI that lacks a right and no other mechanism in its place.
Result<Emission, EmitError> emit(const ir::World& world, ir::SubjectId container,
                                 unsigned abi = table::landlock::kNewestAbi,
                                 const std::vector<std::string>& started = {});

}  // namespace bulkhead::emit::landlock
