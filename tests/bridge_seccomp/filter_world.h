// Worlds with the system calls of models/linux.bh and one container, for tests about filters.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "lang/ir/world.h"

namespace bulkhead::test {

/// Every call of models/linux.bh (or only `names`), and one container without rules: subject 1; subject 0 is the host.
class FilterWorld {
 public:
  explicit FilterWorld(std::initializer_list<std::string_view> names = {});

  ir::SubjectId container() const { return ir::SubjectId{1}; }
  ir::SyscallId call(std::string_view name) const;

  void permit(std::initializer_list<std::string_view> names, std::optional<ir::ExprId> when = {});
  void permit_all();
  void forbid(std::initializer_list<std::string_view> names, std::optional<ir::ExprId> when = {});
  void deny(std::initializer_list<std::string_view> names, ir::SyscallAction action,
            std::optional<ir::ExprId> when = {});

  /// (argument & mask) op value.
  ir::ExprId test(unsigned argument, std::uint64_t mask, ir::Op op, std::uint64_t value);
  ir::ExprId join(ir::Op op, std::vector<ir::ExprId> args);

  /// Rules of every kind that models/profiles.bh gives to level standard, and W^X.
  void standard();

  ir::World world;

 private:
  void rule(ir::Effect effect, std::vector<ir::SyscallId> calls, std::optional<ir::ExprId> when);
  ir::ExprId add(ir::Expr expr);
};

}  // namespace bulkhead::test
