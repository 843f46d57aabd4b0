// Paths and globs as they are written: absolute, normalised, well-formed.
#pragma once

#include <optional>
#include <string>

#include "lang/ast/word.h"
#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::types {

/// Whether `glob` can stand in a pattern: every alternative absolute, no `//`, no `.` or `..` segment, no `/` at the
/// end, no NUL; well-formed as lang/ir/glob.h says. The report points into the string where it can.
bool check_glob(const ast::String& glob, const source::SourceMap& sources, diag::DiagnosticSink& sink);

/// The same for a path without patterns; `what` is "the target of a mount".
bool check_path(const ast::String& path, const std::string& what, const source::SourceMap& sources,
                diag::DiagnosticSink& sink);

/// The bytes of a glob up to its first sign with a meaning of its own.
std::string literal_prefix(const std::string& glob);

}  // namespace bulkhead::types
