#include "runtime-bridge/decode/landlock/landlock.h"

#include "checker/universe/path_algebra.h"
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "runtime-bridge/table/devices.h"
#include "runtime-bridge/table/landlock_access.h"

namespace bulkhead::decode::landlock {
namespace {

using universe::Nfa;
using universe::PathPattern;
namespace access = table::landlock;

bool above(std::string_view outer, std::string_view path) {
  if (outer == "/") return true;
  return path.substr(0, outer.size()) == outer && (path.size() == outer.size() || path[outer.size()] == '/');
}

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

/// The paths of mount `index` on which some right of `wanted` is granted.
std::vector<PathPattern> enforced(const table::Landlock& rules, std::uint64_t wanted,
                                  const std::vector<Mounted>& mounts, std::size_t index) {
  if ((wanted & ~rules.handled_fs) != 0) return {{"/**", {}}};
  std::vector<PathPattern> out;
  const auto& target = mounts[index].target;
  for (const auto& rule : rules.rules) {
    if ((rule.access & wanted) == 0) continue;
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

struct Question {
  ir::Right right;
  std::uint64_t wanted;
};
constexpr Question kQuestions[] = {{ir::Right::Read, access::kOfRead},
                                   {ir::Right::Write, access::kOfWrite | access::kMakeChar | access::kMakeBlock},
                                   {ir::Right::Rename, access::kOfMove},
                                   {ir::Right::Link, access::kOfMove},
                                   {ir::Right::Execute, access::kOfExecute}};

std::string seen_at(const Mounted& mount, const std::string& path) {
  if (path == "/") return mount.target;
  return mount.target == "/" ? path : mount.target + path;
}

class Comparer {
 public:
  Comparer(const table::Landlock& rules, const ir::World& world, ir::SubjectId container)
      : rules_(rules), world_(world), container_(container), mounts_(mounts_of(world.at(container))) {}

  Comparison run() {
    for (const auto& question : kQuestions) {
      for (std::size_t i = 0; i < mounts_.size(); ++i) compare(question, i);
    }
    compare_devices();
    out_.assumptions = {"a rule for one file is left out where a folder stands at its path",
                        "mounts are as declared and read-only ones refuse writing; both are read back",
                        "attributes (chmod, chown, times) and moves inside one folder are not seen by Landlock"};
    return std::move(out_);
  }

 private:
  void compare(const Question& question, std::size_t index) {
    const auto& mount = mounts_[index];
    const bool changes =
        question.right == ir::Right::Write || question.right == ir::Right::Rename || question.right == ir::Right::Link;
    auto enforced_paths = enforced(rules_, needed(question), mounts_, index);
    if (mount.readonly && changes) enforced_paths.clear();
    const auto policy = policy_of(world_, container_, question.right, mount.volume);
    const auto enforced_set = Nfa::build(enforced_paths);
    const auto permits = Nfa::build(policy.permits);
    const auto forbids = Nfa::build(policy.forbids);
    // What another mount hides is not seen, so it counts as enforced for the question of narrowness only.
    for (const auto& other : mounts_) {
      if (other.target == mount.target || !above(mount.target, other.target)) continue;
      enforced_paths.push_back({subtree(other.target.substr(mount.target == "/" ? 0 : mount.target.size())), {}});
    }
    const auto seen = Nfa::build(enforced_paths);
    if (!enforced_set.ok() || !permits.ok() || !forbids.ok() || !seen.ok()) {
      out_.undecided.emplace_back(std::string(ir::to_string(question.right)) + " below " + mount.target +
                                  ": a pattern is out of bounds");
      return;
    }
    note_wider(question, mount, universe::difference_witness(*enforced_set, *permits));
    note_wider(question, mount, universe::intersection_witness(*enforced_set, *forbids));
    note_narrower(question, mount, *permits, *forbids, *seen);
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

Comparison compare(const table::Landlock& rules, const ir::World& world, ir::SubjectId container) {
  return Comparer(rules, world, container).run();
}

}  // namespace bulkhead::decode::landlock
