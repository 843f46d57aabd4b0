#include "runtime-bridge/sandbox/environment.h"

#include <cstdlib>
#include <map>
#include <string_view>

namespace bulkhead::sandbox {

std::vector<std::string> make_environment(const std::vector<std::string>& granted_names) {
  std::map<std::string, std::string> values{
      {"PATH", kSearchPath}, {"HOME", "/tmp"}, {"LANG", "C.UTF-8"}, {"TMPDIR", "/tmp"}};
  for (const std::string& name : granted_names) {
    const char* value = std::getenv(name.c_str());
    if (value != nullptr) values[name] = value;
  }
  std::vector<std::string> environment;
  for (const auto& [name, value] : values) environment.push_back(name + "=" + value);
  return environment;
}

std::vector<std::string> program_candidates(const std::string& program, const std::string& working_folder) {
  if (program.find('/') != std::string::npos) {
    return {program[0] == '/' ? program : working_folder + "/" + program};
  }
  std::vector<std::string> candidates;
  std::string_view folders = kSearchPath;
  while (!folders.empty()) {
    const std::size_t end = folders.find(':');
    candidates.push_back(std::string(folders.substr(0, end)) + "/" + program);
    if (end == std::string_view::npos) break;
    folders.remove_prefix(end + 1);
  }
  return candidates;
}

}  // namespace bulkhead::sandbox
