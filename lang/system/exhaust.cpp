#include "lang/system/exhaust.h"

#include <algorithm>

namespace bulkhead::system {
namespace {

constexpr const char* kBefore = "enumeration of ";
constexpr const char* kAfter = " states";

bool is_everywhere(const System& system, const Reachable& reachable, TermId formula, Answer truth) {
  return std::all_of(reachable.states.begin(), reachable.states.end(),
                     [&](const State& state) { return holds(system, reachable.scope, state, formula, {}) == truth; });
}

}  // namespace

std::string spell_enumeration(std::size_t states) {
  return kBefore + std::to_string(states) + kAfter;
}

std::optional<std::size_t> read_enumeration(const std::string& text) {
  const std::string before = kBefore;
  if (!text.starts_with(before)) return std::nullopt;
  std::size_t states = 0;
  for (std::size_t i = before.size(); i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
    if (states > kMaxAttempts + kMaxFirstStates) return std::nullopt;
    states = states * 10 + static_cast<std::size_t>(text[i] - '0');
  }
  return text == spell_enumeration(states) ? std::optional(states) : std::nullopt;
}

bool is_never_true(const System& system, const Reachable& reachable, TermId formula) {
  return is_everywhere(system, reachable, formula, Answer::No);
}

std::optional<std::string> exhaust_objection(const System& system, const Theorem& theorem, const Reachable& reachable) {
  bool shown = false;
  if (const auto* always = std::get_if<Always>(&theorem.statement)) {
    shown = is_everywhere(system, reachable, system.at(always->property).formula, Answer::Yes);
  } else if (const auto* never = std::get_if<Never>(&theorem.statement)) {
    shown = is_never_true(system, reachable, never->formula);
  } else if (const auto* leads = std::get_if<LeadsTo>(&theorem.statement)) {
    return lasso_objection(system, *leads, reachable);
  } else if (const auto* leaks = std::get_if<LeaksNothing>(&theorem.statement)) {
    return leak_objection(system, *leaks, reachable);
  }
  return shown ? std::nullopt : std::optional<std::string>("some state is not as the claim says");
}

}  // namespace bulkhead::system
