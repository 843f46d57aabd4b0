// Values of variables as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "checker/interchange/sexpr.h"
#include "checker/term/arrays.h"

namespace bulkhead::safety {

/// `true`, `-5`, `#b0101`, `(store ((as const (Array Int Int)) 0) 7 5)`. Requires: the value is one of the sort, which
/// is Bool, Int, Bits or an array of them, and then one of `arrays`.
std::string value_text(term::Word value, term::Sort sort, const term::Arrays& arrays = {});

/// What value_text() writes, and constants as solvers print them: `(- 5)`, `#x1f`. None: no value of this sort.
std::optional<term::Word> read_value(const interchange::Expressions& text, interchange::NodeId id, term::Sort sort,
                                     term::Arrays& arrays);

/// A name as SMT-LIB has it: with bars where it needs them.
std::string symbol_text(std::string_view name);

}  // namespace bulkhead::safety
