// What shows the answers of `solve`, as text: runs, derivations, and scripts for other solvers.
#pragma once

#include <string>
#include <vector>

#include "checker/safety/evidence_file.h"

namespace bulkhead::cli {

/// One line for each moment: what has changed of the state, then the inputs. Requires: the run replays.
std::string story(const machine::Machine& machine, const machine::Run& run);

/// One line for each step: its fact, its clause, and the steps that it rests on. Requires: the derivation replays.
std::string story(const interchange::Clauses& clauses, const safety::Derivation& derivation);

/// What was refuted, for another solver to ask.
std::string scripts(const term::Store& store, const std::vector<safety::Condition>& conditions);

/// The story, or the scripts. Requires: the evidence is accepted.
std::string witness(safety::Problem& problem, const safety::Evidence& evidence);

}  // namespace bulkhead::cli
