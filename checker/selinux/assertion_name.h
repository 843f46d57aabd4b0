// Names of assertions: they have none in their policy, and `--only`, reports and certificates need one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lang/import/selinux/policy.h"
#include "lang/source/source.h"

namespace bulkhead::selinux {

/// The assertions of a policy with their names, in the order of the text: "line_14", and "line_14_2" of the second
/// assertion that begins on that line.
class AssertionNames {
 public:
  AssertionNames(const Policy& policy, const source::SourceMap& sources);

  const std::vector<RuleId>& rules() const { return rules_; }
  /// Requires: `rule` is an assertion.
  const std::string& name(RuleId rule) const;

  /// Those that `word` means: a name, or a place as reports print it, in the policy ("policy.conf:14") or in the file
  /// that `#line` marks name ("public/init.te:7"; a macro may have made several there).
  std::vector<RuleId> find(std::string_view word) const;

 private:
  const Policy& policy_;
  const source::SourceMap& sources_;
  std::vector<RuleId> rules_;
  std::vector<std::string> names_;  // of rules_
};

}  // namespace bulkhead::selinux
