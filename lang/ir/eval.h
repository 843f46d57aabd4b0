// The reference semantics: what one request is answered, by reading the rules one after the other. Trusted, and slow on
// purpose.
//
//   A(s, r, o, x)  iff  some permit matches (s, r, o, x) and no forbid does.            [semantics 2]
#pragma once

#include <vector>

#include "lang/ir/request.h"
#include "lang/ir/world.h"

namespace bulkhead::ir {

/// The outcome of a condition. An error (an optional attribute without a value, an expression that is ill-typed) makes
/// a permit not match and a forbid match.
enum class Truth : std::uint8_t { False, True, Error };

struct Decision {
  bool allowed = false;
  bool implicit = false;        // a host's right on its own file tree, which no sentence gives
  std::vector<RuleId> permits;  // every rule that matches, in order
  std::vector<RuleId> forbids;
};

Decision decide(const World& world, const Request& request);

/// The rule speaks of this request, and its condition holds, or, of a forbid, is not known to fail.
bool matches(const World& world, const Rule& rule, const Request& request);

/// The condition of a rule, for this request.
Truth evaluate(const World& world, ExprId condition, const Request& request);

/// Whether the operands of this comparison are unsigned: one of them is made of syscall arguments or of a number.
bool compares_unsigned(const World& world, const Expr& comparison);

/// A host may do anything with files of the host and of volumes that lie on it, as far as nothing forbids it. What lies
/// in a volume is an object of the volume, and not of the host's tree as well: one file has one name here.
bool is_implicit(const World& world, SubjectId subject, const Object& object);

}  // namespace bulkhead::ir
