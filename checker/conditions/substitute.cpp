#include "checker/conditions/substitute.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "lang/base/check.h"

namespace bulkhead::conditions {
namespace {

using system::Op;
using system::Update;

using Done = std::unordered_map<TermId, TermId>;

std::vector<TermId> arguments_of(const Terms& terms, TermId id, const Done& done) {
  std::vector<TermId> args;
  for (const TermId arg : terms.at(id).args) args.push_back(done.at(arg));
  return args;
}

bool is_quantifier(Op op) {
  return op == Op::ForAll || op == Op::Exists;
}

/// Whether these arguments are the place of the update, and what it writes there.
struct Match {
  TermId condition;
  TermId value;
};
Match match(Terms& terms, const Update& update, const Substitution& parameters, const std::vector<TermId>& args) {
  Substitution substitution = parameters;
  std::vector<std::size_t> compared;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const system::Term& at = terms.at(update.at[i]);
    const bool each =
        at.op == Op::Bound && std::find(update.each.begin(), update.each.end(), at.binder) != update.each.end();
    if (each) {
      BH_CHECK(substitution.emplace(at.binder, args[i]).second, "each binder of an update is one of its places, once");
    } else {
      compared.push_back(i);
    }
  }
  BH_CHECK(substitution.size() == parameters.size() + update.each.size(), "every binder of an update is a place");
  std::vector<TermId> equalities;
  for (const std::size_t i : compared) {
    equalities.push_back(terms.equal(args[i], instantiate(terms, update.at[i], parameters)));
  }
  const TermId condition = terms.conjunction(std::move(equalities));
  return {condition, instantiate(terms, update.value, substitution)};
}

}  // namespace

/// Arguments are done before what they are arguments of.
TermId rewrite(Terms& terms, TermId term,
               const std::function<TermId(FunctionId function, const std::vector<TermId>& args)>& value) {
  const TermId roots[] = {term};
  Done done;
  for (const TermId id : reachable(terms.system(), roots)) {
    auto args = arguments_of(terms, id, done);
    const bool applies = terms.at(id).op == Op::Apply;
    const FunctionId function = terms.at(id).function;
    done[id] = applies ? value(function, args) : terms.rebuilt(id, std::move(args));
  }
  return done.at(term);
}

TermId instantiate(Terms& terms, TermId term, const Substitution& substitution) {
  const TermId roots[] = {term};
  const auto parts = reachable(terms.system(), roots);
  Substitution binders = substitution;
  std::unordered_map<BinderId, BinderId> renamed;
  for (const TermId id : parts) {
    const std::vector<BinderId> bound = terms.at(id).binders;
    for (const BinderId binder : bound) {
      if (renamed.contains(binder)) continue;
      BH_CHECK(!substitution.contains(binder), "a bound binder is not substituted");
      renamed.emplace(binder, terms.fresh(binder));
      binders[binder] = terms.bound(renamed.at(binder));
    }
  }
  Done done;
  for (const TermId id : parts) {
    const Op op = terms.at(id).op;
    auto args = arguments_of(terms, id, done);
    if (op == Op::Bound) {
      const auto found = binders.find(terms.at(id).binder);
      done[id] = found == binders.end() ? id : found->second;
    } else if (is_quantifier(op)) {
      std::vector<BinderId> fresh;
      for (const BinderId binder : terms.at(id).binders) fresh.push_back(renamed.at(binder));
      done[id] = terms.quantified(op, std::move(fresh), args[0]);
    } else {
      done[id] = terms.rebuilt(id, std::move(args));
    }
  }
  return done.at(term);
}

TermId after(Terms& terms, ActionId action, const Substitution& arguments, TermId term) {
  const system::Action acting = terms.system().at(action);  // a copy: the arena grows
  return rewrite(terms, term, [&](FunctionId function, const std::vector<TermId>& args) {
    TermId value = terms.apply(function, args);
    for (const Update& update : acting.updates) {
      if (update.function != function) continue;
      const Match matched = match(terms, update, arguments, args);
      value = terms.if_then_else(matched.condition, matched.value, value);
    }
    return value;
  });
}

TermId at_start(Terms& terms, TermId term) {
  return rewrite(terms, term, [&](FunctionId function, const std::vector<TermId>& args) {
    const system::Function declared = terms.system().at(function);
    if (declared.change == system::Change::Rigid || !declared.initial.valid()) return terms.apply(function, args);
    Substitution substitution;
    for (std::size_t i = 0; i < args.size(); ++i) substitution.emplace(declared.parameters.at(i), args[i]);
    return instantiate(terms, declared.initial, substitution);
  });
}

}  // namespace bulkhead::conditions
