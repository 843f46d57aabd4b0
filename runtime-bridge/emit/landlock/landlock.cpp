#include "runtime-bridge/emit/landlock/landlock.h"

#include <algorithm>
#include <map>

#include "lang/ir/eval.h"
#include "runtime-bridge/emit/landlock/grants.h"
#include "runtime-bridge/emit/landlock/view.h"
#include "runtime-bridge/table/devices.h"

namespace bulkhead::emit::landlock {
namespace {

namespace access = table::landlock;

/// The rights that one group of Landlock's rights needs: all of them.
struct Group {
  const char* name;
  std::uint64_t access;
  std::vector<ir::Right> rights;
  bool must_be_exact;  // at level standard
};
const std::vector<Group>& groups() {
  static const std::vector<Group> kGroups{
      {"read", access::kOfRead, {ir::Right::Read}, true},
      {"write", access::kOfWrite, {ir::Right::Write}, true},
      {"execute", access::kOfExecute, {ir::Right::Execute}, true},
      {"move to another folder", access::kOfMove, {ir::Right::Rename, ir::Right::Link}, false}};
  return kGroups;
}

class Emitter {
 public:
  Emitter(const ir::World& world, ir::SubjectId container, unsigned abi, const std::vector<std::string>& started)
      : world_(world), container_(container), started_(started), places_(places_of(world.at(container))) {
    out_.rules.handled_fs = access::handled_fs(abi);
    out_.rules.handled_net = access::handled_net(abi);
    out_.rules.scoped = access::handled_scopes(abi);
  }

  Result<Emission, EmitError> run() {
    for (const auto& group : groups()) {
      if (auto error = emit_group(group)) return fail(*error);
      if (auto error = refuse_unhandled(group)) return fail(*error);
    }
    add_devices();
    for (const std::string& path : started_) add_started(path);
    for (auto& [path, rule] : rules_) out_.rules.rules.push_back(std::move(rule));
    return std::move(out_);
  }

 private:
  /// The grants of each right of the group on the volume of a place.
  Result<std::vector<Grants>, EmitError> grants(const Group& group, ir::VolumeId volume) const {
    std::vector<Grants> all;
    for (const auto right : group.rights) {
      auto each = grants_of(world_, container_, right, volume);
      if (!each.ok()) return fail(each.error());
      all.push_back(std::move(each).value());
    }
    return all;
  }
  static bool all_hold(const std::vector<Grants>& grants, const Candidate& candidate) {
    return std::all_of(grants.begin(), grants.end(),
                       [&](const auto& each) { return holds(each, candidate) == Answer::Yes; });
  }

  std::optional<EmitError> emit_group(const Group& group) {
    for (const auto& place : places_) {
      auto found = grants(group, place.volume);
      if (!found.ok()) return found.error();
      const auto& all = found.value();
      std::vector<std::string> covered = shadowed(place);
      for (const auto& candidate : candidates_of(all.front())) {
        if (is_shadowed(place, candidate.path) || !all_hold(all, candidate)) continue;
        if (!candidate.file_only && !reaches_only_granted(group, place, candidate.path)) continue;
        if (!granted_beyond_one(candidate, covered)) continue;
        add(join(place.target, candidate.path), group.access, candidate);
        covered.push_back(glob_of(candidate));
      }
      if (auto error = note_gap(group, place, all, covered)) return error;
    }
    return std::nullopt;
  }

  /// Writing to a device. A read-only root forbids writing to all of itself but them, which the automata of `grants`
  /// read as all of itself, so the reference semantics is asked about each.
  void add_devices() {
    for (const char* path : table::kDevices) {
      const ir::Request request{container_, ir::Right::Write, ir::FileObject{ir::kOwnRoot, path}, {}};
      const ir::Decision decision = ir::decide(world_, request);
      if (!decision.allowed || decision.permits.empty()) continue;
      add(path, access::kWriteFile, {path, true, world_.at(decision.permits.front()).sentence});
    }
  }

  /// The program's start is the runtime's own act. What the policy forbids does not start; what may not be read cannot.
  void add_started(const std::string& path) {
    const Place* place = &places_.front();
    for (const Place& other : places_) {
      if (covers(other.target, path) && other.target.size() >= place->target.size()) place = &other;
    }
    const std::string inside = path.substr(place->target == "/" ? 0 : place->target.size());
    const ir::FileObject object{place->volume, inside.empty() ? "/" : inside};
    const ir::Decision reads = ir::decide(world_, {container_, ir::Right::Read, object, {}});
    const ir::Decision executes = ir::decide(world_, {container_, ir::Right::Execute, object, {}});
    if (executes.allowed || !executes.forbids.empty() || !reads.allowed || reads.permits.empty()) return;
    add(path, access::kOfExecute, {path, true, world_.at(reads.permits.front()).sentence});
    out_.gaps.push_back({"execute", path,
                         "Landlock cannot tell the program's start from what the program executes later",
                         "the listener lets one exec pass and decides every later one", Gap::Side::GrantsMore});
  }

  /// Whether the candidate adds anything to what is covered already.
  static bool granted_beyond_one(const Candidate& candidate, const std::vector<std::string>& covered) {
    return std::find(covered.begin(), covered.end(), glob_of({candidate.path, false, {}})) == covered.end();
  }

  /// Parts of this volume that nobody sees, because another mount stands on them.
  std::vector<std::string> shadowed(const Place& place) const {
    std::vector<std::string> globs;
    for (const auto& other : places_) {
      if (other.target == place.target || !covers(place.target, other.target)) continue;
      const auto inside = other.target.substr(place.target == "/" ? 0 : place.target.size());
      globs.push_back(glob_of({inside, false, {}}));
    }
    return globs;
  }
  bool is_shadowed(const Place& place, const std::string& path) const {
    const auto seen_at = join(place.target, path);
    return std::any_of(places_.begin(), places_.end(), [&](const Place& other) {
      return other.target.size() > place.target.size() && covers(other.target, seen_at) &&
             covers(place.target, other.target);
    });
  }
  /// A rule reaches through the mounts below it: they must be granted as a whole too.
  bool reaches_only_granted(const Group& group, const Place& place, const std::string& path) const {
    const auto root = join(place.target, path);
    for (const auto& other : places_) {
      if (other.target == place.target || !covers(root, other.target)) continue;
      const auto below = grants(group, other.volume);
      if (!below.ok() || !all_hold(below.value(), {"/", false, {}})) return false;
    }
    return true;
  }

  void add(const std::string& path, std::uint64_t wanted, const Candidate& candidate) {
    const auto allowed = (candidate.file_only ? wanted & access::kOnFiles : wanted) & out_.rules.handled_fs;
    if (allowed == 0) return;
    // One path may have a rule for the file alone and one for all below it: they carry different rights.
    auto& rule = rules_[{path, candidate.file_only}];
    rule.path = path;
    rule.access |= allowed;
    rule.file_only = candidate.file_only;
    if (rule.sentence == table::kNone && candidate.sentence.valid()) {
      rule.sentence = static_cast<std::uint32_t>(candidate.sentence.index());
    }
  }

  std::optional<EmitError> note_gap(const Group& group, const Place& place, const std::vector<Grants>& all,
                                    const std::vector<std::string>& covered) {
    const bool standard = world_.at(container_).level == ir::Level::Standard;
    for (const auto& grants : all) {
      const auto witness = granted_beyond(grants, covered);
      if (!witness && !grants.conditional) continue;
      Gap gap{group.name, witness ? join(place.target, *witness) : place.target, {}, {}};
      gap.reason = witness ? "Landlock knows whole subtrees and single files only" : "Landlock sees no conditions";
      if (standard && group.must_be_exact) {
        return EmitError{"`" + std::string(group.name) + "` of `" + gap.witness +
                             "` is allowed and cannot be granted: " + gap.reason +
                             "; name folders (`dir/**`) and single files, or use level enhanced",
                         grants.conditional ? *grants.conditional : first_sentence(grants)};
      }
      gap.compensated_by =
          standard ? "none needed: the program copies instead of moving" : "the listener opens and acts for it";
      out_.gaps.push_back(std::move(gap));
      return std::nullopt;
    }
    return std::nullopt;
  }
  static ir::SentenceId first_sentence(const Grants& grants) {
    return grants.sentences.empty() ? ir::SentenceId{} : grants.sentences.front();
  }

  /// A right that this ABI cannot handle is free everywhere; only a read-only mount or a whole grant makes that no
  /// matter.
  std::optional<EmitError> refuse_unhandled(const Group& group) {
    auto missing = group.access & ~out_.rules.handled_fs;
    if (group.access == access::kOfMove) missing = 0;  // without it, moving to another folder is always refused
    if (missing == 0 || world_.at(container_).level != ir::Level::Standard) return std::nullopt;
    for (const auto& place : places_) {
      if (place.readonly) continue;
      const auto found = grants(group, place.volume);
      if (!found.ok()) return found.error();
      if (all_hold(found.value(), {"/", false, {}})) continue;
      return EmitError{"this kernel's Landlock does not handle truncation, so files below `" + place.target +
                           "` could be emptied; mount it read-only, or use a kernel with Landlock ABI 3",
                       {}};
    }
    return std::nullopt;
  }

  const ir::World& world_;
  ir::SubjectId container_;
  const std::vector<std::string>& started_;
  std::vector<Place> places_;
  std::map<std::pair<std::string, bool>, table::LandlockRule> rules_;
  Emission out_;
};

}  // namespace

Result<Emission, EmitError> emit(const ir::World& world, ir::SubjectId container, unsigned abi,
                                 const std::vector<std::string>& started) {
  if (abi == 0) return fail(EmitError{"this kernel has no Landlock", {}});
  return Emitter(world, container, abi, started).run();
}

}  // namespace bulkhead::emit::landlock
