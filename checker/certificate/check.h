// Is a verdict right? The obligation is built afresh, the evidence is checked against it. Sees neither encoder nor
// engine. Trusted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/certificate/second_solver.h"
#include "checker/verdict/verdict.h"
#include "lang/ir/world.h"

namespace bulkhead::certificate {

enum class Outcome : std::uint8_t {
  Accepted,
  Rejected,    // the evidence does not show the verdict
  Unavailable  // it could not be decided: the second solver does not run, or gave no answer
};
struct Checked {
  Outcome outcome = Outcome::Rejected;
  std::string reason;  // of Rejected and Unavailable
};

struct Item {
  ir::ClaimId claim;
  obligation::Instance instance;
  const verdict::Verdict* verdict = nullptr;
  /// Of a theorem: for each of its conditions (theorem.h) how checker/instances shows it; "" and what is missing: the
  /// second solver is asked. Null: it is asked about all of them.
  const std::vector<std::string>* hints = nullptr;
};

/// Checks each verdict: Holds by its certificate, Violated by replay in lang/ir/eval (and by its negation, where no
/// request can show it), Vacuous by its evidence. Unknown is never accepted.
///
/// Ensures: Accepted => the verdict is right, if the second solver is. Deterministic but for its time limits.
/// Cost:    one solver process (or options.jobs of them) for all items together; equal scripts are asked once.
std::vector<Checked> check(const ir::World& world, const std::vector<Item>& items, const SolverOptions& options);

/// As check(), and writes the digests and scripts into the evidence, as seal() does: each is made once.
struct Unsealed {
  ir::ClaimId claim;
  obligation::Instance instance;
  verdict::Verdict* verdict = nullptr;
};
std::vector<Checked> check_and_seal(const ir::World& world, const std::vector<Unsealed>& items,
                                    const SolverOptions& options);

/// One certificate of a Holds.
Checked check_certificate(const ir::World& world, ir::ClaimId claim, const obligation::Instance& instance,
                          const verdict::Certificate& certificate, const SolverOptions& options);

/// Writes the digest and the script into each piece of query evidence, for whoever wants to ask another solver.
/// Evidence that does not fit the obligation is left as it is: check() says why.
void seal(const ir::World& world, ir::ClaimId claim, const obligation::Instance& instance, verdict::Verdict& verdict);

/// Takes the scripts of a theorem out of its evidence, to be made again by seal().
void unseal(verdict::Verdict& verdict);

}  // namespace bulkhead::certificate
