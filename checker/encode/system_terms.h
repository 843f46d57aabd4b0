// Terms of a transition system as terms that solvers are asked about. Not trusted: certificates have a printer of their
// own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "checker/conditions/conditions.h"
#include "checker/term/term.h"

namespace bulkhead::encode {

/// Every function of the system is a symbol, every binder a variable; bound and free alike. An enumeration is a sort of
/// as many members, words are bit-vectors.
class SystemTerms {
 public:
  /// Requires: both outlive this; the terms may grow meanwhile.
  SystemTerms(term::Store& store, const conditions::Terms& terms) : store_(store), terms_(terms) {}

  term::TermId translate(system::TermId id);

  /// What makes the condition invalid: every hypothesis, and the negation of the goal.
  std::vector<term::TermId> counterexample(const conditions::Condition& condition);

  term::TermId variable(system::BinderId binder);
  /// By SymbolId; functions that no translated term has are not among them.
  const std::vector<system::FunctionId>& functions() const { return functions_; }
  static term::Sort sort(const system::System& system, const system::Type& type);

 private:
  term::TermId made(const system::Term& node);
  term::TermId compare(const system::Term& node, bool strict);
  term::TermId arithmetic(const system::Term& node);
  term::TermId constant(const system::Term& node);
  term::SymbolId symbol(system::FunctionId function);
  term::TermId arg(const system::Term& node, std::size_t i) const { return done_.at(node.args[i]); }

  term::Store& store_;
  const conditions::Terms& terms_;
  std::map<system::TermId, term::TermId> done_;
  std::map<system::FunctionId, term::SymbolId> symbols_;
  std::vector<system::FunctionId> functions_;
};

}  // namespace bulkhead::encode
