// Runs made shorter, as long as they show what they showed.
#pragma once

#include <stop_token>
#include <utility>

#include "lang/system/state.h"
#include "lang/system/theorem.h"

namespace bulkhead::story {

/// Drops every step that the violation does not need, alone or with those after it, and what comes after the violation.
///
/// Requires: replay_violation(system, theorem, run) objects to nothing.
/// Ensures:  neither does it to the result, and dropping any one more step of it shows nothing.
/// Cost:     steps squared replays, at most kMaxReplays; a longer run, or one for which a stop is requested, keeps
/// steps
///           that are not needed.
inline constexpr int kMaxReplays = 10'000;
system::Run minimise(const system::System& system, const system::Theorem& theorem, system::Run run,
                     const std::stop_token& stop = {});

/// The same for two runs that show a leak (replay_leak).
std::pair<system::Run, system::Run> minimise(const system::System& system, const system::Theorem& theorem,
                                             system::Run left, system::Run right, const std::stop_token& stop = {});

}  // namespace bulkhead::story
