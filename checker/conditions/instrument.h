// What systems that watch another one are made of: its actions, with more that they write. Trusted; internal to
// checker/conditions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/conditions/substitute.h"
#include "checker/conditions/terms.h"
#include "lang/base/result.h"
#include "lang/system/theorem.h"

namespace bulkhead::conditions {

/// A system on its way to one that watches what a `leads to` speaks of, for one choice of values of its variables.
class Instrument {
 public:
  Instrument(const system::System& system, const system::LeadsTo& claim);

  /// The instances of every fair action can be listed: none has parameters that are integers or words.
  bool has_tables() const;

  FunctionId declare(std::string name, system::Change change, std::vector<system::Type> arguments, system::Type result,
                     TermId initial = {});
  /// Of the state, at first false.
  FunctionId flag(const std::string& name, std::vector<system::Type> arguments = {});
  /// A flag for each instance of the fair action.
  FunctionId flag_of(const std::string& name, ActionId fair);
  /// Constants `witness i`, one for each variable of the claim, and the function `pending`.
  void declare_pending();

  // Every use of a formula gets quantifiers of its own: in a system each binder has one owner.
  TermId now(TermId formula, const Substitution& substitution) { return instantiate(terms_, formula, substitution); }
  TermId later(ActionId action, TermId formula, const Substitution& substitution);
  TermId is(FunctionId function) { return terms_.apply(function, {}); }
  std::vector<BinderId> fresh(const std::vector<BinderId>& like);
  std::vector<TermId> bound(const std::vector<BinderId>& binders);

  /// P, or Q, of the witnesses; in the state at hand, or after the action.
  TermId said(TermId formula) { return now(formula, witnesses_); }
  TermId said_later(ActionId action, TermId formula) { return later(action, formula, witnesses_); }
  FunctionId pending() const { return pending_; }

  /// `forall x: function(x) := value(x)`, for x like the parameters of the fair action.
  using Value = std::function<TermId(const std::vector<TermId>& at, const Substitution& parameters)>;
  system::Update for_each_instance(ActionId fair, FunctionId function, const Value& value);
  /// The instance `at` is the one with the parameters of the action.
  TermId is_taken(const std::vector<TermId>& at, const system::Action& action);

  /// The system with these actions, in which initially something is pending where P is true and Q is not. What nothing
  /// uses is dropped; the closed formulas of `kept` are given their new ids.
  system::System finished(std::vector<system::Action> actions, const std::vector<TermId*>& kept);

  Terms& terms() { return terms_; }

 private:
  const system::System& original_;
  const system::LeadsTo& claim_;
  Terms terms_;
  Substitution witnesses_;
  FunctionId pending_;
};

}  // namespace bulkhead::conditions
