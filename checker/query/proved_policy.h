// ProvedPolicy: a policy with evidence that was accepted. The only thing that can be emitted, and only certify() makes
// it.
#pragma once

#include <memory>
#include <string>

#include "checker/query/proof.h"
#include "lang/base/result.h"

namespace bulkhead::query {

/// Why a policy is not proved: the claim that stands in the way.
struct NotProved {
  std::string reason;  // "claim `no_egress` is violated"
  std::optional<ir::ClaimId> claim;
  Status status = Status::Unknown;
};

class ProvedPolicy {
 public:
  const ir::World& world() const { return *world_; }
  const Proof& proof() const { return *proof_; }
  /// The claims that speak of a container, in order: what a denial at run time may be relied on for.
  std::vector<ir::ClaimId> claims_about(ir::SubjectId container) const;

 private:
  friend Result<ProvedPolicy, NotProved> certify(ir::World world, Proof proof,
                                                 const certificate::SolverOptions& options);
  ProvedPolicy(ir::World world, Proof proof);

  std::shared_ptr<const ir::World> world_;
  std::shared_ptr<const Proof> proof_;
};

/// The only maker. Every claim of the world must be in the proof and satisfied, every container must have a claim, and
/// the evidence of every case is checked here and now, whatever the proof says about itself.
Result<ProvedPolicy, NotProved> certify(ir::World world, Proof proof, const certificate::SolverOptions& options);

/// The world with a claim of its own for each container that no claim speaks of: it is granted nothing of the host's
/// files.
ir::World with_default_claims(ir::World world);

/// Whether a claim speaks of a subject: by name, as a value of its quantifier, or as a member of a pod.
bool speaks_of(const ir::World& world, const ir::Claim& claim, ir::SubjectId subject);

}  // namespace bulkhead::query
