// "What does the new policy allow that the old one did not?": the gate for a change.
#pragma once

#include <string>
#include <vector>

#include "checker/query/prove.h"
#include "lang/base/result.h"
#include "lang/ir/request.h"
#include "lang/ir/world.h"

namespace bulkhead::query {

enum class Change : std::uint8_t { Added, Removed, Unknown };

/// Some access that one policy has and the other lacks.
struct AccessChange {
  Change change = Change::Added;
  std::string subject;
  ir::Right right = ir::Right::Read;
  std::optional<ir::Request> witness;     // of Added: in the new world; of Removed: in the old one
  std::string object;                     // the witness in words
  std::vector<ir::SentenceId> sentences;  // what grants it there
  std::string reason;                     // of Unknown
};

/// Containers are matched by name; one that is new has everything added that it may do.
///
/// Ensures: an Added without witness does not exist; no change listed for (subject, right): proved equal. Unless an
///          Unknown of a (subject, right) says otherwise, every access that differs is granted by a sentence of a
///          change of that subject and right; of a syscall or capability, by a sentence of a change that names it.
std::vector<AccessChange> difference(const ir::World& older, const ir::World& newer, const ProveOptions& options);

/// True if the new policy adds access, or if that is not known.
bool adds_access(const std::vector<AccessChange>& changes);

}  // namespace bulkhead::query
