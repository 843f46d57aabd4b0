// Solver: one of the four seams. Asks whether assertions can be true together, and reads the model back as checked
// values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "checker/term/arrays.h"
#include "checker/term/term.h"

namespace bulkhead::solver {

/// What a check may use. The resource limit counts the solver's own steps, so that answers repeat; the timeout is a
/// last resort, and an answer that it cut off says so.
struct Limits {
  std::uint32_t resource = 50'000'000;  // steps of one check; 0: no limit
  std::uint32_t timeout_ms = 0;         // wall clock of one check; 0: no limit
  std::uint32_t seed = 0;
  std::stop_token stop = {};  // a check that is under way ends as Unknown
};

/// What a model makes of unbounded sorts and functions.
struct Structure {
  std::vector<std::uint32_t> sizes;             // by number of the sort; at least one
  std::vector<std::vector<term::Word>> tables;  // by SymbolId; arguments in order, the last one running fastest
};

/// Satisfiable by these values; variables that are not listed do not matter.
struct Sat {
  term::Assignment model;  // a value of sort Element is its number, of sort Member its place, of an array as below
  term::Arrays arrays;
  bool validated = false;  // every assertion was evaluated under the model; false only if term::evaluate cannot
  std::optional<Structure> structure;  // of questions with functions; none where it is too large to be listed
};
struct Unsat {};
struct Unknown {
  std::string reason;  // lower case, without full stop
};
using Answer = std::variant<Sat, Unsat, Unknown>;

/// What is asked: it decides which of the solver's engines is started.
enum class Theory : std::uint8_t {
  Finite,  // Booleans and bit-vectors, many small questions in one go: incremental
  Bits,    // one large bit-vector question: no push and pop
  General  // integers, quantifiers
};

/// Belongs to one thread. Errors of the solver never escape: they become Unknown at the next check.
class Solver {
 public:
  virtual ~Solver() = default;
  virtual void push() = 0;
  virtual void pop() = 0;
  /// Requires: the term is of the store that the solver was made for.
  virtual void add(term::TermId assertion) = 0;
  virtual Answer check() = 0;
};

/// Z3. Requires: `store` outlives the solver; it may grow meanwhile.
std::unique_ptr<Solver> make_z3(const term::Store& store, Theory theory, const Limits& limits = {});

/// The weakest theory that has everything in these terms.
Theory theory_of(const term::Store& store, std::span<const term::TermId> assertions);

/// One question: are these true together?
Answer solve(const term::Store& store, std::span<const term::TermId> assertions, const Limits& limits = {});

/// For the whole process, once, before the first solver. Beyond it checks answer Unknown.
void limit_memory(std::uint32_t mebibytes);

/// "z3 4.8.12.0": part of every cache key.
std::string version();

}  // namespace bulkhead::solver
