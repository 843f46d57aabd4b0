#include "runtime-bridge/emit/cgroup/cgroup.h"

namespace bulkhead::emit::cgroup {

CpuQuota quota_of(std::uint64_t cpu) {
  // 0.01 of a processor is the least that fits into 100 ms periods; below it the longest period, one second.
  if (cpu >= 10) return {cpu * 100, 100'000};
  return {cpu * 1000, 1'000'000};
}

Result<std::vector<File>, EmitError> files_of(const ir::Quantities& limits, Version version) {
  std::vector<File> files;
  const bool v2 = version == Version::V2;
  const auto zero = [](const std::optional<ir::Quantity>& limit) { return limit && limit->amount == 0; };
  for (const auto& [name, limit] :
       {std::pair{"memory", limits.memory}, std::pair{"cpu", limits.cpu}, std::pair{"pids", limits.pids}}) {
    if (zero(limit))
      return fail(EmitError{std::string("a limit of no ") + name + " lets no program start", limit->sentence});
  }
  if (limits.memory) {
    const auto bytes = std::to_string(limits.memory->amount);
    if (v2) {
      files.insert(files.end(), {{"memory.max", bytes}, {"memory.swap.max", "0"}, {"memory.oom.group", "1"}});
    } else {
      // In this order: memory and swap together may not be less than memory.
      files.insert(files.end(),
                   {{"memory/memory.limit_in_bytes", bytes}, {"memory/memory.memsw.limit_in_bytes", bytes}});
    }
  }
  if (limits.cpu) {
    const auto cpu = quota_of(limits.cpu->amount);
    if (v2) {
      files.push_back({"cpu.max", std::to_string(cpu.quota_us) + " " + std::to_string(cpu.period_us)});
    } else {
      files.push_back({"cpu/cpu.cfs_period_us", std::to_string(cpu.period_us)});
      files.push_back({"cpu/cpu.cfs_quota_us", std::to_string(cpu.quota_us)});
    }
  }
  if (limits.pids) files.push_back({v2 ? "pids.max" : "pids/pids.max", std::to_string(limits.pids->amount)});
  return files;
}

Result<std::string, EmitError> emit(const ir::World& world, ir::SubjectId container, Version version) {
  const auto files = files_of(world.at(container).limits, version);
  if (!files.ok()) return fail(files.error());
  std::string out;
  for (const auto& file : *files) out += file.name + " " + file.value + "\n";
  return out;
}

}  // namespace bulkhead::emit::cgroup
