// Checks the evidence for verdicts on assertions against the rules as they were read. Trusted; shares no code with the
// search, not even how sets of types are expanded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/selinux/assertion.h"
#include "checker/selinux/set_rows.h"
#include "lang/import/selinux/policy.h"

namespace bulkhead::selinux {

class AssertionJudge {
 public:
  /// Requires: the policy outlives the judge.
  explicit AssertionJudge(const Policy& policy);

  /// What is wrong with the evidence; nothing: the verdict is right. Kept: each allow rule that shares a class and a
  /// permission with the assertion is named, and is apart from it for the reason that is given. Crossed: each rule
  /// that is named gives what it is said to give, and the assertion denies it.
  ///
  /// Cost: allow rules that share a class with the assertion, times the words of a set.
  std::optional<std::string> objection(const AssertionVerdict& verdict) const;

  /// The allow rules that share a class and a permission with an assertion, each once, in the order of the text: those
  /// that have to be shown apart from it.
  std::vector<RuleId> sharing(const Rule& assertion) const;

 private:
  std::optional<std::string> objection(const Rule& assertion, const Kept& kept) const;
  std::optional<std::string> objection(const Rule& assertion, const Crossing& crossing) const;
  bool is_apart(const Rule& assertion, const Rule& rule, Apart why) const;
  bool has_harmless_commands(const Rule& assertion, const Rule& rule, std::size_t source, std::size_t target) const;
  bool gives(const Rule& rule, std::size_t source, std::size_t target) const;
  bool denies_command(const Rule& assertion, std::size_t source, std::size_t target, ClassId object_class) const;

  const Policy& policy_;
  SetRows sets_;
  std::vector<std::vector<std::uint32_t>> allows_, extended_;  // the numbers of the rules that name a class
};

}  // namespace bulkhead::selinux
