// The stack that parsing and proving take, whatever limit the caller left.
#pragma once

namespace bulkhead::cli {

/// Starts the program again with a stack of 8 MiB where the caller's soft limit is lower: the threads' stacks follow
/// the limit that a process starts with.
///
/// Ensures: false where the hard limit is lower, and standard error says so; else true, with the limit that is needed.
bool have_stack(char** argv);

}  // namespace bulkhead::cli
