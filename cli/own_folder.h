// Folders in which nobody but the user can have put anything.
#pragma once

#include <string>

namespace bulkhead::cli {

/// $XDG_CACHE_HOME/bulkhead/NAME, else ~/.cache/bulkhead/NAME; "" where there is neither.
std::string cache_folder(const std::string& name);

/// A folder of the effective user's own, with mode 0700.
bool is_own_folder(const std::string& folder);
/// Makes it where it is missing.
bool make_own_folder(const std::string& folder);

/// This very build: another binary may answer otherwise. "": it cannot be told.
std::string build_identity();

}  // namespace bulkhead::cli
