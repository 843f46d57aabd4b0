#include "runtime-bridge/sandbox/maximum_filter.h"

#include <linux/audit.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime-bridge/sandbox/filter.h"
#include "runtime-bridge/sandbox/maximum_orders.h"
#include "runtime-bridge/sandbox/maximum_start.h"

namespace bulkhead::sandbox {
namespace {

constexpr std::uint32_t kLastCall = 512;  // above every number that the native table has
#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#else
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#endif

/// Answers that gVisor gives by itself: nobody listens or traces there.
bool answers_alone(const sock_filter& step) {
  if (BPF_CLASS(step.code) != BPF_RET) return true;
  if (BPF_RVAL(step.code) != BPF_K) return false;
  switch (step.k & SECCOMP_RET_ACTION_FULL) {
    case SECCOMP_RET_ALLOW:
    case SECCOMP_RET_ERRNO:
    case SECCOMP_RET_TRAP:
    case SECCOMP_RET_KILL_THREAD:
    case SECCOMP_RET_KILL_PROCESS:
      return true;
    default:
      return false;
  }
}

std::vector<ContainedFilter::Trial> refused_calls(const std::vector<sock_filter>& program) {
  std::vector<ContainedFilter::Trial> refused;
  for (std::uint32_t number = 0; number < kLastCall; ++number) {
    seccomp_data call{};
    call.nr = static_cast<int>(number);
    call.arch = kArchitecture;
    const std::uint32_t answer = simulate(program, call), error = answer & SECCOMP_RET_DATA;
    if ((answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO && error != 0) refused.push_back({number, error});
  }
  return refused;
}

/// As many as bulkhead-init tries: the two execs, whose refusal is no other's to give, and of the rest some of each
/// part.
std::vector<ContainedFilter::Trial> sample(const std::vector<ContainedFilter::Trial>& refused) {
  std::vector<ContainedFilter::Trial> chosen;
  const auto is_exec = [](const ContainedFilter::Trial& trial) {
    return trial.number == SYS_execve || trial.number == SYS_execveat;
  };
  std::copy_if(refused.begin(), refused.end(), std::back_inserter(chosen), is_exec);
  const std::size_t stride = refused.size() / (kMaxTrials - 2) + 1;
  for (std::size_t i = 0; i < refused.size(); i += stride) {
    if (!is_exec(refused[i])) chosen.push_back(refused[i]);
  }
  return chosen;
}

}  // namespace

Result<ContainedFilter, Refusal> contained_filter(const table::Table& table) {
  Result<std::vector<sock_filter>, Refusal> program = native_filter(table);
  if (!program.ok()) return fail(program.error());
  if (!std::all_of(program->begin(), program->end(), answers_alone)) {
    return fail(Refusal{Step::CheckTable, EINVAL, "seccomp filter",
                        "emit the table for level maximum: nobody listens to a filter inside gVisor"});
  }
  if (program->size() + kStartLength > kMaxFilterLength) {
    return fail(Refusal{Step::CheckTable, E2BIG, "seccomp filter", "use fewer conditions on arguments of calls"});
  }
  ContainedFilter filter;
  filter.trials = sample(refused_calls(*program));
  filter.program = std::move(*program);
  return filter;
}

std::string orders_of(const ContainedFilter& filter) {
  const Orders header{static_cast<std::uint32_t>(filter.trials.size()),
                      static_cast<std::uint32_t>(filter.program.size())};
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  for (const ContainedFilter::Trial& trial : filter.trials)
    bytes.append(reinterpret_cast<const char*>(&trial.number), sizeof trial.number);
  bytes.append(reinterpret_cast<const char*>(filter.program.data()), filter.program.size() * sizeof(sock_filter));
  return bytes;
}

std::vector<std::string> expected_trials(const ContainedFilter& filter) {
  std::vector<std::string> lines;
  for (const ContainedFilter::Trial& trial : filter.trials)
    lines.push_back("filter " + std::to_string(trial.number) + " " + std::to_string(trial.error));
  return lines;
}

}  // namespace bulkhead::sandbox
