// Claims of policies whose delegations have conditions.
//
// First the closure, with every condition taken for true; then without what no condition can come to, which decides
// policies that never ask that somebody lacks something; then, delegation by delegation, the finite engines: bounded
// search finds a run, which is told as one of the reference semantics, or IC3 an invariant.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "checker/engine/engine.h"
#include "lang/ir/acquire.h"
#include "lang/ir/conditions.h"

namespace bulkhead::engine {

/// The verdict where conditions play no part. [engine.cpp]
verdict::Verdict solve_unconditionally(const obligation::Obligation& obligation, Session& session);

/// What is known of the conditions of one world. Any number of threads may use it.
class Conditional {
 public:
  /// Requires: the session outlives this.
  explicit Conditional(Session& session);
  ~Conditional();

  /// Ensures: what rests on a run replays; what rests on a condition says so in its evidence.
  verdict::Verdict solve(const obligation::Obligation& obligation);

  /// The world without conditions in which exactly that is handed over that can be in this one; no evidence is given.
  /// None: some condition that may come about asks that somebody lacks something, or no run was found that brings it
  /// about. Test: Conditions.WhatIsSettledIsWhatExplicitSearchFinds.
  std::optional<ir::World> unconditional();

  using Steps = std::vector<ir::Handover>;
  /// The steps, each after what its condition asks for; none: no such run was found.
  std::optional<Steps> completed(const Steps& wanted) const;

 private:
  struct Place;
  /// How somebody comes to have what a condition asks for: by a run, or by itself, as the request shows.
  struct Way {
    std::vector<ir::Handover> steps;
    std::optional<ir::Request> request;
  };

  void settle();
  void find_always();
  bool find_possible(const ir::Exclusions& excluded, Place& place);
  Place& current();
  void attach(verdict::Verdict& verdict) const;

  std::optional<verdict::Verdict> with_run(const verdict::Verdict& found, const std::optional<Steps>& run) const;
  bool can_be_met(const ir::HoldsCondition& when) const;
  bool take(const ir::Handover& step, std::optional<ir::Acquired>& now, Steps& steps) const;
  Way way_of(Session& session, const obligation::LabelledQuery& query, const Solution& solution) const;

  /// What became of the question whether a use can come about.
  struct Asked {
    enum class Outcome : std::uint8_t { Never, Run, Unknown } outcome = Outcome::Unknown;
    Steps run;
    std::string reason;
  };
  Asked ask(const ir::Handover& last);

  Session& session_;
  const ir::World& world_;
  std::mutex mutex_;
  bool settled_ = false;
  ir::Exclusions excluded_;
  verdict::ExclusionEvidence evidence_;
  std::map<ir::PossessionId, Way> ways_;
  std::map<ir::Exclusions, std::unique_ptr<Place>> places_;
};

}  // namespace bulkhead::engine
