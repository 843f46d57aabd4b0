// All pairs of the flow of an SELinux policy, kept when they have been accepted and mapped by later questions.
#pragma once

#include <optional>
#include <string>

#include "checker/closure/relation_file.h"

namespace bulkhead::cli {

/// The files that an answer depends on.
struct FlowInputs {
  std::string policy;
  std::string map;  // of permissions
};

/// What an earlier run closed and accepted for files with these very bytes.
///
/// Trusted: the user's own folder (mode 0700), in which nobody else can have put anything. A file that has the size,
/// place and times of one that was read before is taken to be that one (its change time cannot be set back); others are
/// read and hashed. None where the folder is another's, where there is nothing, and where what there is is damaged.
std::optional<closure::MappedRelation> find_flow(const FlowInputs& inputs);

/// Keeps a relation that has been accepted, for inputs with these digests. Failing to keep it costs time only, so
/// nothing is reported.
void keep_flow(const Digest& policy, const Digest& map, std::span<const std::string> names,
               const closure::ClosedRelation& relation);

}  // namespace bulkhead::cli
