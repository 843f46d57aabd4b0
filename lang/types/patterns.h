// Lists of objects as they are written, turned into patterns of one plane.
#pragma once

#include <optional>
#include <vector>

#include "lang/ast/rule.h"
#include "lang/ir/object.h"
#include "lang/types/lowering.h"

namespace bulkhead::types {

struct LoweredObjects {
  ir::Plane plane = ir::Plane::File;
  ir::ObjectPatterns patterns;        // sorted, no two equal
  std::vector<ir::ObjectSetId> sets;  // the named sets among them
  std::vector<ir::FilePattern> bare;  // those that were written here and not in a named set
};

/// The objects of a rule or claim on `plane`. None after an error, or where a name is dynamic (then `dynamic_name` is
/// set).
///
/// Patterns on the host also reach into every volume that is kept there: they are carried over, with the volume's
/// source as prefix, so that no alias goes unseen.
std::optional<LoweredObjects> lower_objects(Lowering& lowering, const ast::Objects& objects, ir::Plane plane,
                                            ModuleId module);
/// The same of a `file` or `net`, where what stands before a port is told apart by `or`.
std::optional<LoweredObjects> lower_set(Lowering& lowering, const ast::Objects& objects, ir::Plane plane,
                                        ModuleId module);

/// System calls or sets of them, by name.
std::optional<LoweredObjects> lower_call_names(Lowering& lowering, const std::vector<ast::Name>& calls,
                                               ModuleId module);

/// All of one net pattern's addresses with all its ports; reported and left out where they are none.
void lower_net(Lowering& lowering, const ast::NetPattern& net, ir::ObjectPatterns& patterns);

/// A range of addresses, canonical: "10.0.7.0/24". Reports bits behind the prefix, with the range that was meant.
std::optional<ir::NetPattern> lower_address(Lowering& lowering, const ast::Address& address);

/// Sorts, and drops what stands twice.
void normalise(ir::ObjectPatterns& patterns);

}  // namespace bulkhead::types
