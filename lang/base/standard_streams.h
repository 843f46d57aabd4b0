// The three standard streams, taken care of before a program opens anything.
#pragma once

namespace bulkhead {

/// Makes /dev/null of each standard stream that the caller closed. Otherwise the first files that we open get these
/// numbers, and what a program (or we) writes to its output goes into a table, a log or the input of a solver.
///
/// Requires: nothing was opened yet.
/// Errors:   false where a stream is closed and /dev/null cannot be opened; nothing may be opened then.
bool open_standard_streams();

}  // namespace bulkhead
