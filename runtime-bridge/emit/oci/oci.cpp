#include "runtime-bridge/emit/oci/oci.h"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "runtime-bridge/emit/cgroup/cgroup.h"

namespace bulkhead::emit::oci {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t kIdsPerContainer = 65'536;
constexpr const char* kMasked[] = {"/proc/acpi",          "/proc/asound",      "/proc/kcore", "/proc/keys",
                                   "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",  "/proc/timer_list",
                                   "/proc/timer_stats",   "/sys/firmware"};
constexpr const char* kReadOnly[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"};
constexpr const char* kNamespaces[ir::kNamespaceKinds] = {"pid", "mount", "network", "ipc", "user", "uts", "cgroup"};

Json list_of(const std::vector<std::string>& items) {
  return Json(items);
}

Json process(const ir::World& world, ir::SubjectId id, const Inputs& inputs) {
  const auto& subject = world.at(id);
  Json environment = Json::array({"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/", "LANG=C.UTF-8", "TMPDIR=/tmp"});
  for (const auto& name : subject.environment) {
    if (const auto value = inputs.environment.find(name); value != inputs.environment.end()) {
      environment.push_back(name + "=" + value->second);
    }
  }
  std::vector<std::string> kept;
  for (const auto number : kept_capabilities(world, id)) {
    auto name = world.capability_names.at(number);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    kept.push_back("CAP_" + name);
  }
  Json limits = Json::array({Json{{"type", "RLIMIT_CORE"}, {"hard", 0}, {"soft", 0}}});
  if (const auto& files = subject.limits.open_files) {
    limits.push_back({{"type", "RLIMIT_NOFILE"}, {"hard", files->amount}, {"soft", files->amount}});
  }
  if (const auto& disk = subject.limits.disk) {
    limits.push_back({{"type", "RLIMIT_FSIZE"}, {"hard", disk->amount}, {"soft", disk->amount}});
  }
  const auto capabilities = list_of(kept);
  return {
      {"terminal", false},
      {"user", {{"uid", subject.user.value_or(65534)}, {"gid", subject.group.value_or(subject.user.value_or(65534))}}},
      {"args", list_of(inputs.arguments)},
      {"env", std::move(environment)},
      {"cwd", inputs.working_folder},
      {"capabilities",
       {{"bounding", capabilities},
        {"effective", capabilities},
        {"inheritable", Json::array()},
        {"permitted", capabilities},
        {"ambient", Json::array()}}},
      {"rlimits", std::move(limits)},
      {"noNewPrivileges", true}};
}

Result<Json, EmitError> mounts(const ir::World& world, const ir::Subject& subject, const Inputs& inputs) {
  Json out = Json::array();
  out.push_back(
      {{"destination", "/proc"}, {"type", "proc"}, {"source", "proc"}, {"options", {"nosuid", "noexec", "nodev"}}});
  out.push_back({{"destination", "/dev"},
                 {"type", "tmpfs"},
                 {"source", "tmpfs"},
                 {"options", {"nosuid", "noexec", "strictatime", "mode=755", "size=65536k"}}});
  auto ordered = subject.mounts;  // an outer mount first, else it would hide the inner one
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto& a, const auto& b) { return a.target.size() < b.target.size(); });
  for (const auto& mount : ordered) {
    const auto& volume = world.at(mount.volume);
    const char* access = mount.readonly ? "ro" : "rw";
    if (volume.size_bytes > 0) {
      out.push_back(
          {{"destination", mount.target},
           {"type", "tmpfs"},
           {"source", "tmpfs"},
           {"options", {"nosuid", "nodev", access, "mode=1777", "size=" + std::to_string(volume.size_bytes)}}});
      continue;
    }
    auto source = volume.host_source;
    if (const auto named = inputs.volume_sources.find(volume.name);
        source.empty() && named != inputs.volume_sources.end()) {
      source = named->second;
    }
    if (source.empty() || source.front() != '/') {
      return fail(EmitError{
          "volume `" + volume.name + "` has no place on the host; give it one: `--volume " + volume.name + "=/path`",
          mount.sentence});
    }
    out.push_back({{"destination", mount.target},
                   {"type", "bind"},
                   {"source", source},
                   {"options", {"bind", "private", "nosuid", "nodev", access}}});
  }
  return out;
}

Json resources(const ir::Quantities& limits) {
  Json out;
  out["devices"] = Json::array({Json{{"allow", false}, {"access", "rwm"}}});
  if (limits.memory) out["memory"] = {{"limit", limits.memory->amount}, {"swap", limits.memory->amount}};
  if (limits.cpu) {
    const auto cpu = cgroup::quota_of(limits.cpu->amount);
    out["cpu"] = {{"quota", cpu.quota_us}, {"period", cpu.period_us}};
  }
  if (limits.pids) out["pids"] = {{"limit", limits.pids->amount}};
  return out;
}

Result<Json, EmitError> linux_part(const ir::Subject& subject, const Inputs& inputs) {
  Json namespaces = Json::array();
  for (std::size_t i = 0; i < ir::kNamespaceKinds; ++i) {
    const auto& setting = subject.namespaces[i];
    switch (setting.mode) {
      case ir::NamespaceSetting::Mode::Private:
        namespaces.push_back({{"type", kNamespaces[i]}});
        break;
      case ir::NamespaceSetting::Mode::Host:
        break;
      case ir::NamespaceSetting::Mode::With:
        return fail(EmitError{
            std::string("the ") + kNamespaces[i] + " namespace of another container has no name in this format",
            setting.sentence});
    }
  }
  Json out{{"namespaces", std::move(namespaces)}};
  if (subject.namespaces[static_cast<std::size_t>(ir::NamespaceKind::User)].mode ==
      ir::NamespaceSetting::Mode::Private) {
    const Json map =
        Json::array({Json{{"containerID", 0}, {"hostID", inputs.first_host_id}, {"size", kIdsPerContainer}}});
    out["uidMappings"] = map;
    out["gidMappings"] = map;
  }
  out["resources"] = resources(subject.limits);
  if (!inputs.seccomp_json.empty()) {
    auto filter = Json::parse(inputs.seccomp_json, nullptr, false);
    if (!filter.is_object()) return fail(EmitError{"the seccomp section is no JSON object", {}});
    out["seccomp"] = std::move(filter);
  }
  out["rootfsPropagation"] = "private";
  out["maskedPaths"] = kMasked;
  out["readonlyPaths"] = kReadOnly;
  return out;
}

}  // namespace

std::vector<std::uint8_t> kept_capabilities(const ir::World& world, ir::SubjectId container) {
  std::uint64_t permitted = 0;
  std::uint64_t forbidden = 0;
  for (const auto& rule : world.rules) {
    if (rule.plane != ir::Plane::KernelCapability || (rule.subject && *rule.subject != container)) continue;
    auto& to = rule.effect == ir::Effect::Permit ? permitted : forbidden;
    if (rule.effect == ir::Effect::Permit && rule.when) continue;
    if (rule.objects.everything) to = ~std::uint64_t{0};
    for (const auto number : rule.objects.capabilities) to |= number < 64 ? std::uint64_t{1} << number : 0;
  }
  std::vector<std::uint8_t> kept;
  for (std::uint8_t number = 0; number < 64 && number < world.capability_names.size(); ++number) {
    if (((permitted & ~forbidden) >> number & 1) != 0 && !world.capability_names[number].empty())
      kept.push_back(number);
  }
  return kept;
}

Result<std::string, EmitError> emit(const ir::World& world, ir::SubjectId container, const Inputs& inputs) {
  const auto& subject = world.at(container);
  auto mounted = mounts(world, subject, inputs);
  if (!mounted.ok()) return fail(mounted.error());
  auto system = linux_part(subject, inputs);
  if (!system.ok()) return fail(system.error());
  const Json config{{"ociVersion", "1.0.2"},
                    {"process", process(world, container, inputs)},
                    {"root", {{"path", inputs.rootfs}, {"readonly", subject.rootfs_readonly}}},
                    {"hostname", "bulkhead"},
                    {"mounts", std::move(mounted).value()},
                    {"linux", std::move(system).value()}};
  return config.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace bulkhead::emit::oci
