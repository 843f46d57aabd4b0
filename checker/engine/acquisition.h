// How a subject comes to have a right: a shortest chain of delegations for one object.
#pragma once

#include <optional>
#include <vector>

#include "checker/engine/engine.h"
#include "checker/engine/query_solver.h"
#include "lang/ir/acquire.h"

namespace bulkhead::engine {

/// The requests of a solution, and what was handed over before them.
struct Run {
  std::vector<ir::Request> requests;
  std::vector<ir::Handover> handovers;
};

/// For each context copy that the acts speak of, in order, the first act that the reference semantics allows there, by
/// itself or after a chain of delegations by subjects that are free to act.
///
/// Soundness: a request that is not allowed stays in the list, so that the replay rejects the witness instead of a part
/// of it getting lost. Test: Engine.EveryVerdictIsAccepted*.
Run run_of(Session& session, const std::vector<obligation::Act>& acts, const Solution& solution);

/// The reference semantics alone shows that the subject never comes to what is requested: in this context a sentence
/// forbids it, or contexts decide nothing and nobody hands it over. False: nobody knows.
bool surely_lacks(const ir::World& world, const ir::Request& request);

/// The steps of the run, first what is handed over, each with the sentences behind it.
std::vector<verdict::Step> steps_of(const ir::World& world, const std::vector<ir::Handover>& handovers);

struct EdgeEnds {
  obligation::GraphNode from;
  obligation::GraphNode to;
};
/// The step along the first of these influences that exists; what is handed over before it is added to `handovers`.
///
/// Requires: edge.exists.
verdict::Step step_along(Session& session, const Edge& edge, const EdgeEnds& ends,
                         std::vector<ir::Handover>& handovers);

}  // namespace bulkhead::engine
