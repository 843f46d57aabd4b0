// Liveness for sorts of any size: what is pending, and an order of fair instances, found by trying; the conditions of
// checker/conditions/rank.h decide.
#include <algorithm>
#include <set>

#include "checker/conditions/rank.h"
#include "checker/engine/engine_list.h"
#include "checker/engine/first_state.h"
#include "checker/engine/induction.h"
#include "checker/engine/measures.h"
#include "lang/system/formula.h"
#include "lang/system/spell.h"

namespace bulkhead::engine {
namespace {

using conditions::Help;
using conditions::TermId;
using From = verdict::Conjunct::From;

/// Orders that are tried, and instances in them; orders that go with integers that nobody wrote, and pairs of these.
constexpr std::size_t kMostInstances = 6, kLongestOrder = 3, kLongestWithMeasure = 2, kMostPairs = 32;

class Ranking {
 public:
  Ranking(const system::System& system, const system::Theorem& theorem, const solver::Limits& limits)
      : theorem_(theorem),
        claim_(std::get<system::LeadsTo>(theorem.statement)),
        stop_(limits.stop),
        terms_(system),
        solver_(terms_, limits) {}

  verdict::Verdict operator()() {
    auto start = first_state(terms_, solver_, theorem_.bounds, stop_);
    if (auto* none = std::get_if<verdict::Verdict>(&start)) return std::move(*none);
    evidence_.witnesses.push_back(std::get<system::Run>(std::move(start)));
    find_invariants();
    find_instances();
    if (!find_progress()) return verdict::Unknown{failure_};
    auto missing = find_sides(terms_, terms_.system().properties.size(), solver_,
                              {conditions::left_side(terms_, claim_)}, theorem_.bounds, stop_, evidence_.witnesses);
    if (missing) return std::move(*missing);
    evidence_.pending = closed(pending_);
    for (const TermId measure : measures_) evidence_.measures.push_back(closed(at_least_0(measure)));
    return verdict::Holds{{std::move(evidence_), {}}};
  }

 private:
  /// Every property that is inductive with the others.
  void find_invariants() {
    std::vector<conditions::Conjunct> all;
    for (const system::Property& property : terms_.system().properties) {
      if (property.kind != system::PropertyKind::Assumption) all.push_back({property.name, property.formula});
    }
    for (const std::size_t index : induct(terms_, solver_, all).kept) {
      evidence_.conjuncts.push_back({From::Property, all[index].name});
      invariants_.push_back(all[index]);
    }
  }

  /// First by what the user wrote; then without a measure; then by each integer that never grows while something is
  /// pending; then by two, of which the second may grow where the first goes down.
  bool find_progress() {
    std::string written;
    if (!claim_.rank.empty()) {
      if (goes_down(claim_.rank, kLongestOrder)) return true;
      written = "the rank that is written does not show it: " + failure_ + "; ";
    }
    if (goes_down({}, kLongestOrder)) return true;
    const std::string without = failure_;
    if (find_measures()) return true;
    measures_.clear();
    failure_ = written + "no rank was found: " + without;
    return false;
  }
  bool find_measures() {
    const std::vector<TermId> candidates = measures_of(terms_, claim_);
    std::vector<TermId> steady;
    for (const TermId measure : candidates) {
      if (stop_.stop_requested()) return false;
      if (!claim_.rank.empty() && claim_.rank == std::vector<TermId>{measure}) continue;  // was tried
      if (goes_down({measure}, kLongestWithMeasure)) return true;
      if (never_more_) steady.push_back(measure);
    }
    std::size_t tried = 0;
    for (const TermId first : steady) {
      for (const TermId second : candidates) {
        if (first == second) continue;
        if (stop_.stop_requested() || tried++ == kMostPairs) return false;
        if (goes_down({first, second}, kLongestWithMeasure)) return true;
      }
    }
    return false;
  }

  /// These measures, and some order of so many instances.
  bool goes_down(std::vector<TermId> measures, std::size_t longest) {
    measures_ = std::move(measures);
    find_pending();
    never_more_ = never_more();
    return never_more_ && (try_all_that_lower() || find_order(longest));
  }
  /// All instances whose step leads to Q or measures less, one after the other as they come: where the measures do all
  /// the work, no order of them is better than another.
  bool try_all_that_lower() {
    if (measures_.empty()) return false;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < instances_.size(); ++i) {
      const system::ActionId action = claim_.fair[instances_[i].first.fair].action;
      const auto arguments = arguments_of(instances_[i].first);
      const TermId less = conditions::lower(terms_, action, arguments, measures_, conditions::Lower::Strictly);
      const TermId over = conditions::after(terms_, action, arguments, claim_.to);
      if (valid(known({pending_, instances_[i].second}), terms_.disjunction({over, less}))) order.push_back(i);
    }
    furthest_ = 0;
    return !order.empty() && shows(order);
  }

  TermId at_least_0(TermId measure) { return terms_.less_equal(terms_.integer(0), measure); }

  /// No measure is negative, and no step makes the state measure more: what does not depend on the order.
  bool never_more() {
    for (const TermId measure : measures_) {
      if (valid(known({pending_}), at_least_0(measure))) continue;
      failure_ = "that `" + spelled(measure) + "` is not negative while something is pending is not shown";
      return false;
    }
    for (std::size_t i = 0; i < terms_.system().actions.size() && !measures_.empty(); ++i) {
      const system::ActionId action{i};
      const TermId over = conditions::after(terms_, action, {}, claim_.to);
      const TermId goal = conditions::lower(terms_, action, {}, measures_, conditions::Lower::OrSame);
      if (valid(known({pending_, terms_.system().at(action).guard}), terms_.disjunction({over, goal}))) continue;
      failure_ = "that `" + terms_.system().at(action).name + "` does not make " + all_measures() +
                 " more while something is pending is not shown" +
                 sentence_of("`" + terms_.system().at(action).name + "` ");
      return false;
    }
    return true;
  }

  std::string spelled(TermId term) const { return system::spell_term(terms_.system(), term, claim_.each); }
  std::string all_measures() const {
    std::string text;
    for (const TermId measure : measures_) text += (text.empty() ? "`" : ", ") + spelled(measure);
    return text + "`";
  }
  /// " (action put(f: Frame) when ...)": where the action was written that a condition begins with.
  std::string sentence_of(const std::string& label) const {
    for (const system::Action& action : terms_.system().actions) {
      if (label.rfind("`" + action.name + "` ", 0) == 0 && !action.origin.text.empty())
        return " (" + action.origin.text + ")";
    }
    return "";
  }

  /// Q is false, and of the conjuncts of P and of the guards of fair instances those that hold at first and that every
  /// step keeps, or leads to Q: Houdini. The measure is not negative, if that is so.
  void find_pending() {
    std::set<TermId> seen;
    std::vector<TermId> parts;
    const auto add = [&](TermId formula) {
      for (const TermId one : conjuncts_of(formula)) {
        if (seen.insert(one).second) parts.push_back(one);
      }
    };
    add(claim_.from);
    for (const TermId measure : measures_) add(at_least_0(measure));
    for (const auto& [help, guard] : instances_) {
      add(guard);
      add(terms_.disjunction({claim_.to, guard}));
    }
    std::vector<TermId> guards;
    for (const auto& [help, guard] : instances_) guards.push_back(guard);
    if (guards.size() > 1) add(terms_.disjunction(guards));
    std::erase_if(parts, [&](TermId part) { return !begins(part); });
    for (bool fell = true; fell && !stop_.stop_requested();) {
      const auto before = parts.size();
      pending_ = both(parts);
      std::erase_if(parts, [&](TermId part) { return !is_kept(part); });
      fell = parts.size() != before;
    }
    pending_ = both(parts);
  }

  std::vector<TermId> conjuncts_of(TermId formula) {
    std::vector<TermId> list, open{formula};
    while (!open.empty()) {
      const TermId id = open.back();
      open.pop_back();
      if (terms_.at(id).op == system::Op::And)
        open.insert(open.end(), terms_.at(id).args.begin(), terms_.at(id).args.end());
      else
        list.push_back(id);
    }
    return list;
  }
  TermId both(std::vector<TermId> parts) {
    parts.push_back(terms_.negation(claim_.to));
    return terms_.conjunction(std::move(parts));
  }
  std::vector<TermId> known(std::initializer_list<TermId> more) {
    auto list = conditions::assumptions(terms_.system());
    for (const auto& invariant : invariants_) list.push_back(invariant.formula);
    list.insert(list.end(), more.begin(), more.end());
    return list;
  }
  bool valid(std::vector<TermId> hypotheses, TermId goal) {
    return solver_.is_valid(
        conditions::condition(terms_, conditions::Part::Implication, "candidate", std::move(hypotheses), goal));
  }
  bool begins(TermId part) { return valid(known({claim_.from, terms_.negation(claim_.to)}), part); }
  bool is_kept(TermId part) {
    for (std::size_t i = 0; i < terms_.system().actions.size(); ++i) {
      const system::ActionId action{i};
      const TermId goal = conditions::after(terms_, action, {}, terms_.disjunction({claim_.to, part}));
      if (!valid(known({pending_, terms_.system().at(action).guard}), goal)) return false;
    }
    return true;
  }

  /// Every fair action with variables of the claim for its parameters.
  void find_instances() {
    for (std::size_t fair = 0; fair < claim_.fair.size(); ++fair) {
      std::vector<system::Type> types;
      for (const system::BinderId parameter : terms_.system().at(claim_.fair[fair].action).parameters) {
        types.push_back(terms_.system().at(parameter).type);
      }
      for (auto& arguments : choices_of(terms_.system(), claim_, types)) add_instance({fair, std::move(arguments)});
    }
  }
  void add_instance(Help help) {
    if (instances_.size() == kMostInstances) return;
    const TermId guard = terms_.system().at(claim_.fair[help.fair].action).guard;
    const TermId enabled = conditions::instantiate(terms_, guard, arguments_of(help));
    instances_.emplace_back(std::move(help), enabled);
  }
  conditions::Substitution arguments_of(const Help& help) {
    const auto parameters = terms_.system().at(claim_.fair[help.fair].action).parameters;
    conditions::Substitution arguments;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      arguments.emplace(parameters[i], terms_.bound(claim_.each[help.arguments[i]]));
    }
    return arguments;
  }

  /// Orders of one instance, then of two, of three.
  bool find_order(std::size_t longest) {
    failure_ = "no fair action has arguments among the variables of the claim";
    furthest_ = 0;
    std::vector<std::vector<std::size_t>> orders{{}};
    for (std::size_t length = 1; length <= std::min(longest, instances_.size()); ++length) {
      std::vector<std::vector<std::size_t>> longer;
      for (const auto& order : orders) {
        for (std::size_t i = 0; i < instances_.size() && !stop_.stop_requested(); ++i) {
          if (std::find(order.begin(), order.end(), i) != order.end()) continue;
          longer.push_back(order);
          longer.back().push_back(i);
          if (shows(longer.back())) return true;
        }
      }
      orders = std::move(longer);
    }
    return false;
  }
  bool shows(const std::vector<std::size_t>& order) {
    conditions::Progress progress{pending_, measures_, {}};
    for (const std::size_t i : order) progress.order.push_back(instances_[i].first);
    const auto needed = conditions::rank(terms_, invariants_, claim_, progress);
    if (!needed) return false;
    for (std::size_t i = 0; i < needed->size(); ++i) {
      if (solver_.is_valid((*needed)[i])) continue;
      if (i >= furthest_) failure_ = "that " + (*needed)[i].label + " is not shown" + sentence_of((*needed)[i].label);
      furthest_ = std::max(furthest_, i);
      return false;
    }
    for (const Help& help : progress.order) evidence_.order.push_back({help.fair, help.arguments});
    return true;
  }

  /// With variables of its own, so that the claim keeps its.
  system::Formula closed(TermId formula) {
    std::vector<system::BinderId> binders;
    conditions::Substitution variables;
    for (const system::BinderId one : claim_.each) {
      binders.push_back(terms_.fresh(one));
      variables.emplace(one, terms_.bound(binders.back()));
    }
    const TermId body = conditions::instantiate(terms_, formula, variables);
    system::System larger = terms_.system();
    system::Term all;
    all.op = system::Op::ForAll;
    all.binders = binders;
    all.args = {body};
    if (binders.empty()) return system::extracted(larger, body);
    larger.terms.push_back(std::move(all));
    return system::extracted(larger, TermId{larger.terms.size() - 1});
  }

  const system::Theorem& theorem_;
  const system::LeadsTo& claim_;
  std::stop_token stop_;
  conditions::Terms terms_;
  ConditionSolver solver_;
  std::vector<conditions::Conjunct> invariants_;
  std::vector<std::pair<Help, TermId>> instances_;  // with their guards
  TermId pending_;
  std::vector<TermId> measures_;
  bool never_more_ = false;   // of these
  std::size_t furthest_ = 0;  // the condition of the order at hand, or of one before it, that failed last
  std::string failure_;
  verdict::RankEvidence evidence_;
};

}  // namespace

bool RankEngine::decides(const obligation::Goal& goal) const {
  const auto* theorem = std::get_if<obligation::Theorem>(&goal);
  return theorem != nullptr && std::holds_alternative<system::LeadsTo>(theorem->theorem.statement);
}

verdict::Verdict RankEngine::solve(const obligation::Obligation& obligation, Session& session, const Turn& turn) const {
  const auto& goal = std::get<obligation::Theorem>(obligation.goal);
  return Ranking(session.world().at(goal.system), goal.theorem, stopped_by(session.budget().solver, turn.stop))();
}

}  // namespace bulkhead::engine
