// Verdicts on the assertions of an SELinux policy, as people and programs read them.
#pragma once

#include <string>

#include "checker/report/findings.h"
#include "cli/assertions.h"

namespace bulkhead::cli {

std::string assertions_text(const SelinuxPolicy& loaded, const CheckedAssertions& checked);
/// `bulkhead.assertions/v1`, docs/schema/assertions.v1.json.
std::string assertions_json(const SelinuxPolicy& loaded, const selinux::AssertionNames& names,
                            const CheckedAssertions& checked);
/// "accepted  line_14  holds", as `certify` says it of every certificate.
std::string certified_text(const selinux::AssertionNames& names, const CheckedAssertions& checked);
/// For SARIF, JUnit and GitHub.
report::Findings assertions_findings(const SelinuxPolicy& loaded, const selinux::AssertionNames& names,
                                     const CheckedAssertions& checked);

}  // namespace bulkhead::cli
