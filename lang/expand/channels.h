// Channels: whether each says something that can be meant, and claims about all of them as claims about a model.
#pragma once

#include "lang/diag/diagnostic.h"
#include "lang/resolve/modules.h"
#include "lang/source/source.h"

namespace bulkhead::expand {

/// Reports ends that nothing declares and algorithms, of channels and of keys, that are not known. Then each claim
/// about the strength of channels becomes a model with the channels as values, and a claim about that.
void expand_channels(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink);

}  // namespace bulkhead::expand
