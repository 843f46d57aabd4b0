#include "runtime-bridge/sandbox/cgroup.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

#include "runtime-bridge/sandbox/process_file.h"

namespace bulkhead::sandbox {

namespace {

constexpr std::uint64_t kPeriodMicroseconds = 100'000;
constexpr int kRemovalTries = 200;
constexpr const char* kRemedyOfMaximum =
    "run as root, start it alone in a delegated group (systemd-run --user --scope -p Delegate=yes), or use level "
    "standard";

Result<Unit, Refusal> set(Step step, Step fault, const std::string& folder, const char* file,
                          const std::string& value) {
  const int error = fault == step ? EIO : write_file_once(folder + "/" + file, value);
  if (error != 0) return fail(Refusal{step, error, folder + "/" + file, ""});
  return Unit{};
}

std::uint64_t quota(const table::Limit& cpu) {
  return std::max<std::uint64_t>(1000, cpu.amount * kPeriodMicroseconds / 1000);
}

bool named(const table::Table& table, const char* degradation) {
  return std::find(table.degrade.begin(), table.degrade.end(), degradation) != table.degrade.end();
}

/// Kills the members and removes the folder; the kernel says EBUSY until the last of them is gone.
void remove_group(const std::string& folder) {
  for (int i = 0; i < kRemovalTries; ++i) {
    if (::rmdir(folder.c_str()) == 0 || errno == ENOENT) return;
    if (errno != EBUSY) return;
    kill_members(folder);
    const timespec pause{0, i < 20 ? 50'000 : 2'000'000};
    ::nanosleep(&pause, nullptr);
  }
}

}  // namespace

Result<Cgroup, Refusal> Cgroup::choose(const table::Table& table, const CgroupTree& tree,
                                       std::vector<std::string>& degraded) {
  Cgroup group;
  const table::Limits& limits = table.limits;
  if (!limits.memory.set && !limits.cpu.set && !limits.pids.set) return group;
  if (!tree.memory.empty() && ::access(tree.memory.c_str(), W_OK) == 0) {
    group.kind_ = Kind::Version1;
  } else if (group.ground_ = find_ground(tree, ::geteuid() == 0); group.ground_.ground != Ground::None) {
    group.kind_ = Kind::Version2;
  } else if (named(table, "memory:rlimit")) {
    degraded.push_back("memory:rlimit");
  } else {
    return fail(Refusal{Step::CreateCgroup, EACCES, tree.memory.empty() ? tree.unified : tree.memory,
                        table.level == table::Level::Maximum ? kRemedyOfMaximum : kRemedyWithoutGroup});
  }
  return group;
}

Result<Unit, Refusal> Cgroup::make(const table::Limits& limits, const CgroupTree& tree, const std::string& run_id,
                                   Step fault) {
  if (kind_ == Kind::None) return Unit{};
  const std::string name = group_name(run_id);
  if (name.empty()) return fail(Refusal{Step::CreateCgroup, EIO, "/proc/self/stat", ""});
  return kind_ == Kind::Version1 ? make_v1(tree, limits, name, fault) : make_v2(limits, name, fault);
}

Result<Cgroup, Refusal> Cgroup::create(const table::Table& table, const CgroupTree& tree, const std::string& run_id,
                                       Step fault, std::vector<std::string>& degraded) {
  Result<Cgroup, Refusal> group = choose(table, tree, degraded);
  if (!group.ok()) return fail(group.error());
  const Result<Unit, Refusal> made = group->make(table.limits, tree, run_id, fault);
  if (!made.ok()) return fail(made.error());
  return group;
}

Result<Unit, Refusal> Cgroup::make_v1(const CgroupTree& tree, const table::Limits& limits, const std::string& name,
                                      Step fault) {
  const auto make = [&](const std::string& parent, std::string& folder) -> Result<Unit, Refusal> {
    if (parent.empty()) return fail(Refusal{Step::CreateCgroup, ENOENT, "controller", ""});
    const std::string path = parent + (parent.back() == '/' ? "" : "/") + name;
    if (fault == Step::CreateCgroup || ::mkdir(path.c_str(), 0755) != 0) {
      return fail(Refusal{Step::CreateCgroup, fault == Step::CreateCgroup ? EIO : errno, path, ""});
    }
    folder = path;
    folders_.push_back(path);
    Descriptor tasks(::open((path + "/tasks").c_str(), O_WRONLY | O_CLOEXEC));
    if (!tasks.valid()) return fail(Refusal{Step::CreateCgroup, errno, path + "/tasks", ""});
    tasks_.push_back(std::move(tasks));
    return Unit{};
  };
  if (limits.memory.set) {
    Result<Unit, Refusal> done = make(tree.memory, memory_);
    const std::string bytes = std::to_string(limits.memory.amount);
    if (done.ok()) done = set(Step::LimitMemory, fault, memory_, "memory.limit_in_bytes", bytes);
    if (done.ok() && ::access((memory_ + "/memory.memsw.limit_in_bytes").c_str(), F_OK) == 0) {
      done = set(Step::LimitMemory, fault, memory_, "memory.memsw.limit_in_bytes", bytes);
    } else if (done.ok()) {
      done = set(Step::LimitMemory, fault, memory_, "memory.swappiness", "0");
    }
    if (!done.ok()) return done;
    memory_limited_ = true;
    oom_control_ = Descriptor(::open((memory_ + "/memory.oom_control").c_str(), O_RDONLY | O_CLOEXEC));
    oom_event_ = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    done = set(Step::LimitMemory, fault, memory_, "cgroup.event_control",
               std::to_string(oom_event_.get()) + " " + std::to_string(oom_control_.get()));
    if (!done.ok()) return done;
  }
  if (limits.pids.set) {
    Result<Unit, Refusal> done = make(tree.pids, pids_);
    // The first process is ours, not the program's.
    if (done.ok()) done = set(Step::LimitProcesses, fault, pids_, "pids.max", std::to_string(limits.pids.amount + 1));
    if (!done.ok()) return done;
  }
  if (limits.cpu.set) {
    Result<Unit, Refusal> done = make(tree.cpu, cpu_);
    if (done.ok()) done = set(Step::LimitCpu, fault, cpu_, "cpu.cfs_period_us", std::to_string(kPeriodMicroseconds));
    if (done.ok()) done = set(Step::LimitCpu, fault, cpu_, "cpu.cfs_quota_us", std::to_string(quota(limits.cpu)));
    if (!done.ok()) return done;
  }
  return Unit{};
}

Result<Unit, Refusal> Cgroup::prepare_ground(const std::string& name) {
  if (ground_.ground == Ground::Vacate) {
    leaf_ = ground_.parent + "/" + name + "-supervisor";
    if (::mkdir(leaf_.c_str(), 0755) != 0) {
      return fail(Refusal{Step::CreateCgroup, errno, std::exchange(leaf_, ""), ""});
    }
    Result<Unit, Refusal> moved =
        set(Step::CreateCgroup, Step::None, leaf_, "cgroup.procs", std::to_string(::getpid()));
    if (!moved.ok()) return moved;
  }
  if (ground_.ground == Ground::Ready) return Unit{};
  return set(Step::CreateCgroup, Step::None, ground_.parent, "cgroup.subtree_control", "+memory +pids +cpu");
}

/// A group that hands controllers down takes no processes, so it stops doing that first.
void Cgroup::move_back() {
  if (leaf_.empty()) return;
  write_file_once(ground_.parent + "/cgroup.subtree_control", "-memory -pids -cpu");
  write_file_once(ground_.parent + "/cgroup.procs", std::to_string(::getpid()));
  ::rmdir(leaf_.c_str());  // if we are still in it, the sweep of a later run takes it
  leaf_.clear();
}

Result<Unit, Refusal> Cgroup::make_v2(const table::Limits& limits, const std::string& name, Step fault) {
  const Result<Unit, Refusal> prepared = prepare_ground(name);
  if (!prepared.ok()) return prepared;
  const std::string path = ground_.parent + (ground_.parent.back() == '/' ? "" : "/") + name;
  if (fault == Step::CreateCgroup || ::mkdir(path.c_str(), 0755) != 0) {
    return fail(Refusal{Step::CreateCgroup, fault == Step::CreateCgroup ? EIO : errno, path, ""});
  }
  return limit_v2(path, limits, fault);
}

Result<Cgroup, Refusal> Cgroup::take_v2(const std::string& folder, const table::Limits& limits) {
  Cgroup group;
  const Result<Unit, Refusal> done = group.limit_v2(folder, limits, Step::None);
  if (!done.ok()) return fail(done.error());
  return group;
}

Result<Unit, Refusal> Cgroup::limit_v2(const std::string& path, const table::Limits& limits, Step fault) {
  kind_ = Kind::Version2;
  folders_.push_back(path);
  memory_ = cpu_ = pids_ = path;
  unified_ = Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!unified_.valid()) return fail(Refusal{Step::CreateCgroup, errno, path, ""});
  Result<Unit, Refusal> done = Unit{};
  if (limits.memory.set) {
    done = set(Step::LimitMemory, fault, path, "memory.max", std::to_string(limits.memory.amount));
    if (done.ok() && ::access((path + "/memory.swap.max").c_str(), F_OK) == 0) {
      done = set(Step::LimitMemory, fault, path, "memory.swap.max", "0");
    }
    if (done.ok()) done = set(Step::LimitMemory, fault, path, "memory.oom.group", "1");
    memory_limited_ = done.ok();
  }
  if (done.ok() && limits.pids.set) {
    done = set(Step::LimitProcesses, fault, path, "pids.max", std::to_string(limits.pids.amount + 1));
  }
  if (done.ok() && limits.cpu.set) {
    done = set(Step::LimitCpu, fault, path, "cpu.max",
               std::to_string(quota(limits.cpu)) + " " + std::to_string(kPeriodMicroseconds));
  }
  return done;
}

Cgroup& Cgroup::operator=(Cgroup&& other) noexcept {
  if (this == &other) return *this;
  destroy();
  memory_ = std::move(other.memory_);
  cpu_ = std::move(other.cpu_);
  pids_ = std::move(other.pids_);
  folders_ = std::exchange(other.folders_, {});
  ground_ = std::move(other.ground_);
  leaf_ = std::exchange(other.leaf_, "");
  tasks_ = std::move(other.tasks_);
  unified_ = std::move(other.unified_);
  oom_event_ = std::move(other.oom_event_);
  oom_control_ = std::move(other.oom_control_);
  kind_ = other.kind_;
  memory_limited_ = other.memory_limited_;
  return *this;
}

std::vector<int> Cgroup::tasks() const {
  std::vector<int> fds;
  for (const Descriptor& task : tasks_) fds.push_back(task.get());
  return fds;
}

std::uint64_t Cgroup::oom_kills() const {
  if (!memory_limited_) return 0;
  return number_after(memory_ + (kind_ == Kind::Version2 ? "/memory.events" : "/memory.oom_control"), "oom_kill ");
}

std::uint64_t Cgroup::peak_memory() const {
  if (!memory_limited_) return 0;
  return number_after(memory_ + (kind_ == Kind::Version2 ? "/memory.peak" : "/memory.max_usage_in_bytes"), "");
}

std::uint64_t Cgroup::pids_refused() const {
  return pids_.empty() ? 0 : number_after(pids_ + "/pids.events", "max ");
}

Result<Unit, Refusal> Cgroup::verify(const std::vector<pid_t>& pids, const table::Limits& limits) const {
  const auto check = [](const std::string& file, std::uint64_t expected, std::uint64_t slack) -> Result<Unit, Refusal> {
    const std::uint64_t found = number_after(file, "");
    if (found > expected || found + slack < expected) return fail(Refusal{Step::ReadLimits, ERANGE, file, ""});
    return Unit{};
  };
  if (folders_.empty()) return Unit{};
  Result<Unit, Refusal> done = Unit{};
  // The kernel rounds memory down to whole pages.
  if (limits.memory.set)
    done = check(memory_ + (kind_ == Kind::Version2 ? "/memory.max" : "/memory.limit_in_bytes"), limits.memory.amount,
                 4096);
  if (done.ok() && limits.pids.set) done = check(pids_ + "/pids.max", limits.pids.amount + 1, 0);
  if (done.ok() && limits.cpu.set)
    done = check(cpu_ + (kind_ == Kind::Version2 ? "/cpu.max" : "/cpu.cfs_quota_us"), quota(limits.cpu), 0);
  if (!done.ok()) return done;
  for (const std::string& folder : folders_) {
    const std::vector<std::uint64_t> members = numbers_in(folder + "/cgroup.procs");
    for (const pid_t pid : pids) {
      if (std::find(members.begin(), members.end(), static_cast<std::uint64_t>(pid)) == members.end()) {
        return fail(Refusal{Step::ReadLimits, ESRCH, folder, ""});
      }
    }
  }
  return Unit{};
}

void Cgroup::destroy() {
  tasks_.clear();
  oom_event_.reset();
  oom_control_.reset();
  unified_.reset();
  for (const std::string& folder : folders_) remove_group(folder);
  folders_.clear();
  move_back();
}

}  // namespace bulkhead::sandbox
