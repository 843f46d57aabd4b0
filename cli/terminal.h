// Where commands print: results to stdout (or a file), everything for people to stderr, colours only where they are
// wanted.
#pragma once

#include <string>
#include <string_view>

#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::cli {

/// On where stderr is a terminal and neither NO_COLOR nor TERM=dumb says otherwise.
diag::Colour colour_of_stderr();

/// Writes `text` to `path`, or to stdout where `path` is "" or "-". Returns kHolds; prints and returns kBadInput where
/// it cannot be written, a full disk and a closed pipe included.
int write_out(std::string_view text, const std::string& path);

/// "bulkhead: `message`" on stderr; returns `status`.
int complain(const std::string& message, int status);

/// All diagnostics on stderr, in order, and a closing line that counts the errors.
void show(const diag::DiagnosticList& diagnostics, const source::SourceMap& sources);

}  // namespace bulkhead::cli
