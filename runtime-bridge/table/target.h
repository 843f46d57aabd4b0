// The targets: what a proved policy can be written as, and read back from.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bulkhead::table {

enum class Target : std::uint8_t {
#define BH_TARGET(id, name, extension, help) id,
#include "runtime-bridge/table/targets.def"
#undef BH_TARGET
};

struct TargetInfo {
  Target target;
  std::string_view name;
  std::string_view extension;
  std::string_view help;
};

inline constexpr TargetInfo kTargets[] = {
#define BH_TARGET(id, name, extension, help) {Target::id, name, extension, help},
#include "runtime-bridge/table/targets.def"
#undef BH_TARGET
};

constexpr std::optional<Target> target_from(std::string_view name) {
  for (const auto& info : kTargets) {
    if (info.name == name) return info.target;
  }
  return std::nullopt;
}

}  // namespace bulkhead::table
