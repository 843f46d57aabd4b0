// What a claim about a model rests on, as sentences of the language: (k, inductive invariant).
#pragma once

#include <string>

#include "checker/verdict/verdict.h"
#include "lang/ir/world.h"

namespace bulkhead::report {

/// Comments that say how it holds and which properties of the model take part; then a `lemma` for each formula that
/// nobody wrote, which can be put into the model as it stands. Empty: it is no claim about a model, or does not hold.
///
/// What evidence for one scope excludes is said for elements that differ, in that scope; what splits a word, or is
/// about the model that liveness is watched by, has no sentence, and a comment counts it.
///
/// Bounds: at most kMostSentences of the evidence for one scope.
inline constexpr std::size_t kMostSentences = 10'000;
std::string invariant(const ir::World& world, const ir::Claim& claim, const verdict::Verdict& verdict);

}  // namespace bulkhead::report
