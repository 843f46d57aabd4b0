// The assertions of an SELinux policy between the commands that ask about them: decided or read from a certificate,
// then judged.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "checker/selinux/assertion.h"
#include "checker/selinux/assertion_name.h"
#include "checker/selinux/assertion_objection.h"
#include "cli/selinux_policy.h"

namespace bulkhead::cli {

struct CheckedAssertion {
  selinux::AssertionVerdict verdict;
  std::optional<std::string> objection;  // why its evidence is not accepted
};

/// What cvc5 said of the questions behind the assertions.
struct SecondOpinion {
  std::string solver;         // "cvc5 1.0.3"; "": it cannot be run
  std::size_t agreed = 0;     // its answer is that of the evidence
  std::size_t silent = 0;     // no answer within its limits
  std::size_t too_large = 0;  // not asked, since the questions together were too large
};

struct CheckedAssertions {
  std::vector<CheckedAssertion> all;
  std::optional<SecondOpinion> second;  // where it was asked for

  /// 0 all hold, 1 some is violated, 3 there is none, 4 some evidence is rejected.
  int exit_status() const;
};

/// Has the judge look at each verdict.
std::vector<CheckedAssertion> judged(const selinux::AssertionJudge& judge,
                                     std::vector<selinux::AssertionVerdict> verdicts, std::size_t workers);

inline constexpr std::size_t kMaxScriptBytes = std::size_t{8} << 20;  // of all questions to the second solver

/// Asks cvc5 the question behind each assertion whose evidence was accepted, the smallest first, up to
/// kMaxScriptBytes; another answer than that of the evidence is an objection.
SecondOpinion ask_second_solver(const selinux::Policy& policy, std::vector<CheckedAssertion>& checked,
                                std::size_t workers);

/// The assertions that `--only` names, all where it names none. A string is a word that names none.
std::variant<std::vector<selinux::RuleId>, std::string> assertions_named(const selinux::AssertionNames& names,
                                                                         const std::vector<std::string>& only);

/// What `--jobs` means here.
std::size_t worker_count(unsigned jobs);

}  // namespace bulkhead::cli
