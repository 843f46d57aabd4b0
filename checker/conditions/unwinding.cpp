#include "checker/conditions/unwinding.h"

#include <map>
#include <optional>

#include "lang/base/check.h"

namespace bulkhead::conditions {
namespace {

using system::Op;

/// What an observer sees of one item, on one side: whether a choice is shown, and with which value.
struct Sight {
  TermId shown;
  TermId value;
};

class Unwinding {
 public:
  Unwinding(Terms& terms, std::span<const Conjunct> conjuncts, const system::LeaksNothing& claim)
      : terms_(terms), claim_(claim), view_(terms.system().at(claim.view)) {
    const std::size_t count = terms.system().functions.size();
    for (std::size_t i = 0; i < count; ++i) {
      system::Function copy = terms.system().functions[i];
      if (copy.change == system::Change::Rigid) continue;
      copy.name += ".other";
      copy.initial = {};
      other_.emplace(FunctionId{i}, terms.declare(std::move(copy)));
    }
    common_ = assumptions(terms.system());
    for (const Conjunct& conjunct : conjuncts) {
      here_.push_back(conjunct.formula);
      there_.push_back(other(conjunct.formula));
    }
    observer_ = terms.fresh(claim.observer);
  }

  std::vector<Condition> operator()() {
    std::vector<Condition> all;
    for (std::size_t i = 0; i < terms_.system().actions.size(); ++i) {
      respect(ActionId{i}, all);
      consistency(ActionId{i}, all);
    }
    return all;
  }

 private:
  /// The same term about the other state.
  TermId other(TermId term) {
    return rewrite(terms_, instantiate(terms_, term, {}), [&](FunctionId function, const std::vector<TermId>& args) {
      const auto copy = other_.find(function);
      return terms_.apply(copy == other_.end() ? function : copy->second, args);
    });
  }

  /// The first parameter of the observer's type.
  std::optional<TermId> subject(ActionId action) {
    for (const BinderId parameter : terms_.system().at(action).parameters) {
      if (terms_.system().at(parameter).type == terms_.system().at(claim_.observer).type)
        return terms_.bound(parameter);
    }
    return std::nullopt;
  }

  /// Whether the subject may influence the observer.
  TermId may(TermId subject, TermId observer) {
    const TermId same = terms_.equal(subject, observer);
    if (!claim_.except.valid()) return same;
    const Substitution both{{claim_.observer, observer}, {claim_.source, subject}};
    return terms_.disjunction({same, instantiate(terms_, claim_.except, both)});
  }

  /// What `observer` sees of an item, for these values of its binders.
  Sight sight(const system::View::Item& item, TermId observer, const std::vector<BinderId>& each) {
    Substitution values{{view_.observer, observer}};
    for (std::size_t i = 0; i < each.size(); ++i) values.emplace(item.each[i], terms_.bound(each[i]));
    return {instantiate(terms_, item.condition, values), instantiate(terms_, item.value, values)};
  }

  std::vector<BinderId> fresh(const std::vector<BinderId>& binders) {
    std::vector<BinderId> made;
    for (const BinderId binder : binders) made.push_back(terms_.fresh(binder));
    return made;
  }

  /// The two states look alike to the observer.
  TermId alike(TermId observer) {
    std::vector<TermId> parts;
    for (const system::View::Item& item : view_.items) {
      const auto each = fresh(item.each);
      const Sight left = sight(item, observer, each);
      const Sight right{other(left.shown), other(left.value)};
      const TermId shown = terms_.equal(left.shown, right.shown);
      const TermId value = terms_.implication(left.shown, terms_.equal(left.value, right.value));
      parts.push_back(terms_.quantified(Op::ForAll, each, terms_.conjunction({shown, value})));
    }
    return terms_.conjunction(std::move(parts));
  }

  /// The value of a term after an attempt.
  TermId attempted(ActionId action, TermId term) {
    return terms_.if_then_else(terms_.system().at(action).guard, after(terms_, action, {}, term), term);
  }

  void add(std::string label, std::vector<TermId> hypotheses, TermId goal, std::vector<Condition>& all) {
    all.push_back(condition(terms_, Part::Implication, std::move(label), std::move(hypotheses), goal));
  }

  std::string label(const char* what, ActionId action, const system::View::Item& item) const {
    return std::string(what) + " of `" + terms_.system().at(action).name + "` for `" + item.text + "`";
  }

  void respect(ActionId action, std::vector<Condition>& all) {
    const auto acting = subject(action);
    if (!acting) return;
    const TermId observer = terms_.bound(observer_);
    std::vector<TermId> hypotheses = common_;
    hypotheses.insert(hypotheses.end(), here_.begin(), here_.end());
    hypotheses.push_back(terms_.system().at(action).guard);  // else nothing changes
    hypotheses.push_back(terms_.negation(may(*acting, observer)));
    for (const system::View::Item& item : view_.items) {
      const Sight before = sight(item, observer, fresh(item.each));
      const Sight now{after(terms_, action, {}, before.shown), after(terms_, action, {}, before.value)};
      const std::string name = label("local respect", action, item);
      add(name + ": whether it is shown", hypotheses, terms_.equal(before.shown, now.shown), all);
      auto shown = hypotheses;
      shown.insert(shown.end(), {before.shown, now.shown});
      add(name + ": its value", std::move(shown), terms_.equal(before.value, now.value), all);
    }
  }

  void consistency(ActionId action, std::vector<Condition>& all) {
    const TermId observer = terms_.bound(observer_);
    std::vector<TermId> hypotheses = common_;
    hypotheses.insert(hypotheses.end(), here_.begin(), here_.end());
    hypotheses.insert(hypotheses.end(), there_.begin(), there_.end());
    hypotheses.push_back(alike(observer));
    if (const auto acting = subject(action)) {
      hypotheses.push_back(may(*acting, observer));
      hypotheses.push_back(alike(*acting));
    }
    for (const system::View::Item& item : view_.items) {
      const Sight before = sight(item, observer, fresh(item.each));
      const Sight left{attempted(action, before.shown), attempted(action, before.value)};
      const Sight right{other(left.shown), other(left.value)};
      const std::string name = label("step consistency", action, item);
      add(name + ": whether it is shown", hypotheses, terms_.equal(left.shown, right.shown), all);
      auto shown = hypotheses;
      shown.insert(shown.end(), {left.shown, right.shown});
      add(name + ": its value", std::move(shown), terms_.equal(left.value, right.value), all);
    }
  }

  Terms& terms_;
  const system::LeaksNothing& claim_;
  system::View view_;  // a copy: the system grows
  std::map<FunctionId, FunctionId> other_;
  std::vector<TermId> common_, here_, there_;
  BinderId observer_;
};

}  // namespace

std::vector<Condition> unwinding(Terms& terms, std::span<const Conjunct> conjuncts, const system::LeaksNothing& claim) {
  return Unwinding(terms, conjuncts, claim)();
}

}  // namespace bulkhead::conditions
