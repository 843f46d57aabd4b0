// The canonical layout of a policy: what `bulkhead fmt` writes, and how dumps and importers print.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lang/ast/ast.h"
#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::format {

/// The file in canonical layout; none after an error in `sink`, since text that is not understood is not moved.
///
/// Ensures: the words, signs and comments are those of the input, in its order (spaces at the end of a comment aside);
///          formatting the result again changes nothing.
std::optional<std::string> format(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink);

/// A module as text in canonical layout; parsing it gives the module again, apart from spans and ordinary comments.
std::string print(const ast::Module& module);

}  // namespace bulkhead::format
