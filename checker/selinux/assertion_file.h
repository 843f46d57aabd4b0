// The evidence about all assertions of a policy as one text: `bulkhead.assertions.certificate/v1`, see
// docs/formats/selinux.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checker/selinux/assertion.h"
#include "checker/selinux/assertion_name.h"
#include "checker/selinux/assertion_objection.h"
#include "lang/base/result.h"
#include "lang/base/sha256.h"

namespace bulkhead::selinux {

inline constexpr std::size_t kMaxAssertionFileBytes = std::size_t{64} << 20;

/// One line for each verdict. That of an assertion which holds has the reasons alone, in runs ("s41 t3": 41 rules with
/// no source in common, then three with no target): the rules that they are about follow from the policy. So a file is
/// a few bytes for each assertion, where the rules that it is about would be thousands.
std::string write_assertions(const AssertionNames& names, const Digest& policy,
                             const std::vector<AssertionVerdict>& verdicts);

/// The verdicts, in the order of the text; or why the text is none about this policy. Whether they are right is for the
/// judge to say: nothing here is believed. Memory: at most one reason for each rule that the judge asks about.
Result<std::vector<AssertionVerdict>, std::string> read_assertions(std::string_view text, const Policy& policy,
                                                                   const AssertionNames& names,
                                                                   const AssertionJudge& judge, const Digest& digest);

}  // namespace bulkhead::selinux
