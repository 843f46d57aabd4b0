#include "runtime-bridge/sandbox/carried_out.h"

#include <algorithm>

namespace bulkhead::sandbox {

namespace {

constexpr std::uint8_t kTcp = 1;

bool names_another_protocol(const table::Literal& literal) {
  if (literal.negated) return false;
  return std::any_of(literal.nets.begin(), literal.nets.end(),
                     [](const table::NetPattern& net) { return (net.protos & kTcp) == 0; });
}

}  // namespace

std::optional<Objection> not_carried_out(const table::Table& table) {
  const table::Limit& open_files = table.limits.open_files;
  if (const std::uint64_t least = least_open_files(table.level); open_files.set && open_files.amount < least) {
    return Objection{"a limit of " + std::to_string(open_files.amount) + " open files",
                     "the smallest that a program can be started with at level " +
                         std::string(table::name_of(table.level)) + " is " + std::to_string(least),
                     open_files.sentence};
  }
  for (const table::Row& row : table.rows) {
    if (row.effect != table::Effect::Permit || row.plane != table::Plane::Net || (row.rights & table::kConnect) == 0)
      continue;
    if (std::any_of(row.literals.begin(), row.literals.end(), names_another_protocol)) {
      return Objection{"a grant of connecting by another protocol than TCP",
                       "connections are made for TCP alone, at every level: grant tcp (resolvers of names answer by it "
                       "too) or leave the grant out",
                       row.sentence};
    }
  }
  return std::nullopt;
}

}  // namespace bulkhead::sandbox
