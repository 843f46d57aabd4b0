// Reads capability files and the arguments of `--grant` and `--revoke`.
#pragma once

#include <optional>

#include "lang/diag/diagnostic.h"
#include "lang/import/capabilities/capability_set.h"
#include "lang/source/source.h"

namespace bulkhead::capabilities {

inline constexpr std::size_t kMaxFileBytes = 1u << 20;
inline constexpr std::size_t kMaxGrants = 4096;       // of all kinds together, in one file
inline constexpr std::size_t kMaxDestinations = 256;  // of NETWORK_CONNECT, in one file

/// The set that `file` grants, or nothing after reporting every mistake with its place and JSON pointer.
std::optional<CapabilitySet> parse(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink);

enum class Change : std::uint8_t { Grant, Revoke };

/// `FILE_READ=/data/**`, `NETWORK_CONNECT=10.0.7.0/24:443/tcp`, `NETWORK_CONNECT=[fd00::/8]:443`, `ENV_READ=LANG`. The
/// argument is the whole text of `file`.
std::optional<CapabilitySet> parse_argument(Change change, const source::SourceMap& sources, source::FileId file,
                                            diag::DiagnosticSink& sink);

}  // namespace bulkhead::capabilities
