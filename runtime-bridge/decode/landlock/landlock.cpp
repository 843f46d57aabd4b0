#include "runtime-bridge/decode/landlock/landlock.h"

#include "checker/universe/net_cells.h"
#include "checker/universe/path_algebra.h"
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "lang/ir/net_range.h"
#include "runtime-bridge/table/devices.h"

namespace bulkhead::decode::landlock {
namespace {

using universe::Nfa;
using universe::PathPattern;
namespace access = table::landlock;

bool above(std::string_view outer, std::string_view path) {
  if (outer == "/") return true;
  return path.substr(0, outer.size()) == outer && (path.size() == outer.size() || path[outer.size()] == '/');
}

constexpr std::uint64_t kNetWork = 50'000'000;

std::string subtree(const std::string& path) {
  return path == "/" ? "/**" : ir::escape_glob(path) + "/**";
}

struct Mounted {
  std::string target;
  ir::VolumeId volume;
  bool readonly = false;
};

std::vector<Mounted> mounts_of(const ir::Subject& container) {
  std::vector<Mounted> out{{"/", ir::kOwnRoot, container.rootfs_readonly}};
  for (const auto& mount : container.mounts) out.push_back({mount.target, mount.volume, mount.readonly});
  return out;
}

/// Index of the mount that a path of the view lies in: the last of the longest targets.
std::size_t mount_of(const std::vector<Mounted>& mounts, std::string_view path) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < mounts.size(); ++i) {
    if (above(mounts[i].target, path) && mounts[i].target.size() >= mounts[best].target.size()) best = i;
  }
  return best;
}

/// The paths of mount `index` of the rules that `grants` says grant something.
template <typename Grants>
std::vector<PathPattern> enforced(const table::Landlock& rules, const std::vector<Mounted>& mounts, std::size_t index,
                                  Grants grants) {
  std::vector<PathPattern> out;
  const auto& target = mounts[index].target;
  for (const auto& rule : rules.rules) {
    if (!grants(rule)) continue;
    if (above(rule.path, target) && (!rule.file_only || rule.path == target)) {
      const bool only_root = rule.file_only;
      out.push_back({only_root ? "/" : "/**", {}});
    } else if (above(target, rule.path) && mount_of(mounts, rule.path) == index) {
      const auto inside = rule.path.substr(target == "/" ? 0 : target.size());
      out.push_back({rule.file_only ? ir::escape_glob(inside) : subtree(inside), {}});
    }
  }
  return out;
}

/// The policy's own words on one right and volume. For every context: only unconditional permits count, and every
/// forbid.
struct Policy {
  std::vector<PathPattern> permits;
  std::vector<PathPattern> forbids;
};
Policy policy_of(const ir::World& world, ir::SubjectId container, ir::Right right, ir::VolumeId volume) {
  Policy out;
  for (const auto& rule : world.rules) {
    const bool concerned =
        rule.plane == ir::Plane::File && rule.rights.has(right) && (!rule.subject || *rule.subject == container);
    if (!concerned || (rule.effect == ir::Effect::Permit && rule.when)) continue;
    auto& to = rule.effect == ir::Effect::Permit ? out.permits : out.forbids;
    if (rule.objects.everything) to.push_back({"/**", {}});
    for (const auto& pattern : rule.objects.files) {
      if (pattern.volume == volume) to.push_back({pattern.glob, pattern.prefix});
    }
  }
  return out;
}

/// Making devices is writing that no policy grants.
constexpr std::uint64_t kNeverGranted = access::kMakeChar | access::kMakeBlock;

struct Question {
  ir::Right right;
  std::uint64_t wanted;
};
constexpr Question kQuestions[] = {{ir::Right::Read, access::kOfRead},
                                   {ir::Right::Write, access::kOfWrite | kNeverGranted},
                                   {ir::Right::Rename, access::kOfMove},
                                   {ir::Right::Link, access::kOfMove},
                                   {ir::Right::Execute, access::kOfExecute}};

std::string seen_at(const Mounted& mount, const std::string& path) {
  if (path == "/") return mount.target;
  return mount.target == "/" ? path : mount.target + path;
}

class Comparer {
 public:
  Comparer(const table::Landlock& rules, const ir::World& world, ir::SubjectId container, unsigned abi,
           const std::vector<std::string>& started)
      : rules_(rules),
        world_(world),
        container_(container),
        abi_(abi),
        started_(started),
        mounts_(mounts_of(world.at(container))) {}

  Comparison run() {
    out_.assumptions = {"a rule for one file is left out where a folder stands at its path",
                        "mounts are as declared and read-only ones refuse writing; both are read back",
                        "attributes (chmod, chown, times) and moves inside one folder are not seen by Landlock"};
    for (const auto& question : kQuestions) {
      for (std::size_t i = 0; i < mounts_.size(); ++i) compare(question, i);
    }
    compare_devices();
    compare_handled();
    compare_ports();
    return std::move(out_);
  }

 private:
  void compare(const Question& question, std::size_t index) {
    const auto& mount = mounts_[index];
    const bool changes =
        question.right == ir::Right::Write || question.right == ir::Right::Rename || question.right == ir::Right::Link;
    // Wider is what has some of the rights, narrower what lacks some of them.
    const std::uint64_t wanted = needed(question);
    auto some = enforced(rules_, mounts_, index, [&](const auto& rule) { return (rule.access & wanted) != 0; });
    auto seen_paths = enforced(rules_, mounts_, index, [&](const auto& rule) {
      const std::uint64_t all =
          wanted & rules_.handled_fs & ~kNeverGranted & (rule.file_only ? access::kOnFiles : ~0ull);
      return all != 0 && (rule.access & all) == all;
    });
    if ((wanted & ~rules_.handled_fs) != 0) some = {{"/**", {}}};
    if (mount.readonly && changes) some.clear(), seen_paths.clear();
    const auto policy = policy_of(world_, container_, question.right, mount.volume);
    auto permitted = policy.permits;
    if (question.right == ir::Right::Execute) add_started(index, permitted);
    const auto enforced_set = Nfa::build(some);
    const auto permits = Nfa::build(permitted);
    const auto forbids = Nfa::build(policy.forbids);
    // What another mount hides is not seen, so it counts as enforced for the question of narrowness only.
    for (const auto& other : mounts_) {
      if (other.target == mount.target || !above(mount.target, other.target)) continue;
      seen_paths.push_back({subtree(other.target.substr(mount.target == "/" ? 0 : mount.target.size())), {}});
    }
    const auto seen = Nfa::build(seen_paths);
    if (!enforced_set.ok() || !permits.ok() || !forbids.ok() || !seen.ok()) {
      out_.undecided.emplace_back(std::string(ir::to_string(question.right)) + " below " + mount.target +
                                  ": a pattern is out of bounds");
      return;
    }
    note_wider(question, mount, universe::difference_witness(*enforced_set, *permits));
    note_wider(question, mount, universe::intersection_witness(*enforced_set, *forbids));
    note_narrower(question, mount, *permits, *forbids, *seen);
  }

  void add_started(std::size_t index, std::vector<PathPattern>& permitted) const {
    const auto& target = mounts_[index].target;
    for (const std::string& path : started_) {
      if (mount_of(mounts_, path) != index) continue;
      std::string inside = path.substr(target == "/" ? 0 : target.size());
      if (inside.empty()) inside = "/";
      // The kernel executes nothing that may not be read, so there is nothing to let through.
      const ir::Request read{container_, ir::Right::Read, ir::FileObject{mounts_[index].volume, inside}, {}};
      if (ir::decide(world_, read).allowed) permitted.push_back({ir::escape_glob(inside), {}});
    }
  }

  /// Devices can be written on a read-only root too, so what the rules grant there is held against the policy one by
  /// one.
  void compare_devices() {
    for (const char* path : table::kDevices) {
      const bool writable =
          (rules_.handled_fs & access::kWriteFile) == 0 || (rights_on(rules_, path) & access::kWriteFile) != 0;
      const ir::Request request{container_, ir::Right::Write, ir::FileObject{ir::kOwnRoot, path}, {}};
      if (mount_of(mounts_, path) == 0 && writable && !ir::decide(world_, request).allowed)
        out_.wider.push_back({"write", path});
    }
  }

  void compare_handled() {
    const auto handled = [&](const char* what, std::uint64_t enforced, std::uint64_t expected) {
      if (enforced != expected) out_.wider.push_back({what, std::to_string(enforced)});
    };
    handled("handled rights on files", rules_.handled_fs, access::handled_fs(abi_));
    handled("handled rights on ports", rules_.handled_net, access::handled_net(abi_));
    handled("scopes", rules_.scoped, access::handled_scopes(abi_));
    // What an older version leaves to namespaces is kept only by the container's own.
    const auto own = [&](ir::NamespaceKind kind) {
      const ir::NamespaceSetting& setting = world_.at(container_).namespaces.at(static_cast<std::size_t>(kind));
      return setting.mode == ir::NamespaceSetting::Mode::Private;
    };
    const bool no_net = access::handled_net(abi_) == 0, no_scopes = access::handled_scopes(abi_) == 0;
    if ((no_net || no_scopes) && !own(ir::NamespaceKind::Net))
      out_.wider.push_back({"connections and abstract sockets", "a network namespace that is not its own"});
    if (no_scopes && !own(ir::NamespaceKind::Pid))
      out_.wider.push_back({"signals", "a pid namespace that is not its own"});
    if (access::handled_net(abi_) == 0) out_.assumptions.emplace_back("the network namespace keeps TCP, not Landlock");
    if (access::handled_scopes(abi_) == 0)
      out_.assumptions.emplace_back("the pid and network namespaces keep signals and abstract sockets, not Landlock");
    for (const auto& rule : rules_.rules) {
      // Device control and making devices are no rights of the policy; the kernel takes no empty rule, no right that it
      // does not handle, and none of a folder for a file.
      const std::uint64_t never = access::kIoctlDev | kNeverGranted | ~rules_.handled_fs;
      const std::uint64_t of_folders = rule.file_only ? ~access::kOnFiles : 0;
      if (rule.access == 0 || (rule.access & (never | of_folders)) != 0)
        out_.wider.push_back({"a right that no sentence grants", rule.path});
    }
  }

  /// A port is granted for every address.
  void compare_ports() {
    for (const auto& port : rules_.ports) {
      if (port.access == 0 || (port.access & ~rules_.handled_net) != 0)
        out_.wider.push_back({"a right that no sentence grants", "port " + std::to_string(port.port)});
      if ((port.access & access::kConnectTcp) != 0) compare_port(port.port, ir::Right::Connect);
      if ((port.access & access::kBindTcp) != 0) compare_port(port.port, ir::Right::Bind);
    }
  }
  void compare_port(std::uint16_t port, ir::Right right) {
    std::vector<std::vector<ir::NetPattern>> sets(3);
    for (const char* all : {"0.0.0.0/0", "::/0"}) {
      sets[0].push_back(ir::parse_net_range(all).value());
      sets[0].back().first_port = sets[0].back().last_port = port;
      sets[0].back().protos = 1u << static_cast<unsigned>(ir::Proto::Tcp);
    }
    for (const auto& rule : world_.rules) {
      const bool concerned =
          rule.plane == ir::Plane::Net && rule.rights.has(right) && (!rule.subject || *rule.subject == container_);
      if (!concerned || (rule.effect == ir::Effect::Permit && rule.when)) continue;
      auto& to = sets[rule.effect == ir::Effect::Permit ? 1 : 2];
      to.insert(to.end(), rule.objects.nets.begin(), rule.objects.nets.end());
      if (rule.objects.everything) to.insert(to.end(), sets[0].begin(), sets[0].end());
    }
    const auto end = universe::visit_net_cells(sets, {}, kNetWork, [&](const universe::NetCell& cell) {
      if (!cell.members[0] || (cell.members[1] && !cell.members[2])) return universe::Visit::Continue;
      out_.wider.push_back({std::string(ir::to_string(right)),
                            ir::to_string(cell.witness.address) + " port " + std::to_string(port) + " tcp"});
      return universe::Visit::Stop;
    });
    if (end == universe::CellsEnd::Exhausted) out_.undecided.emplace_back("too many network patterns");
  }

  /// On kernels without REFER moving is always refused, so nothing unhandled is free there.
  std::uint64_t needed(const Question& question) const {
    return question.wanted == access::kOfMove ? question.wanted & rules_.handled_fs : question.wanted;
  }

  void note_wider(const Question& question, const Mounted& mount, const universe::PathAnswer& answer) {
    if (const auto* path = std::get_if<universe::SomePath>(&answer)) {
      out_.wider.push_back({std::string(ir::to_string(question.right)), seen_at(mount, path->path)});
    } else if (const auto* open = std::get_if<universe::Undecided>(&answer)) {
      out_.undecided.push_back(std::string(ir::to_string(question.right)) + " below " + mount.target + ": " +
                               open->reason);
    }
  }

  void note_narrower(const Question& question, const Mounted& mount, const Nfa& permits, const Nfa& forbids,
                     const Nfa& seen) {
    using universe::Truth;
    const auto condition = [](std::span<const Truth> in) {
      if (in[0] == Truth::False || in[1] == Truth::True || in[2] == Truth::True) return Truth::False;
      const bool known = in[0] == Truth::True && in[1] == Truth::False && in[2] == Truth::False;
      return known ? Truth::True : Truth::Unknown;
    };
    const universe::UsedLanguage languages[] = {
        {&permits, universe::Use::Positive}, {&forbids, universe::Use::Negative}, {&seen, universe::Use::Negative}};
    const auto answer = universe::find_path(languages, {condition, condition});
    if (const auto* path = std::get_if<universe::SomePath>(&answer)) {
      out_.narrower.push_back({std::string(ir::to_string(question.right)), seen_at(mount, path->path)});
    }
  }

  const table::Landlock& rules_;
  const ir::World& world_;
  ir::SubjectId container_;
  unsigned abi_;
  const std::vector<std::string>& started_;
  std::vector<Mounted> mounts_;
  Comparison out_;
};

}  // namespace

std::uint64_t rights_on(const table::Landlock& rules, std::string_view path) {
  std::uint64_t rights = ~rules.handled_fs & access::handled_fs(access::kNewestAbi);
  for (const auto& rule : rules.rules) {
    if (rule.file_only ? rule.path == path : above(rule.path, path)) rights |= rule.access;
  }
  return rights;
}

Place place_of(const ir::Subject& container, std::string_view path) {
  const auto mounts = mounts_of(container);
  const auto& mount = mounts[mount_of(mounts, path)];
  const auto inside = path.substr(mount.target == "/" ? 0 : mount.target.size());
  return {mount.volume, inside.empty() ? "/" : std::string(inside)};
}

std::uint64_t access_of(ir::Rights rights) {
  std::uint64_t access = 0;
  for (const auto& question : kQuestions) {
    if (rights.has(question.right)) access |= question.wanted;
  }
  return access;
}

Comparison compare(const table::Landlock& rules, const ir::World& world, ir::SubjectId container, unsigned abi,
                   const std::vector<std::string>& started) {
  return Comparer(rules, world, container, abi, started).run();
}

}  // namespace bulkhead::decode::landlock
