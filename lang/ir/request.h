// A request: one subject exercising one right on one object in one context; what every witness is made of.
#pragma once

#include <map>

#include "lang/ir/expr.h"
#include "lang/ir/ids.h"
#include "lang/ir/object.h"
#include "lang/ir/right.h"

namespace bulkhead::ir {

/// A value for each attribute of the context; absent: the optional attribute has no value.
using Context = std::map<AttributeId, Value>;

struct Request {
  SubjectId subject;
  Right right = Right::Read;
  Object object;
  Context context;
};

}  // namespace bulkhead::ir
