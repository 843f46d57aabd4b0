// An SELinux policy as policy text, as far as the language can say it: what types do to files of types, and which
// assertions are claims about that.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lang/import/selinux/policy.h"
#include "lang/source/source.h"

namespace bulkhead::selinux {

struct PolicyText {
  std::string text;               // ends in a newline
  std::vector<LeftOut> left_out;  // in the order of the policy; of a rule that is said in part, what is missing
};

/// Whether some constraint may take one of these permissions of a class from a source on a target.
using MayBeDenied = std::function<bool(std::size_t source, std::size_t target, const Access& access)>;

/// The module `module`, which is a name of the language.
///
/// * An object of class C and type T is the path `/C/T` of one volume; classes are those of files (file, dir, lnk_file,
///   chr_file, blk_file, sock_file, fifo_file). Types that stand as sources are containers.
/// * `read`, `execute`, `rename` and `link` are the rights of these names; `write` and `append` are both the right
/// `write`.
///   Sets of sources are profiles that their members use, sets of targets are files.
/// * An assertion is a claim for each right all of whose permissions it denies.
/// * Every sentence names its line.
/// * An assertion that rules cross for pairs alone of which `may_be_denied` is no claim: it would be violated by what
/// is
///   perhaps not granted. It is told as over-approximate.
///
/// Soundness: the grants over-approximate (constraints that types do not decide, append without write), so claims that
///            hold are right, and what is violated is violated by a rule that no constraint takes from. An `if` counts
///            with both values, as in assertions. `bulkhead prove` of the policy itself is exact and says more. Tests:
///            SelinuxText.SaysWhatTheRulesSay, SelinuxText.ClaimsNothingThatAConstraintMayDeny.
PolicyText policy_text(const Policy& policy, const source::SourceMap& sources, const std::string& module,
                       const MayBeDenied& may_be_denied);

}  // namespace bulkhead::selinux
