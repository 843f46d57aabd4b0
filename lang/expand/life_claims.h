// `no container runs before its image is verified` and `revoked leads to purged`: claims about the policy's own
// containers in models/lifecycle.bh.
#pragma once

#include "lang/diag/diagnostic.h"
#include "lang/resolve/modules.h"
#include "lang/source/source.h"

namespace bulkhead::expand {

/// Replaces each such claim by one about the policy's own instance of a model, which is added to the claim's module:
///
///   no container runs ...      `model Launch_N = Launch(containers) { invariant verified_before_run: ... }`; what has
///                              been started is verified
///   revoked leads to purged    `model Lifecycle_N = Lifecycle(containers)`; under a fair manager, what the node was
///   told
///                              is revoked is purged
///
/// N is the module's number. Reported: nothing that the module imports says how containers live; the policy has no
/// container.
///
/// Soundness: exact. An open container is one element of the model for any number of them, which is allowed where the
/// model looks at one container at a time (one_at_a_time.h), and refused elsewhere. docs/adr/0017-claims-about-lives.md
void expand_life_claims(resolve::Modules& modules, source::SourceMap& sources, diag::DiagnosticSink& sink);

}  // namespace bulkhead::expand
