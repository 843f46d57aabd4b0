// Questions about a .bh policy answered from what an earlier run decided and had accepted; and what is kept for later.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/query/all_pairs.h"
#include "checker/query/question.h"
#include "checker/report/answer.h"
#include "cli/kept_policy.h"
#include "lang/ir/world.h"

namespace bulkhead::cli {

enum class Story : bool { LeftOut, Told };

/// None: it has to be asked of the policy. With a story only answers that have none come from here: nobody can, nothing
/// is reached, there is no path.
std::optional<report::Answer> kept_answer(const KeptPolicy& kept, const query::Question& question, Story story);

/// Some of the names, and what that rests on.
struct KeptList {
  std::vector<std::string> names;
  std::set<std::string> members;
  std::vector<std::string> assumptions;
};
/// Which of the subjects can do it, "read Secrets". Requires: each has been decided, and the evidence accepted.
void keep_able(const KeptPolicy& kept, const std::string& what, const KeptList& subjects);
/// What the subject can do, "read Secrets", of all that the policy names. Requires: as above.
void keep_reach(const KeptPolicy& kept, const std::string& subject, const KeptList& rights);

bool has_influence(const KeptPolicy& kept);
void keep_influence(const KeptPolicy& kept, const ir::World& world, const query::AllPairs& pairs,
                    const std::vector<std::string>& assumptions);

}  // namespace bulkhead::cli
