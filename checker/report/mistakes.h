// What is wrong with a policy's text, in the forms that programs read.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "checker/report/findings.h"
#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::report {

/// Of a policy of which nothing was asked. `name` stands where the name of its module would.
Findings findings(const std::string& name, const source::SourceMap& sources,
                  const std::vector<diag::Diagnostic>& mistakes);

/// `bulkhead.diagnostics/v1`, docs/schema/diagnostics.v1.json.
std::string mistakes_json(const source::SourceMap& sources, const diag::DiagnosticList& mistakes);

/// `bulkhead.verdict/v1` of a policy of which nothing was asked: no claims, status 2.
std::string unread_json(const source::SourceMap& sources, const diag::DiagnosticList& mistakes);

/// The list that both of them and the reports of verdicts have under `diagnostics`.
nlohmann::ordered_json diagnostics_json(const source::SourceMap& sources,
                                        const std::vector<diag::Diagnostic>& diagnostics);

/// "error", "warning" or "note", as SARIF and JSON call it.
const char* severity_word(diag::Code code);

}  // namespace bulkhead::report
