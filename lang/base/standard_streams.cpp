#include "lang/base/standard_streams.h"

#include <fcntl.h>

namespace bulkhead {

bool open_standard_streams() {
  for (int stream = 0; stream < 3; ++stream) {
    if (::fcntl(stream, F_GETFD) >= 0) continue;
    if (::open("/dev/null", O_RDWR) != stream) return false;  // a file gets the lowest number that is free
  }
  return true;
}

}  // namespace bulkhead
