// What a question about a .bh policy has decided, kept for later ones: only what was decided for everybody that the
// answer speaks of, and of which the evidence was accepted.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/inquiry.h"
#include "cli/kept_policy.h"
#include "cli/options.h"

namespace bulkhead::cli {

/// The name of the text by which load_with_flow() imports the flow map.
inline constexpr const char* kFlowName = "the flow map";
/// The policy with the flow map, on which claims about influence rest whoever imports it. None: something is wrong.
std::optional<Policy> load_with_flow(const PolicyInput& input);

/// What came of a question. Nothing is kept where `kept` is null.
struct Decided {
  const QueryOptions& options;
  const KeptPolicy* kept;
  const std::vector<std::string>& subjects;
  const std::map<std::string, Finding>& found;  // by claim
};
/// Who has this right.
void keep_able_to(const Decided& decided, ir::Right right, const std::string& objects);
/// Which of the rights on these objects the subject has.
void keep_reach_of(const Decided& decided, const std::string& subject,
                   const std::vector<std::pair<ir::Right, std::string>>& places);
/// Who may influence whom, for all pairs, behind the first question that is about some of them. Cost: all_pairs(), for
/// a minute at most and the same again for the second solver.
void keep_all_pairs(const Decided& decided);

}  // namespace bulkhead::cli
