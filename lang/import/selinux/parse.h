// From the text of a policy.conf to its sentences.
#pragma once

#include <optional>
#include <string_view>

#include "lang/diag/diagnostic.h"
#include "lang/import/selinux/draft.h"

namespace bulkhead::selinux {

/// Nothing after reporting the first mistake. Requires: `text` outlives the draft.
std::optional<Draft> parse(std::string_view text, source::FileId file, diag::DiagnosticSink& sink);

}  // namespace bulkhead::selinux
