// What `bulkhead` says and how it ends where nothing else can be done any more.
#pragma once

namespace bulkhead::cli {

/// From here on a file that grows beyond the caller's limit is an error of the write, as a full disk is; memory that
/// cannot be had ends the process with `out_of_memory` and any other exception that nobody catches with kInternal, each
/// with one line that says so.
void prepare_last_words(int out_of_memory);

}  // namespace bulkhead::cli
