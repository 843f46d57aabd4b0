// Who is trusted, who speaks to whom, who holds and hands over what, and which way information goes, as text in the
// language.
#pragma once

#include <functional>
#include <string>

#include "lang/ir/world.h"

namespace bulkhead::frontend {

/// The comment that says where a sentence stands; nothing for an id that is none.
using Origin = std::function<std::string(ir::SentenceId)>;

/// One line for each holder, giver and receiver: pods and lists are spread out.
std::string dump_authority(const ir::World& world, const Origin& origin);

}  // namespace bulkhead::frontend
