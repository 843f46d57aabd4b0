// Which sentences to take away or to narrow, so that what is violated holds and what was satisfied still is.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "checker/query/hitting_sets.h"
#include "checker/query/proof.h"

namespace bulkhead::query {

/// What a sentence was needed for, by the violations that were found: what narrowing it is about.
struct Need {
  ir::SentenceId sentence;
  ir::SubjectId subject;
  ir::Right right = ir::Right::Read;
  std::string objects;  // of an access claim, as it names them; "": of influence
  friend auto operator<=>(const Need&, const Need&) = default;
};

/// A set of sentences to change, on its way to be shown.
struct Candidate {
  SentenceSet sentences;       // with those that cannot stand without them: what is handed over via a channel
  std::vector<Need> needs;     // of these sentences, in order
  bool removal_works = false;  // without them the violated claims hold, and nothing else is lost
};

struct RepairOptions {
  std::vector<std::string> claims;  // names; empty: every claim that is violated, all together
  std::chrono::milliseconds timeout{60'000};
  std::size_t limit = 5;                                    // sets that are wanted
  std::function<bool(ir::SentenceId)> changeable;           // whether it stands in a text that may be changed
  std::function<bool(const Candidate& candidate)> confirm;  // changes the text and proves it from scratch
};

struct Repairs {
  std::vector<ir::ClaimId> targets;  // the violated claims, in order
  std::vector<ClaimResult> before;   // what every claim was
  std::vector<Candidate> confirmed;  // by size
  /// No smaller set works than the first one: every smaller one that hits the conflicts was tried and decided.
  bool minimum = false;
  bool exhausted = false;  // there is no further set
  std::string reason;      // why not, or why there is none
};

/// The candidates that `confirm` accepts, smallest first.
///
/// Each is subset-minimal: with fewer of its sentences removed the lines of some conflict stand, and these alone
/// violate a claim. That, and that no set is missing, rests on violations being monotone in what is permitted. Where
/// conditions negate `holds`, each single sentence is needed, and neither minimum nor exhausted is said. Cost: a proof
/// of the claims about the policy for each set that is tried, and what `confirm` costs.
Repairs repair(const ir::World& world, const RepairOptions& options);

}  // namespace bulkhead::query
