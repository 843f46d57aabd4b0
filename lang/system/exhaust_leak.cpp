// No two runs of a scope show a leak: all pairs of states, with the sources of what is still to come.
#include <bit>
#include <compare>
#include <map>
#include <set>
#include <utility>

#include "lang/system/exhaust.h"
#include "lang/system/replay.h"

namespace bulkhead::system {
namespace {

constexpr std::size_t kMaxSubjects = 12, kMaxPairs = std::size_t{1} << 20;
using Subjects = std::uint32_t;  // a set, one bit for each

/// Two states that runs with the same purged steps have come to. `sources`: of the steps that are still to come.
struct Pair {
  std::size_t left = 0, right = 0;
  Subjects sources = 0;
  friend auto operator<=>(const Pair&, const Pair&) = default;
};

class Leaks {
 public:
  Leaks(const System& system, const LeaksNothing& claim, const Reachable& reachable, std::size_t subjects)
      : system_(system), claim_(claim), reachable_(reachable), subjects_(subjects) {
    for (const Fired& fired : reachable.instances) subject_by_.push_back(subject_of(system, claim, fired));
  }

  std::optional<std::string> objection() {
    if (!look_at_all()) return "what somebody sees is beyond what can be computed";
    std::map<std::vector<std::vector<Value>>, std::vector<std::size_t>> worlds;  // by what never changes
    for (std::size_t i = 0; i < reachable_.first; ++i) worlds[rigid_of(reachable_.states[i])].push_back(i);
    for (const auto& [rigid, states] : worlds) {
      if (!influences_in(reachable_.states[states.front()])) return "whom the claim excepts is beyond";
      if (auto why = in_world(states)) return why;
    }
    return std::nullopt;
  }

 private:
  bool look_at_all() {
    std::map<std::vector<Seen>, std::size_t> numbers;
    for (const State& state : reachable_.states) {
      for (std::size_t subject = 0; subject < subjects_; ++subject) {
        const auto seen = look(system_, reachable_.scope, state, system_.at(claim_.view), static_cast<Value>(subject));
        if (!seen) return false;
        views_.push_back(numbers.try_emplace(*seen, numbers.size()).first->second);
      }
    }
    return true;
  }
  bool sees_the_same(const Pair& pair, std::size_t subject) const {
    return views_[pair.left * subjects_ + subject] == views_[pair.right * subjects_ + subject];
  }

  std::vector<std::vector<Value>> rigid_of(const State& state) const {
    std::vector<std::vector<Value>> rigid;
    for (std::size_t i = 0; i < system_.functions.size(); ++i) {
      if (system_.functions[i].change == Change::Rigid) rigid.push_back(state.tables[i]);
    }
    return rigid;
  }

  /// By subject, whom it may influence, itself included. False: beyond.
  bool influences_in(const State& world) {
    whom_.assign(subjects_, 0);
    for (std::size_t source = 0; source < subjects_; ++source) {
      for (std::size_t target = 0; target < subjects_; ++target) {
        Answer may = source == target ? Answer::Yes : Answer::No;
        if (may == Answer::No && claim_.except.valid()) {
          const Binding binding{{claim_.observer, static_cast<Value>(target)},
                                {claim_.source, static_cast<Value>(source)}};
          may = holds(system_, reachable_.scope, world, claim_.except, binding);
        }
        if (may == Answer::Beyond) return false;
        if (may == Answer::Yes) whom_[source] |= Subjects{1} << target;
      }
    }
    return true;
  }

  std::optional<std::string> in_world(const std::vector<std::size_t>& states) {
    known_.clear();
    open_.clear();
    for (const std::size_t left : states) {
      for (const std::size_t right : states) {
        if (left <= right) start({left, right, 0});
        if (known_.size() > kMaxPairs) return "there are too many pairs of states";
      }
    }
    while (!open_.empty() && !leaks_) {
      if (known_.size() > kMaxPairs) return "there are too many pairs of states";
      const Pair pair = open_.back();
      open_.pop_back();
      for (std::size_t i = 0; i < reachable_.instances.size(); ++i) attempt(pair, i);
    }
    return leaks_ ? std::optional<std::string>("two runs show a leak") : std::nullopt;
  }

  /// With every set of sources that see the same in both.
  void start(Pair pair) {
    Subjects alike = 0;
    for (std::size_t subject = 0; subject < subjects_; ++subject) {
      if (sees_the_same(pair, subject)) alike |= Subjects{1} << subject;
    }
    for (pair.sources = alike; pair.sources != 0; pair.sources = (pair.sources - 1) & alike) add(pair);
  }

  /// Which of the runs is which does not matter.
  void add(Pair pair) {
    if (pair.right < pair.left) std::swap(pair.left, pair.right);
    if (!known_.insert(pair).second) return;
    open_.push_back(pair);
    if (!std::has_single_bit(pair.sources)) return;  // nothing has to come any more where the observer alone is left
    leaks_ = leaks_ || !sees_the_same(pair, static_cast<std::size_t>(std::countr_zero(pair.sources)));
  }

  /// A step of a subject happens in both runs and makes it a source of what came before, or is purged and happens in
  /// one. What is refused changes nothing: instances that never fire add no leak, for without them two runs purge to
  /// the same sequence still, and have no more sources.
  void attempt(const Pair& pair, std::size_t instance) {
    const std::size_t left = after(pair.left, instance), right = after(pair.right, instance);
    const auto subject = subject_by_[instance];
    if (!subject) return add({left, right, pair.sources});  // the system's own
    const Subjects self = Subjects{1} << *subject, whom = whom_[static_cast<std::size_t>(*subject)];
    if ((whom & pair.sources) == 0) {
      add({left, pair.right, pair.sources});
      add({pair.left, right, pair.sources});
    } else if ((self & pair.sources) != 0) {
      add({left, right, pair.sources});
      if ((whom & pair.sources & ~self) != 0) add({left, right, pair.sources & ~self});
    }
  }
  std::size_t after(std::size_t state, std::size_t instance) const {
    const std::size_t to = reachable_.after[state][instance];
    return to == Reachable::kNone ? state : to;
  }

  const System& system_;
  const LeaksNothing& claim_;
  const Reachable& reachable_;
  std::size_t subjects_;
  std::vector<std::size_t> views_;                // by state, by subject: equal where they see the same
  std::vector<std::optional<Value>> subject_by_;  // by instance; none: the system's own
  std::vector<Subjects> whom_;
  std::set<Pair> known_;
  std::vector<Pair> open_;
  bool leaks_ = false;
};

}  // namespace

std::optional<std::string> leak_objection(const System& system, const LeaksNothing& claim, const Reachable& reachable) {
  if (reachable.after.size() != reachable.states.size()) return "not every state was left";
  const auto subjects = cardinality(system, reachable.scope, system.at(claim.observer).type);
  if (!subjects || *subjects > kMaxSubjects) return "the scope has too many observers";
  return Leaks(system, claim, reachable, *subjects).objection();
}

}  // namespace bulkhead::system
