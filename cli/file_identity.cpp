#include "cli/file_identity.h"

#include <sys/stat.h>

#include <cstdint>

namespace bulkhead::cli {
namespace {

constexpr std::time_t kSettledSeconds = 2;

}  // namespace

std::string identity_of(const std::string& path, std::time_t since) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return "";
  if (since - status.st_ctim.tv_sec < kSettledSeconds) return "";
  std::string text;
  for (const std::uint64_t part :
       {static_cast<std::uint64_t>(status.st_dev), static_cast<std::uint64_t>(status.st_ino),
        static_cast<std::uint64_t>(status.st_size), static_cast<std::uint64_t>(status.st_mtim.tv_sec),
        static_cast<std::uint64_t>(status.st_mtim.tv_nsec), static_cast<std::uint64_t>(status.st_ctim.tv_sec),
        static_cast<std::uint64_t>(status.st_ctim.tv_nsec)}) {
    text += std::to_string(part) + " ";
  }
  return text;
}

}  // namespace bulkhead::cli
