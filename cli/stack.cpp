#include "cli/stack.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>

namespace bulkhead::cli {

bool have_stack(char** argv) {
  constexpr rlim_t kNeeded = rlim_t{8} << 20;
  rlimit limit{};
  if (::getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= kNeeded) return true;
  if (limit.rlim_max < kNeeded) {
    std::fprintf(stderr,
                 "bulkhead: the stack may not grow above %llu KiB here, and 8192 KiB are needed\n"
                 "  help: raise the hard limit of the stack (`ulimit -Hs`, limits.conf, LimitSTACK=)\n",
                 static_cast<unsigned long long>(limit.rlim_max >> 10));
    return false;
  }
  limit.rlim_cur = kNeeded;
  // Once: the limit is met from then on. Without /proc it goes on with what the main thread can have.
  if (::setrlimit(RLIMIT_STACK, &limit) == 0) ::execv("/proc/self/exe", argv);
  return true;
}

}  // namespace bulkhead::cli
