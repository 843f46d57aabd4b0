// From the sentences of a policy.conf to the policy that they make: names looked up, sets of types each once.
#pragma once

#include <optional>

#include "lang/diag/diagnostic.h"
#include "lang/import/selinux/draft.h"

namespace bulkhead::selinux {

/// Nothing after reporting every name that is unknown, declared twice or of the wrong kind.
std::optional<Policy> resolve(Draft draft, source::FileId file, diag::DiagnosticSink& sink);

}  // namespace bulkhead::selinux
