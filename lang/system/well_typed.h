// The part of validity (valid.h) that looks at types and terms alone.
#pragma once

#include <optional>
#include <string>

#include "lang/system/system.h"

namespace bulkhead::system {

/// The first type or term that is not as term.h says; nothing: all are. Makes no assumption about the system.
std::optional<std::string> well_typed(const System& system);

}  // namespace bulkhead::system
