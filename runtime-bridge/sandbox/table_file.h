// Taking what the caller hands over by descriptor: the sealed table, and files to place in the own root.
#pragma once

#include <string>

#include "runtime-bridge/sandbox/run.h"

namespace bulkhead::sandbox {

inline constexpr std::size_t kMaxPlacedBytes = std::size_t{64} << 20;

/// The table in `fd`, verified. Refuses a file that anybody could still change: it must be a memfd with all seals.
Result<table::Table, Refusal> load_table(int fd);

/// Contents of `fd` for `path`. It must be sealed like the table.
Result<PlacedFile, Refusal> load_placed_file(const std::string& path, int fd);

}  // namespace bulkhead::sandbox
