#include "checker/explore/first_states.h"

#include <algorithm>
#include <limits>

#include "lang/system/ranges.h"

namespace bulkhead::explore {

using namespace bulkhead::system;

namespace {

constexpr std::size_t kOpen = std::numeric_limits<std::size_t>::max();

struct Constraint {
  TermId formula;
  std::size_t true_from = kOpen;  // the number of choices after which it was known to be true
};

class Backtracking {
 public:
  explicit Backtracking(Machine& machine)
      : machine_(machine), state_(machine.entries(), 0), known_(machine.entries(), false) {
    const System& system = machine.system();
    for (const Property& property : system.properties) {
      if (property.kind == PropertyKind::Assumption) constrain(property.formula);
    }
    if (system.initially.valid()) constrain(system.initially);
    ranges_ = initial_ranges(system, machine.scope());
    choose_of(Change::Rigid);
    rigid_ = chosen_.size();
    choose_of(Change::State);
  }

  Listed run(const std::function<bool(FlatView)>& visit) {
    if (endless_) return Listed::Endless;
    if (empty_) return Listed::All;
    bool beyond = false;
    failed_ = !fine(0);
    for (bool more = true; more; more = advance()) {
      if (failed_ || depth_ < chosen_.size()) continue;
      const auto is_true = [](const Constraint& one) { return one.true_from != kOpen; };
      const bool certain = !undeclared_ && std::all_of(constraints_.begin(), constraints_.end(), is_true);
      beyond = beyond || !certain;
      if (certain && !visit(state_)) return Listed::Stopped;
    }
    return beyond || machine_.is_spent() ? Listed::Beyond : Listed::All;
  }

 private:
  void constrain(TermId formula) {
    const Term& term = machine_.system().at(formula);
    if (term.op != Op::And) {
      constraints_.push_back({formula, kOpen});
      return;
    }
    for (const TermId part : term.args) constraints_.push_back({part, kOpen});
  }

  /// The entries of such functions to which nothing gives a value.
  void choose_of(Change change) {
    const System& system = machine_.system();
    for (std::size_t i = 0; i < system.functions.size(); ++i) {
      const Function& function = system.functions[i];
      if (function.change != change || function.initial.valid()) continue;
      for (std::size_t entry = machine_.offset(i); entry < machine_.offset(i + 1); ++entry) {
        endless_ = endless_ || !ranges_[entry];
        empty_ = empty_ || (ranges_[entry] && ranges_[entry]->most < ranges_[entry]->least);
        chosen_.push_back(entry);
      }
    }
  }

  /// Goes on after `depth` choices were made: false where they cannot be extended.
  bool fine(std::size_t depth) {
    depth_ = depth;
    if (depth < rigid_ && declared_) forget();
    if (depth == rigid_) declare();
    for (Constraint& one : constraints_) {
      if (one.true_from != kOpen) continue;
      const auto truth = machine_.value(state_, known_, one.formula);
      if (truth && *truth == 0) return false;
      if (truth) one.true_from = depth;
    }
    return true;
  }

  /// One choice more, or another value for the last one that has more values.
  bool advance() {
    if (machine_.is_spent()) return false;
    if (!failed_ && depth_ < chosen_.size()) {
      set(depth_, ranges_[chosen_[depth_]]->least);
      failed_ = !fine(depth_ + 1);
      return true;
    }
    std::size_t last = depth_;
    while (last > 0 && state_[chosen_[last - 1]] == ranges_[chosen_[last - 1]]->most) known_[chosen_[--last]] = false;
    if (last == 0) return false;
    set(last - 1, state_[chosen_[last - 1]] + 1);
    for (Constraint& one : constraints_) {
      if (one.true_from != kOpen && one.true_from >= last) one.true_from = kOpen;
    }
    failed_ = !fine(last);
    return true;
  }

  void set(std::size_t choice, Value value) {
    state_[chosen_[choice]] = value;
    known_[chosen_[choice]] = true;
  }

  /// Some rigid function is open again: so is what was declared over it.
  void forget() {
    const System& system = machine_.system();
    for (std::size_t i = 0; i < system.functions.size(); ++i) {
      if (!system.functions[i].initial.valid()) continue;
      for (std::size_t entry = machine_.offset(i); entry < machine_.offset(i + 1); ++entry) known_[entry] = false;
    }
    declared_ = false;
  }

  /// The rigid functions are chosen: what is declared over them has its value.
  void declare() {
    const System& system = machine_.system();
    undeclared_ = false;
    declared_ = true;
    for (std::size_t i = 0; i < system.functions.size(); ++i) {
      const Function& function = system.functions[i];
      if (!function.initial.valid()) continue;
      for (std::size_t entry = machine_.offset(i); entry < machine_.offset(i + 1); ++entry) {
        std::size_t rest = entry - machine_.offset(i);  // its arguments, the last one running fastest
        for (std::size_t j = function.parameters.size(); j-- > 0;) {
          const std::size_t count = *cardinality(system, machine_.scope(), function.arguments[j]);
          machine_.bind(function.parameters[j], static_cast<Value>(rest % count));
          rest /= count;
        }
        const auto value = machine_.value(state_, known_, function.initial);
        known_[entry] = value.has_value();
        state_[entry] = value.value_or(0);
        undeclared_ = undeclared_ || !value;
      }
    }
  }

  Machine& machine_;
  Flat state_;
  std::vector<bool> known_;
  std::vector<Constraint> constraints_;
  std::vector<std::size_t> chosen_;           // entries, rigid ones first
  std::vector<std::optional<Range>> ranges_;  // by entry
  std::size_t rigid_ = 0;
  std::size_t depth_ = 0;  // choices made
  bool failed_ = false;
  bool endless_ = false;
  bool empty_ = false;  // something has no value at all
  bool declared_ = false;
  bool undeclared_ = false;  // some declared initial value is beyond
};

}  // namespace

Listed list_first_states(Machine& machine, const std::function<bool(FlatView)>& visit) {
  return Backtracking(machine).run(visit);
}

}  // namespace bulkhead::explore
