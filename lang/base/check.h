// BH_CHECK: a promise that Bulkhead makes to itself, checked in every build.
#pragma once

namespace bulkhead {

/// Prints the broken promise with its place and ends the process with status 70 (a bug of ours).
[[noreturn]] void check_failed(const char* condition, const char* why, const char* file, int line) noexcept;

}  // namespace bulkhead

#define BH_CHECK(condition, why) \
  (static_cast<bool>(condition) ? void(0) : ::bulkhead::check_failed(#condition, why, __FILE__, __LINE__))
