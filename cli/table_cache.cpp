#include "cli/table_cache.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "lang/base/file.h"
#include "runtime-bridge/table/encode.h"

namespace bulkhead::cli {

namespace {

/// This very build: another binary may emit another table for the same policy.
std::string build_identity() {
  struct stat status {};
  if (::stat("/proc/self/exe", &status) != 0) return "";
  return std::string(BULKHEAD_VERSION) + " " + std::to_string(status.st_dev) + " " + std::to_string(status.st_ino) +
         " " + std::to_string(status.st_size) + " " + std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec);
}

/// Nobody else can have put anything there.
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

std::string entry_path(const std::string& folder, const TableKey& key) {
  const std::string identity = build_identity();
  if (identity.empty()) return "";
  const std::string all = identity + "\n" + to_hex(key.policy) + to_hex(key.certificates) + "\n" +
                          std::to_string(key.landlock_abi) + "\n" + key.container + "\n" + key.closure;
  return folder + "/" + to_hex(sha256(all)) + ".table";
}

}  // namespace

std::string table_cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && cache[0] == '/') return std::string(cache) + "/bulkhead/tables";
  const char* home = std::getenv("HOME");
  return home != nullptr && home[0] == '/' ? std::string(home) + "/.cache/bulkhead/tables" : "";
}

std::optional<table::Table> find_table(const std::string& folder, const TableKey& key) {
  if (folder.empty() || !is_own_folder(folder)) return std::nullopt;
  const std::string path = entry_path(folder, key);
  const Result<std::string> bytes = read_file(path, table::kMaxTableBytes);
  if (!bytes.ok()) return std::nullopt;
  Result<table::Table, table::DecodeError> table = table::decode(*bytes);
  const bool meant = table.ok() && table->policy_digest == key.policy &&
                     table->certificate_digest == key.certificates && table->container == key.container;
  if (meant) return std::move(*table);
  ::unlink(path.c_str());
  return std::nullopt;
}

void keep_table(const std::string& folder, const TableKey& key, const table::Table& table) {
  if (folder.empty() || !make_own_folder(folder)) return;
  const std::string path = entry_path(folder, key);
  if (path.empty()) return;
  const Status written = write_file(path, table::encode(table), 0600);
  if (!written.ok()) ::unlink(path.c_str());
}

}  // namespace bulkhead::cli
