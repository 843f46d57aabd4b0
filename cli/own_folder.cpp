#include "cli/own_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace bulkhead::cli {

std::string cache_folder(const std::string& name) {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && cache[0] == '/') return std::string(cache) + "/bulkhead/" + name;
  const char* home = std::getenv("HOME");
  return home != nullptr && home[0] == '/' ? std::string(home) + "/.cache/bulkhead/" + name : "";
}

bool is_own_folder(const std::string& folder) {
  struct stat status {};
  return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid() &&
         (status.st_mode & 0777) == 0700;
}

bool make_own_folder(const std::string& folder) {
  for (std::size_t slash = folder.find('/', 1); slash != std::string::npos; slash = folder.find('/', slash + 1)) {
    ::mkdir(folder.substr(0, slash).c_str(), 0700);  // what exists already, or cannot be made, shows below
  }
  ::mkdir(folder.c_str(), 0700);
  return is_own_folder(folder);
}

std::string build_identity() {
  struct stat status {};
  if (::stat("/proc/self/exe", &status) != 0) return "";
  return std::string(BULKHEAD_VERSION) + " " + std::to_string(status.st_dev) + " " + std::to_string(status.st_ino) +
         " " + std::to_string(status.st_size) + " " + std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec);
}

}  // namespace bulkhead::cli
