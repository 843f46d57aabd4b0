#include "checker/certificate/cover.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "checker/certificate/glob_reader.h"
#include "checker/obligation/evaluate.h"

namespace bulkhead::certificate {
namespace {

using obligation::Formula;
using obligation::Kleene;
using obligation::Node;
using obligation::NodeKind;
using obligation::Polarity;

/// How far the bytes read so far are a valid path. "/" itself is looked at elsewhere, so Slash never accepts.
enum class PathState : std::uint8_t { Start, Slash, Dot, DotDot, Name, Dead };

PathState next_state(PathState state, std::uint8_t byte) {
  if (byte == 0 || state == PathState::Dead) return PathState::Dead;
  if (state == PathState::Start) return byte == '/' ? PathState::Slash : PathState::Dead;
  if (byte == '/') return state == PathState::Name ? PathState::Slash : PathState::Dead;
  if (byte != '.' || state == PathState::Name || state == PathState::DotDot) return PathState::Name;
  return state == PathState::Slash ? PathState::Dot : PathState::DotDot;
}

/// What has been read so far, as the automata see it.
struct Macro {
  PathState path = PathState::Start;
  std::vector<States> sets;  // by PatternId
  friend auto operator<=>(const Macro&, const Macro&) = default;
};

class VolumeChecker {
 public:
  VolumeChecker(const Formula& formula, const std::vector<Polarity>& polarity, ir::VolumeId volume)
      : formula_(formula),
        polarity_(polarity),
        automata_(formula.patterns.size()),
        marks_(256, false),
        volume_(volume) {}

  /// False where a glob cannot be read.
  bool read_patterns() {
    for (std::size_t i = 0; i < automata_.size(); ++i) {
      for (const ir::FilePattern& pattern : formula_.patterns[i].files) {
        if (pattern.volume == volume_ && !automata_[i].add(pattern.glob, pattern.prefix)) return false;
      }
      automata_[i].mark_bytes(marks_);
    }
    for (const unsigned special : {0u, unsigned{'.'}, unsigned{'/'}}) {
      marks_[special] = true;
      marks_[special + 1] = true;
    }
    return true;
  }

  /// Why the words cover not everything that may follow.
  std::optional<std::string> check(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (i > 0 && !(words[i - 1] < words[i])) return "the words are not sorted";
      add_word(words[i]);
    }
    Macro start;
    for (const Automaton& automaton : automata_) start.sets.push_back(automaton.initial());
    if (!accounted(start)) return "the empty path is not covered";
    for (std::size_t i = 0; i < macros_.size(); ++i) {
      for (unsigned byte = 0; byte < 256; ++byte) {
        if (!marks_[byte]) continue;  // as its predecessor
        if (!accounted(step(macros_[i], static_cast<std::uint8_t>(byte)))) return "what follows a word is not covered";
        if (work_ > kMaxCoverWork) return "the cover is too large to be checked";
      }
    }
    return std::nullopt;
  }

  void collect(std::set<Membership>& out) const {
    for (const Macro& macro : macros_) {
      if (macro.path == PathState::Name) out.insert(membership(macro));
    }
  }

 private:
  Macro step(const Macro& from, std::uint8_t byte) const {
    Macro to;
    to.path = next_state(from.path, byte);
    if (to.path == PathState::Dead) return to;
    for (std::size_t i = 0; i < automata_.size(); ++i) to.sets.push_back(automata_[i].step(from.sets[i], byte));
    return to;
  }

  /// Sorted words share prefixes: the stack holds what was read of the last one, byte by byte.
  void add_word(const std::string& word) {
    if (stack_.empty()) {
      stack_.emplace_back();
      for (const Automaton& automaton : automata_) stack_.back().sets.push_back(automaton.initial());
    }
    std::size_t shared = 0;
    while (shared < word.size() && shared < last_.size() && word[shared] == last_[shared]) ++shared;
    stack_.resize(shared + 1);
    for (std::size_t i = shared; i < word.size(); ++i) {
      stack_.push_back(stack_.back().path == PathState::Dead ? stack_.back()
                                                             : step(stack_.back(), static_cast<std::uint8_t>(word[i])));
    }
    last_ = word;
    if (stack_.back().path != PathState::Dead && known_.insert(stack_.back()).second) macros_.push_back(stack_.back());
  }

  bool accounted(const Macro& macro) {
    if (macro.path == PathState::Dead || known_.count(macro) > 0 || closed(macro)) return true;
    for (const Macro& word : macros_) {
      ++work_;
      if (covers(word, macro)) return true;
    }
    return covered_by_positions(macro);
  }

  /// Nothing that follows can make the formula true.
  bool closed(const Macro& macro) {
    std::vector<Kleene> members;
    for (const States& states : macro.sets) {
      members.push_back(states.empty() ? Kleene::False : states == Automaton::full() ? Kleene::True : Kleene::Open);
    }
    const auto [found, fresh] = closed_.emplace(members, false);
    if (!fresh) return found->second;
    work_ += formula_.nodes.size();
    // Variables stay open: what they are is for the closed sets to show, and for the second solver.
    const std::vector<Kleene> variables(formula_.equations.size(), Kleene::Open);
    const auto leaf = [&](obligation::NodeId id) {
      const Node& node = formula_.at(id);
      return node.kind == NodeKind::Member ? members[node.pattern.index()] : Kleene::Open;
    };
    const auto values = obligation::evaluate(formula_, leaf, variables);
    return found->second = values.at(formula_.root.index()) == Kleene::False;
  }

  static bool includes(const States& large, const States& small) {
    return large == Automaton::full() || std::includes(large.begin(), large.end(), small.begin(), small.end());
  }

  /// Whatever follows: if it makes the formula true after `macro`, it does so after `word`.
  bool covers(const Macro& word, const Macro& macro) const {
    if (word.path != macro.path) return false;
    for (std::size_t i = 0; i < polarity_.size(); ++i) {
      if (polarity_[i] == Polarity::Positive ? !includes(word.sets[i], macro.sets[i]) : !stays(word, macro, i))
        return false;
    }
    return true;
  }

  bool stays(const Macro& word, const Macro& macro, std::size_t i) const {
    return polarity_[i] == Polarity::Negative ? includes(macro.sets[i], word.sets[i]) : word.sets[i] == macro.sets[i];
  }

  /// Each choice of one position for each positive set is covered by some word.
  bool covered_by_positions(const Macro& macro) {
    std::vector<std::size_t> positive;
    for (std::size_t i = 0; i < polarity_.size(); ++i) {
      if (polarity_[i] == Polarity::Positive && !macro.sets[i].empty()) positive.push_back(i);
    }
    std::vector<const Macro*> candidates;
    for (const Macro& word : macros_) {
      bool fits = word.path == macro.path;
      for (std::size_t i = 0; fits && i < polarity_.size(); ++i) {
        fits = polarity_[i] == Polarity::Positive || stays(word, macro, i);
      }
      if (fits) candidates.push_back(&word);
    }
    std::vector<std::size_t> choice(positive.size(), 0);  // an odometer over the positions
    while (!candidates.empty()) {
      if (!some_holds(candidates, macro, positive, choice) || work_ > kMaxCoverWork) return false;
      std::size_t digit = 0;
      while (digit < choice.size() && ++choice[digit] == macro.sets[positive[digit]].size()) choice[digit++] = 0;
      if (digit == choice.size()) return true;
    }
    return false;
  }

  bool some_holds(const std::vector<const Macro*>& candidates, const Macro& macro,
                  const std::vector<std::size_t>& positive, const std::vector<std::size_t>& choice) {
    return std::any_of(candidates.begin(), candidates.end(), [&](const Macro* word) {
      ++work_;
      for (std::size_t k = 0; k < positive.size(); ++k) {
        const std::size_t i = positive[k];
        if (!includes(word->sets[i], {macro.sets[i][choice[k]]})) return false;
      }
      return true;
    });
  }

  Membership membership(const Macro& macro) const {
    Membership in;
    for (std::size_t i = 0; i < automata_.size(); ++i) in.push_back(automata_[i].accepts(macro.sets[i]));
    return in;
  }

  const Formula& formula_;
  const std::vector<Polarity>& polarity_;
  std::vector<Automaton> automata_;
  std::vector<bool> marks_;  // bytes that begin a class of bytes which behave alike
  ir::VolumeId volume_;
  std::vector<Macro> macros_;
  std::set<Macro> known_;
  std::map<std::vector<Kleene>, bool> closed_;  // by what is known of each pattern set
  std::vector<Macro> stack_;
  std::string last_;
  std::size_t work_ = 0;
};

/// The root of a volume: patterns see it as "/", or as their prefix.
std::optional<Membership> root_membership(const Formula& formula, ir::VolumeId volume) {
  Membership in;
  for (const ir::ObjectPatterns& patterns : formula.patterns) {
    bool inside = false;
    for (const ir::FilePattern& pattern : patterns.files) {
      if (pattern.volume != volume) continue;
      Automaton automaton;
      if (!automaton.add(pattern.glob, pattern.prefix.empty() ? "/" : pattern.prefix)) return std::nullopt;
      inside = inside || automaton.accepts(automaton.initial());
    }
    in.push_back(inside);
  }
  return in;
}

}  // namespace

Result<Memberships, std::string> memberships(const ir::World& world, const obligation::Query& query,
                                             const verdict::AtomTable& atoms) {
  const Formula& formula = query.formula;
  const auto polarity = obligation::polarities(formula);
  std::set<ir::VolumeId> volumes;
  for (const ir::ObjectPatterns& patterns : formula.patterns) {
    for (const ir::FilePattern& pattern : patterns.files) volumes.insert(pattern.volume);
  }
  std::set<Membership> found;
  if (volumes.size() < world.volumes.size()) found.insert(Membership(formula.patterns.size(), false));
  if (atoms.covers.size() != volumes.size()) return fail(std::string("not one cover for each volume"));
  std::size_t index = 0;
  for (const ir::VolumeId volume : volumes) {
    const verdict::VolumeCover& cover = atoms.covers[index++];
    if (cover.volume != volume) return fail(std::string("a cover of another volume"));
    VolumeChecker checker(formula, polarity, volume);
    const auto root = root_membership(formula, volume);
    if (!root || !checker.read_patterns()) return fail(std::string("a pattern that cannot be read"));
    if (const auto objection = checker.check(cover.words)) return fail(*objection);
    checker.collect(found);
    found.insert(*root);
  }
  return Memberships(found.begin(), found.end());
}

Memberships syscall_memberships(const ir::World& world, const obligation::Query& query) {
  std::set<Membership> found;
  for (std::size_t number = 0; number <= world.syscalls.size(); ++number) {
    const ir::SyscallId syscall = number < world.syscalls.size() ? ir::SyscallId{number} : ir::kUnknownSyscall;
    Membership in;
    for (const ir::ObjectPatterns& patterns : query.formula.patterns) {
      in.push_back(std::find(patterns.syscalls.begin(), patterns.syscalls.end(), syscall) != patterns.syscalls.end());
    }
    found.insert(std::move(in));
  }
  return Memberships(found.begin(), found.end());
}

}  // namespace bulkhead::certificate
