// Whole files in and out of memory, bounded and atomic.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lang/base/result.h"

namespace bulkhead {

/// The bytes of `path`. Fails above `max_bytes` (EFBIG), on a folder (EISDIR), on a pipe that nobody has open to write.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

/// Writes `bytes` beside `path` and renames: a reader sees the old file or the new one, never half of one.
Status write_file(const std::string& path, std::string_view bytes, unsigned mode = 0644);

}  // namespace bulkhead
