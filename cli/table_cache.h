// Tables that were proved equal to their policy before: a warm start skips emission and that proof, never the claims.
#pragma once

#include <optional>
#include <string>

#include "lang/base/sha256.h"
#include "runtime-bridge/table/table.h"

namespace bulkhead::cli {

/// Everything that a table depends on; equal keys, equal tables.
struct TableKey {
  Digest policy{};        // of all sources and options
  Digest certificates{};  // accepted in this very run
  std::string container;
  std::string closure;  // the runtime closure, as text
  unsigned landlock_abi = 0;
  bool exec_gain_by_filter = false;
};

/// $XDG_CACHE_HOME/bulkhead/tables, else ~/.cache/bulkhead/tables; "" where there is neither.
std::string table_cache_folder();

/// The table of `key`. None where the folder is not the effective user's own with mode 0700, where there is no entry,
/// and where the entry is damaged or speaks of something else (it is then removed).
std::optional<table::Table> find_table(const std::string& folder, const TableKey& key);

/// Keeps `table`; a folder that is missing is made with mode 0700. Failing to keep it costs time only, so nothing is
/// reported.
void keep_table(const std::string& folder, const TableKey& key, const table::Table& table);

}  // namespace bulkhead::cli
