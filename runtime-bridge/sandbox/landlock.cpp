#include "runtime-bridge/sandbox/landlock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>

#include "runtime-bridge/sandbox/kernel.h"

namespace bulkhead::sandbox {

namespace {

/// What each version of Landlock's interface can handle.
struct Abi {
  std::uint64_t fs, net, scoped;
  std::size_t size;
};

Abi abi_of(long version) {
  Abi abi{0x1FFF, 0, 0, 8};
  if (version >= 2) abi.fs |= 1 << 13;  // refer
  if (version >= 3) abi.fs |= 1 << 14;  // truncate
  if (version >= 4) abi = {abi.fs, 3, 0, 16};
  if (version >= 5) abi.fs |= 1 << 15;  // ioctl_dev
  if (version >= 6) abi = {abi.fs, 3, 3, 24};
  return abi;
}

bool covers(const std::string& rule, const std::string& path) {
  return rule == "/" || path == rule ||
         (path.size() > rule.size() && path.compare(0, rule.size(), rule) == 0 && path[rule.size()] == '/');
}

std::uint64_t granted(const LandlockPlan& plan, const std::string& path) {
  std::uint64_t access = 0;
  for (const LandlockPlan::Rule& rule : plan.rules) {
    if (covers(rule.path, path)) access |= rule.access;
  }
  return access;
}

/// Folders that every own root has. Their verdict follows from the rules, so a domain that is missing or too wide
/// shows.
void choose_sentinels(LandlockPlan& plan) {
  if ((plan.handled_fs & kernel::kLandlockReadDir) == 0) return;
  for (const char* path : {"/", "/dev", "/proc", "/tmp"}) {
    plan.sentinels.push_back({path, (granted(plan, path) & kernel::kLandlockReadDir) != 0});
  }
}

}  // namespace

Result<LandlockPlan, Refusal> plan_landlock(const table::Table& table, std::vector<std::string>& degraded) {
  LandlockPlan plan;
  const table::Landlock& wanted = table.landlock;
  if (wanted.handled_fs == 0 && wanted.handled_net == 0 && wanted.scoped == 0) return plan;
  const long version = kernel::landlock_abi();
  if (version < 1) {
    return fail(Refusal{Step::Landlock, errno, "", "boot with landlock among the active LSMs (lsm=landlock,...)"});
  }
  const Abi abi = abi_of(version);
  if ((wanted.handled_fs & ~abi.fs) != 0 || (wanted.handled_net & ~abi.net) != 0 ||
      (wanted.scoped & ~abi.scoped) != 0) {
    if (std::find(table.degrade.begin(), table.degrade.end(), "landlock:abi") == table.degrade.end()) {
      return fail(Refusal{Step::Landlock, EOPNOTSUPP, "ABI " + std::to_string(version),
                          "use a newer kernel, or name the degradation `landlock:abi`"});
    }
    degraded.push_back("landlock:abi");
  }
  plan.install = true;
  plan.handled_fs = wanted.handled_fs & abi.fs;
  plan.handled_net = wanted.handled_net & abi.net;
  plan.scoped = wanted.scoped & abi.scoped;
  plan.ruleset_size = abi.size;
  for (const table::LandlockRule& rule : wanted.rules) {
    const std::uint64_t access = rule.access & plan.handled_fs;
    if (access != 0) plan.rules.push_back({rule.path, access, rule.file_only});
  }
  for (const table::LandlockPort& port : wanted.ports) {
    if ((port.access & plan.handled_net) != 0) plan.ports.push_back({port.port, port.access & plan.handled_net});
  }
  choose_sentinels(plan);
  plan.connect_denied = (plan.handled_net & kernel::kLandlockConnectTcp) != 0;
  for (const table::LandlockPort& port : plan.ports) {
    if (port.port == 1 && (port.access & kernel::kLandlockConnectTcp) != 0) plan.connect_denied = false;
  }
  plan.signal_denied = (plan.scoped & kernel::kLandlockScopeSignal) != 0;
  return plan;
}

void restrict_by_landlock(const Plan& plan, Rendezvous& page) {
  const LandlockPlan& landlock = plan.landlock;
  if (!landlock.install) return;
  const kernel::LandlockRuleset handled{landlock.handled_fs, landlock.handled_net, landlock.scoped};
  const int rules = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, landlock.ruleset_size, 0));
  require(page, plan.fault, Step::Landlock, rules);
  for (std::size_t i = 0; i < landlock.rules.size(); ++i) {
    const LandlockPlan::Rule& rule = landlock.rules[i];
    const int object = ::open(rule.path.c_str(), O_PATH | O_CLOEXEC);
    if (object < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
      continue;  // not there: nothing to allow
    require(page, plan.fault, Step::Landlock, object, static_cast<int>(i));
    struct stat found;
    require(page, plan.fault, Step::Landlock, ::fstat(object, &found), static_cast<int>(i));
    struct landlock_path_beneath_attr attributes {};
    attributes.allowed_access = S_ISDIR(found.st_mode) ? rule.access : rule.access & kernel::kLandlockFileRights;
    attributes.parent_fd = object;
    if (attributes.allowed_access != 0 && !(rule.file_only && S_ISDIR(found.st_mode))) {
      require(page, plan.fault, Step::Landlock,
              ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &attributes, 0), static_cast<int>(i));
    }
    ::close(object);
  }
  for (const table::LandlockPort& port : landlock.ports) {
    const kernel::LandlockPortRule attributes{port.access, port.port};
    require(page, plan.fault, Step::Landlock,
            ::syscall(SYS_landlock_add_rule, rules, kernel::kLandlockRulePort, &attributes, 0), port.port);
  }
  require(page, plan.fault, Step::Landlock, ::syscall(SYS_landlock_restrict_self, rules, 0));
  ::close(rules);
}

void try_sentinels(const Plan& plan, Rendezvous& page) {
  const LandlockPlan& landlock = plan.landlock;
  require(page, plan.fault, Step::Sentinels, 0);
  for (std::size_t i = 0; i < landlock.sentinels.size(); ++i) {
    const LandlockPlan::Sentinel& sentinel = landlock.sentinels[i];
    const int folder = ::open(sentinel.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int error = folder >= 0 ? 0 : errno;
    if (folder >= 0) ::close(folder);
    if (error != (sentinel.allowed ? 0 : EACCES)) give_up(page, Step::Sentinels, error, static_cast<int>(i));
  }
  if (landlock.connect_denied) {
    const int tcp = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(1);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool denied =
        ::connect(tcp, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno == EACCES;
    if (!denied) give_up(page, Step::Sentinels, errno);
    ::close(tcp);
  }
  // The first process runs as the same user without a domain: only the scope keeps a signal from it.
  if (landlock.signal_denied && (::kill(1, 0) == 0 || errno != EPERM)) give_up(page, Step::Sentinels, errno);
}

}  // namespace bulkhead::sandbox
