// Reads the `.arbac` format of the role reachability tools (Mohawk, VAC and their descendants): docs/formats/arbac.md.
#pragma once

#include <optional>

#include "lang/diag/diagnostic.h"
#include "lang/import/arbac/policy.h"
#include "lang/source/source.h"

namespace bulkhead::arbac {

/// Roles, users, members and rules together; larger files are refused.
inline constexpr std::size_t kMaxEntries = 200'000;

/// The policy of a file, or at least one diagnostic with its place. Sections stand in any order, each once.
std::optional<Policy> read(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink);

}  // namespace bulkhead::arbac
