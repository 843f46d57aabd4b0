// From named syntax trees to ir::World: types everything, and turns everything implicit into rules with their own
// sentences.
//
// Trusted. What it makes of a policy can be read: `--dump=ir`.
#pragma once

#include <map>
#include <string>

#include "lang/diag/diagnostic.h"
#include "lang/ir/world.h"
#include "lang/resolve/modules.h"
#include "lang/resolve/names.h"
#include "lang/source/source.h"
#include "lang/types/theorems.h"

namespace bulkhead::types {

struct LowerOptions {
  /// What the run puts behind a volume: name to absolute host path.
  std::map<std::string, std::string> volume_sources;
};

/// The world of the policy; meaningful only if no error was reported. Errors never stop it early: one run shows them
/// all. `theorems`: what its models have become (lang/types/model).
ir::World lower(const resolve::Modules& modules, const resolve::Names& names, const LowerOptions& options,
                Theorems theorems, const source::SourceMap& sources, diag::DiagnosticSink& sink);

}  // namespace bulkhead::types
