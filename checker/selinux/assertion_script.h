// The question behind an assertion as an SMT-LIB 2 script, for solvers that know nothing of SELinux. Trusted: sets are
// printed as they are written in the policy, and expanded by the solver.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lang/import/selinux/policy.h"

namespace bulkhead::selinux {

/// Scripts of one policy, which share the work of finding the rules of a class.
class AssertionScripts {
 public:
  /// Requires: the policy outlives this.
  explicit AssertionScripts(const Policy& policy);

  /// "Is there a source and a target that the assertion denies and some allow rule gives?": unsatisfiable where the
  /// assertion holds, satisfiable where it is crossed. What is printed is the slice that the question needs: the allow
  /// rules that share a class and a permission with the assertion, rules of the same sets once, the sets and attributes
  /// that they name.
  ///
  /// Cost: linear in the rules of the classes of the assertion and in the members of the attributes that these name.
  std::string script(RuleId assertion) const;

 private:
  const Policy& policy_;
  std::vector<std::vector<std::uint32_t>> allows_, extended_;  // the numbers of the rules that name a class
};

}  // namespace bulkhead::selinux
