#include "lang/base/watch.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>

namespace bulkhead {
namespace {

std::atomic<std::uint64_t> bound = 0;  // bytes; 0: none

/// What the process has in memory, in bytes; 0 where nobody tells.
std::uint64_t resident() {
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return 0;
  unsigned long long total = 0, pages = 0;
  const int read = std::fscanf(file, "%llu %llu", &total, &pages);
  std::fclose(file);
  return read == 2 ? pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

}  // namespace

void limit_resident_memory(std::uint64_t bytes) {
  bound = bytes;
}

bool Watch::is_over() const {
  if (cause_ != Cause::None) return true;
  if (every_ == 0) return false;
  if (stop_.stop_requested()) {
    cause_ = Cause::Stopped;
  } else if (--left_ == 0) {
    left_ = every_;
    const std::uint64_t most = bound;
    if (most != 0 && resident() > most) cause_ = Cause::Memory;
  }
  return cause_ != Cause::None;
}

const char* Watch::why() const {
  switch (cause_) {
    case Cause::None:
      return "nothing ended it";
    case Cause::Stopped:
      return "it was stopped";
    case Cause::Memory:
      return "the limit of memory is reached";
  }
  return "";
}

}  // namespace bulkhead
