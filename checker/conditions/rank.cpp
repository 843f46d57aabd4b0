#include "checker/conditions/rank.h"

#include <utility>

namespace bulkhead::conditions {
namespace {

class Rank {
 public:
  Rank(Terms& terms, std::span<const Conjunct> conjuncts, const system::LeadsTo& claim, const Progress& progress)
      : terms_(terms),
        claim_(claim),
        pending_(progress.pending),
        measures_(progress.measures),
        known_(assumptions(terms.system())) {
    for (const Conjunct& conjunct : conjuncts) known_.push_back(conjunct.formula);
  }

  Result<std::vector<Condition>, std::string> make(std::span<const Help> order) {
    for (const Help& help : order) {
      if (auto why = add(help)) return fail(*why);
    }
    add("what is claimed begins to be pending", {claim_.from, terms_.negation(claim_.to)}, pending_);
    for (std::size_t i = 0; i < measures_.size(); ++i) {
      const std::string which = measures_.size() == 1 ? "" : " " + std::to_string(i + 1);
      add("the measure" + which + " is not negative", {pending_}, terms_.less_equal(terms_.integer(0), measures_[i]));
    }
    for (std::size_t i = 0; i < terms_.system().actions.size(); ++i) keeps(ActionId{i});
    add("something that helps is enabled", {pending_}, up_to(order.size()));
    for (std::size_t i = 0; i < order.size(); ++i) helps(i);
    return std::move(made_);
  }

 private:
  /// An instance with its guard; or why it is none.
  std::optional<std::string> add(const Help& help) {
    if (help.fair >= claim_.fair.size()) return "a help that is not fair";
    const ActionId action = claim_.fair[help.fair].action;
    const auto parameters = terms_.system().at(action).parameters;
    if (parameters.size() != help.arguments.size()) return "a help with another number of arguments";
    Substitution arguments;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      if (help.arguments[i] >= claim_.each.size()) return "a help about no variable of the claim";
      const BinderId variable = claim_.each[help.arguments[i]];
      if (terms_.system().at(variable).type != terms_.system().at(parameters[i]).type) return "a help of another type";
      arguments.emplace(parameters[i], terms_.bound(variable));
    }
    enabled_.push_back(instantiate(terms_, terms_.system().at(action).guard, arguments));
    instances_.emplace_back(action, std::move(arguments));
    return std::nullopt;
  }

  void add(std::string label, std::vector<TermId> hypotheses, TermId goal) {
    hypotheses.insert(hypotheses.begin(), known_.begin(), known_.end());
    made_.push_back(condition(terms_, Part::Implication, std::move(label), std::move(hypotheses), goal));
  }

  /// The rank is below `end`.
  TermId up_to(std::size_t end) {
    return terms_.disjunction({enabled_.begin(), enabled_.begin() + static_cast<std::ptrdiff_t>(end)});
  }
  /// Q, or this, in the state after the step.
  TermId afterwards(ActionId action, const Substitution& arguments, TermId formula) {
    return after(terms_, action, arguments, terms_.disjunction({claim_.to, formula}));
  }
  /// Q, or a lower measure, or this.
  TermId nearer(ActionId action, const Substitution& arguments, TermId formula) {
    const TermId reached = afterwards(action, arguments, formula);
    if (measures_.empty()) return reached;
    return terms_.disjunction({reached, lower(terms_, action, arguments, measures_, Lower::Strictly)});
  }
  void keeps(ActionId action) {
    const std::string name = "`" + terms_.system().at(action).name + "` keeps ";
    const TermId guard = terms_.system().at(action).guard;
    add(name + "it pending", {pending_, guard}, afterwards(action, {}, pending_));
    if (!measures_.empty()) {
      const TermId over = after(terms_, action, {}, claim_.to);
      const TermId low = lower(terms_, action, {}, measures_, Lower::OrSame);
      add(name + "the measure", {pending_, guard}, terms_.disjunction({over, low}));
    }
    for (std::size_t rank = 1; rank < enabled_.size(); ++rank) {
      const TermId low = up_to(rank);
      add(name + "rank " + std::to_string(rank), {pending_, guard, low}, nearer(action, {}, low));
    }
  }

  void helps(std::size_t rank) {
    const auto& [action, arguments] = instances_[rank];
    const TermId here = terms_.conjunction({enabled_[rank], terms_.negation(up_to(rank))});
    add("`" + terms_.system().at(action).name + "` helps", {pending_, here}, nearer(action, arguments, up_to(rank)));
  }

  Terms& terms_;
  const system::LeadsTo& claim_;
  TermId pending_;
  std::vector<TermId> measures_;
  std::vector<TermId> known_;
  std::vector<TermId> enabled_;  // by help
  std::vector<std::pair<ActionId, Substitution>> instances_;
  std::vector<Condition> made_;
};

}  // namespace

Result<std::vector<Condition>, std::string> rank(Terms& terms, std::span<const Conjunct> conjuncts,
                                                 const system::LeadsTo& claim, const Progress& progress) {
  return Rank(terms, conjuncts, claim, progress).make(progress.order);
}

TermId lower(Terms& terms, ActionId action, const Substitution& arguments, std::span<const TermId> measures,
             Lower wanted) {
  TermId rest;  // what has to be so where this measure stays the same
  for (std::size_t i = measures.size(); i-- > 0;) {
    const TermId then = after(terms, action, arguments, measures[i]);
    const TermId not_higher = terms.less_equal(then, measures[i]);
    const TermId less = terms.negation(terms.less_equal(measures[i], then));
    if (rest.valid())
      rest = terms.disjunction({less, terms.conjunction({not_higher, rest})});
    else
      rest = wanted == Lower::OrSame ? not_higher : less;
  }
  return rest.valid() ? rest : terms.truth(wanted == Lower::OrSame);
}

TermId left_side(Terms& terms, const system::LeadsTo& claim) {
  return terms.quantified(system::Op::Exists, claim.each, claim.from);
}

}  // namespace bulkhead::conditions
