// Circles among imports, told as a chain: "`a` imports `b`, which imports `a`".
#pragma once

#include "lang/diag/diagnostic.h"
#include "lang/resolve/modules.h"

namespace bulkhead::resolve {

/// Reports each import that closes a circle, once, with every import of the circle as a label.
void report_import_cycles(const Modules& modules, diag::DiagnosticSink& sink);

}  // namespace bulkhead::resolve
