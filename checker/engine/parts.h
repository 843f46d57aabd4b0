// Making a system smaller: its conjuncts, and what nothing uses. Internal to checker/engine.
#pragma once

#include <vector>

#include "lang/system/system.h"

namespace bulkhead::engine {

/// The conjuncts of a formula, which may be one itself; in order.
std::vector<system::TermId> conjuncts_of(const system::System& system, system::TermId formula);

/// Replaces a function by a constant that nothing should read any more. `no`: the term `false`.
void forget(system::System& system, system::FunctionId function, system::TermId no);

/// Terms that neither the system nor the formula use become constants, so that they are of no type.
void drop_unused_terms(system::System& system, system::TermId formula);

/// By SortId: some function, or some term that is used, is about the sort. After drop_unused_terms.
std::vector<bool> used_sorts(const system::System& system);

}  // namespace bulkhead::engine
