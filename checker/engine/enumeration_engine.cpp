// Claims about models in one scope whose states are few, integers included: every state, one after the other. The
// evidence is how many there are, and whoever checks it looks at all of them again.
#include "checker/conditions/left_sides.h"
#include "checker/conditions/rank.h"
#include "checker/engine/engine_list.h"
#include "checker/engine/enumeration.h"
#include "checker/engine/runs.h"
#include "checker/explore/reach.h"
#include "checker/story/minimise.h"
#include "lang/system/exhaust.h"

namespace bulkhead::engine {
namespace {

using explore::Exhausted;
using explore::Found;
using explore::Stopped;

/// Terms that are visited: about a second.
constexpr std::uint64_t kWork = 40'000'000;

std::string gap(const Stopped& stopped) {
  std::string text = "state by state: " + stopped.why + ", after " + std::to_string(stopped.states) + " states";
  return stopped.depth ? text + " and none within " + std::to_string(*stopped.depth) + " steps" : text;
}

class Enumerating {
 public:
  Enumerating(const system::System& system, const system::Theorem& theorem, system::Scope scope,
              const explore::Options& options)
      : system_(system), theorem_(theorem), scope_(std::move(scope)), options_(options), terms_(system) {}

  verdict::Verdict operator()() {
    explore::Outcome outcome = explore::search(system_, theorem_, scope_, options_);
    if (auto* found = std::get_if<Found>(&outcome)) return violated(std::move(*found));
    if (const auto* stopped = std::get_if<Stopped>(&outcome)) return verdict::Unknown{gap(*stopped)};
    const std::size_t states = std::get<Exhausted>(outcome).states;
    explore::Reach start(system_, scope_, options_);
    const std::size_t instances = start.machine().instances().size();
    if (states > system::most_states(system_, scope_, instances)) {
      return verdict::Unknown{"state by state: it holds in all " + std::to_string(states) +
                              " states, more than evidence may name"};
    }
    if (states == 0) return verdict::Vacuous{"there is no initial state in this scope", 0, std::nullopt, std::nullopt};
    verdict::ScopeEvidence evidence;
    evidence.k = 0;
    evidence.proofs = {system::spell_enumeration(states)};
    start.run({[](explore::Node, explore::FlatView) { return false; }, {}});
    evidence.witnesses.push_back(start.run_to(0));
    if (auto missing = find_sides(evidence.witnesses)) return *missing;
    return verdict::Holds{{std::move(evidence), {}}};
  }

 private:
  verdict::Verdict violated(Found found) const {
    if (!found.second) return violated_by(system_, theorem_, std::move(found.run), options_.stop);
    auto [left, right] =
        story::minimise(system_, theorem_, std::move(found.run), std::move(*found.second), options_.stop);
    verdict::Violated violated;
    violated.trace.runs = {std::move(left), std::move(right)};
    return violated;
  }

  std::vector<system::TermId> sides() {
    if (std::holds_alternative<system::LeaksNothing>(theorem_.statement)) return {};
    if (const auto* leads = std::get_if<system::LeadsTo>(&theorem_.statement))
      return {conditions::left_side(terms_, *leads)};
    return conditions::left_sides(terms_, conditions::claimed(terms_, theorem_).formula);
  }

  /// A run to each left side; or the verdict where one is never true, or nobody knows.
  std::optional<verdict::Verdict> find_sides(std::vector<system::Run>& witnesses) {
    const auto list = sides();
    for (std::size_t i = 0; i < list.size(); ++i) {
      auto outcome = explore::search(terms_.system(), {system::Never{list[i]}, theorem_.bounds}, scope_, options_);
      if (std::holds_alternative<Exhausted>(outcome))
        return verdict::Vacuous{"a left side of the claim is never true", i + 1, std::nullopt, std::nullopt};
      if (const auto* stopped = std::get_if<Stopped>(&outcome))
        return verdict::Unknown{"it holds, but no state was found in which its left side is true: " + gap(*stopped)};
      witnesses.push_back(std::move(std::get<Found>(outcome).run));
    }
    return std::nullopt;
  }

  const system::System& system_;
  const system::Theorem& theorem_;
  system::Scope scope_;
  explore::Options options_;
  conditions::Terms terms_;
};

}  // namespace

verdict::Verdict by_enumeration(const system::System& system, const system::Theorem& theorem, std::uint64_t work,
                                const std::stop_token& stop) {
  auto scope = system::scope_named(system, theorem.bounds);
  if (!scope) return verdict::Unknown{""};  // not a question about one scope
  explore::Options options;
  options.work = work;
  options.bytes = std::uint64_t{256} << 20u;
  options.stop = stop;
  return Enumerating(system, theorem, std::move(*scope), options)();
}

bool EnumerationEngine::decides(const obligation::Goal& goal) const {
  return std::holds_alternative<obligation::Theorem>(goal);
}

verdict::Verdict EnumerationEngine::solve(const obligation::Obligation& obligation, Session& session,
                                          const Turn& turn) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  return by_enumeration(session.world().at(goal.system), goal.theorem, kWork, turn.stop);
}

}  // namespace bulkhead::engine
