// Reading back what the kernel really installed on the parked program, before its first instruction.
#pragma once

#include <sys/types.h>

#include "runtime-bridge/sandbox/cgroup.h"
#include "runtime-bridge/sandbox/identity.h"
#include "runtime-bridge/sandbox/plan.h"

namespace bulkhead::sandbox {

struct Parked {
  pid_t first = -1;          // the sandbox's first process, as this process sees it
  pid_t program = -1;        // the parked one
  int listener_number = -1;  // of the listener, among the program's descriptors
};

/// Reads the filter's bytes by ptrace. The program stops for it while the caller reads other things back, and goes on
/// with the end of this object; the call in which it parks is simply made again.
class FilterReading {
 public:
  explicit FilterReading(pid_t program);
  ~FilterReading();
  FilterReading(const FilterReading&) = delete;
  FilterReading& operator=(const FilterReading&) = delete;
  /// True: exactly the plan's filter and no other. False: this kernel or caller may not read it. A filter that differs
  /// is a refusal, and so is a program that cannot be stopped or set going again.
  Result<bool, Refusal> read(const Plan& plan);

 private:
  Result<bool, Refusal> read_stopped(const Plan& plan);
  Result<Unit, Refusal> release();
  bool await_stop();

  pid_t program_;
  bool seized_ = false;
  bool stopping_ = false;  // told to stop, not seen to
};

/// How many filters this process runs under: the program inherits them.
std::uint64_t own_filters();
/// Ids, groups, the five capability sets, no_new_privs and the number of filters, one above `inherited`, from
/// /proc/PID/status.
Result<Unit, Refusal> read_privileges(const Parked& parked, const Plan& plan, const Identity& identity,
                                      std::uint64_t inherited);
/// Each private namespace differs from the supervisor's own, each shared one is the same.
Result<Unit, Refusal> read_namespaces(const Parked& parked, const Plan& plan);
/// The mounts are exactly the planned ones, with their attributes and sources.
Result<Unit, Refusal> read_mounts(const Parked& parked, const Plan& plan);
/// That the socket and the program are closed by the exec. Requires: all but the filter is in place.
Result<Unit, Refusal> read_closing_descriptors(const Parked& parked);
/// 0 to 2, the socket, the program, and the listener, which is closed by the exec; nothing else.
Result<Unit, Refusal> read_descriptors(const Parked& parked, const Plan& plan);
/// The resource limits of the process itself; those of its groups are Cgroup::verify's.
Result<Unit, Refusal> read_limits(const Parked& parked, const Plan& plan);

}  // namespace bulkhead::sandbox
