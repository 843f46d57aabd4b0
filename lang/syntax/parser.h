// The parser: one source text to its syntax tree, with every mistake reported in one pass.
#pragma once

#include <cstddef>
#include <optional>

#include "lang/ast/ast.h"
#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::syntax {

/// What one file may ask of the parser; beyond it a clear error, never a crash or a hang.
inline constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxNesting = 256;       // open brackets at one place
inline constexpr std::size_t kMaxChain = 10'000;      // operators in one condition
inline constexpr std::size_t kMaxTokens = 4'000'000;  // in one file
inline constexpr std::size_t kMaxSentence = 500'000;  // words and signs in one sentence, its block included
inline constexpr std::size_t kMaxMistakes = 200;      // after that many the rest of the file is not read

/// The module with everything that was understood; sentences with a mistake in them are left out, each after at least
/// one error in `sink`. None only where the text cannot be read at all: too large, not UTF-8, a NUL byte.
///
/// Cost: about one second and 350 MB for each 4 MB of text.
std::optional<ast::Module> parse(const source::SourceMap& sources, source::FileId file, diag::DiagnosticSink& sink);

}  // namespace bulkhead::syntax
