#include "tests/runtime/table_builder.h"

#include <arpa/inet.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <set>
#include <stdexcept>

#include "runtime-bridge/closure/closure.h"
#include "runtime-bridge/table/mediated.h"

namespace bulkhead::test {

namespace {

constexpr std::uint64_t kAllFs = 0xFFFF, kReadFs = 1 << 2 | 1 << 3, kExecuteFs = 1;
constexpr std::uint64_t kWriteFs = kAllFs & ~(kReadFs | kExecuteFs);
constexpr int kLastCall = 461;

/// Calls that the listener decides, by number; mediated.h names more than this machine's headers know.
const std::vector<std::pair<const char*, int>> kHandedOver = {
    {"open", SYS_open},           {"openat", SYS_openat},     {"openat2", SYS_openat2},   {"creat", SYS_creat},
    {"truncate", SYS_truncate},   {"mkdir", SYS_mkdir},       {"mkdirat", SYS_mkdirat},   {"rmdir", SYS_rmdir},
    {"unlink", SYS_unlink},       {"unlinkat", SYS_unlinkat}, {"rename", SYS_rename},     {"renameat", SYS_renameat},
    {"renameat2", SYS_renameat2}, {"link", SYS_link},         {"linkat", SYS_linkat},     {"symlink", SYS_symlink},
    {"symlinkat", SYS_symlinkat}, {"chmod", SYS_chmod},       {"fchmodat", SYS_fchmodat}, {"execve", SYS_execve},
    {"execveat", SYS_execveat},   {"connect", SYS_connect},   {"bind", SYS_bind},         {"sendto", SYS_sendto},
    {"sendmsg", SYS_sendmsg},     {"sendmmsg", SYS_sendmmsg}};

/// Never allowed: the default answer, a notification that the listener refuses.
const std::set<int> kDangerous = {SYS_mount,
                                  SYS_umount2,
                                  SYS_pivot_root,
                                  SYS_unshare,
                                  SYS_setns,
                                  SYS_ptrace,
                                  SYS_process_vm_readv,
                                  SYS_process_vm_writev,
                                  SYS_bpf,
                                  SYS_perf_event_open,
                                  SYS_userfaultfd,
                                  SYS_keyctl,
                                  SYS_add_key,
                                  SYS_request_key,
                                  SYS_io_uring_setup,
                                  SYS_io_uring_enter,
                                  SYS_io_uring_register,
                                  SYS_reboot,
                                  SYS_init_module,
                                  SYS_finit_module,
                                  SYS_delete_module,
                                  SYS_chroot,
                                  SYS_open_by_handle_at,
                                  SYS_kexec_load,
                                  SYS_swapon,
                                  SYS_swapoff,
                                  SYS_move_mount,
                                  SYS_open_tree,
                                  SYS_fsopen,
                                  SYS_fsmount,
                                  SYS_mount_setattr,
                                  SYS_acct,
                                  SYS_quotactl,
                                  SYS_syslog,
                                  SYS_settimeofday,
                                  SYS_clock_settime,
                                  SYS_sethostname};

std::string filter_of(const std::set<int>& allowed, const std::vector<std::pair<int, std::uint16_t>>& refused,
                      std::uint32_t otherwise) {
  std::vector<sock_filter> code;
  code.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)));
  code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0));
  code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  code.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
  for (const auto& [number, error] : refused) {
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0, 1));
    code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error));
  }
  for (auto first = allowed.begin(); first != allowed.end();) {
    auto last = first;
    auto next = std::next(first);
    while (next != allowed.end() && *next == *last + 1) last = next++;
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, static_cast<std::uint32_t>(*last), 2, 0));
    code.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, static_cast<std::uint32_t>(*first), 0, 1));
    code.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    first = next;
  }
  code.push_back(BPF_STMT(BPF_RET | BPF_K, otherwise));
  std::string bytes(code.size() * sizeof(sock_filter), '\0');
  std::memcpy(bytes.data(), code.data(), bytes.size());
  return bytes;
}

}  // namespace

TableBuilder::TableBuilder(const std::vector<std::string>& programs, table::Level level) {
  table_.module = "test";
  table_.container = "Probe";
  table_.profile = level == table::Level::Standard ? "standard" : "enhanced";
  table_.level = level;
  table_.sentences = {{"test.bh", 1, "container Probe"}, {"test.bh", 2, "runtime closure"}};
  table_.sentence = 0;
  table_.volumes = {{"own", "", 0}, {"host", "", 0}};
  table_.user = 10001;
  table_.group = 10001;
  table_.landlock.handled_fs = kAllFs;
  table_.landlock.handled_net = 3;
  table_.landlock.scoped = 3;
  std::set<std::string> shown;
  for (const std::string& program : programs) {
    const Result<closure::Closure> closure = closure::runtime_closure(program, "/usr/local/bin:/usr/bin:/bin");
    if (!closure.ok()) throw std::runtime_error(closure.error().message());
    for (const closure::Entry& entry : closure->entries) {
      if (!shown.insert(entry.path).second) continue;
      table_.closure.push_back({entry.path, entry.folder, "", 1});
      permit(entry.folder ? entry.path + "/**" : entry.path, table::kRead | table::kExecute);
      allow_landlock(entry.path, table::kRead | table::kExecute);
    }
    // Where the C library and Python look on their way; nothing is there, and looking is no denial.
    for (const closure::Probe& probe : closure->probes)
      permit(probe.folder ? probe.path + "/**" : probe.path, table::kRead);
    for (const closure::Link& link : closure->links) {
      if (shown.insert(link.path).second) table_.closure.push_back({link.path, false, link.target, 1});
    }
  }
  // What any program may open: the devices, its own /proc.
  permit("/dev/{null,zero,full,random,urandom}", table::kRead | table::kWrite);
  permit("/proc/**", table::kRead);
  for (const char* device : {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}) {
    allow_landlock(device, table::kRead | table::kWrite);
  }
  allow_landlock("/proc", table::kRead);
}

void TableBuilder::allow_landlock(const std::string& path, std::uint16_t rights) {
  std::uint64_t access = 0;
  if ((rights & table::kRead) != 0) access |= kReadFs;
  if ((rights & table::kWrite) != 0) access |= kWriteFs;
  if ((rights & table::kExecute) != 0) access |= kExecuteFs;
  table_.landlock.rules.push_back({path, access, 0});
}

TableBuilder& TableBuilder::memory(std::uint64_t bytes) {
  table_.limits.memory = {bytes, true, 0};
  return *this;
}
TableBuilder& TableBuilder::cpu(std::uint64_t milli) {
  table_.limits.cpu = {milli, true, 0};
  return *this;
}
TableBuilder& TableBuilder::pids(std::uint64_t count) {
  table_.limits.pids = {count, true, 0};
  return *this;
}
TableBuilder& TableBuilder::time(std::uint64_t ms) {
  table_.limits.time = {ms, true, 0};
  return *this;
}
TableBuilder& TableBuilder::disk(std::uint64_t bytes) {
  table_.limits.disk = {bytes, true, 0};
  return *this;
}
TableBuilder& TableBuilder::open_files(std::uint64_t count) {
  table_.limits.open_files = {count, true, 0};
  return *this;
}
TableBuilder& TableBuilder::environment(const std::string& name) {
  table_.environment.push_back(name);
  return *this;
}
TableBuilder& TableBuilder::degrade(const std::string& name) {
  table_.degrade.push_back(name);
  return *this;
}

TableBuilder& TableBuilder::permit(const std::string& glob, std::uint16_t rights) {
  table::Row row;
  row.rights = rights;
  table::Literal literal;
  literal.files.push_back({0, glob, ""});
  row.literals.push_back(literal);
  row.sentence = 1;
  table_.rows.push_back(row);
  if (glob.find_first_of("*?{[") == std::string::npos) allow_landlock(glob, rights);
  return *this;
}

TableBuilder& TableBuilder::volume(const std::string& source, const std::string& target, std::uint16_t rights,
                                   bool readonly) {
  const auto number = static_cast<std::uint32_t>(table_.volumes.size());
  table_.volumes.push_back({"V" + std::to_string(number), source, 0});
  table_.mounts.push_back({number, target, readonly, 0});
  table::Row row;
  row.rights = rights;
  table::Literal literal;
  literal.files.push_back({number, "/**", ""});
  row.literals.push_back(literal);
  row.sentence = 0;
  table_.rows.push_back(row);
  allow_landlock(target, rights);
  return *this;
}

TableBuilder& TableBuilder::connect(const std::string& address, std::uint16_t port) {
  table::NetPattern pattern;
  if (::inet_pton(AF_INET, address.c_str(), pattern.first.data()) != 1) throw std::runtime_error("address");
  pattern.last = pattern.first;
  pattern.first_port = pattern.last_port = port;
  pattern.protos = 1;
  table::Row row;
  row.plane = table::Plane::Net;
  row.rights = table::kConnect;
  table::Literal literal;
  literal.nets.push_back(pattern);
  row.literals.push_back(literal);
  row.sentence = 0;
  table_.rows.push_back(row);
  return *this;
}

TableBuilder& TableBuilder::refuse(int number, std::uint16_t error) {
  refused_.emplace_back(number, error);
  return *this;
}

TableBuilder& TableBuilder::allow(int number) {
  allowed_.push_back(number);
  return *this;
}

table::Table TableBuilder::build() const {
  table::Table table = table_;
  const bool contained = table.level == table::Level::Maximum;  // gVisor hands nothing over
  std::set<int> allowed;
  for (int number = 0; number <= kLastCall; ++number) allowed.insert(number);
  for (const int number : kDangerous) {
    if (std::count(allowed_.begin(), allowed_.end(), number) != 0) continue;
    allowed.erase(number);
    table.syscalls.push_back(
        {static_cast<std::uint32_t>(number), "call" + std::to_string(number), false, 1, 0, table::kNone});
  }
  allowed.erase(SYS_clone3);
  table.syscalls.push_back({SYS_clone3, "clone3", false, 38, 0, table::kNone});
  for (const auto& [name, number] : kHandedOver) {
    if (!contained) allowed.erase(number);
    table.syscalls.push_back({static_cast<std::uint32_t>(number), name, true, 1, 0, table::kNone});
  }
  std::sort(table.syscalls.begin(), table.syscalls.end(),
            [](const table::SyscallRow& a, const table::SyscallRow& b) { return a.number < b.number; });
  table.filter_x86_64 = filter_of(allowed, refused_, contained ? SECCOMP_RET_ERRNO | 1U : SECCOMP_RET_USER_NOTIF);
  return table;
}

}  // namespace bulkhead::test
