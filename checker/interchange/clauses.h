// Constrained Horn clauses (SMT-LIB 2, `(set-logic HORN)`) as they stand in a text.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "checker/interchange/sexpr.h"
#include "checker/term/term.h"

namespace bulkhead::interchange {

/// Where every relation of the body holds of its arguments and every constraint is true, the head holds of its own;
/// a clause without a head says that this never is so. For all values of the variables.
struct Clause {
  Place place;
  std::vector<term::TermId> body;  // applications of relations (Op::Apply), each once
  term::TermId head;               // one too; invalid: there is none
  std::vector<term::TermId> constraints;
  std::set<term::TermId> variables;
};

/// Clauses over relations that nothing else defines. Satisfiable: some meaning of the relations makes each of them
/// true.
struct Clauses {
  term::Store store;
  std::vector<std::string> relations;  // names as the text has them, by SymbolId of the store
  std::vector<Clause> clauses;

  std::size_t relation(term::TermId application) const { return store.at(application).name; }
};

/// Clauses over Booleans, integers, bit-vectors of at most 128 bits and arrays of these over the integers, with at most
/// 64 relations in a body. `div` and `mod` by a number are variables of the clause, of which a constraint says what
/// they are.
///
/// Fails with the place of what is not read: other arrays, reals, datatypes, quantifiers inside.
/// Cost: bounded, whatever the text.
Result<Clauses, TextError> read_clauses(std::string_view text);

/// The first clause whose body has two relations; nothing: there is none.
const Clause* nonlinear(const Clauses& clauses);

/// Some relation or term is about arrays.
bool has_arrays(const Clauses& clauses);

}  // namespace bulkhead::interchange
