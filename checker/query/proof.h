// What came out of proving a policy: for each claim its cases, for each case a verdict.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/certificate/check.h"
#include "checker/verdict/verdict.h"
#include "lang/ir/world.h"

namespace bulkhead::query {

/// One case of a claim: an instance of its quantifier, one direction of `isolated`.
struct CaseResult {
  obligation::Instance instance;
  verdict::Verdict verdict;
  std::vector<std::string> assumptions;
  std::optional<certificate::Checked> checked;  // where certificates were asked for, and of what came from the cache
  bool from_cache = false;
};

/// What the cases mean for the claim as it was written.
enum class Status : std::uint8_t {
  Satisfied,  // `prove`: every case holds; `refute`: some case is violated
  Failed,     // `prove`: some case is violated; `refute`: every case holds
  Vacuous,    // true for want of anything to speak of: `prove` and `refute` alike are not satisfied
  Unknown,    // some case is unknown and none decides
  Rejected    // a verdict was found, and its evidence was not accepted
};
std::string_view to_string(Status status);

struct ClaimResult {
  ir::ClaimId claim;
  Status status = Status::Unknown;
  std::vector<CaseResult> cases;
  std::size_t deciding = 0;  // the case that the status rests on: the first violated, vacuous or unknown one
  std::string reason;        // of Vacuous, Unknown and Rejected
};

/// What the cache of certificates did.
struct CacheReport {
  std::size_t hits = 0;
  std::size_t stored = 0;
  std::vector<std::string> dropped;  // entries that were damaged or forged, with the reason
};

/// An action of a model that no run was found to take.
struct IdleAction {
  ir::SystemId system;
  system::ActionId action;
  bool never = false;  // it can never fire: shown, and the evidence was accepted
  std::string reason;  // otherwise how far a run was looked for
};

/// A claim about a model that is known to hold of each of its variants too: a note, not vacuity. [semantics 8]
struct Survivor {
  ir::ClaimId claim;
  ir::SystemId model;
  std::vector<ir::SystemId> variants;  // all of them
};

/// A condition of a model that leaves the fragment which solvers decide: verdicts about it may be unknown.
struct Undecidable {
  ir::SystemId system;
  source::Span span;      // of the invariant or lemma that the condition is about
  std::string condition;  // "`transfer` keeps `exclusive`"
  std::string reason;     // "Frame -> Frame (by `next`)"
};

struct Proof {
  std::vector<ClaimResult> claims;
  std::optional<obligation::Refusal> refused;           // the module as a whole
  std::optional<std::vector<ir::SentenceId>> unproved;  // sentences that no claim covers; none: not asked for
  std::vector<ir::SentenceId> not_judged;               // whether a claim covers these was not found out within bounds
  std::vector<IdleAction> idle;                         // of models; looked for together with `unproved`
  std::vector<Survivor> survivors;                      // of models; looked for together with `unproved`
  std::vector<Undecidable> undecidable;                 // of models
  CacheReport cache;
  std::string solver;  // of certificates: "cvc5 1.0.3"

  /// Every claim is satisfied. False for a policy without claims.
  bool all_satisfied() const;
};

/// The status of a claim with these cases.
Status status_of(const ir::Claim& claim, const std::vector<CaseResult>& cases, std::size_t& deciding,
                 std::string& reason);

}  // namespace bulkhead::query
