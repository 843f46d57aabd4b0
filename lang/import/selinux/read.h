// Reads SELinux policies in the source form that checkpolicy compiles (policy.conf).
#pragma once

#include <cstddef>
#include <optional>

#include "lang/diag/diagnostic.h"
#include "lang/import/selinux/policy.h"
#include "lang/source/source.h"

namespace bulkhead::selinux {

inline constexpr std::size_t kMaxPolicyBytes = std::size_t{128} << 20;
inline constexpr std::size_t kMaxTypes = std::size_t{1} << 16;
inline constexpr std::size_t kMaxClasses = 1024;
inline constexpr std::size_t kMaxDepth = 64;                      // of brackets
inline constexpr std::size_t kMaxSetBits = std::size_t{1} << 32;  // of all sets of types together

/// The policy, or nothing after reporting what is wrong with its place: at most one mistake in how it is written, else
/// every name that is unknown, declared twice or of the wrong kind.
///
/// Ensures: each sentence of the text is in the policy or in `left_out`. Cost: one pass, and linear in what is named.
std::optional<Policy> read_policy(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink);

}  // namespace bulkhead::selinux
