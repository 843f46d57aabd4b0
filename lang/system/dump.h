// A transition system as text in the language of models: what a model, a variant or a claim has become.
#pragma once

#include <string>

#include "lang/source/source.h"
#include "lang/system/system.h"
#include "lang/system/theorem.h"

namespace bulkhead::system {

/// How the assumption that says what is in a relation `from policy` is called, after the relation's name.
inline constexpr const char* kFromPolicy = "_from_policy";

/// What stands for the sentence of that assumption. No sentence begins like this, so that one that a user wrote under
/// the same name is told apart from it.
std::string said_by_policy(const Function& relation);
/// The assumption was filled in from the policy, not written.
bool is_filled_in(const System& system, const Property& property);

/// `model NAME { ... }`, each line with the place that it comes from.
std::string dump(const System& system, const source::SourceMap& sources);

/// The same without places, and without what a policy fills in. It reads again as the same system, so systems with one
/// text are one; how the source was laid out, its comments, and what else was read or claimed beside it leave no trace.
std::string canonical_text(const System& system);

/// What a theorem says, in the words of claims.
std::string spell_theorem(const System& system, const Theorem& theorem);

}  // namespace bulkhead::system
