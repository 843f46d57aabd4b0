#include "checker/safety/decision.h"

#include <utility>

namespace bulkhead::safety {

solver::SpacerOptions spacer_options(const Options& options, std::stop_token stop) {
  solver::SpacerOptions asked;
  asked.program = options.program;
  asked.time = options.time / 2;
  asked.memory_mib = options.memory_mib;
  asked.seed = options.seed;
  asked.stop = std::move(stop);
  return asked;
}

}  // namespace bulkhead::safety
