// Files as the kernel knows them: is this still the one that was read before?
#pragma once

#include <ctime>
#include <string>

namespace bulkhead::cli {

/// Place, size and times of a regular file; its change time cannot be set back. "" where it is none, or was changed
/// after `since` or so short before that it may have changed once more without another time being noted. What was read
/// after `since` is what this names.
std::string identity_of(const std::string& path, std::time_t since = std::time(nullptr));

}  // namespace bulkhead::cli
