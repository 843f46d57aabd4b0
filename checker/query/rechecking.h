// What of the claims about a model is still true when the model changes, told at little cost. Internal to
// checker/query.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "checker/query/coverage.h"

namespace bulkhead::query {

/// A claim about a model, with what was found of it.
struct KnownClaim {
  const ir::Claim* claim = nullptr;
  system::Theorem theorem;
  ir::SystemId system;
  const verdict::Verdict* verdict = nullptr;  // null: nobody knows, so nobody can tell whether it changes
};
std::vector<KnownClaim> known_claims(const ir::World& world, const std::vector<ClaimResult>& claims);

/// The same claim about a changed model. The verdict is the one that was found before, as the ids of `system` say it.
struct ChangedClaim {
  const system::System& system;
  const system::Theorem& theorem;
  const verdict::Verdict& verdict;
};

enum class Effect : std::uint8_t {
  Same,     // the verdict is shown again
  Changed,  // it is another one
  Open
};

/// A verdict is shown again by its own evidence: the conditions of its certificate are made afresh of the changed model
/// and decided, its run is replayed there. It is another one where a run of a small scope says so.
///
/// Requires: `world` and `limits` outlive this.
/// Soundness: Same is as right as the first solver, Changed is replayed.
/// Cost:      counted in about as many microseconds, by what is asked and not by the clock; beyond limits.work all is
///            Open.
class Rechecking {
 public:
  Rechecking(const ir::World& world, const SurveyLimits& limits) : world_(world), limits_(limits) {}

  bool may_go_on() const;
  /// For what is done besides, such as making the changed system.
  void charge(std::uint64_t work) { spent_ += work; }

  Effect on_violated(const ChangedClaim& changed, const verdict::Violated& violated);
  Effect on_holding(const KnownClaim& base, const ChangedClaim& changed);
  /// For a change after which no run is new.
  Effect on_narrowed(const KnownClaim& base, const ChangedClaim& changed);
  /// By all engines, which takes long: Open where so much work is not left.
  Effect from_scratch(const KnownClaim& base, const ChangedClaim& changed);

 private:
  Effect decide(const KnownClaim& base, const ChangedClaim& changed, std::uint64_t work);
  bool is_shown(const KnownClaim& base, const ChangedClaim& changed);
  bool is_known(const KnownClaim& base, const std::string& script);
  bool is_violated(const ChangedClaim& changed, const std::vector<system::Scope>& scopes);

  const ir::World& world_;
  const SurveyLimits& limits_;
  std::uint64_t spent_ = 0;
  std::set<const ir::Claim*> asked_;
  std::set<std::string> valid_;
};

}  // namespace bulkhead::query
