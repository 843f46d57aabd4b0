#include "cli/table_cache.h"

#include <unistd.h>

#include "cli/own_folder.h"
#include "lang/base/file.h"
#include "runtime-bridge/table/encode.h"

namespace bulkhead::cli {

namespace {

std::string entry_path(const std::string& folder, const TableKey& key) {
  const std::string identity = build_identity();
  if (identity.empty()) return "";
  const std::string all = identity + "\n" + to_hex(key.policy) + to_hex(key.certificates) + "\n" +
                          std::to_string(key.landlock_abi) + (key.exec_gain_by_filter ? " filter" : "") + "\n" +
                          key.container + "\n" + key.closure;
  return folder + "/" + to_hex(sha256(all)) + ".table";
}

}  // namespace

std::string table_cache_folder() {
  return cache_folder("tables");
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
