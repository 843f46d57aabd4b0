// A window on the states of a system of any size: what is true of a few elements. What a Horn solver, which knows
// neither sorts nor functions, is told of a state.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/conditions/terms.h"

namespace bulkhead::cells {

/// Any elements, and what is seen of them: terms of Booleans, integers and enumerations whose free binders they are.
///
///   elements      x, y: Node
///   terms         x == y, x == root, marked(x), marked(y), marked(root), weight(x), ..., total
struct Window {
  std::vector<system::BinderId> elements;
  std::vector<system::TermId> terms;  // each once
};

/// Whether a function is looked at, by FunctionId.
using Seen = std::vector<bool>;

/// The window with so many elements of each sort; none where it would be large. Functions of integers and words, and
/// functions to words, are not in it.
std::optional<Window> window(conditions::Terms& terms, const Seen& seen, const std::vector<std::uint32_t>& sizes);

/// The terms of sorts that are seen in every state whatever is looked at: constants and variables without arguments.
std::vector<system::TermId> named_elements(conditions::Terms& terms, const Seen& seen);

}  // namespace bulkhead::cells
