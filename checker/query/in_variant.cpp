#include "checker/query/in_variant.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lang/system/builder.h"
#include "lang/system/formula.h"
#include "lang/system/valid.h"

namespace bulkhead::query {
namespace {

using system::ActionId;
using system::BinderId;
using system::System;
using system::TermId;

bool same_declarations(const System& model, const System& variant) {
  const auto same_name = [](const auto& a, const auto& b) { return a.name == b.name; };
  const auto same_enum = [](const system::Enum& a, const system::Enum& b) {
    return a.name == b.name && a.members == b.members;
  };
  const auto same_function = [](const system::Function& a, const system::Function& b) {
    return a.name == b.name && a.change == b.change && a.arguments == b.arguments && a.result == b.result;
  };
  const auto equal = [](const auto& a, const auto& b, const auto& same) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
  };
  return equal(model.sorts, variant.sorts, same_name) && equal(model.enums, variant.enums, same_enum) &&
         equal(model.functions, variant.functions, same_function) && model.views.size() == variant.views.size();
}

/// The variant's action of this name; none where it has been dropped.
std::optional<ActionId> action_in(const System& model, ActionId action, const System& variant) {
  const std::string& name = model.at(action).name;
  const auto found = std::find_if(variant.actions.begin(), variant.actions.end(),
                                  [&](const system::Action& one) { return one.name == name; });
  if (found == variant.actions.end()) return std::nullopt;
  return ActionId{static_cast<std::size_t>(found - variant.actions.begin())};
}

/// Makes the statement again. Open terms are carried over below a quantifier that closes them.
class Carrying {
 public:
  Carrying(const System& model, const System& variant) : model_(model), made_{variant, {}} {}

  std::optional<InVariant> operator()(const system::Theorem& theorem) {
    const auto statement = std::visit([&](const auto& one) { return carried(one); }, theorem.statement);
    if (!statement) return std::nullopt;
    made_.theorem = {*statement, theorem.bounds};
    if (!system::is_valid(made_.system) || !system::is_valid(made_.system, made_.theorem)) return std::nullopt;
    return std::move(made_);
  }

 private:
  using Statement = std::optional<system::Statement>;

  Statement carried(const system::Always& claim) {
    const system::Property& claimed = model_.at(claim.property);
    const auto& all = made_.system.properties;
    const auto found = std::find_if(all.begin(), all.end(), [&](const system::Property& one) {
      return one.kind == claimed.kind && one.name == claimed.name;
    });
    if (found == all.end()) return std::nullopt;
    return system::Always{system::PropertyId{static_cast<std::size_t>(found - all.begin())}};
  }

  Statement carried(const system::Never& claim) {
    const auto formula = carried(claim.formula);
    if (!formula) return std::nullopt;
    return system::Never{*formula};
  }

  Statement carried(const system::LeadsTo& claim) {
    system::Builder builder(model_);
    const TermId both = builder.implies(claim.from, claim.to);
    const auto closed = carried(claim.each.empty() ? both : builder.for_all(claim.each, both));
    if (!closed) return std::nullopt;
    const TermId inner = claim.each.empty() ? *closed : opened(*closed);
    const system::Term& body = made_.system.at(inner);
    system::LeadsTo made{last_binders_, body.args.at(0), body.args.at(1), {}};
    for (const system::Fair& fair : claim.fair) {
      const auto action = action_in(model_, fair.action, made_.system);
      if (!action) return std::nullopt;
      made.fair.push_back({*action, fair.strong});
    }
    return made;
  }

  Statement carried(const system::LeaksNothing& claim) {
    system::Builder builder(model_);
    // Where nobody is excepted there is nothing to close, but the two variables are needed all the same.
    const TermId body = claim.except.valid() ? claim.except : builder.truth(false);
    const auto closed = carried(builder.for_all({claim.observer, claim.source}, body));
    if (!closed) return std::nullopt;
    const TermId inner = opened(*closed);
    const TermId except = claim.except.valid() ? inner : TermId{};
    return system::LeaksNothing{claim.view, last_binders_.at(0), last_binders_.at(1), except};
  }

  /// The term below the quantifier, whose binders become last_binders_: the claim's own from now on, so the quantifier
  /// goes.
  TermId opened(TermId closed) {
    system::Term& quantifier = made_.system.terms.at(closed.index());
    last_binders_ = quantifier.binders;
    const TermId inner = quantifier.args.at(0);
    quantifier = {};
    return inner;
  }

  /// A closed formula of the model, as one of the variant.
  std::optional<TermId> carried(TermId formula) {
    auto larger = system::with_lemmas(made_.system, {{"claimed", system::extracted(model_, formula)}});
    if (!larger) return std::nullopt;
    made_.system = std::move(*larger);
    const TermId made = made_.system.properties.back().formula;
    made_.system.properties.pop_back();
    return made;
  }

  System model_;  // grows by what closes the statement
  InVariant made_;
  std::vector<BinderId> last_binders_;
};

}  // namespace

std::optional<InVariant> in_variant(const System& model, const system::Theorem& theorem, const System& variant) {
  if (!same_declarations(model, variant)) return std::nullopt;
  return Carrying(model, variant)(theorem);
}

verdict::Verdict in_variant(const System& model, verdict::Verdict verdict, const System& variant) {
  auto* holds = std::get_if<verdict::Holds>(&verdict);
  if (holds == nullptr) return verdict;
  const auto renumber = [&](std::vector<system::Run>& runs) {
    for (system::Run& run : runs) {
      for (system::Fired& step : run.steps) {
        // One that was dropped names none, so that the run does not replay.
        step.action = action_in(model, step.action, variant).value_or(ActionId{variant.actions.size()});
      }
    }
  };
  verdict::Evidence& evidence = holds->certificate.evidence;
  if (auto* inductive = std::get_if<verdict::InductiveEvidence>(&evidence)) renumber(inductive->witnesses);
  if (auto* rank = std::get_if<verdict::RankEvidence>(&evidence)) renumber(rank->witnesses);
  return verdict;
}

}  // namespace bulkhead::query
