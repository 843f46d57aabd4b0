// What the program finds in its environment, and where its name is looked up: made from nothing, never inherited.
#pragma once

#include <string>
#include <vector>

namespace bulkhead::sandbox {

inline constexpr const char* kSearchPath = "/usr/local/bin:/usr/bin:/bin";

/// PATH, HOME, LANG and TMPDIR with Bulkhead's values, then the caller's value of each granted name, which wins.
std::vector<std::string> make_environment(const std::vector<std::string>& granted_names);

/// The names under which `program` is tried: itself where it has a slash, else each folder of kSearchPath.
std::vector<std::string> program_candidates(const std::string& program, const std::string& working_folder);

}  // namespace bulkhead::sandbox
