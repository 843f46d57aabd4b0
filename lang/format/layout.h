// Layout: a run of tokens as lines, without knowing what they mean.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/syntax/tokens.h"

namespace bulkhead::format {

/// `tokens` of `text` with canonical spaces and indentation. Sentences stand on lines of their own; a break inside a
/// sentence, and one empty line between two, are kept; a block stays on its line if it was begun there and is short.
std::string layout(const std::vector<syntax::Token>& tokens, std::string_view text);

}  // namespace bulkhead::format
