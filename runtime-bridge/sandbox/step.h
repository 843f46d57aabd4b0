// The steps of a launch, in their order (steps.def), and what a failed one tells a person.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bulkhead::sandbox {

enum class Step : std::int32_t {
  None = 0,
#define BULKHEAD_STEP(name, layer, syscall, remedy) name,
#include "runtime-bridge/sandbox/steps.def"
#undef BULKHEAD_STEP
  Count
};

std::string_view step_name(Step step);
std::string_view step_layer(Step step);
std::string_view step_syscall(Step step);
std::string_view step_remedy(Step step);

/// Why a run did not start, or was ended by Bulkhead itself: status 125.
struct Refusal {
  Step step = Step::None;
  int error = 0;       // errno, or 0 where there is none
  std::string object;  // the path, limit or number that it failed on
  std::string remedy;  // overrides the step's own where it is not empty

  /// "layer identity: write uid_map: operation not permitted" and, after "; help: ", the remedy.
  std::string message() const;
};

}  // namespace bulkhead::sandbox
