// Whether information may pass where one end is the network: a node of the influence graph like any other, which claims
// between subjects cannot name.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "checker/engine/engine.h"
#include "checker/query/prove.h"
#include "checker/query/settled.h"

namespace bulkhead::query {

/// Each side in the order of nodes, neither is empty, and they have nothing in common.
struct Passage {
  std::vector<obligation::GraphNode> sources;
  std::vector<obligation::GraphNode> targets;
};

struct PassageOptions {
  engine::Clock::time_point deadline = engine::Clock::time_point::max();
  Certify certify = Certify::Off;
  certificate::SolverOptions second_solver;
};

/// What `protected from` asks, of any nodes: everybody acts, and no channel is left out. [semantics 4]
///
/// Memory: a copy of the world.
class Passages {
 public:
  Passages(const ir::World& world, const PassageOptions& options);

  /// Violated: the path has been replayed. Holds: no path leads, in any reachable state; with Certify::On the judge of
  /// all pairs was asked about the closed set, or the evidence of a claim was checked. Unknown where that hangs on what
  /// a trusted subject does by its protocol, or on conditions of delegations of which neither a run nor a claim tells.
  ///
  /// Cost: as one claim about influence. What is found out about edges is kept for further questions.
  CaseResult operator()(const Passage& passage);

 private:
  verdict::Verdict solve(const Passage& passage, engine::Session& session, ir::Actors actors,
                         std::vector<std::string>* assumptions) const;
  std::vector<ir::SubjectRef> beside_network(bool sending);
  std::optional<CaseResult> none_by_claim(const Passage& passage);
  verdict::Verdict shown(const Passage& passage, verdict::Verdict found);
  certificate::Checked check(const Passage& passage, const verdict::Holds& holds) const;

  ir::World world_;  // with a claim more
  ir::ClaimId claim_;
  PassageOptions options_;
  engine::Budget budget_;
  engine::Session session_;
  std::unique_ptr<Settled> settled_;  // made where a path is found that need not be one
  std::unique_ptr<engine::Session> free_;
};

}  // namespace bulkhead::query
