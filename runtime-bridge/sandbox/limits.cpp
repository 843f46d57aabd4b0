#include "runtime-bridge/sandbox/limits.h"

#include <algorithm>
#include <string>

#include "runtime-bridge/sandbox/process_file.h"

namespace bulkhead::sandbox {

namespace {

constexpr std::size_t kMaxProcesses = 65'536;
/// Address space for code and tables that are mapped from files: it takes no memory of the program's own.
constexpr std::uint64_t kMappedFiles = 64u << 20;

ResourceLimit capped(int resource, std::uint64_t value) {
  struct rlimit now {};
  ::getrlimit(static_cast<__rlimit_resource>(resource), &now);
  return {resource, std::min<rlim_t>(value, now.rlim_max)};
}

}  // namespace

std::vector<ResourceLimit> plan_resource_limits(const table::Limits& limits) {
  std::vector<ResourceLimit> plan;
  // One byte: no file is that small, and the kernel starts no handler of core dumps at this limit, as it would at 0.
  plan.push_back(capped(RLIMIT_CORE, 1));
  plan.push_back(capped(RLIMIT_NOFILE, limits.open_files.set ? limits.open_files.amount : kDefaultOpenFiles));
  if (limits.disk.set) plan.push_back(capped(RLIMIT_FSIZE, limits.disk.amount));
  return plan;
}

void add_memory_rlimits(const table::Limits& limits, std::vector<ResourceLimit>& plan) {
  if (limits.memory.set) {
    plan.push_back(capped(RLIMIT_AS, limits.memory.amount + kMappedFiles));
    plan.push_back(capped(RLIMIT_DATA, limits.memory.amount));
  }
  if (limits.pids.set) plan.push_back(capped(RLIMIT_NPROC, limits.pids.amount + 1));
}

std::uint64_t resident_bytes(pid_t first) {
  std::vector<std::uint64_t> open{static_cast<std::uint64_t>(first)};
  std::uint64_t kibibytes = 0;
  for (std::size_t i = 0; i < open.size() && i < kMaxProcesses; ++i) {
    const std::string folder = "/proc/" + std::to_string(open[i]);
    // Pages of files are the cache's, which gives them back when memory is short; each limit has them beside it.
    for (const std::string_view kept : {"RssAnon:", "RssShmem:"}) kibibytes += number_after(folder + "/status", kept);
    const std::string children = read_process_file(folder + "/task/" + std::to_string(open[i]) + "/children");
    for (const std::string_view child : words_of(children)) {
      if (!child.empty()) open.push_back(std::strtoull(std::string(child).c_str(), nullptr, 10));
    }
  }
  return kibibytes * 1024;
}

bool has_resource_limits(pid_t pid, const std::vector<ResourceLimit>& plan) {
  return std::all_of(plan.begin(), plan.end(), [pid](const ResourceLimit& limit) {
    struct rlimit now {};
    return ::prlimit(pid, static_cast<__rlimit_resource>(limit.resource), nullptr, &now) == 0 &&
           now.rlim_max <= limit.value && now.rlim_cur <= limit.value;
  });
}

}  // namespace bulkhead::sandbox
