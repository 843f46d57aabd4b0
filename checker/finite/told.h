// What a search that gave up says of how far it had come.
#pragma once

#include <string>

#include "checker/finite/finite.h"

namespace bulkhead::finite {

/// "the number of questions is reached, none within 7 steps".
inline std::string told(const Open& open) {
  return open.why + (open.depth ? ", none within " + std::to_string(*open.depth) + " steps"
                                : ", before the first states were looked at");
}

}  // namespace bulkhead::finite
