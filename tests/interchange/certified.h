// What `bulkhead certify` says of evidence: the problem and the text are read anew.
#pragma once

#include <string>

#include "checker/safety/evidence_file.h"

namespace bulkhead::test {

/// Why the evidence is rejected; "": it is accepted. `safe`: what it says, where it is not null.
inline std::string rejected(safety::Format format, const std::string& text, const std::string& evidence,
                            bool* safe = nullptr) {
  auto problem = safety::read_problem(format, text);
  if (!problem) return problem.error();
  const auto read = safety::read_evidence(problem.value(), evidence);
  if (!read) return read.error();
  if (safe != nullptr) *safe = safety::claims_safety(*read);
  if (!safety::claims_safety(*read)) return safety::objection(*problem, *read).value_or("");
  const auto all = safety::conditions(problem.value(), *read);
  if (!all) return all.error();
  return safety::refuted(safety::arena(*problem, *read), *all, {}).objection;
}

}  // namespace bulkhead::test
