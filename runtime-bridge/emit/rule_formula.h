// One rule of a policy as a formula over its objects, the subject's attributes and the labels already put in.
#pragma once

#include "checker/obligation/formula.h"
#include "lang/base/result.h"
#include "lang/ir/world.h"
#include "runtime-bridge/emit/error.h"

namespace bulkhead::emit {

/// Where `rule` matches requests of `subject` with `right`, errors of its condition included as semantics section 2
/// says.
///
/// Made by asking checker/obligation for the access relation of a world with no other rule of that plane, so that
/// conditions have one meaning everywhere. Requires: `rule` concerns `subject` and has `right`.
Result<obligation::Formula, EmitError> rule_formula(const ir::World& world, ir::SubjectId subject, const ir::Rule& rule,
                                                    ir::Right right);

}  // namespace bulkhead::emit
