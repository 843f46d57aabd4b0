#include "runtime-bridge/table/decide.h"

#include <algorithm>

#include "runtime-bridge/table/glob.h"

namespace bulkhead::table {
namespace {

bool matches(const FilePattern& pattern, const FileObject& object) {
  if (pattern.volume != object.volume) return false;
  const auto automaton = compile_glob(pattern.glob);
  return automaton.ok() && accepts(*automaton, pattern.prefix, object.path);
}
bool matches(const NetPattern& pattern, const NetObject& object) {
  return pattern.family == object.family && pattern.first <= object.address && object.address <= pattern.last &&
         pattern.first_port <= object.port && object.port <= pattern.last_port && (pattern.protos & object.proto) != 0;
}

bool listed(const Literal& part, const FileObject& object) {
  return std::any_of(part.files.begin(), part.files.end(),
                     [&](const auto& pattern) { return matches(pattern, object); });
}
bool listed(const Literal& part, const NetObject& object) {
  return std::any_of(part.nets.begin(), part.nets.end(), [&](const auto& pattern) { return matches(pattern, object); });
}
bool listed(const Literal& part, const CapabilityObject& object) {
  return std::find(part.capabilities.begin(), part.capabilities.end(), object.number) != part.capabilities.end();
}

template <class Object>
bool holds(const Literal& part, const Object& object) {
  return (part.everything || listed(part, object)) != part.negated;
}

template <class Object>
Decision from_rows(const Table& table, Plane plane, std::uint16_t right, const Object& object) {
  Decision decision;
  decision.sentence = table.sentence;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Row& row = table.rows[i];
    if (row.plane != plane || (row.rights & right) == 0) continue;
    if (decision.allowed && row.effect == Effect::Permit) continue;  // the first permit names the reason
    const bool matched =
        std::all_of(row.literals.begin(), row.literals.end(), [&](const Literal& part) { return holds(part, object); });
    if (!matched) continue;
    decision = {row.effect == Effect::Permit, static_cast<std::uint32_t>(i), row.sentence, row.claim};
    if (row.effect == Effect::Forbid) break;
  }
  if (decision.allowed) return decision;
  for (const Guard& guard : table.guards) {
    if (guard.plane != plane || (guard.rights & right) == 0 || !holds(guard.objects, object)) continue;
    decision.claim = guard.claim;
    break;
  }
  return decision;
}

}  // namespace

Decision decide(const Table& table, std::uint16_t right, const FileObject& object) {
  return from_rows(table, Plane::File, right, object);
}
Decision decide(const Table& table, std::uint16_t right, const NetObject& object) {
  return from_rows(table, Plane::Net, right, object);
}
Decision decide(const Table& table, std::uint16_t right, const CapabilityObject& object) {
  return from_rows(table, Plane::KernelCapability, right, object);
}

Resolved resolve(const Table& table, std::string_view path) {
  Resolved best;
  best.object = {0, path};
  best.readonly = table.rootfs_readonly;
  std::size_t depth = 0;
  for (std::size_t i = 0; i < table.mounts.size(); ++i) {
    const std::string_view target = table.mounts[i].target;
    const std::size_t length = target == "/" ? 0 : target.size();
    const bool below =
        path.substr(0, length) == target.substr(0, length) && (path.size() == length || path[length] == '/');
    if (!below || (best.mount != kNone && length < depth)) continue;
    depth = length;
    const std::string_view rest = path.substr(length);
    best = {{table.mounts[i].volume, rest.empty() ? std::string_view("/") : rest},
            static_cast<std::uint32_t>(i),
            table.mounts[i].readonly};
  }
  return best;
}

}  // namespace bulkhead::table
