// What of a role policy the answer depends on: fewer roles, rules and users, and the same answer.
#pragma once

#include <map>
#include <vector>

#include "lang/import/arbac/policy.h"

namespace bulkhead::arbac {

struct Reduced {
  std::vector<RoleId> roles;    // ascending; the goal is one of them
  std::vector<UserId> users;    // ascending
  std::vector<Assign> assigns;  // without literals that are always true; `admin` is one of `roles`, or nobody is needed
  std::vector<Revoke> revokes;  // likewise
  std::map<std::size_t, UserId> holders;  // by role: who holds it for ever, where a rule needed it and needs it no more
  std::size_t together = 1;               // no more users have to take part in a run that reaches the goal
};

/// Nothing is taken away.
Reduced whole(const Policy& policy);

/// The smaller system. The goal is reachable in it iff it is in the policy, and each of its runs is one of the policy,
/// where the administrator of a rule that needs nobody is the holder, who does nothing else.
///
///   * a rule goes whose administrator, or whose condition, asks for a role that nobody can ever hold (all revocations
///     and what conditions exclude disregarded); what excludes such a role is true
///   * rules go that give roles nobody has to hold, or take roles nobody has to lack, on any way to the goal; what
///     then no rule speaks of goes as well
///   * a role that somebody holds at first and that no rule takes is administered by him for ever
///   * with k other administrative roles, k + 1 users suffice: of those that begin alike k + 1 stay
///   * a user goes if k + 1 others begin with at least the roles that have to be held, and at most those to be lacked
///
/// Soundness: exact, both ways; proofs in docs/formats/arbac.md. Test: ArbacReduce.AnswersAsTheWholePolicyDoes.
/// See: [Sasturkar06], [Ferrara13] for the bound on users.
/// Cost: at most 64 rounds, each linear in the rules; and the square of how many users begin differently, while those
///       are at most 1 000.
Reduced reduce(const Policy& policy);

}  // namespace bulkhead::arbac
