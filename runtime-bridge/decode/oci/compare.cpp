#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "runtime-bridge/decode/oci/oci.h"

namespace bulkhead::decode::oci {
namespace {

constexpr const char* kNamespaces[ir::kNamespaceKinds] = {"pid", "mount", "network", "ipc", "user", "uts", "cgroup"};
/// What every container gets without asking; none of it holds a value of the caller.
constexpr std::string_view kBaseEnvironment[] = {"PATH", "HOME", "LANG", "TMPDIR"};
constexpr const char* kMasked[] = {"/proc/acpi",          "/proc/asound",      "/proc/kcore", "/proc/keys",
                                   "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",  "/proc/timer_list",
                                   "/proc/timer_stats",   "/sys/firmware"};
constexpr const char* kReadOnly[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};

/// The size of "size=64m", as the kernel reads it; none: another option.
std::optional<std::uint64_t> tmpfs_bytes(std::string_view option) {
  if (!option.starts_with("size=")) return std::nullopt;
  option.remove_prefix(5);
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(option.data(), option.data() + option.size(), value);
  const std::string_view unit = option.substr(static_cast<std::size_t>(stop - option.data()));
  constexpr std::string_view kUnits[] = {"", "kK", "mM", "gG"};
  for (unsigned power = 0; power < 4 && error == std::errc{}; ++power) {
    const bool named =
        power == 0 ? unit.empty() : unit.size() == 1 && kUnits[power].find(unit[0]) != kUnits[power].npos;
    if (named && value <= (~std::uint64_t{0} >> (10 * power))) return value << (10 * power);
  }
  return std::nullopt;
}

class Comparer {
 public:
  Comparer(const Meaning& meaning, const ir::World& world, ir::SubjectId container, const Expectation& expected)
      : meaning_(meaning), world_(world), id_(container), subject_(world.at(container)), expected_(expected) {}

  Comparison run() {
    identity();
    capabilities();
    namespaces();
    mounts();
    limits();
    if (expected_.seccomp && meaning_.seccomp.empty()) wider("seccomp", "no filter");
    out_.assumptions.push_back("the runtime keeps the specification; the root file system `" + meaning_.root +
                               "` is the image that was checked");
    return std::move(out_);
  }

 private:
  void wider(std::string what, std::string witness) { out_.wider.push_back({std::move(what), std::move(witness)}); }
  void narrower(std::string what, std::string witness) {
    out_.narrower.push_back({std::move(what), std::move(witness)});
  }

  void identity() {
    const auto user = subject_.user.value_or(65534);
    const auto group = subject_.group.value_or(user);
    if (meaning_.user != user) wider("user", std::to_string(meaning_.user));
    if (meaning_.group != group) wider("group", std::to_string(meaning_.group));
    for (const auto other : meaning_.other_groups) wider("group", std::to_string(other));
    if (!meaning_.no_new_privileges) wider("no_new_privs", "a set-user-ID program gains rights");
    for (const auto& name : meaning_.environment) {
      const bool base =
          std::find(std::begin(kBaseEnvironment), std::end(kBaseEnvironment), name) != std::end(kBaseEnvironment);
      const auto& granted = subject_.environment;
      if (!base && std::find(granted.begin(), granted.end(), name) == granted.end()) wider("environment", name);
    }
  }

  bool may_hold(std::uint8_t number) const {
    bool permitted = false;
    for (const auto& rule : world_.rules) {
      if (rule.plane != ir::Plane::KernelCapability || (rule.subject && *rule.subject != id_)) continue;
      const auto& listed = rule.objects.capabilities;
      if (!rule.objects.everything && std::find(listed.begin(), listed.end(), number) == listed.end()) continue;
      if (rule.effect == ir::Effect::Forbid) return false;
      if (!rule.when) permitted = true;
    }
    return permitted;
  }
  void capabilities() {
    std::set<std::string> allowed;
    for (std::size_t i = 0; i < world_.capability_names.size() && i < 64; ++i) {
      auto name = "CAP_" + world_.capability_names[i];
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
      if (may_hold(static_cast<std::uint8_t>(i))) allowed.insert(name);
    }
    for (const auto& held : meaning_.capabilities) {
      if (!allowed.contains(held)) wider("kernel capability", held);
    }
    for (const auto& name : allowed) {
      if (!meaning_.capabilities.contains(name)) narrower("kernel capability", name);
    }
  }

  void namespaces() {
    for (std::size_t i = 0; i < ir::kNamespaceKinds; ++i) {
      const std::string kind = kNamespaces[i];
      const bool fresh = meaning_.namespaces.contains(kind);
      const bool joined = meaning_.joined.contains(kind);
      switch (subject_.namespaces[i].mode) {
        case ir::NamespaceSetting::Mode::Private:
          if (!fresh || joined) wider("namespace", kind);
          break;
        case ir::NamespaceSetting::Mode::Host:
          if (joined) wider("namespace", kind + " of a process that the policy does not name");
          if (fresh && !joined) narrower("namespace", kind);
          break;
        case ir::NamespaceSetting::Mode::With:  // a configuration names a process, the policy a container
          wider("namespace", kind + " of another container");
          break;
      }
    }
    const auto user = static_cast<std::size_t>(ir::NamespaceKind::User);
    if (subject_.namespaces[user].mode == ir::NamespaceSetting::Mode::Private) {
      id_maps("user", meaning_.users);
      id_maps("group", meaning_.groups);
    }
    if (meaning_.shared_propagation) wider("mount propagation", "mounts travel to and from the host");
  }
  void id_maps(const char* what, const std::vector<IdMap>& maps) {
    if (maps.empty()) wider(std::string(what) + " mapping", "none");
    for (const auto& map : maps) {
      // User 0 of the host, and everybody near it, owns the host.
      if (map.outside < 1000 || map.size == 0 || map.size > 65'536)
        wider(std::string(what) + " mapping", "host " + std::to_string(map.outside));
    }
  }

  void mounts() {
    if (subject_.rootfs_readonly && !meaning_.root_readonly) wider("root", "writable");
    if (!subject_.rootfs_readonly && meaning_.root_readonly) narrower("root", "read-only");
    std::vector<bool> used(subject_.mounts.size(), false);
    std::set<std::string> seen;
    for (const auto& mount : meaning_.mounts) {
      if (!seen.insert(mount.destination).second) wider("mount", mount.destination + " twice");
      // An outer mount after an inner one hides it: what is seen there is not what the policy says.
      for (const auto& earlier : seen) {
        if (earlier.size() > mount.destination.size() && below(earlier, mount.destination))
          wider("mount", mount.destination + " hides " + earlier);
      }
      if (mount.destination == "/proc" || mount.destination == "/dev") {
        system_mount(mount);
      } else {
        policy_mount(mount, used);
      }
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (!used[i]) narrower("mount", subject_.mounts[i].target);
    }
    for (const auto* path : kMasked) {
      if (!meaning_.masked.contains(path)) wider("masked path", path);
    }
    for (const auto* path : kReadOnly) {
      if (!meaning_.readonly_paths.contains(path)) wider("read-only path", path);
    }
  }
  static bool below(const std::string& path, const std::string& folder) {
    return folder == "/" ||
           (path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 && path[folder.size()] == '/');
  }

  void system_mount(const Mount& mount) {
    const bool proc = mount.destination == "/proc";
    if (mount.type != (proc ? "proc" : "tmpfs")) wider("mount", mount.destination + " of type " + mount.type);
    for (const char* option : {"nosuid", "noexec"}) require_option(mount, option);
    if (proc) require_option(mount, "nodev");
    const std::set<std::string> kHarmless{"nosuid", "noexec", "nodev", "strictatime", "mode=755", "size=65536k", "ro"};
    only_options(mount, kHarmless);
  }

  void policy_mount(const Mount& mount, std::vector<bool>& used) {
    for (std::size_t i = 0; i < subject_.mounts.size(); ++i) {
      const auto& wanted = subject_.mounts[i];
      if (wanted.target != mount.destination) continue;
      used[i] = true;
      const auto& volume = world_.at(wanted.volume);
      std::set<std::string> harmless{"nosuid", "nodev", "noexec", "ro"};
      if (volume.size_bytes > 0) {
        if (mount.type != "tmpfs") wider("mount", mount.destination + " of type " + mount.type);
        const auto size = std::find_if(mount.options.begin(), mount.options.end(), [&](const std::string& option) {
          return tmpfs_bytes(option) == volume.size_bytes;
        });
        if (size == mount.options.end())
          wider("mount option", mount.destination + " without size=" + std::to_string(volume.size_bytes));
        else
          harmless.insert(*size);
        harmless.insert({"mode=1777", "mode=755", "mode=700"});
      } else {
        require_option(mount, "bind");
        if (mount.type != "bind" && mount.type != "none") wider("mount", mount.destination + " of type " + mount.type);
        if (!volume.host_source.empty() && mount.source != volume.host_source)
          wider("mount", mount.destination + " shows " + mount.source);
        if (volume.host_source.empty())
          out_.assumptions.push_back("volume `" + volume.name + "` is `" + mount.source + "`, as the run named it");
        harmless.insert({"bind", "private"});
      }
      require_option(mount, "nosuid");
      require_option(mount, "nodev");
      if (wanted.readonly) {
        require_option(mount, "ro");
      } else {
        harmless.insert("rw");
        if (mount.options.contains("ro")) narrower("mount", mount.destination + " is read-only");
      }
      only_options(mount, harmless);
      return;
    }
    wider("mount", mount.destination);
  }
  void require_option(const Mount& mount, const char* option) {
    if (!mount.options.contains(option)) wider("mount option", mount.destination + " without " + option);
  }
  void only_options(const Mount& mount, const std::set<std::string>& harmless) {
    for (const auto& option : mount.options) {
      if (!harmless.contains(option)) wider("mount option", mount.destination + " with " + option);
    }
  }

  void limits() {
    const auto compared = cgroup::compare(meaning_.limits, subject_.limits);
    out_.wider.insert(out_.wider.end(), compared.wider.begin(), compared.wider.end());
    out_.narrower.insert(out_.narrower.end(), compared.narrower.begin(), compared.narrower.end());
    for (const auto& [name, limit] : {std::pair{"time", subject_.limits.time}, std::pair{"io", subject_.limits.io},
                                      std::pair{"bandwidth", subject_.limits.bandwidth}}) {
      if (limit) out_.assumptions.push_back(std::string("the limit on ") + name + " is kept elsewhere");
    }
    at_most("limit open_files", subject_.limits.open_files, meaning_.open_files);
    at_most("limit disk", subject_.limits.disk, meaning_.file_bytes);
    if (!meaning_.devices_denied) wider("devices", "not all are denied");
  }
  void at_most(const char* what, const std::optional<ir::Quantity>& policy,
               const std::optional<std::uint64_t>& enforced) {
    if (policy && (!enforced || *enforced > policy->amount))
      wider(what, enforced ? std::to_string(*enforced) : "no limit");
    if (enforced && (!policy || *enforced < policy->amount)) narrower(what, std::to_string(*enforced));
  }

  const Meaning& meaning_;
  const ir::World& world_;
  ir::SubjectId id_;
  const ir::Subject& subject_;
  Expectation expected_;
  Comparison out_;
};

}  // namespace

Comparison compare(const Meaning& meaning, const ir::World& world, ir::SubjectId container,
                   const Expectation& expected) {
  return Comparer(meaning, world, container, expected).run();
}

}  // namespace bulkhead::decode::oci
