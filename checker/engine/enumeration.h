// Claims about one scope decided by looking at every state of it. Internal to checker/engine.
#pragma once

#include <cstdint>
#include <stop_token>

#include "checker/verdict/verdict.h"
#include "lang/system/theorem.h"

namespace bulkhead::engine {

/// The verdict on a theorem whose bounds name the size of every sort. Holds and Vacuous come with an enumeration
/// (lang/system/exhaust.h), which is refused where the states are more than evidence may name: then Unknown. Its reason
/// says how far the search came; it is empty where the bounds leave a sort out.
///
/// Units: `work` in visited terms, for each of the searches.
verdict::Verdict by_enumeration(const system::System& system, const system::Theorem& theorem, std::uint64_t work,
                                const std::stop_token& stop);

}  // namespace bulkhead::engine
