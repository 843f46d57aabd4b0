// Is a machine safe? Every engine side by side, each answer with evidence that has been checked.
#pragma once

#include <string>
#include <variant>

#include "checker/interchange/read_horn.h"
#include "checker/safety/decide_clauses.h"
#include "checker/safety/decision.h"
#include "checker/safety/evidence.h"

namespace bulkhead::safety {

struct Safe {
  Invariant invariant;
  Checker checked_by = Checker::Clauses;
};
struct Unsafe {
  machine::Run run;  // replayed
};
using Decision = Decided<std::variant<Safe, Unsafe, Satisfiable, Unsatisfiable, Unknown>>;

/// `text`: the clauses that the relations of `horn` are those of; `clauses`: the same as they were read, where there
/// are some. The arenas of both grow.
///
/// Bit-vectors: IC3 beside unrolling and k-induction, on CaDiCaL. Integers: Spacer in a child, beside unrolling and
/// k-induction on Z3, and interpretations of the clauses from templates; a contradiction that Spacer tells of is
/// derived again from the clauses. An answer that does not pass its check is Unknown.
Decision decide(interchange::Horn& horn, const std::string& text, const Options& options,
                interchange::Clauses* clauses = nullptr);

/// A machine alone, with clauses of its own.
interchange::Horn as_horn(machine::Machine machine);

}  // namespace bulkhead::safety
