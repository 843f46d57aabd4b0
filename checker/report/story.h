// A verdict as a story: one line for each step, with the sentences behind it. Internal to checker/report.
#pragma once

#include <string>
#include <vector>

#include "checker/report/report.h"

namespace bulkhead::report {

struct Line {
  std::string text;                       // "Agent may read Data:"/x""
  std::vector<ir::SentenceId> sentences;  // what makes it so
};

std::vector<Line> story(const ir::World& world, const query::ClaimResult& result);

/// What is said of a claim in one line: "violated", "holds (refuted as demanded not)", ...
std::string headline(const ir::World& world, const query::ClaimResult& result);

/// "policy.bh:12", "implied", or "" where nobody said it.
std::string place(const Subject& subject, ir::SentenceId sentence);
std::string place(const ir::World& world, const source::SourceMap& sources, ir::SentenceId sentence);

/// Verdicts that rest on assumptions name them: all of a claim's cases, each once.
std::vector<std::string> assumptions(const query::ClaimResult& result);

}  // namespace bulkhead::report
