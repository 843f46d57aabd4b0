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

/// Something that a subject can come to do under one policy, by itself or because it is handed over, and not under the
/// other.
struct AccessChange {
  Change change = Change::Added;
  std::string subject;
  ir::Right right = ir::Right::Read;
  std::optional<ir::Request> witness;     // of Added: in the new world; of Removed: in the old one
  std::string object;                     // the witness in words
  std::vector<ir::SentenceId> sentences;  // what grants it there
  std::string reason;                     // of Unknown
  std::vector<verdict::Step> before;      // what is handed over before the witness
};

/// Containers, hosts and other subjects are matched by name; one that is new has everything added that it can come to
/// do, a host but for its own tree.
///
/// Ensures: an Added without witness does not exist, and each replays; no change listed for (subject, right): proved
///          equal. Unless an Unknown of a (subject, right) says otherwise, every access that differs is granted or
///          handed over by a sentence of a change of that subject and right; of a syscall or capability, by a sentence
///          of a change that names it.
std::vector<AccessChange> difference(const ir::World& older, const ir::World& newer, const ProveOptions& options);

/// True if the new policy adds access, or if that is not known.
bool adds_access(const std::vector<AccessChange>& changes);

}  // namespace bulkhead::query
