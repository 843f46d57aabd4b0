// `--dump=ir`: a world as text in the language, everything implied written out with a comment that says from what.
#pragma once

#include <string>

#include "lang/ir/world.h"
#include "lang/source/source.h"

namespace bulkhead::frontend {

/// Deterministic; independent of where the files lie (places are shown as file name and line).
/// Ensures: it can be read again, where the models are found, and means the same (what follows from other sentences is
/// a comment; variants are models with a name of their own). Test: specs.DumpsReadAgainAndMeanTheSame.
std::string dump(const ir::World& world, const source::SourceMap& sources);

}  // namespace bulkhead::frontend
