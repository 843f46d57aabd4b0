#include "checker/solver/solver.h"

namespace bulkhead::solver {

Theory theory_of(const term::Store& store, std::span<const term::TermId> assertions) {
  for (const term::TermId id : term::reachable(store, assertions))
    if (store.at(id).op == term::Op::ForAll || store.at(id).op == term::Op::Apply ||
        store.sort(id).kind == term::Sort::Kind::Element || store.sort(id).kind == term::Sort::Kind::Member ||
        store.sort(id).kind == term::Sort::Kind::Array || store.sort(id) == term::kInt)
      return Theory::General;
  return Theory::Finite;
}

Answer solve(const term::Store& store, std::span<const term::TermId> assertions, const Limits& limits) {
  Theory theory = theory_of(store, assertions);
  // The finite-domain engine is quick to start, the bit-vector engine pays off on large terms only.
  if (theory == Theory::Finite && term::reachable(store, assertions).size() > 500) theory = Theory::Bits;
  const auto solver = make_z3(store, theory, limits);
  for (const term::TermId assertion : assertions) solver->add(assertion);
  return solver->check();
}

}  // namespace bulkhead::solver
