// A policy that cannot be read, told in the form that was asked for.
#pragma once

#include <memory>
#include <string>

#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::cli {

/// People have been shown the diagnostics already; at least one of them is an error.
struct Unreadable {
  std::string name;  // of the first file, as it was given
  std::unique_ptr<source::SourceMap> sources;
  diag::DiagnosticList diagnostics;
};

/// Writes json (`bulkhead.diagnostics/v1`), sarif, junit or github to `output`; nothing in the forms for people.
/// Returns kHolds, or kBadInput where it cannot be written. `name` stands where those forms name a policy.
int write_mistakes(const std::string& name, const source::SourceMap& sources, const diag::DiagnosticList& mistakes,
                   const std::string& format, const std::string& output);

/// The same, so that whoever waits for a document gets one that says why there is no other. Returns kBadInput.
int refuse(const Unreadable& policy, const std::string& format, const std::string& output);

}  // namespace bulkhead::cli
