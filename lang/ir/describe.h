// Objects and contexts in words, as they stand in stories and reports.
#pragma once

#include <string>

#include "lang/ir/request.h"
#include "lang/ir/world.h"

namespace bulkhead::ir {

/// `Data:"/x"`, `"/etc/passwd"`, `host:"/etc/shadow"`, `10.0.0.1 port 443 tcp`, `openat(0x0, ...)`, `chown`. Bytes that
/// are not printable are written as \xNN.
std::string describe(const World& world, const Object& object);
std::string describe(const World& world, const Value& value);

/// The profile of the level: `standard`, `enhanced`, `maximum`.
std::string describe(Level level);

}  // namespace bulkhead::ir
