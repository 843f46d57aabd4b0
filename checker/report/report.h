// Verdicts in the forms that people and programs read. Deterministic; places are relative to where the policy was
// named. The forms that have no words of their own for a policy (SARIF, JUnit, GitHub) are written by findings.h.
#pragma once

#include <string>
#include <vector>

#include "checker/query/difference.h"
#include "checker/query/flow_difference.h"
#include "checker/query/proof.h"
#include "checker/query/settings.h"
#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::report {

struct Subject {
  const ir::World& world;
  const source::SourceMap& sources;
  const query::Proof& proof;
  std::vector<diag::Diagnostic> warnings{};  // of the policy's text
};

/// For a terminal: one line for each claim, a story with the source line of each step below what is not satisfied.
std::string text(const Subject& subject);
/// What `text` says of one claim.
std::string text(const Subject& subject, const query::ClaimResult& result);
/// `bulkhead.verdict/v1`, docs/schema/verdict.v1.json.
std::string json(const Subject& subject);
/// A document for readers: claims by the requirements that their doc comments name (`/// requirement: 1.1 integrity`),
/// what must fail, assumptions, unproved policy. No times and no versions: the same policy gives the same document.
std::string markdown(const Subject& subject);

/// Message-sequence charts of the runs that a verdict rests on, as SVG: for claims about protocols, else none.
std::vector<std::string> charts(const Subject& subject, const query::ClaimResult& result);

/// 0 all satisfied, 1 some failed, 3 some unknown or vacuous (or no claim at all), 4 some evidence rejected.
int exit_status(const query::Proof& proof);

struct Comparison {
  const ir::World& older;
  const source::SourceMap& older_sources;
  const ir::World& newer;
  const source::SourceMap& newer_sources;
  const std::vector<query::AccessChange>& changes;
  const std::vector<query::SettingChange>& settings;
  const std::vector<query::FlowChange>& flows;
};
std::string difference_text(const Comparison& comparison);
/// `bulkhead.difference/v1`.
std::string difference_json(const Comparison& comparison);

}  // namespace bulkhead::report
