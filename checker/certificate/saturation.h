// Saturates authority once more, by the reference semantics, on one object of each class that a certificate lists.
// Trusted.
#pragma once

#include <vector>

#include "checker/verdict/verdict.h"
#include "lang/ir/replay.h"

namespace bulkhead::certificate {

/// By SubjectId, who may ever come to exercise the right on the object where no condition reads the context: the least
/// set that has whoever may by itself and is closed under the delegations. As ir::ever_may, of everybody.
///
/// Cost: each rule, holding and delegation is looked at once.
std::vector<bool> saturated(const ir::World& world, ir::Right right, const ir::Object& object);

/// `Holds` of `cannot acquire`, `cannot` or `confined to`: for each path that the certificate's atom table names, the
/// least set of subjects that is closed under the delegations does not have the subject of the claim; or what it has.
///
/// That the table names a path of every class is checked elsewhere (cover.h), and the question itself is decided by the
/// second solver. This shares nothing with either: not the formula, not the automata.
///
/// Does nothing where no right moves, where conditions about the context decide (one context would not do), and where
/// it would take more than kMostSaturation looks at sentences.
ir::Objection check_saturation(const ir::World& world, const obligation::Obligation& obligation,
                               const verdict::Verdict& verdict);
inline constexpr std::size_t kMostSaturation = 5'000'000;

}  // namespace bulkhead::certificate
