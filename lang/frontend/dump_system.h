// A transition system as text in the language of models: what a model, a variant or a claim has become.
#pragma once

#include <string>

#include "lang/source/source.h"
#include "lang/system/system.h"
#include "lang/system/theorem.h"

namespace bulkhead::frontend {

/// `model NAME { ... }`, each line with the place that it comes from.
std::string dump_system(const system::System& system, const source::SourceMap& sources);

/// What a theorem says, in the words of claims.
std::string spell_theorem(const system::System& system, const system::Theorem& theorem);

}  // namespace bulkhead::frontend
