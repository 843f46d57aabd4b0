#include "checker/universe/path_search.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

#include "checker/universe/dfa.h"
#include "checker/universe/path_automaton.h"

namespace bulkhead::universe {
namespace {

/// What a search knows of one language at one word: a macro-state, or (by positions) one position of it.
using Part = std::uint32_t;
using Clock = std::chrono::steady_clock;
constexpr Part kNowhere = kNoState;         // by positions: no position
constexpr Part kEverywhere = kNoState - 1;  // by positions: the one position of `full`

struct Reached {
  std::uint32_t parent = 0;
  std::uint8_t byte = 0;
  PathState path = PathState::Start;
  bool covered = false;  // by another one: neither explored nor listed
  std::vector<Part> parts;
};

/// The same before it is kept: of most bytes nothing is.
struct Candidate {
  std::uint32_t parent = 0;
  std::uint8_t byte = 0;
  PathState path = PathState::Start;
  const std::vector<Part>& parts;
};

enum class By : std::uint8_t { MacroStates, Positions };

constexpr std::uint64_t kFirstTurn = 500'000;
constexpr std::uint64_t kBetweenLooks = 200'000;  // work between two looks at the clock: a few milliseconds

class Search {
 public:
  Search(std::span<const UsedLanguage> languages, const PathCondition& condition, By by, std::uint64_t work,
         Clock::time_point deadline)
      : languages_(languages), condition_(condition), by_(by), limit_(work), deadline_(deadline) {
    std::vector<const Nfa*> automata;
    for (const UsedLanguage& used : languages) {
      automata.push_back(used.language);
      subsets_.emplace_back(*used.language);
    }
    bytes_ = representative_bytes(automata);
  }

  PathAnswer run();
  bool exhausted() const { return exhausted_; }
  bool out_of_time() const { return out_of_time_; }
  std::string blame() const;

 private:
  bool single(std::size_t i) const { return by_ == By::Positions && languages_[i].use == Use::Positive; }
  std::uint64_t work() const {
    std::uint64_t sum = work_;
    for (const Dfa& subsets : subsets_) sum += subsets.work();
    return sum;
  }

  Truth known(std::size_t i, Part part) const;
  bool member(std::size_t i, Part part) const;
  bool closed(const Candidate& reached);
  std::uint64_t group_of(const Candidate& reached) const;
  template <class Large, class Small>
  bool covers(const Large& large, const Small& small);
  std::optional<PathAnswer> add(const Candidate& reached);
  std::optional<PathAnswer> ask(const Reached& reached, std::uint32_t index);
  std::vector<Part> options(std::size_t i, const std::vector<Part>& parts, std::uint8_t byte);
  std::vector<std::vector<Part>> choices(const std::vector<Part>& parts, std::uint8_t byte);
  std::optional<PathAnswer> explore(std::uint32_t index);
  bool stopped();
  std::string word(std::uint32_t index) const;

  std::span<const UsedLanguage> languages_;
  const PathCondition& condition_;
  By by_;
  std::uint64_t limit_;
  Clock::time_point deadline_;
  std::uint64_t work_ = 0;
  std::uint64_t next_look_ = kBetweenLooks;  // at the clock, in work
  bool exhausted_ = false;
  bool out_of_time_ = false;
  std::deque<Dfa> subsets_;  // by language
  std::vector<std::uint8_t> bytes_;
  std::vector<Reached> reached_;
  std::vector<Truth> truths_;                                             // scratch of closed()
  std::vector<Part> stepped_;                                             // scratch of explore()
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> groups_;  // that can cover each other
  std::map<std::vector<Truth>, bool> possible_;
  std::map<std::vector<Truth>, Truth> holds_;
};

Truth Search::known(std::size_t i, Part part) const {
  if (single(i)) return part == kNowhere ? Truth::False : part == kEverywhere ? Truth::True : Truth::Unknown;
  return subsets_[i].empty(part) ? Truth::False : subsets_[i].full(part) ? Truth::True : Truth::Unknown;
}

bool Search::member(std::size_t i, Part part) const {
  if (single(i)) return part == kEverywhere || (part != kNowhere && languages_[i].language->accepts(part));
  return subsets_[i].accepts(part);
}

bool Search::closed(const Candidate& reached) {
  truths_.clear();
  for (std::size_t i = 0; i < languages_.size(); ++i) truths_.push_back(known(i, reached.parts[i]));
  const auto [found, fresh] = possible_.try_emplace(truths_, false);
  if (fresh) found->second = condition_.possible(found->first) != Truth::False;
  return !found->second;
}

/// Only states with equal keys can cover each other: path state, Both languages, chosen positions.
std::uint64_t Search::group_of(const Candidate& reached) const {
  std::uint64_t hash = static_cast<std::uint64_t>(reached.path) + 1;
  for (std::size_t i = 0; i < languages_.size(); ++i)
    if (single(i) || languages_[i].use == Use::Both)
      hash = (hash ^ reached.parts[i]) * 0x9E3779B97F4A7C15u + (hash >> 31);
  return hash;
}

template <class Large, class Small>
bool Search::covers(const Large& large, const Small& small) {
  ++work_;
  if (large.path != small.path) return false;
  for (std::size_t i = 0; i < languages_.size(); ++i) {
    const Part a = small.parts[i];
    const Part b = large.parts[i];
    if (a == b) continue;
    if (single(i) || languages_[i].use == Use::Both) return false;
    if (!(languages_[i].use == Use::Positive ? subsets_[i].subset(a, b) : subsets_[i].subset(b, a))) return false;
  }
  return true;
}

std::string Search::word(std::uint32_t index) const {
  std::string text;
  for (; index != 0; index = reached_[index].parent)
    if (reached_[index].path != PathState::Start) text += static_cast<char>(reached_[index].byte);
  return {text.rbegin(), text.rend()};
}

/// Keeps what was reached unless it is covered or closed. An answer ends the search.
std::optional<PathAnswer> Search::add(const Candidate& reached) {
  work_ += languages_.size() + 1;
  if (closed(reached)) return std::nullopt;
  auto& group = groups_[group_of(reached)];
  for (const std::uint32_t other : group)
    if (covers(reached_[other], reached)) return std::nullopt;
  std::erase_if(group, [&](std::uint32_t other) { return reached_[other].covered = covers(reached, reached_[other]); });
  const auto index = static_cast<std::uint32_t>(reached_.size());
  group.push_back(index);
  reached_.push_back({reached.parent, reached.byte, reached.path, false, reached.parts});
  return ends_path(reached_[index].path) ? ask(reached_[index], index) : std::nullopt;
}

std::optional<PathAnswer> Search::ask(const Reached& reached, std::uint32_t index) {
  std::vector<Truth> truths;
  for (std::size_t i = 0; i < languages_.size(); ++i)
    truths.push_back(member(i, reached.parts[i]) ? Truth::True : Truth::False);
  const auto [found, fresh] = holds_.emplace(std::move(truths), Truth::False);
  if (fresh) found->second = condition_.holds(found->first);
  switch (found->second) {
    case Truth::False:
      return std::nullopt;
    case Truth::Unknown:
      return Undecided{"the conditions on one kind of path could not be decided", word(index)};
    case Truth::True:
      break;
  }
  const std::string path = word(index);
  return SomePath{path, memberships(languages_, path)};
}

/// The parts of one language after one more byte; before the first byte if `parts` is empty.
std::vector<Part> Search::options(std::size_t i, const std::vector<Part>& parts, std::uint8_t byte) {
  if (!single(i)) return {parts.empty() ? subsets_[i].initial() : subsets_[i].step(parts[i], byte)};
  if (!parts.empty() && (parts[i] == kEverywhere || parts[i] == kNowhere)) return {parts[i]};
  const Nfa& nfa = *languages_[i].language;
  const StateSet states = parts.empty() ? nfa.initial() : nfa.step({parts[i]}, byte);
  if (std::any_of(states.begin(), states.end(), [&](StateId state) { return nfa.always(state); })) return {kEverywhere};
  return states.empty() ? std::vector<Part>{kNowhere} : states;
}

/// The parts of all languages; by positions there are several choices of them.
std::vector<std::vector<Part>> Search::choices(const std::vector<Part>& parts, std::uint8_t byte) {
  std::vector<std::vector<Part>> made{{}};
  for (std::size_t i = 0; i < languages_.size(); ++i) {
    const std::vector<Part> next_parts = options(i, parts, byte);
    std::vector<std::vector<Part>> longer;
    longer.reserve(made.size() * next_parts.size());
    for (const auto& begun : made) {
      for (const Part part : next_parts) {
        longer.push_back(begun);
        longer.back().push_back(part);
      }
    }
    work_ += longer.size() * (i + 1);
    made = std::move(longer);
    if (work() > limit_) return {};  // the caller looks at the budget
  }
  return made;
}

/// The budget of work, or the time, is up.
bool Search::stopped() {
  const std::uint64_t spent = work();
  if (spent > limit_) return true;
  if (spent >= next_look_) {
    next_look_ = spent + kBetweenLooks;
    out_of_time_ = out_of_time_ || Clock::now() >= deadline_;
  }
  return out_of_time_;
}

/// Everything that one more byte leads to.
std::optional<PathAnswer> Search::explore(std::uint32_t index) {
  const std::vector<Part> parts = reached_[index].parts;
  for (const std::uint8_t byte : bytes_) {
    const PathState path = next(reached_[index].path, byte);
    if (path == PathState::Dead) continue;
    if (by_ == By::MacroStates) {  // one choice: no need for lists of them
      stepped_.resize(parts.size());
      for (std::size_t i = 0; i < parts.size(); ++i) stepped_[i] = subsets_[i].step(parts[i], byte);
      work_ += parts.size() * (parts.size() + 1) / 2;
      if (auto answer = add({index, byte, path, stepped_})) return answer;
    } else {
      for (const auto& chosen : choices(parts, byte))
        if (auto answer = add({index, byte, path, chosen})) return answer;
    }
    if (stopped()) return std::nullopt;
  }
  return std::nullopt;
}

PathAnswer Search::run() {
  reached_.push_back({});  // the parent of the empty word
  reached_[0].covered = true;
  for (const auto& parts : choices({}, 0))
    if (auto answer = add({0, 0, PathState::Start, parts})) return *answer;
  for (std::uint32_t index = 1; index < reached_.size() && !stopped(); ++index) {
    if (reached_[index].covered) continue;
    if (auto answer = explore(index)) return *answer;
  }
  exhausted_ = stopped();
  if (out_of_time_) return Undecided{"the time of the run was up before this was decided", ""};
  if (exhausted_) return Undecided{blame(), ""};
  NoPath none;
  for (std::uint32_t index = 1; index < reached_.size(); ++index)
    if (!reached_[index].covered) none.words.push_back(word(index));
  std::sort(none.words.begin(), none.words.end());
  none.words.erase(std::unique(none.words.begin(), none.words.end()), none.words.end());
  return none;
}

/// Names the pattern set that took most of the work.
std::string Search::blame() const {
  std::size_t worst = 0;
  for (std::size_t i = 0; i < subsets_.size(); ++i)
    if (subsets_[i].work() > subsets_[worst].work()) worst = i;
  if (subsets_.empty() || languages_[worst].language->patterns().empty())
    return "the search needs more than the budget of work";
  return "the patterns need more than the budget of work, most of it `" +
         languages_[worst].language->patterns().front().glob + "` and what stands beside it";
}

}  // namespace

PathAnswer find_path(std::span<const UsedLanguage> languages, const PathCondition& condition,
                     const SearchBudget& budget) {
  std::vector<Truth> root;
  for (const UsedLanguage& used : languages) root.push_back(used.language->holds_root() ? Truth::True : Truth::False);
  switch (condition.holds(root)) {
    case Truth::False:
      break;
    case Truth::Unknown:
      return Undecided{"the conditions on `/` could not be decided", "/"};
    case Truth::True:
      return SomePath{"/", memberships(languages, "/")};
  }
  std::uint64_t spent = 0;
  PathAnswer answer = Undecided{};
  for (std::uint64_t turn = budget.strategy == Strategy::Both ? kFirstTurn : budget.work;; turn *= 2) {
    for (const By by : {By::MacroStates, By::Positions}) {
      if (budget.strategy == Strategy::MacroStates && by == By::Positions) continue;
      if (budget.strategy == Strategy::Positions && by == By::MacroStates) continue;
      Search search(languages, condition, by, std::min(turn, budget.work - spent), budget.deadline);
      answer = search.run();
      if (!search.exhausted() || search.out_of_time()) return answer;
      spent += std::min(turn, budget.work - spent);
    }
    if (spent >= budget.work) return answer;
  }
}

std::vector<bool> memberships(std::span<const UsedLanguage> languages, const std::string& path) {
  std::vector<bool> members;
  for (const UsedLanguage& used : languages) {
    const Nfa& nfa = *used.language;
    StateSet states = nfa.initial();
    for (const char c : path) states = nfa.step(states, static_cast<std::uint8_t>(c));
    members.push_back(path == "/" ? nfa.holds_root() : nfa.accepts(states));
  }
  return members;
}

}  // namespace bulkhead::universe
