// What a policy allows on one volume, as automata, and the subtrees and files that lie inside it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/universe/path_search.h"
#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/emit/error.h"

namespace bulkhead::emit::landlock {

/// The paths of one volume on which a container has one right, whatever the context: some permit without a condition
/// matches and no forbid does, its condition left out.
struct Grants {
  universe::Nfa permits;
  universe::Nfa forbids;
  std::vector<ir::FilePattern> patterns;      // of the permits
  std::vector<ir::SentenceId> sentences;      // by pattern
  std::optional<ir::SentenceId> conditional;  // a permit with a condition: narrower here than the policy
};
Result<Grants, EmitError> grants_of(const ir::World& world, ir::SubjectId container, ir::Right right,
                                    ir::VolumeId volume);

/// A subtree of the volume, or one file of it.
struct Candidate {
  std::string path;
  bool file_only = false;
  ir::SentenceId sentence;
};
/// Every subtree and file that a pattern of the grants suggests; whether the grants hold it is another question.
std::vector<Candidate> candidates_of(const Grants& grants);

/// A glob for exactly what the candidate means.
std::string glob_of(const Candidate& candidate);

enum class Answer : std::uint8_t { Yes, No, Undecided };
/// Whether every path of the candidate is granted.
Answer holds(const Grants& grants, const Candidate& candidate);
/// A granted path that none of `globs` matches. Undecided answers count as one, with an empty path.
std::optional<std::string> granted_beyond(const Grants& grants, const std::vector<std::string>& globs);

}  // namespace bulkhead::emit::landlock
