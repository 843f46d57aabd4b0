// Questions about a policy as people ask them: `who can read Secrets`, `path from A to B`.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lang/base/result.h"
#include "lang/ir/right.h"

namespace bulkhead::query {

/// `who can read, write OBJECTS`: the subjects, each with a request. OBJECTS as in a claim.
struct WhoCan {
  std::vector<ir::Right> rights;
  std::string objects;
};
/// `what can SUBJECT reach`: objects that it has a right on, and subjects that it may influence.
struct WhatReach {
  std::string subject;
};
/// `path from A to B`: a way for information. Each is a subject, `network`, or objects as in a claim.
struct PathBetween {
  std::string from;
  std::string to;
};
/// `what breaks if I add SENTENCE`: the claims that were satisfied and would not be.
struct WhatBreaks {
  std::string sentence;
};
using Question = std::variant<WhoCan, WhatReach, PathBetween, WhatBreaks>;

/// The question, or what is wrong with it. What stands for objects and sentences is not looked at, but for being one
/// line of one sentence.
Result<Question, std::string> read_question(std::string_view text);

}  // namespace bulkhead::query
