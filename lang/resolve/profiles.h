// Composition of profiles: which bodies speak about a container, from far to near.
#pragma once

#include <vector>

#include "lang/ast/ast.h"
#include "lang/diag/diagnostic.h"
#include "lang/resolve/names.h"

namespace bulkhead::resolve {

/// One body that speaks about a subject. A nearer body's single values win; a profile that is reached twice counts
/// once, where it was reached first.
struct Layer {
  ModuleId module;
  SymbolId profile;  // invalid: the subject's own body, or an `extend` of it
  const ast::Body* body = nullptr;
};

/// The layers of each container and profile, by symbol; empty for other symbols. A `uses` that closes a circle is
/// reported and left out, so the result is always finite.
std::vector<std::vector<Layer>> compose(const Names& names, diag::DiagnosticSink& sink);

/// The profiles that some `uses` names, by symbol.
std::vector<bool> used_profiles(const Names& names);

}  // namespace bulkhead::resolve
