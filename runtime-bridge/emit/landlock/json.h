// A Landlock rule set as text: docs/formats/landlock.md.
#pragma once

#include <string>

#include "runtime-bridge/table/table.h"

namespace bulkhead::emit::landlock {

std::string to_json(const table::Landlock& rules);

}  // namespace bulkhead::emit::landlock
