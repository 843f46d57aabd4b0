#include "checker/query/settings.h"

#include <algorithm>
#include <array>

#include "checker/query/flow_settings.h"
#include "lang/ir/describe.h"

namespace bulkhead::query {
namespace {

constexpr std::array<const char*, ir::kNamespaceKinds> kNamespaceNames{"pid",  "mount", "net",   "ipc",
                                                                       "user", "uts",   "cgroup"};

struct Limit {
  const char* name;
  std::optional<ir::Quantity> ir::Quantities::*of;
};
constexpr Limit kLimits[] = {
    {"memory", &ir::Quantities::memory}, {"cpu", &ir::Quantities::cpu},
    {"pids", &ir::Quantities::pids},     {"time", &ir::Quantities::time},
    {"disk", &ir::Quantities::disk},     {"open_files", &ir::Quantities::open_files},
    {"io", &ir::Quantities::io},         {"bandwidth", &ir::Quantities::bandwidth},
};

std::string place_of(const ir::Volume& volume) {
  if (volume.size_bytes != 0) return "in memory";
  if (volume.host_source.empty()) return "where the run says";
  return "in host:\"" + volume.host_source + "\"";
}

std::string setting_name(const ir::World& world, const ir::NamespaceSetting& setting) {
  switch (setting.mode) {
    case ir::NamespaceSetting::Mode::Private:
      return "private";
    case ir::NamespaceSetting::Mode::Host:
      return "host";
    case ir::NamespaceSetting::Mode::With:
      return "with " + world.at(setting.with).name;
  }
  return "";
}

std::string id_name(const std::optional<std::uint32_t>& id) {
  return id ? std::to_string(*id) : "none said";
}

template <typename T>
const T* named(const std::vector<T>& list, const std::string& name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const T& item) { return item.name == name; });
  return found == list.end() ? nullptr : &*found;
}

bool is_mounted(const ir::World& world, const ir::Volume& volume) {
  const ir::VolumeId id{static_cast<std::size_t>(&volume - world.volumes.data())};
  return std::any_of(world.subjects.begin(), world.subjects.end(), [&](const ir::Subject& subject) {
    return std::any_of(subject.mounts.begin(), subject.mounts.end(),
                       [&](const ir::Mount& mount) { return mount.volume == id; });
  });
}

class Settings {
 public:
  Settings(const ir::World& older, const ir::World& newer) : older_(older), newer_(newer) {}

  std::vector<SettingChange> run() {
    for (const ir::Volume& now : newer_.volumes) {
      const ir::Volume* before = named(older_.volumes, now.name);
      if (before != nullptr && now.kind == ir::VolumeKind::Declared && is_mounted(newer_, now)) volume(*before, now);
    }
    for (const ir::Subject& now : newer_.subjects) {
      const ir::Subject* before = named(older_.subjects, now.name);
      if (now.kind != ir::SubjectKind::Container) continue;
      const bool known = before != nullptr && before->kind == ir::SubjectKind::Container;
      container(known ? *before : ir::Subject{}, now, known);
    }
    return std::move(changes_);
  }

 private:
  void tell(bool looser, const std::string& subject, std::string setting, std::optional<ir::SentenceId> sentence) {
    if (sentence && !sentence->valid()) sentence.reset();  // a default
    changes_.push_back({looser ? Change::Added : Change::Removed, subject, std::move(setting), sentence});
  }

  /// Another place is other files, whatever they are; files of the run's own memory are nobody else's.
  void volume(const ir::Volume& before, const ir::Volume& now) {
    const std::string was = place_of(before), is = place_of(now);
    if (was != is) {
      tell(now.size_bytes == 0, now.name, "volume kept " + is + " (was: " + was + ")", now.sentence);
    } else if (before.size_bytes != now.size_bytes) {
      const std::string sizes =
          std::to_string(now.size_bytes) + " B (was: " + std::to_string(before.size_bytes) + " B)";
      tell(now.size_bytes > before.size_bytes, now.name, "volume of " + sizes, now.sentence);
    }
  }

  void container(const ir::Subject& before, const ir::Subject& now, bool known) {
    if (known && before.level != now.level) {
      const std::string levels = ir::describe(now.level) + " (was: " + ir::describe(before.level) + ")";
      tell(now.level < before.level, now.name, "level " + levels, now.sentence);
    }
    for (std::size_t i = 0; i < ir::kNamespaceKinds; ++i) {
      const std::string was = setting_name(older_, before.namespaces[i]), is = setting_name(newer_, now.namespaces[i]);
      if (was == is) continue;
      tell(now.namespaces[i].mode != ir::NamespaceSetting::Mode::Private, now.name,
           std::string("namespace ") + kNamespaceNames[i] + ": " + is + " (was: " + was + ")",
           now.namespaces[i].sentence);
    }
    names(before.environment, now.environment, "environment ", now);
    names(before.degrade, now.degrade, "degrade ", now);
    if (!known) return;
    id(before.user, now.user, "user ", now);
    id(before.group, now.group, "group ", now);
    for (const Limit& limit : kLimits) limits(limit, before, now);
  }

  void id(const std::optional<std::uint32_t>& before, const std::optional<std::uint32_t>& now, const char* what,
          const ir::Subject& subject) {
    if (before == now) return;
    tell(true, subject.name, what + id_name(now) + " (was: " + id_name(before) + ")", subject.sentence);
  }

  void names(const std::vector<std::string>& before, const std::vector<std::string>& now, const char* what,
             const ir::Subject& subject) {
    for (const std::string& name : now) {
      if (std::find(before.begin(), before.end(), name) == before.end())
        tell(true, subject.name, what + name, subject.sentence);
    }
    for (const std::string& name : before) {
      if (std::find(now.begin(), now.end(), name) == now.end()) tell(false, subject.name, what + name, std::nullopt);
    }
  }

  void limits(const Limit& limit, const ir::Subject& before, const ir::Subject& now) {
    const std::optional<ir::Quantity>& was = before.limits.*limit.of;
    const std::optional<ir::Quantity>& is = now.limits.*limit.of;
    if (was.has_value() == is.has_value() && (!was || was->amount == is->amount)) return;
    const auto text = [&](const std::optional<ir::Quantity>& quantity, const ir::World& world) {
      if (!quantity) return std::string("no limit on ") + limit.name;
      if (quantity->sentence.valid()) return world.at(quantity->sentence).text;
      return std::string("limits ") + limit.name + " " + std::to_string(quantity->amount);
    };
    tell(!is || (was && is->amount > was->amount), now.name, text(is, newer_) + " (was: " + text(was, older_) + ")",
         is ? is->sentence : now.sentence);
  }

  const ir::World& older_;
  const ir::World& newer_;
  std::vector<SettingChange> changes_;
};

}  // namespace

std::vector<SettingChange> setting_changes(const ir::World& older, const ir::World& newer) {
  std::vector<SettingChange> changes = Settings(older, newer).run();
  const std::vector<SettingChange> flow = flow_settings(older, newer);
  changes.insert(changes.end(), flow.begin(), flow.end());
  return changes;
}

bool loosens(const std::vector<SettingChange>& changes) {
  return std::any_of(changes.begin(), changes.end(),
                     [](const SettingChange& change) { return change.change != Change::Removed; });
}

}  // namespace bulkhead::query
