// Which requests there are: objects and contexts that a witness may name.
#pragma once

#include "lang/ir/request.h"
#include "lang/ir/world.h"

namespace bulkhead::ir {

/// The object exists in this world: its volume is declared and its path valid, its syscall is known or the unknown one,
/// its address is in canonical form, its capability below 64.
bool is_valid(const World& world, const Object& object);

/// The object is valid and of the right's plane, and each context value is of its attribute's type; attributes that are
/// not optional all have one.
bool is_valid(const World& world, const Request& request);

}  // namespace bulkhead::ir
