// Work for several threads, of which fewer may be had.
#pragma once

#include <cstddef>
#include <functional>

namespace bulkhead {

/// Calls work(0) .. work(workers - 1), each once, each in a thread of its own as far as the system gives threads; the
/// calling thread does work(0) and what no thread was had for. Returns when all are done.
///
/// Requires: `work` does not throw.
void in_parallel(std::size_t workers, const std::function<void(std::size_t worker)>& work);

}  // namespace bulkhead
