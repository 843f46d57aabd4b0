// Whether a model looks at one element of a sort at a time: no element of it can tell, or change, what another one
// does.
#pragma once

#include <string>

#include "lang/ast/ast.h"

namespace bulkhead::expand {

/// Of such a model every run of many elements is, element by element, a run of one of them; so what holds of each
/// single element holds for any number of elements of which the same is said, if it holds for one. [docs/adr/0017]
///
/// It is one where each variable has exactly one argument of the sort, each constant and relation at most one, nothing
/// has elements of the sort as its value, each action has exactly one parameter of it, and neither actions nor
/// definitions, assumptions or initial states quantify over it or use `*`. Invariants and lemmas say nothing of what
/// happens.
///
/// Soundness: under-approximates; a model that is refused may be one. Test: OneAtATime.*
///
/// Requires: the model is plain, its sorts are its own.
bool looks_at_one(const ast::Module& tree, const ast::ModelDecl& model, const std::string& sort);

}  // namespace bulkhead::expand
