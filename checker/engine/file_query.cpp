// Queries in the file plane: one search over all paths for each volume that the formula names.
#include <algorithm>
#include <set>

#include "checker/engine/condition.h"

namespace bulkhead::engine {
namespace {

universe::Use use_of(obligation::Polarity polarity) {
  switch (polarity) {
    case obligation::Polarity::Positive:
      return universe::Use::Positive;
    case obligation::Polarity::Negative:
      return universe::Use::Negative;
    case obligation::Polarity::Both:
      return universe::Use::Both;
  }
  return universe::Use::Both;
}

/// The pattern sets that say something about a volume; the others hold none of its paths.
struct VolumeQuestion {
  std::vector<std::shared_ptr<const universe::Nfa>> automata;
  std::vector<universe::UsedLanguage> used;
  std::vector<std::size_t> patterns;  // by language: the index of the pattern set
  std::size_t all = 0;                // number of pattern sets

  std::vector<Truth> spread(std::span<const Truth> members) const {
    std::vector<Truth> spread(all, Truth::False);
    for (std::size_t i = 0; i < patterns.size(); ++i) spread[patterns[i]] = members[i];
    return spread;
  }
  std::vector<bool> members_of(const std::string& path) const {
    const std::vector<bool> members = universe::memberships(used, path);
    std::vector<bool> spread(all, false);
    for (std::size_t i = 0; i < patterns.size(); ++i) spread[patterns[i]] = members[i];
    return spread;
  }
};

}  // namespace

Result<std::shared_ptr<const universe::Nfa>, universe::PatternError> QuerySolver::automaton(
    const PathPatterns& patterns) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = automata_.find(patterns); found != automata_.end()) return found->second;
  }
  auto built = universe::Nfa::build(patterns);
  if (!built) return fail(built.error());
  auto made = std::make_shared<const universe::Nfa>(std::move(*built));
  const std::lock_guard lock(mutex_);
  return automata_.emplace(patterns, std::move(made)).first->second;
}

QueryAnswer QuerySolver::decide_files(const obligation::Query& query, verdict::QueryEvidence evidence) {
  const obligation::Formula& formula = query.formula;
  const auto polarity = obligation::polarities(formula);
  std::set<ir::VolumeId> volumes;
  for (const ir::ObjectPatterns& patterns : formula.patterns)
    for (const ir::FilePattern& pattern : patterns.files) volumes.insert(pattern.volume);

  Condition condition(world_, formula, limits_now(budget_));
  std::set<std::vector<bool>> kinds{std::vector<bool>(formula.patterns.size(), false)};  // for what is closed
  for (const ir::VolumeId volume : volumes) {
    VolumeQuestion question;
    question.all = formula.patterns.size();
    for (std::size_t i = 0; i < formula.patterns.size(); ++i) {
      PathPatterns paths;
      for (const ir::FilePattern& pattern : formula.patterns[i].files)
        if (pattern.volume == volume) paths.push_back({pattern.glob, pattern.prefix});
      if (paths.empty()) continue;
      const auto nfa = automaton(paths);
      if (!nfa) return NoAnswer{"the pattern `" + nfa.error().pattern.glob + "`: " + nfa.error().reason};
      question.automata.push_back(*nfa);
      question.used.push_back({nfa->get(), use_of(polarity[i])});
      question.patterns.push_back(i);
    }
    const universe::PathCondition paths{
        [&](std::span<const Truth> members) { return encode::kleene(formula, question.spread(members)); },
        [&](std::span<const Truth> members) { return condition.holds(question.spread(members)); }};
    universe::SearchBudget budget = budget_.paths;
    budget.deadline = budget_.deadline;
    auto answer = universe::find_path(question.used, paths, budget);
    if (auto* none = std::get_if<universe::NoPath>(&answer)) {
      if (!formula.equations.empty()) kinds.insert(question.members_of("/"));
      for (std::size_t i = 0; !formula.equations.empty() && i < none->words.size(); ++i) {
        if (universe::is_path(none->words[i])) kinds.insert(question.members_of(none->words[i]));
      }
      evidence.atoms.covers.push_back({volume, std::move(none->words)});
      continue;
    }
    if (const auto* undecided = std::get_if<universe::Undecided>(&answer))
      return NoAnswer{condition.reason().empty() ? undecided->reason : condition.reason()};
    // By positions the path may be in more sets than the search tracked, so its own memberships decide what is left.
    const auto& some = std::get<universe::SomePath>(answer);
    std::vector<Truth> members;
    for (const bool member : some.members) members.push_back(member ? Truth::True : Truth::False);
    if (condition.holds(question.spread(members)) != Truth::True)
      return NoAnswer{"the conditions on `" + some.path + "` could not be decided"};
    return Solution{ir::FileObject{volume, some.path}, condition.model().contexts};
  }
  if (volumes.size() < world_.volumes.size()) {
    const Truth held = condition.holds(std::vector<Truth>(formula.patterns.size(), Truth::False));
    if (held == Truth::Unknown) return NoAnswer{condition.reason()};
    if (held == Truth::True) {
      std::size_t unnamed = 0;
      while (volumes.count(ir::VolumeId{unnamed}) > 0) ++unnamed;
      return Solution{ir::FileObject{ir::VolumeId{unnamed}, "/"}, condition.model().contexts};
    }
  }
  if (!formula.equations.empty()) evidence.closed = condition.closed_classes(kinds);
  return NoSolution{std::move(evidence)};
}

}  // namespace bulkhead::engine
