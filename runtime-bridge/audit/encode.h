// An event as the members of its JSON line, in the order that docs/formats/audit.md gives.
#pragma once

#include <cstdint>

#include "runtime-bridge/audit/event.h"
#include "runtime-bridge/audit/json_line.h"

namespace bulkhead::audit {

/// The chain's state when the line is written; SandboxExit repeats it.
struct ChainState {
  std::uint64_t lines = 0;
  Digest head{};
};

/// "SandboxStart", ...: the member `event`.
std::string_view event_name(const Event& event);

void encode(const Event& event, const ChainState& chain, JsonLine& line);

}  // namespace bulkhead::audit
