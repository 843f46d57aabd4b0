// What a run has to tell, whatever it was about: the one form that the writers of SARIF, JUnit and GitHub read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/query/proof.h"
#include "checker/query/rests_on.h"
#include "checker/report/report.h"
#include "lang/diag/diagnostic.h"
#include "lang/source/source.h"

namespace bulkhead::report {

/// A place and what stands there. A span without a file: nobody wrote it.
struct Location {
  source::Span span;
  std::string text;
};

/// What came out for one claim. A satisfied one is told by its name alone.
struct Finding {
  std::string name;
  std::string text;  // the claim as it was written
  query::Status status = query::Status::Unknown;
  std::string headline;            // "violated"
  std::vector<std::string> story;  // a line for each step
  Location place;
  std::vector<Location> related;      // what the story rests on
  std::vector<query::Basis> bases{};  // the models that the verdict rests on
};

enum class RemarkKind : std::uint8_t { Unproved, NotJudged, Idle, Survives };

/// Nothing that fails: a sentence that no claim depends on, one of which that was not found out, an idle action, a
/// claim that survives every variant of its model.
struct Remark {
  RemarkKind kind = RemarkKind::Unproved;
  Location place;  // of an idle action the text alone; of a claim what is said of it, not what it says
};

/// Why nothing was asked at all.
struct Refused {
  std::string reason;
  Location place;
};

struct Findings {
  std::string suite;  // the module or the policy
  const source::SourceMap& sources;
  std::vector<Finding> claims;  // every one that was asked
  std::vector<Remark> remarks;  // by kind
  std::optional<Refused> refused;
  std::vector<diag::Diagnostic> mistakes{};  // of the policy's text; with an error among them nothing was asked
};

Findings findings(const Subject& subject);

/// SARIF 2.1.0: one result for each mistake, for each claim that is not satisfied, for each sentence that no claim
/// covers, and a note for each of which that was not found out and for each claim that survives every variant.
std::string sarif(const Findings& findings);
/// JUnit XML: one test case for each error of the text and each claim; warnings and unproved policy stand in the output
/// of the suite.
std::string junit(const Findings& findings);
/// Workflow commands of GitHub Actions: mistakes as they are, errors for claims, warnings for unproved policy, a notice
/// for what was not judged, and for each claim that survives every variant.
std::string github(const Findings& findings);

}  // namespace bulkhead::report
