#include "lang/system/valid.h"

#include <algorithm>

#include "lang/system/reads.h"
#include "lang/system/well_typed.h"

namespace bulkhead::system {
namespace {

using Objection = std::optional<std::string>;

/// Who owns which binder, and what the formulas below an owner may use.
class Validator {
 public:
  explicit Validator(const System& system) : system_(system), owned_(system.binders.size(), false) {}

  Objection run() {
    if (auto why = well_typed(system_)) return why;  // from here on every index of a term is in range
    reads_ = reads_of(system_);
    for (std::size_t i = 0; i < system_.terms.size(); ++i) {
      if (!own(system_.terms[i].binders)) return "term " + std::to_string(i) + ": a binder has two owners";
    }
    for (const Function& function : system_.functions) {
      if (auto why = check(function)) return "function `" + function.name + "`: " + *why;
    }
    for (const Action& action : system_.actions) {
      if (auto why = check(action)) return "action `" + action.name + "`: " + *why;
    }
    for (const Property& property : system_.properties) {
      const bool rigid = property.kind == PropertyKind::Assumption;
      if (auto why = formula(property.formula, {}, rigid)) return "property `" + property.name + "`: " + *why;
    }
    for (const View& view : system_.views) {
      if (auto why = check(view)) return "view: " + *why;
    }
    if (!system_.initially.valid()) return std::nullopt;
    if (auto why = formula(system_.initially, {}, false)) return "initially: " + *why;
    return std::nullopt;
  }

  Objection run(const Theorem& theorem) {
    if (auto why = run()) return why;  // and knows which binders have owners
    if (auto why = std::visit([&](const auto& statement) { return check(statement); }, theorem.statement)) return why;
    for (const auto& [sort, size] : theorem.bounds.sizes) {
      if (sort.index() >= system_.sorts.size() || size == 0) return "a bound is no size of a sort of the system";
    }
    return std::nullopt;
  }

 private:
  /// Takes the binders for one owner; false where one does not exist or has an owner already.
  bool own(const std::vector<BinderId>& binders) {
    for (const BinderId binder : binders) {
      if (binder.index() >= owned_.size() || owned_[binder.index()]) return false;
      owned_[binder.index()] = true;
    }
    return true;
  }

  /// A term of this type that uses no other binders, and rigid functions alone where `rigid`.
  Objection expression(TermId id, const Type& type, const std::vector<BinderId>& bound, bool rigid) const {
    if (id.index() >= system_.terms.size()) return "a term does not exist";
    if (system_.at(id).type != type) return "a term has another type than its place";
    for (const BinderId free : reads_[id.index()].free) {
      if (std::find(bound.begin(), bound.end(), free) == bound.end()) return "a binder is used outside of its owner";
    }
    if (rigid && reads_[id.index()].state) return "a state function is read where only rigid ones may be";
    return std::nullopt;
  }
  Objection formula(TermId id, const std::vector<BinderId>& bound, bool rigid) const {
    return expression(id, kBool, bound, rigid);
  }

  Objection check(const Function& function) {
    if (!own(function.parameters)) return "a parameter does not exist or has two owners";
    if (!function.initial.valid()) return std::nullopt;
    if (function.change == Change::Rigid) return "a rigid function has an initial value";
    if (function.parameters.size() != function.arguments.size()) return "not one parameter for each argument";
    for (std::size_t i = 0; i < function.parameters.size(); ++i) {
      if (system_.at(function.parameters[i]).type != function.arguments[i]) return "a parameter has another type";
    }
    return expression(function.initial, function.result, function.parameters, true);
  }

  Objection check(const Action& action) {
    if (!own(action.parameters)) return "a parameter does not exist or has two owners";
    if (auto why = formula(action.guard, action.parameters, false)) return why;
    for (const Update& update : action.updates) {
      if (auto why = check(update, action)) return why;
    }
    return std::nullopt;
  }

  Objection check(const Update& update, const Action& action) {
    if (update.function.index() >= system_.functions.size()) return "what is updated does not exist";
    const Function& function = system_.at(update.function);
    if (function.change != Change::State) return "a rigid function is updated";
    if (!own(update.each)) return "a binder of an update does not exist or has two owners";
    std::vector<BinderId> bound = action.parameters;
    bound.insert(bound.end(), update.each.begin(), update.each.end());
    if (update.at.size() != function.arguments.size()) return "an update has too few or too many places";
    for (std::size_t i = 0; i < update.at.size(); ++i) {
      if (auto why = expression(update.at[i], function.arguments[i], bound, false)) return why;
    }
    if (auto why = expression(update.value, function.result, bound, false)) return why;
    return places_tell_each(update);
  }

  /// Each binder of `each` is one of `at` exactly once, and is in no other of them.
  Objection places_tell_each(const Update& update) const {
    for (const BinderId binder : update.each) {
      const auto uses = [&](TermId id) {
        const auto& free = reads_[id.index()].free;
        return std::find(free.begin(), free.end(), binder) != free.end();
      };
      const auto is = [&](TermId id) { return system_.at(id).op == Op::Bound && system_.at(id).binder == binder; };
      const auto places = std::count_if(update.at.begin(), update.at.end(), is);
      if (places != 1 || std::count_if(update.at.begin(), update.at.end(), uses) != 1) {
        return "a binder of an update is not one of its places exactly once";
      }
    }
    return std::nullopt;
  }

  Objection check(const View& view) {
    if (!own({view.observer})) return "the observer does not exist or has two owners";
    for (const View::Item& item : view.items) {
      if (!own(item.each)) return "a binder of an item does not exist or has two owners";
      std::vector<BinderId> bound = item.each;
      bound.push_back(view.observer);
      if (auto why = formula(item.condition, bound, false)) return why;
      if (item.value.index() >= system_.terms.size()) return "a term does not exist";
      if (auto why = expression(item.value, system_.at(item.value).type, bound, false)) return why;
    }
    return std::nullopt;
  }

  Objection check(const Always& claim) const {
    if (claim.property.index() >= system_.properties.size()) return "the property does not exist";
    return std::nullopt;
  }
  Objection check(const Never& claim) const { return formula(claim.formula, {}, false); }

  Objection check(const LeadsTo& claim) {
    if (!own(claim.each)) return "a binder of the claim does not exist or has two owners";
    if (auto why = formula(claim.from, claim.each, false)) return why;
    if (auto why = formula(claim.to, claim.each, false)) return why;
    for (const TermId one : claim.rank) {
      if (auto why = expression(one, kInt, claim.each, false)) return why;
    }
    const auto unknown = [&](const Fair& fair) { return fair.action.index() >= system_.actions.size(); };
    if (std::any_of(claim.fair.begin(), claim.fair.end(), unknown)) return "a fair action does not exist";
    return std::nullopt;
  }

  Objection check(const LeaksNothing& claim) {
    if (claim.view.index() >= system_.views.size()) return "the view does not exist";
    if (!own({claim.observer, claim.source})) return "a binder of the claim does not exist or has two owners";
    const Type& type = system_.at(claim.observer).type;
    if (type.kind != Kind::Sort && type.kind != Kind::Enum) return "the observer is of no sort or enum";
    if (system_.at(claim.source).type != type) return "observer and source are of different types";
    if (system_.at(system_.at(claim.view).observer).type != type) return "the view has observers of another type";
    if (!claim.except.valid()) return std::nullopt;
    return formula(claim.except, {claim.observer, claim.source}, true);
  }

  const System& system_;
  std::vector<bool> owned_;
  std::vector<Reads> reads_;
};

}  // namespace

std::optional<std::string> objection(const System& system) {
  return Validator(system).run();
}

std::optional<std::string> objection(const System& system, const Theorem& theorem) {
  return Validator(system).run(theorem);
}

}  // namespace bulkhead::system
