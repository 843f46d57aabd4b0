// The typed indices of system::System.
#pragma once

#include "lang/base/id.h"

namespace bulkhead::system {

using SortId = Id<struct SystemSortTag>;
using EnumId = Id<struct SystemEnumTag>;
using FunctionId = Id<struct SystemFunctionTag>;
using BinderId = Id<struct SystemBinderTag>;
using TermId = Id<struct SystemTermTag>;
using ActionId = Id<struct SystemActionTag>;
using PropertyId = Id<struct SystemPropertyTag>;
using ViewId = Id<struct SystemViewTag>;

}  // namespace bulkhead::system
