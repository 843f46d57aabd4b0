// Everything that a claim about a model rests on, as text: what the cache of certificates is keyed by. Internal to
// checker/query.
#pragma once

#include <string>

#include "lang/system/system.h"
#include "lang/system/theorem.h"

namespace bulkhead::query {

/// Two pairs of system and theorem have the same text only if they are the same but for where and how they were
/// written: names and numbers are in it, because evidence names properties by their names and everything else by its
/// number.
std::string key_of(const system::System& system, const system::Theorem& theorem);

}  // namespace bulkhead::query
