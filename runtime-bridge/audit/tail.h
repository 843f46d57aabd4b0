// The end of an existing log: what the next run's chain starts after.
#pragma once

#include <sys/types.h>

#include "lang/base/result.h"
#include "lang/base/sha256.h"

namespace bulkhead::audit {

/// The `hash` of the last complete line in the first `size` bytes of `fd`; zeros where there is none to be read.
///
/// What stands there may be anything: a line that is not ours gives zeros, and `verify` names it.
Result<Digest> hash_of_last_line(int fd, off_t size);

/// 64 lower-case hexadecimal digits as a digest.
bool from_hex(std::string_view text, Digest& digest);

/// The last member of every line: `,"hash":"<64 digits>"}`. Gives what it covers, the bytes before it.
bool split_hash(std::string_view line, std::string_view& covered, Digest& hash);

}  // namespace bulkhead::audit
