// What flows between claim and verdict, as text: `prove --dump=obligations|terms|verdict`.
#pragma once

#include <string>

#include "checker/query/proof.h"
#include "lang/ir/world.h"

namespace bulkhead::cli {

/// Every question of every case of every claim, in the canonical text that digests are made of.
std::string dump_obligations(const ir::World& world);

/// Every verdict with its evidence; with `scripts` only the SMT-LIB 2 that the second solver is asked.
std::string dump_verdicts(const ir::World& world, const query::Proof& proof, bool scripts);

}  // namespace bulkhead::cli
