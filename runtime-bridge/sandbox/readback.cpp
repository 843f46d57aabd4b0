#include "runtime-bridge/sandbox/readback.h"

#include <dirent.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>

#include "runtime-bridge/sandbox/kernel.h"
#include "runtime-bridge/sandbox/limits.h"
#include "runtime-bridge/sandbox/process_file.h"

namespace bulkhead::sandbox {

namespace {

constexpr const char* kNamespaceLinks[] = {"pid", "mnt", "net", "ipc", "user", "uts", "cgroup"};
constexpr auto kGetFilter = static_cast<__ptrace_request>(PTRACE_SECCOMP_GET_FILTER);

std::string folder_of(pid_t pid) {
  return "/proc/" + std::to_string(pid);
}

Result<Unit, Refusal> expect(const std::map<std::string, std::string>& fields, const char* name,
                             const std::string& value) {
  const auto found = fields.find(name);
  if (found == fields.end() || found->second != value) {
    const std::string seen = found == fields.end() ? "nothing" : found->second;
    return fail(Refusal{Step::ReadPrivileges, 0, std::string(name) + " is " + seen + ", not " + value, ""});
  }
  return Unit{};
}

std::string hexadecimal(std::uint64_t set) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(set));
  return text;
}

std::string four_times(std::uint32_t id) {
  const std::string one = std::to_string(id);
  return one + "\t" + one + "\t" + one + "\t" + one;
}

/// mountinfo writes space, tab, newline and backslash in octal.
std::string escaped(const std::string& path) {
  std::string text;
  for (const char c : path) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\\') {
      char octal[5];
      std::snprintf(octal, sizeof octal, "\\%03o", static_cast<unsigned>(c));
      text += octal;
    } else {
      text += c;
    }
  }
  return text;
}

Result<Unit, Refusal> closes_with_exec(const Parked& parked, int fd) {
  const std::string info = folder_of(parked.program) + "/fdinfo/" + std::to_string(fd);
  const std::string text = read_process_file(info);
  const std::size_t at = text.find("flags:\t");
  const unsigned long flags = at == std::string::npos ? 0 : std::strtoul(text.c_str() + at + 7, nullptr, 8);
  if ((flags & O_CLOEXEC) == 0) return fail(Refusal{Step::ReadDescriptors, EBADMSG, info, ""});
  return Unit{};
}

bool has_option(std::string_view options, std::string_view name) {
  const std::string padded = "," + std::string(options) + ",";
  return padded.find("," + std::string(name) + ",") != std::string::npos;
}

bool attributes_hold(std::string_view options, std::uint64_t attributes) {
  const auto one = [&](std::uint64_t bit, const char* name) {
    return (attributes & bit) == 0 || has_option(options, name);
  };
  return one(MOUNT_ATTR_RDONLY, "ro") && one(MOUNT_ATTR_NOSUID, "nosuid") && one(MOUNT_ATTR_NODEV, "nodev") &&
         one(MOUNT_ATTR_NOEXEC, "noexec");
}

}  // namespace

FilterReading::FilterReading(pid_t program) : program_(program) {
  seized_ = ::ptrace(PTRACE_SEIZE, program_, 0, 0) == 0;
  stopping_ = seized_ && ::ptrace(PTRACE_INTERRUPT, program_, 0, 0) == 0;
}

FilterReading::~FilterReading() {
  if (stopping_) await_stop();  // the reading was given up before it began
  if (release().ok()) return;
  // It is refused, and its end must be seen by its tracer before the sandbox can end.
  ::kill(program_, SIGKILL);
  while (::waitpid(program_, nullptr, __WALL) < 0 && errno == EINTR) {
  }
}

bool FilterReading::await_stop() {
  stopping_ = false;  // who waits a second time waits for ever
  int status = 0;
  pid_t stopped = -1;
  do {
    stopped = ::waitpid(program_, &status, __WALL);
  } while (stopped < 0 && errno == EINTR);
  return stopped == program_ && WIFSTOPPED(status);
}

Result<Unit, Refusal> FilterReading::release() {
  if (!seized_ || ::ptrace(PTRACE_DETACH, program_, 0, 0) == 0) {
    seized_ = false;
    return Unit{};
  }
  return fail(Refusal{Step::ReadFilter, errno, "the program stays stopped", ""});
}

Result<bool, Refusal> FilterReading::read(const Plan& plan) {
  const Result<bool, Refusal> exact = read_stopped(plan);
  const Result<Unit, Refusal> released = release();
  if (exact.ok() && !released.ok()) return fail(released.error());
  return exact;
}

Result<bool, Refusal> FilterReading::read_stopped(const Plan& plan) {
  if (!seized_) return false;  // refused to unprivileged callers
  if (!stopping_ || !await_stop()) return fail(Refusal{Step::ReadFilter, ESRCH, "the program cannot be stopped", ""});
  const long length = ::ptrace(kGetFilter, program_, 0, 0);
  if (length < 0) {
    if (errno == EACCES || errno == EIO || errno == EPERM) return false;
    return fail(Refusal{Step::ReadFilter, errno, "", ""});
  }
  std::vector<sock_filter> installed(static_cast<std::size_t>(length));
  if (::ptrace(kGetFilter, program_, 0, installed.data()) != length)
    return fail(Refusal{Step::ReadFilter, errno, "", ""});
  const bool same = installed.size() == plan.filter.size() &&
                    std::memcmp(installed.data(), plan.filter.data(), installed.size() * sizeof(sock_filter)) == 0;
  const bool only = ::ptrace(kGetFilter, program_, 1, 0) < 0 && errno == ENOENT;
  if (!same || !only || plan.fault == Step::ReadFilter) {
    return fail(
        Refusal{Step::ReadFilter, EBADMSG, same ? "another filter is installed" : "the installed filter differs", ""});
  }
  return true;
}

std::uint64_t own_filters() {
  return number_after("/proc/self/status", "Seccomp_filters:\t");
}

Result<Unit, Refusal> read_privileges(const Parked& parked, const Plan& plan, const Identity& identity,
                                      std::uint64_t inherited) {
  std::map<std::string, std::string> fields;
  const std::string text = read_process_file(folder_of(parked.program) + "/status");
  for (const std::string_view line : lines_of(text)) {
    const std::size_t colon = line.find(":\t");
    if (colon != std::string_view::npos)
      fields[std::string(line.substr(0, colon))] = std::string(line.substr(colon + 2));
  }
  if (plan.fault == Step::ReadPrivileges) fields.clear();
  const std::string kept = hexadecimal(plan.kept_capabilities);
  Result<Unit, Refusal> done = expect(fields, "Uid", four_times(identity.outer_user));
  if (done.ok()) done = expect(fields, "Gid", four_times(identity.outer_group));
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) {
    if (done.ok()) done = expect(fields, set, kept);
  }
  if (done.ok()) done = expect(fields, "NoNewPrivs", "1");
  if (done.ok()) done = expect(fields, "Seccomp", "2");
  if (done.ok() && fields.count("Seccomp_filters") != 0)
    done = expect(fields, "Seccomp_filters", std::to_string(inherited + 1));
  if (done.ok() && identity.lock.valid()) {
    std::string groups = fields["Groups"];
    groups.erase(std::remove(groups.begin(), groups.end(), ' '), groups.end());
    if (!groups.empty()) return fail(Refusal{Step::ReadPrivileges, 0, "Groups are " + groups, ""});
  }
  return done;
}

Result<Unit, Refusal> read_namespaces(const Parked& parked, const Plan& plan) {
  for (std::size_t i = 0; i < plan.shared_namespaces.size(); ++i) {
    const std::string link = std::string("/ns/") + kNamespaceLinks[i];
    struct stat ours, theirs;
    if (::stat(("/proc/self" + link).c_str(), &ours) != 0 ||
        ::stat((folder_of(parked.program) + link).c_str(), &theirs) != 0) {
      return fail(Refusal{Step::ReadNamespaces, errno, kNamespaceLinks[i], ""});
    }
    const bool same = ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev;
    if (same != plan.shared_namespaces[i] || plan.fault == Step::ReadNamespaces) {
      return fail(Refusal{Step::ReadNamespaces, EBADMSG, kNamespaceLinks[i], ""});
    }
  }
  return Unit{};
}

Result<Unit, Refusal> read_mounts(const Parked& parked, const Plan& plan) {
  std::map<std::string, const RootOp*> expected;
  for (const RootOp& op : plan.root) {
    if (op.kind == RootOp::Kind::Bind || op.kind == RootOp::Kind::Tmpfs || op.kind == RootOp::Kind::Proc) {
      expected["/" + escaped(op.path)] = &op;
    }
  }
  RootOp root;
  root.kind = RootOp::Kind::Tmpfs;
  root.attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | (plan.root_readonly ? MOUNT_ATTR_RDONLY : 0);
  expected["/"] = &root;
  const std::string text = read_process_file(folder_of(parked.program) + "/mountinfo");
  for (const std::string_view line : lines_of(text)) {
    const std::vector<std::string_view> words = words_of(line);
    const auto dash = std::find(words.begin(), words.end(), "-");
    if (words.size() < 9 || words.end() - dash < 3) continue;
    const std::string target(words[4]);
    const auto found = expected.find(target);
    bool right = found != expected.end() && attributes_hold(words[5], found->second->attributes);
    if (right && found->second->kind == RootOp::Kind::Tmpfs) right = dash[1] == "tmpfs";
    if (right && found->second->kind == RootOp::Kind::Proc)
      right = dash[1] == "proc" && has_option(dash[3], "subset=pid");
    if (!right) return fail(Refusal{Step::ReadMounts, EBADMSG, target, ""});
    expected.erase(found);
  }
  if (!expected.empty() || plan.fault == Step::ReadMounts) {
    return fail(Refusal{Step::ReadMounts, ENOENT, expected.empty() ? "" : expected.begin()->first, ""});
  }
  return Unit{};
}

Result<Unit, Refusal> read_closing_descriptors(const Parked& parked) {
  for (const int fd : {3, 4}) {
    Result<Unit, Refusal> closing = closes_with_exec(parked, fd);
    if (!closing.ok()) return closing;
  }
  return Unit{};
}

Result<Unit, Refusal> read_descriptors(const Parked& parked, const Plan& plan) {
  const std::string path = folder_of(parked.program) + "/fd";
  DIR* folder = ::opendir(path.c_str());
  if (folder == nullptr) return fail(Refusal{Step::ReadDescriptors, errno, path, ""});
  std::vector<int> open;
  while (const dirent* entry = ::readdir(folder)) {
    if (entry->d_name[0] != '.') open.push_back(std::atoi(entry->d_name));
  }
  ::closedir(folder);
  std::sort(open.begin(), open.end());
  if (open != std::vector<int>{0, 1, 2, 3, 4, parked.listener_number} || plan.fault == Step::ReadDescriptors) {
    return fail(Refusal{Step::ReadDescriptors, EBADMSG, std::to_string(open.size()) + " descriptors", ""});
  }
  return closes_with_exec(parked, parked.listener_number);
}

Result<Unit, Refusal> read_limits(const Parked& parked, const Plan& plan) {
  if (!has_resource_limits(parked.program, plan.resource_limits) || plan.fault == Step::ReadLimits) {
    return fail(Refusal{Step::ReadLimits, EBADMSG, "resource limits", ""});
  }
  return Unit{};
}

}  // namespace bulkhead::sandbox
