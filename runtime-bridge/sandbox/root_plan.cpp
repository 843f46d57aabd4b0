#include "runtime-bridge/sandbox/root_plan.h"

#include <linux/openat2.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <set>

#include "runtime-bridge/sandbox/kernel.h"
#include "runtime-bridge/sandbox/limits.h"
#include "runtime-bridge/table/devices.h"

namespace bulkhead::sandbox {

namespace {

constexpr std::uint64_t kClosureAttributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
constexpr std::uint64_t kDeviceAttributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
constexpr std::uint64_t kDataAttributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;

bool within(const std::string& path, const std::string& folder) {
  return path == folder ||
         (path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 && path[folder.size()] == '/');
}

/// "/a/b" -> "a/b"; "" where it is not an absolute normal path below the root.
std::string relative(const std::string& path) {
  if (path.size() < 2 || path[0] != '/' || path.back() == '/' || path.find('\0') != std::string::npos) return "";
  for (const char* part : {"//", "/./", "/../"}) {
    if ((path + "/").find(part) != std::string::npos) return "";
  }
  return path.substr(1);
}

class RootPlanner {
 public:
  RootPlanner(const table::Table& table, const RunOptions& options) : table_(table), options_(options) {}

  Result<Unit, Refusal> make(Plan& plan) {
    const std::uint64_t disk = table_.limits.disk.set ? table_.limits.disk.amount : kDefaultDiskBytes;
    add_own(disk);
    Result<Unit, Refusal> done = add_volumes();
    if (done.ok()) done = add_closure();
    if (done.ok()) done = add_files();
    if (!done.ok()) return done;
    std::uint64_t bytes = 1 << 20;
    for (const PlacedFile& file : options_.files) bytes += file.contents.size() + 4096;
    plan.root_readonly = table_.rootfs_readonly;
    plan.root_bytes = std::to_string(plan.root_readonly ? bytes : bytes + disk);
    arrange(plan);
    return Unit{};
  }

 private:
  void add_own(std::uint64_t disk) {
    RootOp proc;
    proc.kind = RootOp::Kind::Proc;
    proc.attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    proc.path = "proc";
    mounts_["proc"] = proc;
    for (const char* name : table::kDevices) {
      RootOp device;
      device.kind = RootOp::Kind::Bind;
      device.path = name + 1;
      device.text = name;
      device.attributes = kDeviceAttributes;
      mounts_[device.path] = device;
    }
    RootOp scratch;
    scratch.kind = RootOp::Kind::Tmpfs;
    scratch.path = "tmp";
    scratch.text = std::to_string(disk);
    scratch.attributes = attributes_of_data("tmp");
    scratch.folder = true;
    mounts_["tmp"] = scratch;
    links_["dev/fd"] = "/proc/self/fd";
    links_["dev/stdin"] = "/proc/self/fd/0";
    links_["dev/stdout"] = "/proc/self/fd/1";
    links_["dev/stderr"] = "/proc/self/fd/2";
    add_parents("dev/null");
  }

  Result<Unit, Refusal> add_volumes() {
    std::set<std::uint32_t> memory_volumes;
    for (const table::Mount& mount : table_.mounts) {
      const std::string path = relative(mount.target);
      if (path.empty() || within(path, "proc") || within(path, "dev") || mount.volume == 0 ||
          mount.volume >= table_.volumes.size()) {
        return fail(Refusal{Step::CheckTable, EINVAL, mount.target,
                            "mount a volume at an absolute folder outside /proc and /dev"});
      }
      const table::Volume& volume = table_.volumes[mount.volume];
      RootOp op;
      op.path = path;
      op.attributes = attributes_of_data(path) | (mount.readonly ? MOUNT_ATTR_RDONLY : 0);
      if (!volume.host_source.empty()) {
        op.kind = RootOp::Kind::Bind;
        op.text = volume.host_source;
        op.from_supervisor = ::geteuid() == 0;
        Result<Unit, Refusal> done = check_aliases(op, mount.volume, mount.readonly);
        if (!done.ok()) return done;
        sources_.push_back({op.text, mount.target, mount.volume, mount.readonly});
      } else {
        const bool first = memory_volumes.insert(mount.volume).second;
        if (volume.tmpfs_bytes == 0 || !first) {
          return fail(Refusal{Step::OpenSource, ENOENT, "volume " + volume.name,
                              "say where it is: --volume " + volume.name + "=PATH"});
        }
        op.kind = RootOp::Kind::Tmpfs;
        op.text = std::to_string(volume.tmpfs_bytes);
        op.folder = true;
      }
      mounts_[path] = op;
      add_parents(path);
    }
    return Unit{};
  }

  Result<Unit, Refusal> add_closure() {
    for (const table::ClosurePath& entry : table_.closure) {
      const std::string path = relative(entry.path);
      if (path.empty() || within(path, "proc") || within(path, "dev") || within(path, "tmp")) {
        return fail(Refusal{Step::CheckTable, EINVAL, entry.path, "a runtime closure holds absolute, resolved paths"});
      }
      add_parents(path);
      if (!entry.link_target.empty()) {
        links_[path] = entry.link_target;
        continue;
      }
      RootOp op;
      op.kind = RootOp::Kind::Bind;
      op.path = path;
      op.text = entry.path;
      op.folder = entry.folder;
      op.attributes = kClosureAttributes;
      Result<Unit, Refusal> done = check_aliases(op, 0, true);
      if (!done.ok()) return done;
      mounts_.emplace(path, op);
    }
    return Unit{};
  }

  Result<Unit, Refusal> add_files() {
    for (const PlacedFile& file : options_.files) {
      RootOp op;
      op.kind = RootOp::Kind::File;
      op.path = relative(file.path);
      op.text = file.contents;
      op.mode = 0444;
      const bool covered =
          std::any_of(mounts_.begin(), mounts_.end(), [&](const auto& mount) { return within(op.path, mount.first); });
      if (op.path.empty() || covered) {
        return fail(Refusal{Step::FillRoot, EINVAL, file.path, "place the file outside every mount"});
      }
      add_parents(op.path);
      files_.push_back(op);
    }
    return Unit{};
  }

  /// Claims speak of volumes as of different objects. Two mounts may show one object only at one and the same path,
  /// and only where neither is written.
  Result<Unit, Refusal> check_aliases(const RootOp& op, std::uint32_t volume, bool readonly) const {
    for (const Source& other : sources_) {
      if (other.volume == volume && volume != 0) continue;
      if (!within(op.text, other.path) && !within(other.path, op.text)) continue;
      const bool in_place = other.path == other.target && op.text == "/" + op.path;
      if (in_place && readonly && other.readonly) continue;
      return fail(Refusal{Step::CheckAliases, EINVAL, op.text + " and " + other.path, ""});
    }
    return Unit{};
  }

  /// Memory can be mapped executable from any mount that is not marked, whatever Landlock says of executing its files:
  /// so every writable place is marked unless something there may be executed.
  std::uint64_t attributes_of_data(const std::string& path) const {
    const table::Landlock& landlock = table_.landlock;
    if (options_.rules != Rules::Enforced || (landlock.handled_fs & kernel::kLandlockExecute) == 0)
      return kDataAttributes;
    const bool executable =
        std::any_of(landlock.rules.begin(), landlock.rules.end(), [&](const table::LandlockRule& rule) {
          const std::string at = rule.path.substr(1);
          return (rule.access & kernel::kLandlockExecute) != 0 && (at.empty() || within(at, path) || within(path, at));
        });
    return executable ? kDataAttributes : kDataAttributes | MOUNT_ATTR_NOEXEC;
  }

  void add_parents(const std::string& path) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
      folders_.insert(path.substr(0, slash));
    }
  }

  /// The mount that `path` lies below, the innermost one.
  const RootOp* mount_above(const std::string& path) const {
    const RootOp* found = nullptr;
    for (const auto& [target, mount] : mounts_) {
      if (target != path && within(path, target)) found = &mount;
    }
    return found;
  }
  /// Nothing is made in folders of the host; memory of our own is ours to fill.
  bool below_foreign_mount(const std::string& path) const {
    const RootOp* above = mount_above(path);
    return above != nullptr && above->kind != RootOp::Kind::Tmpfs;
  }

  void arrange(Plan& plan) const {
    std::map<std::string, RootOp> later = mounts_;  // "a" sorts before "a/b": parents first
    for (auto& [path, mount] : later) mount.target_exists = below_foreign_mount(path);
    for (const std::string& path : folders_) {
      if (mounts_.count(path) != 0 || below_foreign_mount(path)) continue;
      RootOp op;
      op.path = path;
      if (mount_above(path) != nullptr)
        later.emplace(path, op);
      else
        plan.root.push_back(op);
    }
    plan.root.insert(plan.root.end(), files_.begin(), files_.end());
    for (const auto& [path, op] : later) plan.root.push_back(op);
    for (const auto& [path, target] : links_) {
      if (mount_above(path) != nullptr) continue;  // the mounted folder has its own, as on the host
      RootOp op;
      op.kind = RootOp::Kind::Link;
      op.path = path;
      op.text = target;
      plan.root.push_back(op);
    }
  }

  struct Source {
    std::string path, target;
    std::uint32_t volume = 0;
    bool readonly = false;
  };

  const table::Table& table_;
  const RunOptions& options_;
  std::set<std::string> folders_;
  std::map<std::string, RootOp> mounts_;
  std::map<std::string, std::string> links_;
  std::vector<RootOp> files_;
  std::vector<Source> sources_;
};

}  // namespace

Result<Unit, Refusal> plan_root(const table::Table& table, const RunOptions& options, Plan& plan) {
  return RootPlanner(table, options).make(plan);
}

Result<std::vector<Descriptor>, Refusal> open_sources(Plan& plan) {
  std::vector<Descriptor> sources;
  struct open_how how {};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  for (RootOp& op : plan.root) {
    if (op.kind != RootOp::Kind::Bind) continue;
    Descriptor source(::syscall(SYS_openat2, AT_FDCWD, op.text.c_str(), &how, sizeof how));
    struct stat found {};
    if (!source.valid() || ::fstat(source.get(), &found) != 0 || plan.fault == Step::OpenSource) {
      const int error = plan.fault == Step::OpenSource ? EIO : errno;
      return fail(Refusal{Step::OpenSource, error, op.text,
                          error == ELOOP ? "a symbolic link is on the way: name the resolved path" : ""});
    }
    op.folder = S_ISDIR(found.st_mode);
    op.device = found.st_dev;
    op.inode = found.st_ino;
    sources.push_back(std::move(source));
  }
  return sources;
}

Result<std::vector<Descriptor>, Refusal> map_sources(Plan& plan, int mapping) {
  std::vector<Descriptor> trees;
  for (RootOp& op : plan.root) {
    if (op.kind != RootOp::Kind::Bind || !op.from_supervisor) continue;
    Descriptor tree(
        kernel::open_tree(AT_FDCWD, op.text.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW));
    if (!tree.valid()) return fail(Refusal{Step::CloneSource, errno, op.text, ""});
    const bool failed = kernel::set_mount_attributes(tree.get(), op.attributes | MOUNT_ATTR_IDMAP,
                                                     static_cast<std::uint64_t>(mapping)) != 0;
    if (failed || plan.fault == Step::MapSource) {
      return fail(Refusal{Step::MapSource, failed ? errno : EIO, op.text, ""});
    }
    op.tree = tree.get();
    trees.push_back(std::move(tree));
  }
  return trees;
}

}  // namespace bulkhead::sandbox
