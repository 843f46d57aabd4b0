// The values inside capability entries, shared by the file reader and the command line: one check for each kind of
// value.
#pragma once

#include <optional>
#include <string_view>

#include "lang/diag/diagnostic.h"
#include "lang/import/capabilities/capability_set.h"

namespace bulkhead::capabilities {

/// Each reports what is wrong with `text` at `origin` and returns nothing, or the grant.
std::optional<PathGrant> path_entry(Kind kind, std::string_view text, const Origin& origin, diag::DiagnosticSink& sink);
std::optional<NameGrant> environment_entry(std::string_view text, const Origin& origin, diag::DiagnosticSink& sink);
/// A destination without its ports: the CIDR block.
std::optional<NetGrant> block_entry(std::string_view text, const Origin& origin, diag::DiagnosticSink& sink);
std::optional<std::uint8_t> protocol_entry(std::string_view text, const Origin& origin, diag::DiagnosticSink& sink);

/// "64MiB", "64 MiB": bytes. "60s", "1500 ms": milliseconds.
std::optional<std::uint64_t> size_entry(std::string_view text, const Origin& origin, diag::DiagnosticSink& sink);
std::optional<std::uint64_t> duration_entry(std::string_view text, const Origin& origin, diag::DiagnosticSink& sink);

/// Reports `message` at the origin, with the JSON pointer where there is one.
void report(diag::DiagnosticSink& sink, diag::Code code, const Origin& origin, std::string message,
            std::string help = {});

/// "did you mean `x`?" with the choices, or just the choices.
std::string suggestion(std::string_view word, const std::vector<std::string>& choices);

}  // namespace bulkhead::capabilities
