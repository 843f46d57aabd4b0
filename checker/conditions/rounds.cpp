#include "checker/conditions/rounds.h"

#include <utility>

#include "checker/conditions/instrument.h"

namespace bulkhead::conditions {
namespace {

using system::Action;
using system::System;

class Counting {
 public:
  Counting(const System& system, const system::LeadsTo& claim)
      : original_(system), claim_(claim), in_(system, claim), terms_(in_.terms()) {}

  Result<Rounds, std::string> make() {
    if (!in_.has_tables()) return fail(std::string("a fair action has parameters without a table"));
    in_.declare_pending();
    for (const system::Fair& fair : claim_.fair) turns_.emplace_back(fair.action, in_.flag_of("turn", fair.action));
    for (std::size_t i = 0; i < kMostRounds; ++i) rounds_.push_back(in_.flag("round " + std::to_string(i + 1)));
    std::vector<Action> actions = original_.actions;
    for (std::size_t i = 0; i < actions.size(); ++i) extend(actions[i], ActionId{i});
    actions.push_back(wait());
    Rounds made;
    for (const FunctionId round : rounds_) made.past.push_back(in_.is(round));
    std::vector<TermId*> kept;
    for (TermId& one : made.past) kept.push_back(&one);
    made.system = in_.finished(std::move(actions), kept);
    return made;
  }

 private:
  /// The action, which now tells the monitor what it does.
  void extend(Action& action, ActionId id) {
    const auto pending = [&] {
      const TermId begun = terms_.disjunction({in_.is(in_.pending()), in_.said_later(id, claim_.from)});
      return terms_.conjunction({begun, terms_.negation(in_.said_later(id, claim_.to))});
    };
    action.updates.push_back({in_.pending(), {}, {}, pending(), {}});
    for (const auto& [fair, turn] : turns_) {
      action.updates.push_back(
          in_.for_each_instance(fair, turn, [&, fair = fair, turn = turn](const auto& at, const auto& parameters) {
            std::vector<TermId> had{terms_.conjunction({within_round(), terms_.apply(turn, at)}),
                                    terms_.negation(in_.later(id, original_.at(fair).guard, parameters))};
            if (fair == id) had.push_back(terms_.conjunction({in_.is(in_.pending()), in_.is_taken(at, action)}));
            return terms_.conjunction({pending(), terms_.disjunction(std::move(had))});
          }));
    }
    count(action, pending);
  }

  /// Nothing happens: what is pending stays so.
  Action wait() {
    Action action;
    action.name = "wait";
    action.guard = in_.is(in_.pending());
    for (const auto& [fair, turn] : turns_) {
      action.updates.push_back(
          in_.for_each_instance(fair, turn, [&, fair = fair, turn = turn](const auto& at, const auto& parameters) {
            return terms_.disjunction({terms_.conjunction({within_round(), terms_.apply(turn, at)}),
                                       terms_.negation(in_.now(original_.at(fair).guard, parameters))});
          }));
    }
    count(action, [&] { return in_.is(in_.pending()); });
    return action;
  }

  template <typename Pending>
  void count(Action& action, const Pending& pending) {
    for (std::size_t i = 0; i < rounds_.size(); ++i) {
      const TermId before = i == 0 ? in_.is(in_.pending()) : in_.is(rounds_[i - 1]);
      const TermId one_more = terms_.conjunction({before, in_.is(in_.pending()), over()});
      const TermId past = terms_.disjunction({in_.is(rounds_[i]), one_more});
      action.updates.push_back({rounds_[i], {}, {}, terms_.conjunction({pending(), past}), {}});
    }
  }

  /// Every fair instance had its turn.
  TermId over() {
    std::vector<TermId> all;
    for (const auto& [fair, turn] : turns_) {
      const auto each = in_.fresh(original_.at(fair).parameters);
      all.push_back(terms_.quantified(system::Op::ForAll, each, terms_.apply(turn, in_.bound(each))));
    }
    return terms_.conjunction(std::move(all));
  }
  TermId within_round() { return terms_.conjunction({in_.is(in_.pending()), terms_.negation(over())}); }

  const System& original_;
  const system::LeadsTo& claim_;
  Instrument in_;
  Terms& terms_;
  std::vector<std::pair<ActionId, FunctionId>> turns_;  // of each fair action
  std::vector<FunctionId> rounds_;
};

}  // namespace

Result<Rounds, std::string> rounds(const System& system, const system::LeadsTo& claim) {
  return Counting(system, claim).make();
}

}  // namespace bulkhead::conditions
