// A claim about a model, and its evidence, as its variant says them. Internal to checker/query.
#pragma once

#include <optional>

#include "checker/verdict/verdict.h"
#include "lang/system/system.h"
#include "lang/system/theorem.h"

namespace bulkhead::query {

/// The variant, with further terms, and the theorem about it. Its own ids mean the same here.
struct InVariant {
  system::System system;
  system::Theorem theorem;
};

/// The same statement with the same bounds about the variant; what was written to help a proof is left out. None where
/// the variant has not everything that the statement speaks of.
///
/// Requires: is_valid(model, theorem). Ensures: is_valid(result.system, result.theorem).
std::optional<InVariant> in_variant(const system::System& model, const system::Theorem& theorem,
                                    const system::System& variant);

/// The evidence with the variant's numbers for actions. It shows nothing of the variant until it has been checked
/// there.
verdict::Verdict in_variant(const system::System& model, verdict::Verdict verdict, const system::System& variant);

}  // namespace bulkhead::query
