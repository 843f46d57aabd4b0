// Expansion: models that are made of other models, and protocols, become plain models before names are resolved.
//
// Trusted. What it makes can be read: `--dump=ir`, and of a protocol also as the text that it stands for.
#pragma once

#include "lang/diag/diagnostic.h"
#include "lang/resolve/modules.h"
#include "lang/source/source.h"

namespace bulkhead::expand {

inline constexpr std::size_t kMaxCopied = 100'000;  // expressions copied into compositions, all together

/// Replaces each protocol and each composition by the model that it stands for, in its place.
///
/// Ensures: where nothing was reported, no ProtocolDecl is left, and no ModelDecl has a composition.
void expand(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink);

}  // namespace bulkhead::expand
