#include "checker/universe/path_algebra.h"

#include <map>
#include <set>

#include "checker/universe/dfa.h"
#include "checker/universe/path_automaton.h"

namespace bulkhead::universe {
namespace {

Truth both(Truth a, Truth b) {
  if (a == Truth::False || b == Truth::False) return Truth::False;
  return a == Truth::True && b == Truth::True ? Truth::True : Truth::Unknown;
}

Truth negate(Truth a) {
  return a == Truth::Unknown ? a : a == Truth::True ? Truth::False : Truth::True;
}

PathCondition condition(const std::function<Truth(std::span<const Truth>)>& formula) {
  return {formula, formula};
}

}  // namespace

PathAnswer difference_witness(const Nfa& in, const Nfa& out, const SearchBudget& budget) {
  const UsedLanguage used[] = {{&in, Use::Positive}, {&out, Use::Negative}};
  return find_path(used, condition([](std::span<const Truth> m) { return both(m[0], negate(m[1])); }), budget);
}

PathAnswer intersection_witness(const Nfa& left, const Nfa& right, const SearchBudget& budget) {
  const UsedLanguage used[] = {{&left, Use::Positive}, {&right, Use::Positive}};
  return find_path(used, condition([](std::span<const Truth> m) { return both(m[0], m[1]); }), budget);
}

PathAnswer member_witness(const Nfa& language, const SearchBudget& budget) {
  const UsedLanguage used[] = {{&language, Use::Positive}};
  return find_path(used, condition([](std::span<const Truth> m) { return m[0]; }), budget);
}

PathAnswer distinguishing_path(const Nfa& left, const Nfa& right, const SearchBudget& budget) {
  PathAnswer answer = difference_witness(left, right, budget);
  if (!std::holds_alternative<NoPath>(answer)) return answer;
  return difference_witness(right, left, budget);
}

namespace {

/// All patterns of all languages in one automaton, and which languages each of them belongs to.
struct Joint {
  Nfa nfa;
  std::vector<std::uint32_t> groups;  // by pattern: patterns of one group are used by the same languages
  std::vector<std::vector<std::uint32_t>> languages;  // by group
};

std::optional<Joint> join(std::span<const Nfa* const> languages) {
  std::map<PathPattern, std::vector<std::uint32_t>> users;
  for (std::uint32_t i = 0; i < languages.size(); ++i)
    for (const PathPattern& pattern : languages[i]->patterns()) users[pattern].push_back(i);
  std::vector<PathPattern> patterns;
  for (const auto& [pattern, who] : users) patterns.push_back(pattern);
  auto nfa = Nfa::build(std::move(patterns));
  if (!nfa) return std::nullopt;
  Joint joint{std::move(*nfa), {}, {}};
  std::map<std::vector<std::uint32_t>, std::uint32_t> numbers;
  for (const PathPattern& pattern : joint.nfa.patterns()) {
    const auto& who = users.at(pattern);
    const auto [found, fresh] = numbers.emplace(who, static_cast<std::uint32_t>(numbers.size()));
    if (fresh) joint.languages.push_back(who);
    joint.groups.push_back(found->second);
  }
  return joint;
}

/// The languages that accept in these states, sorted.
std::vector<std::uint32_t> accepting(const Joint& joint, const StateSet& states) {
  std::set<std::uint32_t> found;
  for (const StateId state : states) {
    if (!joint.nfa.accepts(state)) continue;
    const auto& who = joint.languages[joint.groups[joint.nfa.place(state).pattern]];
    found.insert(who.begin(), who.end());
  }
  return {found.begin(), found.end()};
}

}  // namespace

std::optional<std::vector<PathAtom>> path_atoms(std::span<const Nfa* const> languages, const SearchBudget& budget) {
  struct Node {
    std::size_t parent;
    std::uint8_t byte;
    PathState path;
    MacroId macro;
  };
  const auto joint = join(languages);
  if (!joint) return std::nullopt;
  Dfa subsets(joint->nfa, joint->groups);
  PathAtom root{{}, "/"};
  std::vector<std::uint32_t> root_members;
  for (std::uint32_t i = 0; i < languages.size(); ++i) {
    root.members.push_back(languages[i]->holds_root());
    if (root.members.back()) root_members.push_back(i);
  }
  const Nfa* const automata[] = {&joint->nfa};
  const std::vector<std::uint8_t> bytes = representative_bytes(automata);

  std::vector<PathAtom> atoms{root};
  std::set<std::vector<std::uint32_t>> known{root_members};
  std::set<std::pair<PathState, MacroId>> seen{{PathState::Start, subsets.initial()}};
  std::vector<Node> nodes{{0, 0, PathState::Start, subsets.initial()}};
  std::uint64_t atom_bits = 0;
  for (std::size_t at = 0; at < nodes.size(); ++at) {
    for (const std::uint8_t byte : bytes) {
      const PathState path = next(nodes[at].path, byte);
      if (path == PathState::Dead) continue;
      const MacroId macro = subsets.step(nodes[at].macro, byte);
      if (!seen.emplace(path, macro).second) continue;
      nodes.push_back({at, byte, path, macro});
      if (!ends_path(path)) continue;
      auto members = accepting(*joint, subsets.states(macro));
      if (!known.insert(members).second) continue;
      PathAtom atom{std::vector<bool>(languages.size()), ""};
      for (const std::uint32_t member : members) atom.members[member] = true;
      atom_bits += languages.size() / 8;
      for (std::size_t node = nodes.size() - 1; node != 0; node = nodes[node].parent)
        atom.witness += static_cast<char>(nodes[node].byte);
      atom.witness.assign(atom.witness.rbegin(), atom.witness.rend());
      atoms.push_back(std::move(atom));
    }
    if (subsets.work() + atom_bits + nodes.size() > budget.work) return std::nullopt;
  }
  return atoms;
}

}  // namespace bulkhead::universe
