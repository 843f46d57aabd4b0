// What bulkhead-init reads on its standard input before it reports: this, then the numbers of the calls that it is to
// try (u32 each), then the instructions of the filter.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bulkhead::sandbox {

struct Orders {
  std::uint32_t trials = 0;
  std::uint32_t instructions = 0;
};
inline constexpr std::uint32_t kMaxTrials = 24, kMaxFilterLength = 4096;

// The supervisor writes them before anybody reads: they have to fit into a pipe.
static_assert(sizeof(Orders) + std::size_t{kMaxTrials} * 4 + std::size_t{kMaxFilterLength} * 8 < 65536);

}  // namespace bulkhead::sandbox
