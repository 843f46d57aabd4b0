// `--dump=ir`: a world as text in the language, everything implied written out with a comment that says from what.
#pragma once

#include <string>

#include "lang/ir/world.h"
#include "lang/source/source.h"

namespace bulkhead::frontend {

/// Deterministic; independent of where the files lie (places are shown as file name and line).
std::string dump(const ir::World& world, const source::SourceMap& sources);

}  // namespace bulkhead::frontend
