#include "lang/system/state.h"

#include <algorithm>

#include "lang/base/check.h"

namespace bulkhead::system {

bool is_tabular(const System& system) {
  const auto listed = [](const Type& type) { return type.kind != Kind::Int && type.kind != Kind::Bits; };
  return std::all_of(system.functions.begin(), system.functions.end(), [&](const Function& function) {
    return std::all_of(function.arguments.begin(), function.arguments.end(), listed);
  });
}

std::optional<std::size_t> cardinality(const System& system, const Scope& scope, const Type& type) {
  switch (type.kind) {
    case Kind::Bool:
      return 2;
    case Kind::Int:
      return std::nullopt;
    case Kind::Bits:
      return type.width <= 8 ? std::optional<std::size_t>(std::size_t{1} << type.width) : std::nullopt;
    case Kind::Enum:
      return system.at(type.enumeration).members.size();
    case Kind::Sort:
      return scope.sizes.at(type.sort.index());
  }
  return std::nullopt;
}

bool is_value(const System& system, const Scope& scope, const Type& type, Value value) {
  switch (type.kind) {
    case Kind::Int:
      return true;
    case Kind::Bits:
      return type.width >= 64 || (static_cast<std::uint64_t>(value) >> type.width) == 0;
    case Kind::Bool:
    case Kind::Enum:
    case Kind::Sort: {
      const auto count = cardinality(system, scope, type);
      return count && static_cast<std::uint64_t>(value) < *count;
    }
  }
  return false;
}

bool is_scope(const System& system, const Scope& scope) {
  if (scope.sizes.size() != system.sorts.size()) return false;
  const auto fine = [](std::uint32_t size) { return size > 0 && size <= kMaxElements; };
  if (!std::all_of(scope.sizes.begin(), scope.sizes.end(), fine)) return false;
  std::size_t entries = 0;
  for (const Function& function : system.functions) {
    std::size_t size = 1;  // never above kMaxEntries, so that no product below wraps
    for (const Type& type : function.arguments) {
      const auto count = cardinality(system, scope, type);
      if (!count || *count > kMaxEntries / size) return false;
      size *= *count;
    }
    entries += size;
    if (entries > kMaxEntries) return false;
  }
  return true;
}

bool is_state(const System& system, const Scope& scope, const State& state) {
  if (state.tables.size() != system.functions.size()) return false;
  for (std::size_t i = 0; i < state.tables.size(); ++i) {
    const Type& type = system.functions[i].result;
    const std::vector<Value>& table = state.tables[i];
    if (table.size() != table_size(system, scope, FunctionId(i))) return false;
    const auto fine = [&](Value entry) { return is_value(system, scope, type, entry); };
    if (!std::all_of(table.begin(), table.end(), fine)) return false;
  }
  return true;
}

std::size_t table_size(const System& system, const Scope& scope, FunctionId function) {
  std::size_t size = 1;
  for (const Type& type : system.at(function).arguments) {
    const auto count = cardinality(system, scope, type);
    BH_CHECK(count.has_value(), "a function of a tabular system has listed arguments");
    size *= *count;
  }
  return size;
}

std::size_t place(const System& system, const Scope& scope, FunctionId function, const std::vector<Value>& arguments) {
  const std::vector<Type>& types = system.at(function).arguments;
  BH_CHECK(types.size() == arguments.size(), "as many arguments as the function takes");
  std::size_t index = 0;
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto count = cardinality(system, scope, types[i]);
    const auto value = static_cast<std::size_t>(arguments[i]);
    BH_CHECK(count && value < *count, "each argument is a value of its type");
    index = index * *count + value;
  }
  return index;
}

}  // namespace bulkhead::system
