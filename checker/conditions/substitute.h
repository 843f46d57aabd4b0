// What a formula about the state after a step says about the state before it, and other substitutions. Trusted.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "checker/conditions/terms.h"

namespace bulkhead::conditions {

/// What stands for each binder; binders that are not listed stand for themselves.
using Substitution = std::map<BinderId, TermId>;

/// The term with these for its free binders. Every quantifier in it gets fresh binders, so that nothing is captured.
TermId instantiate(Terms& terms, TermId term, const Substitution& substitution);

/// The term in which each application of a function has become what `value` makes of it; its arguments are done
/// already.
///
/// Requires: no binder that is bound in `term` occurs free in what `value` adds to its arguments.
TermId rewrite(Terms& terms, TermId term,
               const std::function<TermId(FunctionId function, const std::vector<TermId>& args)>& value);

/// The value of `term` in the state after the updates of `action`, as a term about the state before. The parameters of
/// the action stand for `arguments`; the guard is not looked at.
///
///   f(args) becomes the value of the last update of f whose place is args, else f(args):
///   `forall each: f(at) := value` has that place iff each at[i] that is no binder of `each` equals args[i], and its
///   value there is `value` with args[i] for each at[i] that is one.
///
/// Requires: no binder that is bound in `term` occurs free in `arguments`.
/// Ensures:  value(s, after(action, arguments, term)) == value(step(s, action, arguments), term). Test:
/// conditions_tests
TermId after(Terms& terms, ActionId action, const Substitution& arguments, TermId term);

/// The value of `term` in an initial state: every state function that has an initial value is replaced by it.
TermId at_start(Terms& terms, TermId term);

}  // namespace bulkhead::conditions
