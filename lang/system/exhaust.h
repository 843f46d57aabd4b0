// Evidence for theorems about one scope whose states are few: the enumeration of all of them, judged. Trusted; the
// counterpart of replay.h.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "lang/system/enumerate.h"

namespace bulkhead::system {

/// "enumeration of 12 states": how evidence says what it is; and the number, none where the text says something else.
std::string spell_enumeration(std::size_t states);
std::optional<std::size_t> read_enumeration(const std::string& text);

/// What is missing for the enumerated states to show that no run violates the theorem; nothing: none does.
///
///   Always, Never   every state satisfies the property, none the formula
///   LeadsTo         for no values of `each` a fair run stays away from `to` after a state with `from`: no strongly
///                   connected part of the states that stay away is fair, however it is cut down ([Emerson87])
///   LeaksNothing    no two runs differ in purged steps alone and in what an observer sees (replay.h says which do):
///                   pairs of states together with the sources of what is still to come
///
/// `reachable` has all states, or, for Always and Never, those within the steps that the theorem names.
/// Requires: is_valid(system), is_valid(system, theorem); `reachable` is what enumerate() says of the system.
std::optional<std::string> exhaust_objection(const System& system, const Theorem& theorem, const Reachable& reachable);

/// The closed formula is true in none of these states. Otherwise, or where that is beyond: false.
bool is_never_true(const System& system, const Reachable& reachable, TermId formula);

/// For LeadsTo and LeaksNothing in files of their own.
std::optional<std::string> lasso_objection(const System& system, const LeadsTo& claim, const Reachable& reachable);
std::optional<std::string> leak_objection(const System& system, const LeaksNothing& claim, const Reachable& reachable);

}  // namespace bulkhead::system
