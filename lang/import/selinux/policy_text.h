// An SELinux policy as policy text, as far as the language can say it: what types do to files of types, and which
// assertions are claims about that.
#pragma once

#include <string>
#include <vector>

#include "lang/import/selinux/policy.h"
#include "lang/source/source.h"

namespace bulkhead::selinux {

struct PolicyText {
  std::string text;               // ends in a newline
  std::vector<LeftOut> left_out;  // in the order of the policy; of a rule that is said in part, what is missing
};

/// The module `module`, which is a name of the language.
///
/// * An object of class C and type T is the path `/C/T` of one volume; classes are those of files (file, dir, lnk_file,
///   chr_file, blk_file, sock_file, fifo_file). Types that stand as sources are containers.
/// * `read`, `execute`, `rename` and `link` are the rights of these names; `write` and `append` are both the right
/// `write`.
///   Sets of sources are profiles that their members use, sets of targets are files.
/// * An assertion is a claim for each right all of whose permissions it denies.
/// * Every sentence names its line.
///
/// Soundness: the grants over-approximate (conditions, constraints, append without write), so claims that hold are
/// right;
///            `bulkhead prove` of the policy itself is exact and says more. Test: SelinuxText.SaysWhatTheRulesSay.
PolicyText policy_text(const Policy& policy, const source::SourceMap& sources, const std::string& module);

}  // namespace bulkhead::selinux
