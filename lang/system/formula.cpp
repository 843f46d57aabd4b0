#include "lang/system/formula.h"

#include <algorithm>
#include <map>
#include <set>

#include "lang/system/spell.h"
#include "lang/system/valid.h"

namespace bulkhead::system {
namespace {

/// Every place that is named exists, and arguments stand before what uses them. Everything else valid.h looks at.
bool stays_within(const Formula& formula) {
  if (formula.terms.empty() || formula.terms.size() > kMaxFormulaTerms) return false;
  if (formula.binders.size() > kMaxFormulaTerms) return false;
  const auto is_binder = [&](BinderId id) { return id.index() < formula.binders.size(); };
  for (std::size_t i = 0; i < formula.terms.size(); ++i) {
    const Term& term = formula.terms[i];
    if (term.binder.valid() && !is_binder(term.binder)) return false;
    if (!std::all_of(term.binders.begin(), term.binders.end(), is_binder)) return false;
    if (!std::all_of(term.args.begin(), term.args.end(), [&](TermId arg) { return arg.index() < i; })) return false;
  }
  return true;
}

}  // namespace

Formula extracted(const System& system, TermId root) {
  std::set<TermId> needed{root};
  for (auto open = std::vector<TermId>{root}; !open.empty();) {
    const TermId id = open.back();
    open.pop_back();
    for (const TermId arg : system.at(id).args) {
      if (needed.insert(arg).second) open.push_back(arg);
    }
  }
  Formula formula;
  std::map<TermId, TermId> places;
  std::map<BinderId, BinderId> binders;
  const auto moved = [&](BinderId id) {
    const auto [found, fresh] = binders.try_emplace(id, formula.binders.size());
    if (fresh) formula.binders.push_back(system.at(id));
    return found->second;
  };
  for (const TermId id : needed) {  // in order: arguments come first
    Term term = system.at(id);
    for (TermId& arg : term.args) arg = places.at(arg);
    for (BinderId& binder : term.binders) binder = moved(binder);
    if (term.binder.valid()) term.binder = moved(term.binder);
    places.emplace(id, formula.terms.size());
    formula.terms.push_back(std::move(term));
  }
  return formula;
}

Result<System, std::string> with_lemmas(System system, const std::vector<NamedFormula>& lemmas) {
  for (const auto& [name, formula] : lemmas) {
    if (!stays_within(formula)) return fail("`" + name + "` is no formula");
    const std::size_t terms = system.terms.size(), binders = system.binders.size();
    system.binders.insert(system.binders.end(), formula.binders.begin(), formula.binders.end());
    for (Term term : formula.terms) {
      for (TermId& arg : term.args) arg = TermId{terms + arg.index()};
      for (BinderId& binder : term.binders) binder = BinderId{binders + binder.index()};
      if (term.binder.valid()) term.binder = BinderId{binders + term.binder.index()};
      system.terms.push_back(std::move(term));
    }
    system.properties.push_back({name, PropertyKind::Lemma, TermId{system.terms.size() - 1}, {}});
  }
  if (auto why = objection(system)) return fail("a formula that is none of the system's: " + *why);
  return system;
}

std::string spell(const System& system, const Formula& formula) {
  const auto larger = with_lemmas(system, {{"formula", formula}});
  return larger ? bare(spell_term(*larger, larger->properties.back().formula)) : "(no formula of the system)";
}

}  // namespace bulkhead::system
