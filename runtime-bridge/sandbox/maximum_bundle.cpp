#include "runtime-bridge/sandbox/maximum_bundle.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "lang/base/file.h"
#include "runtime-bridge/audit/json_line.h"
#include "runtime-bridge/sandbox/environment.h"
#include "runtime-bridge/sandbox/identity.h"
#include "runtime-bridge/sandbox/kernel.h"
#include "runtime-bridge/sandbox/maximum_config.h"
#include "runtime-bridge/sandbox/root_plan.h"

namespace bulkhead::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kExecute = 1, kWriteFile = 2, kReadFile = 4;
constexpr std::size_t kMaxInitBytes = 64 << 20;

bool within(const std::string& path, const std::string& folder) {
  return folder == "/" || path == folder ||
         (path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 && path[folder.size()] == '/');
}

/// What the rules grant on all of `path`.
std::uint64_t granted(const table::Table& table, const std::string& path) {
  std::uint64_t access = 0;
  for (const table::LandlockRule& rule : table.landlock.rules) {
    if (within(path, rule.path)) access |= rule.access;
  }
  return access;
}

bool is_folder(const std::string& path) {
  struct stat now {};
  return stat(path.c_str(), &now) == 0 && S_ISDIR(now.st_mode);
}

Result<Unit, Refusal> add(BundlePlan& plan, const RootOp& op, const std::string& below, std::uint64_t access) {
  BundleMount mount;
  mount.target = "/" + op.path + below;
  mount.writable = (access & kWriteFile) != 0 && (op.attributes & MOUNT_ATTR_RDONLY) == 0;
  mount.executable = (access & kExecute) != 0;
  if (mount.writable && (access & kReadFile) == 0) {
    return fail(Refusal{Step::MakeBundle, EOPNOTSUPP, mount.target,
                        "grant reading where writing is granted, or use level enhanced: a mount cannot be write-only"});
  }
  if (op.kind == RootOp::Kind::Tmpfs) {
    mount.bytes = std::stoull(op.text);
    mount.folder = true;
  } else {
    mount.source = op.text + below;
    mount.folder = is_folder(mount.source);
  }
  plan.mounts.push_back(std::move(mount));
  return Unit{};
}

/// The parts of one mount of the policy that the rules grant.
Result<Unit, Refusal> cut(const table::Table& table, const RootOp& op, BundlePlan& plan) {
  const std::string target = "/" + op.path;
  const std::uint64_t whole = granted(table, target);
  if ((whole & (kReadFile | kWriteFile | kExecute)) != 0 || op.kind == RootOp::Kind::Tmpfs) {
    Result<Unit, Refusal> added = add(plan, op, "", whole);
    if (!added.ok()) return added;
  }
  if (op.kind == RootOp::Kind::Tmpfs) return Unit{};  // empty at first: a grant below it has nothing to show
  for (const table::LandlockRule& rule : table.landlock.rules) {
    if (rule.path == target || !within(rule.path, target)) continue;
    const std::uint64_t access = granted(table, rule.path);
    const std::string below = rule.path.substr(target == "/" ? 0 : target.size());
    struct stat now {};
    // Links are not followed: a rule on one grants nothing on what it leads to.
    if (lstat((op.text + below).c_str(), &now) != 0 || !(S_ISREG(now.st_mode) || S_ISDIR(now.st_mode))) continue;
    const bool more = (access & ~whole) != 0 && (access & (kReadFile | kWriteFile | kExecute)) != 0;
    const bool known = std::any_of(plan.mounts.begin(), plan.mounts.end(),
                                   [&](const BundleMount& mount) { return mount.target == rule.path; });
    if (!more || known) continue;
    Result<Unit, Refusal> added = add(plan, op, below, access);
    if (!added.ok()) return added;
  }
  return Unit{};
}

/// A folder without a lock file is about to get one.
void sweep(const std::string& state) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(state, ignored)) {
    if (entry.path().filename().string().rfind("maximum-", 0) != 0) continue;
    const Descriptor lock(open((entry.path() / "lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (lock.valid() && flock(lock.get(), LOCK_EX | LOCK_NB) == 0) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

Result<BundlePlan, Refusal> plan_bundle(const table::Table& table, const RunOptions& options) {
  Plan root;
  Result<Unit, Refusal> planned = plan_root(table, options, root);
  if (!planned.ok()) return fail(planned.error());
  BundlePlan plan;
  for (const RootOp& op : root.root) {
    switch (op.kind) {
      case RootOp::Kind::Bind:
      case RootOp::Kind::Tmpfs: {
        if (within("/" + op.path, "/dev")) break;  // gVisor brings its own devices
        Result<Unit, Refusal> done = cut(table, op, plan);
        if (!done.ok()) return fail(done.error());
        break;
      }
      case RootOp::Kind::Link:
        if (!within("/" + op.path, "/dev")) plan.links.emplace_back("/" + op.path, op.text);
        break;
      case RootOp::Kind::File:
        plan.files.push_back({"/" + op.path, op.text});
        break;
      case RootOp::Kind::Folder:
      case RootOp::Kind::Proc:
        break;
    }
  }
  std::sort(plan.mounts.begin(), plan.mounts.end(), [](const auto& a, const auto& b) { return a.target < b.target; });
  plan.working_folder = options.working_folder;
  if (geteuid() == 0) plan.user = table.user, plan.group = table.group;
  plan.environment = make_environment(table.environment);
  const std::vector<std::string> candidates = program_candidates(options.command[0], options.working_folder);
  plan.arguments = {"/.bulkhead-init", std::to_string(candidates.size())};
  plan.arguments.insert(plan.arguments.end(), candidates.begin(), candidates.end());
  plan.arguments.insert(plan.arguments.end(), options.command.begin(), options.command.end());
  return plan;
}

std::string host_path(const BundlePlan& plan, const std::string& path) {
  std::string best;
  for (const BundleMount& mount : plan.mounts) {  // in order, so the deepest comes last
    if (within(path, mount.target)) best = mount.source.empty() ? "" : mount.source + path.substr(mount.target.size());
  }
  return best;
}

std::string inside_path(const BundlePlan& plan, const std::string& host) {
  for (auto mount = plan.mounts.rbegin(); mount != plan.mounts.rend(); ++mount) {
    if (!mount->source.empty() && within(host, mount->source)) return mount->target + host.substr(mount->source.size());
  }
  return "";
}

std::string through_links(const BundlePlan& plan, const std::string& path) {
  std::string out = path;
  for (std::size_t round = 0; round < 8; ++round) {
    const auto link =
        std::find_if(plan.links.begin(), plan.links.end(), [&](const auto& each) { return within(out, each.first); });
    if (link == plan.links.end()) return out;
    const std::string folder = link->first.substr(0, link->first.rfind('/'));
    const std::string target = link->second.front() == '/' ? link->second : folder + "/" + link->second;
    out = target + out.substr(link->first.size());
  }
  return out;
}

Result<Bundle, Refusal> Bundle::create(const std::string& run_id) {
  const std::string state = state_folder();
  if (!open_state_folder().valid()) return fail(Refusal{Step::MakeBundle, errno, state, ""});
  const std::string path = state + "/maximum-" + run_id;
  sweep(state);
  if (mkdir(path.c_str(), 0700) != 0) return fail(Refusal{Step::MakeBundle, errno, path, ""});
  Descriptor lock(open((path + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.valid() || flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return fail(Refusal{Step::MakeBundle, errno, path, ""});
  return Bundle(path, std::move(lock));
}

Bundle::~Bundle() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

Result<Unit, Refusal> Bundle::write(const table::Table& table, const BundlePlan& plan, const std::string& init) const {
  const std::string root = file("rootfs");
  std::error_code error;
  const auto make_parents = [&](const std::string& path) {
    fs::create_directories(fs::path(root + path).parent_path(), error);
    return !error;
  };
  const auto write = [&](const std::string& path, const std::string& bytes, unsigned mode) {
    if (const Status written = write_file(root + path, bytes, mode); !written)
      error = std::error_code(written.error().error, std::generic_category());
  };
  for (const char* folder : {"/proc", "/dev", "/sys", "/tmp"}) fs::create_directories(root + folder, error);
  for (const BundleMount& mount : plan.mounts) {
    if (!make_parents(mount.target)) break;
    // Mount points below another mount are there already, or cannot be made.
    if (mount.folder)
      fs::create_directories(root + mount.target, error);
    else
      write(mount.target, "", 0644);
    if (error) break;
  }
  for (const PlacedFile& placed : plan.files) {
    if (error || !make_parents(placed.path)) break;
    write(placed.path, placed.contents, 0444);
  }
  for (const auto& [path, target] : plan.links) {
    if (error || !make_parents(path)) break;
    fs::create_symlink(target, root + path, error);
  }
  if (!error) fs::create_directories(root + plan.working_folder, error);
  const Result<std::string> bytes_of_init = read_file(init, kMaxInitBytes);
  if (!bytes_of_init.ok()) return fail(Refusal{Step::MakeBundle, bytes_of_init.error().error, init, ""});
  if (!error) write("/.bulkhead-init", *bytes_of_init, 0755);
  if (error) return fail(Refusal{Step::MakeBundle, error.value(), root, ""});
  fs::permissions(root, fs::perms(0755), error);
  const Result<std::string, Refusal> config = oci_config(table, plan, root);
  if (!config.ok()) return fail(config.error());
  for (const auto& [name, bytes] : {std::pair{std::string("config.json"), *config},
                                    std::pair{std::string("session.json"), sink_config(file("sink"))}}) {
    const Status written = write_file(file(name), bytes, 0600);
    if (!written) return fail(Refusal{Step::MakeBundle, written.error().error, file(name), ""});
  }
  return Unit{};
}

}  // namespace bulkhead::sandbox
