// From models as they are written to transition systems: names, types, definitions expanded, variants made.
//
// Trusted. What it makes of a model can be read: `--dump=ir`.
#pragma once

#include "lang/diag/diagnostic.h"
#include "lang/resolve/modules.h"
#include "lang/resolve/names.h"
#include "lang/source/source.h"
#include "lang/types/theorems.h"

namespace bulkhead::model {

/// The systems of the policy, each model followed by its variants, and what its claims say of them; meaningful only if
/// no error was reported.
///
/// Ensures: system::is_valid of each system and each theorem, if no error was reported.
types::Theorems lower_models(const resolve::Modules& modules, const resolve::Names& names,
                             const source::SourceMap& sources, diag::DiagnosticSink& sink);

}  // namespace bulkhead::model
