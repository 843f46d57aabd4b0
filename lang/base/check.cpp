#include "lang/base/check.h"

#include <unistd.h>

#include <cstdio>

namespace bulkhead {

void check_failed(const char* condition, const char* why, const char* file, int line) noexcept {
  std::fprintf(stderr, "bulkhead: internal error: %s (`%s`, %s:%d); please report it with the input\n", why, condition,
               file, line);
  std::fflush(nullptr);
  _exit(70);
}

}  // namespace bulkhead
