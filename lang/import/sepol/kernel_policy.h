// Compiled SELinux policies, as the kernel loads them, turned into source by libsepol. The only place that knows
// libsepol.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bulkhead::sepol {

/// The bytes begin as a compiled policy does.
bool is_kernel_policy(std::string_view bytes);

/// The policy.conf that says the same, or nothing where libsepol refuses the bytes. What a compiled policy has lost
/// stays lost: assertions, comments, lines.
///
/// Errors: libsepol was not written against hostile bytes; call this in a process of its own, with limits.
std::optional<std::string> kernel_policy_source(std::string_view bytes);

}  // namespace bulkhead::sepol
