#include "lang/import/capabilities/capability_set.h"

#include <algorithm>

namespace bulkhead::capabilities {

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::FileRead:
      return "FILE_READ";
    case Kind::FileWrite:
      return "FILE_WRITE";
    case Kind::NetworkConnect:
      return "NETWORK_CONNECT";
    case Kind::ProcessSpawn:
      return "PROCESS_SPAWN";
    case Kind::EnvRead:
      return "ENV_READ";
  }
  return "";
}

std::optional<Kind> kind_from(std::string_view text) {
  for (const Kind kind : kAllKinds) {
    if (to_string(kind) == text) return kind;
  }
  return std::nullopt;
}

std::string describe(const Origin& origin, const source::SourceMap& sources) {
  std::string out = sources.place(origin.span);
  if (!origin.pointer.empty()) out += (out.empty() ? "" : " ") + origin.pointer;
  return out;
}

namespace {

void append(Grants& to, const Grants& from) {
  to.paths.insert(to.paths.end(), from.paths.begin(), from.paths.end());
  to.nets.insert(to.nets.end(), from.nets.begin(), from.nets.end());
  to.environment.insert(to.environment.end(), from.environment.begin(), from.environment.end());
}

void tighten(std::optional<Limit>& to, const std::optional<Limit>& from) {
  if (from && (!to || from->amount < to->amount)) to = from;
}

bool names(const CapabilitySet& set, const std::string& degradation) {
  return std::any_of(set.degrade.begin(), set.degrade.end(), [&](const auto& d) { return d.name == degradation; });
}

/// A set made of `--grant` and `--revoke` alone has no opinion on degradation.
bool has_opinion(const CapabilitySet& set) {
  const auto& limits = set.limits;
  return limits.memory || limits.cpu || limits.pids || limits.wall_time || limits.disk || limits.open_files ||
         !set.degrade.empty();
}

}  // namespace

CapabilitySet merge(const std::vector<CapabilitySet>& sets) {
  CapabilitySet out;
  for (const auto& set : sets) {
    if (out.component.empty()) out.component = set.component;
    if (set.level && (!out.level || *set.level > *out.level)) out.level = set.level;
    if (!out.list) out.list = set.list;
    append(out.granted, set.granted);
    append(out.revoked, set.revoked);
    if (set.max_processes) {
      const auto sum = set.max_processes->amount + (out.max_processes ? out.max_processes->amount : 0);
      out.max_processes = Limit{sum, out.max_processes ? out.max_processes->origin : set.max_processes->origin};
    }
    tighten(out.limits.memory, set.limits.memory);
    tighten(out.limits.cpu, set.limits.cpu);
    tighten(out.limits.pids, set.limits.pids);
    tighten(out.limits.wall_time, set.limits.wall_time);
    tighten(out.limits.disk, set.limits.disk);
    tighten(out.limits.open_files, set.limits.open_files);
    for (const auto& degradation : set.degrade) {
      const bool all = std::all_of(sets.begin(), sets.end(), [&](const auto& other) {
        return !has_opinion(other) || names(other, degradation.name);
      });
      if (all && !names(out, degradation.name)) out.degrade.push_back(degradation);
    }
  }
  return out;
}

}  // namespace bulkhead::capabilities
