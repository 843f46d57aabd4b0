// Pieces of a world as the language spells them.
#pragma once

#include <string>
#include <string_view>

#include "lang/ir/world.h"

namespace bulkhead::frontend {

/// By NamespaceKind.
inline constexpr std::string_view kNamespaceWords[] = {"pid", "mount", "net", "ipc", "user", "uts", "cgroup"};

/// "any", or names and patterns with commas. Named sets are used where they say exactly this.
std::string spell_objects(const ir::World& world, ir::Plane plane, const ir::ObjectPatterns& objects,
                          const std::vector<ir::ObjectSetId>& sets);
std::string spell_patterns(const ir::World& world, ir::Plane plane, const ir::ObjectPatterns& objects);
std::string spell_rights(ir::Rights rights);
std::string spell_value(const ir::World& world, const ir::Value& value);
std::string spell_condition(const ir::World& world, ir::ExprId condition);
std::string quoted(const std::string& text);

}  // namespace bulkhead::frontend
