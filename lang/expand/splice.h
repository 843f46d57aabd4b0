// Sentences written as text, and put into a module in the place of what they stand for.
#pragma once

#include <optional>
#include <string>

#include "lang/ast/ast.h"
#include "lang/source/source.h"

namespace bulkhead::expand {

/// `name` is what messages call the text. None where it is longer than a sentence may be.
///
/// Requires: it has no other mistakes.
std::optional<ast::Module> read_text(source::SourceMap& sources, const std::string& name, std::string text);

/// The claim that is the first sentence of `from`, for `to`: its expressions are copied there.
ast::ClaimForm copied_claim(const ast::Module& from, ast::Module& to);

/// The model that is the first sentence of `from`, as a sentence of `to`.
void add_model(const ast::Module& from, ast::Module& to);

}  // namespace bulkhead::expand
