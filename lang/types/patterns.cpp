#include "lang/types/patterns.h"

#include <algorithm>

#include "lang/types/glob_text.h"

namespace bulkhead::types {
namespace {

template <typename T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

template <typename T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Whether a glob with this literal prefix can match something at or below `folder`. Over-approximates: a pattern that
/// is carried over in vain matches nothing.
bool may_meet(const std::string& prefix, const std::string& folder) {
  const std::size_t common = std::min(prefix.size(), folder.size());
  return prefix.compare(0, common, folder, 0, common) == 0;
}

void put_file(Lowering& lowering, ir::FilePattern pattern, ir::ObjectPatterns& patterns) {
  if (pattern.volume == ir::kHost) {
    const std::string prefix = literal_prefix(pattern.glob);
    for (std::size_t v = 0; v < lowering.world.volumes.size(); ++v) {
      const std::string& folder = lowering.world.volumes[v].host_source;
      if (folder.empty() || !may_meet(prefix, folder)) continue;
      patterns.files.push_back({ir::VolumeId(v), pattern.glob, folder == "/" ? "" : folder});
    }
  }
  patterns.files.push_back(std::move(pattern));
}

std::optional<ir::VolumeId> volume_of(Lowering& lowering, const std::optional<ast::Name>& name, ModuleId module) {
  if (!name) return ir::kOwnRoot;
  if (name->text == "host") return ir::kHost;
  const auto symbol = lowering.find(Space::Objects, *name, module);
  if (!symbol) return std::nullopt;
  lowering.used[symbol->index()] = true;
  if (lowering.names.at(*symbol).kind == Kind::Volume) return lowering.volumes[symbol->index()];
  lowering.wrong_kind(*name, *symbol, "a volume");
  return std::nullopt;
}

void report_plane(Lowering& lowering, const source::Span& span, const std::string& what, ir::Plane plane) {
  static constexpr std::string_view kTakes[] = {"paths and sets of files", "addresses and sets of them",
                                                "system calls and sets of them", "kernel capabilities"};
  lowering.error(Code::MixedPlanes, span,
                 what + ", and the rights here take " + std::string(kTakes[static_cast<std::size_t>(plane)]),
                 "write one rule for each kind of object");
}

/// In a `net` the ports behind a list belong to all of its addresses, in a list of objects to the one before them: an
/// address with neither port nor protocol that stands before one with some would be read as the narrower and be every
/// port. False, with the report, where one does.
bool ports_are_told_apart(Lowering& lowering, const ast::Objects& objects) {
  const ast::NetPattern* bare = nullptr;
  for (const ast::ObjectItem& item : objects.items) {
    const auto* net = std::get_if<ast::NetPattern>(&item);
    if (net == nullptr) continue;
    if (net->ports.empty() && !net->proto) {
      bare = net;
    } else if (bare != nullptr) {
      lowering.sink.report({Code::BadPort,
                            net->span,
                            "it cannot be told whether this port is meant for the address before it too",
                            {{bare->span, "this one stands without a port"}},
                            "write the port behind each address (`port 0..65535` for all), or a `net`, where it is "
                            "that of every address",
                            {}});
      return false;
    }
  }
  return true;
}

/// One list of objects while it is lowered.
struct Lists {
  Lowering& lowering;
  ir::Plane plane;
  ModuleId module;
  LoweredObjects result;
  bool failed = false;

  void put_set(SymbolId symbol) {
    lowering.used[symbol.index()] = true;
    const ir::ObjectSetId set = lowering.sets[symbol.index()];
    if (!set.valid()) {
      failed = true;  // it was refused where it is declared
      return;
    }
    const ir::ObjectPatterns& from = lowering.world.at(set).patterns;
    ir::ObjectPatterns& to = result.patterns;
    to.everything = to.everything || from.everything;
    append(to.files, from.files);
    append(to.nets, from.nets);
    append(to.syscalls, from.syscalls);
    append(to.capabilities, from.capabilities);
    result.sets.push_back(set);
  }

  void put_object(const ast::Name& name) {
    const auto symbol = lowering.find(Space::Objects, name, module);
    failed = failed || !symbol;
    if (!symbol) return;
    const Kind kind = lowering.names.at(*symbol).kind;
    const ir::Plane its = kind == Kind::NetSet ? ir::Plane::Net : ir::Plane::File;
    if (its != plane) {
      report_plane(lowering, name.span, "`" + name.text + "` is a " + std::string(to_string(kind)), plane);
      failed = true;
    } else if (kind == Kind::Device) {
      lowering.used[symbol->index()] = true;
      result.patterns.files.push_back({lowering.volumes[symbol->index()], "/", ""});
    } else if (kind == Kind::Volume) {
      lowering.used[symbol->index()] = true;
      result.patterns.files.push_back({lowering.volumes[symbol->index()], "/**", ""});
    } else {
      put_set(*symbol);
    }
  }

  void put_call(const ast::Name& name) {
    const auto symbol = lowering.find(Space::Syscalls, name, module);
    failed = failed || !symbol;
    if (!symbol) return;
    if (lowering.names.at(*symbol).kind == Kind::SyscallSet) {
      put_set(*symbol);
    } else {
      result.patterns.syscalls.push_back(lowering.syscalls[symbol->index()]);
    }
  }

  void put_capability(const ast::Name& name) {
    const auto symbol = lowering.find(Space::KernelCapabilities, name, module);
    failed = failed || !symbol;
    if (!symbol) return;
    const auto& table = lowering.world.capability_names;
    const auto found = std::find(table.begin(), table.end(), name.text);
    if (found == table.end()) return;
    result.patterns.capabilities.push_back(static_cast<std::uint8_t>(found - table.begin()));
  }

  void put_name(const ast::Path& path) {
    if (!path.simple()) {
      lowering.error(Code::UnknownName, path.span, "there is no set `" + path.text() + "`",
                     "names of sets have no dots");
      failed = true;
      return;
    }
    switch (plane) {
      case ir::Plane::File:
      case ir::Plane::Net:
        return put_object(path.parts.front());
      case ir::Plane::Syscall:
        return put_call(path.parts.front());
      case ir::Plane::KernelCapability:
        return put_capability(path.parts.front());
    }
  }

  void put_pattern(const ast::FilePattern& pattern) {
    if (plane != ir::Plane::File) {
      report_plane(lowering, pattern.span, "this is a path", plane);
      failed = true;
      return;
    }
    const auto volume = volume_of(lowering, pattern.volume, module);
    if (!check_glob(pattern.glob, lowering.sources, lowering.sink) || !volume) {
      failed = true;
      return;
    }
    result.bare.push_back({*volume, pattern.glob.value, ""});
    put_file(lowering, {*volume, pattern.glob.value, ""}, result.patterns);
  }

  void put_net(const ast::NetPattern& net) {
    const bool all = net.any && net.ports.empty() && !net.proto;
    if (all) {
      result.patterns.everything = true;
    } else if (plane == ir::Plane::Net) {
      lower_net(lowering, net, result.patterns);
    } else {
      report_plane(lowering, net.span, "this is an address", plane);
      failed = true;
    }
  }
};

}  // namespace

void normalise(ir::ObjectPatterns& patterns) {
  if (patterns.everything) {
    patterns = {};
    patterns.everything = true;
    return;
  }
  sort_unique(patterns.files);
  sort_unique(patterns.nets);
  sort_unique(patterns.syscalls);
  sort_unique(patterns.capabilities);
}

std::optional<LoweredObjects> lower_objects(Lowering& lowering, const ast::Objects& objects, ir::Plane plane,
                                            ModuleId module) {
  if (!ports_are_told_apart(lowering, objects)) return std::nullopt;
  return lower_set(lowering, objects, plane, module);
}

std::optional<LoweredObjects> lower_set(Lowering& lowering, const ast::Objects& objects, ir::Plane plane,
                                        ModuleId module) {
  Lists lists{lowering, plane, module, {}, false};
  lists.result.plane = plane;
  for (const ast::ObjectItem& item : objects.items) {
    if (const auto* path = std::get_if<ast::Path>(&item)) {
      lists.put_name(*path);
    } else if (const auto* pattern = std::get_if<ast::FilePattern>(&item)) {
      lists.put_pattern(*pattern);
    } else {
      lists.put_net(std::get<ast::NetPattern>(item));
    }
  }
  if (lists.failed) return std::nullopt;
  normalise(lists.result.patterns);
  sort_unique(lists.result.sets);
  return std::move(lists.result);
}

std::optional<LoweredObjects> lower_call_names(Lowering& lowering, const std::vector<ast::Name>& calls,
                                               ModuleId module) {
  Lists lists{lowering, ir::Plane::Syscall, module, {}, false};
  lists.result.plane = ir::Plane::Syscall;
  for (const ast::Name& name : calls) lists.put_call(name);
  if (lists.failed) return std::nullopt;
  normalise(lists.result.patterns);
  sort_unique(lists.result.sets);
  return std::move(lists.result);
}

}  // namespace bulkhead::types
