#include "lang/ir/from_policy.h"

#include <algorithm>

#include "lang/ir/eval.h"
#include "lang/ir/valid.h"

namespace bulkhead::ir {
namespace {

using system::System;

constexpr std::string_view kKinds[kNamespaceKinds] = {"pid", "mount", "net", "ipc", "user", "uts", "cgroup"};
/// More tuples are refused: each becomes a part of a formula.
constexpr std::size_t kMostTuples = 10'000;

/// What the members of an enum are; nothing where one of them is something else.
template <typename Id, typename Find>
std::optional<std::vector<Id>> members(const System& system, const system::Type& type, const Find& find) {
  if (type.kind != system::Kind::Enum) return std::nullopt;
  std::vector<Id> list;
  for (const std::string& name : system.at(type.enumeration).members) {
    const std::optional<Id> one = find(name);
    if (!one) return std::nullopt;
    list.push_back(*one);
  }
  return list;
}

std::optional<SubjectId> container(const World& world, const std::string& name) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].name == name && is_declared_container(world.subjects[i])) return SubjectId{i};
  }
  return std::nullopt;
}
std::optional<VolumeId> volume(const World& world, const std::string& name) {
  for (std::size_t i = 0; i < world.volumes.size(); ++i) {
    const VolumeKind kind = world.volumes[i].kind;
    const bool declared = kind == VolumeKind::Declared || kind == VolumeKind::Device;
    if (world.volumes[i].name == name && declared) return VolumeId{i};
  }
  return std::nullopt;
}
std::optional<std::size_t> namespace_kind(const std::string& name) {
  const auto* found = std::find(std::begin(kKinds), std::end(kKinds), name);
  if (found == std::end(kKinds)) return std::nullopt;
  return static_cast<std::size_t>(found - std::begin(kKinds));
}

/// Where a container's namespace of a kind is: whose it is (invalid: the host's), by which sentences.
struct Place {
  SubjectId whose;
  std::vector<SentenceId> sentences;
};
Place place_of(const World& world, SubjectId subject, std::size_t kind) {
  Place place{subject, {}};
  for (std::size_t hops = 0; hops <= world.subjects.size(); ++hops) {
    const NamespaceSetting& setting = world.at(place.whose).namespaces.at(kind);
    if (setting.mode == NamespaceSetting::Mode::Private) break;
    if (setting.sentence.valid()) place.sentences.push_back(setting.sentence);
    place.whose = setting.mode == NamespaceSetting::Mode::With ? setting.with : SubjectId{};
    if (!place.whose.valid() || place.whose == subject) break;
  }
  return place;
}

/// Whether the two are in one namespace, and by which sentences.
std::optional<std::vector<SentenceId>> shared(const World& world, SubjectId a, SubjectId b, std::size_t kind) {
  if (a == b) return std::vector<SentenceId>{};
  Place left = place_of(world, a, kind);
  const Place right = place_of(world, b, kind);
  if (left.whose != right.whose) return std::nullopt;
  left.sentences.insert(left.sentences.end(), right.sentences.begin(), right.sentences.end());
  return left.sentences;
}

std::optional<std::vector<SentenceId>> linked(const World& world, SubjectId from, SubjectId to) {
  std::vector<SentenceId> sentences;
  const auto has = [](const std::vector<SubjectId>& ends, SubjectId one) {
    return std::find(ends.begin(), ends.end(), one) != ends.end();
  };
  for (const Channel& channel : world.channels) {
    const bool leads = has(channel.from, from) && has(channel.to, to);
    const bool back = channel.both_ways && has(channel.to, from) && has(channel.from, to);
    if (leads || back) sentences.push_back(channel.sentence);
  }
  return sentences.empty() ? std::nullopt : std::optional(sentences);
}

std::optional<std::vector<SentenceId>> mounted(const World& world, SubjectId subject, VolumeId volume) {
  std::vector<SentenceId> sentences;
  for (const Mount& mount : world.at(subject).mounts) {
    if (mount.volume == volume) sentences.push_back(mount.sentence);
  }
  return sentences.empty() ? std::nullopt : std::optional(sentences);
}

/// A path that the pattern may well match: its words without what stands for others.
std::string sample(const std::string& glob) {
  std::string path;
  for (std::size_t i = 0; i < glob.size(); ++i) {
    const char c = glob[i];
    if (c == '*') {
      if (path.empty() || path.back() != 'x') path += 'x';
    } else if (c == '?') {
      path += 'x';
    } else if (c == '{') {  // the first alternative
      const std::size_t end = glob.find('}', i);
      const std::size_t comma = glob.find(',', i);
      path += glob.substr(i + 1, std::min(comma, end) - i - 1);
      if (end == std::string::npos) break;
      i = end;
    } else {
      path += c;
    }
  }
  return path.empty() ? "/" : path;
}

/// Whether the subject may exercise the right on some file of the volume.
Result<std::optional<std::vector<SentenceId>>, std::string> allowed(const World& world, SubjectId subject, Right right,
                                                                    VolumeId volume) {
  using Answer = std::optional<std::vector<SentenceId>>;
  std::vector<std::string> paths{"/", "/x"};
  bool permitted = false, forbidden = false;
  for (const Rule& rule : world.rules) {
    if ((rule.subject && *rule.subject != subject) || !rule.rights.has(right)) continue;
    if (rule.effect == Effect::Permit) permitted = permitted || rule.objects.everything;
    if (rule.effect == Effect::Forbid) forbidden = forbidden || (rule.objects.everything && !rule.when);
    for (const FilePattern& pattern : rule.objects.files) {
      if (pattern.volume != volume) continue;
      const bool all = pattern.prefix.empty() && pattern.glob == "/**";
      if (rule.effect == Effect::Forbid) forbidden = forbidden || (all && !rule.when);
      if (rule.effect != Effect::Permit) continue;
      permitted = true;
      paths.push_back(sample(pattern.glob));
    }
  }
  if (!permitted || forbidden) return Answer{};
  for (const std::string& path : paths) {
    const Request request{subject, right, FileObject{volume, path}, {}};
    if (!is_valid(world, request)) continue;
    const Decision decision = decide(world, request);
    if (!decision.allowed) continue;
    std::vector<SentenceId> sentences;
    for (const RuleId rule : decision.permits) sentences.push_back(world.at(rule).sentence);
    return Answer{sentences};
  }
  return fail("whether `" + world.at(subject).name + "` may " + std::string(to_string(right)) + " anything in `" +
              world.at(volume).name + "` is not told by the sentences alone");
}

/// The members of the types, each row once.
std::vector<std::vector<std::size_t>> rows(const System& system, const std::vector<system::Type>& types) {
  std::vector<std::vector<std::size_t>> list{{}};
  for (const system::Type& type : types) {
    std::vector<std::vector<std::size_t>> longer;
    for (const auto& row : list) {
      for (std::size_t i = 0; i < system.at(type.enumeration).members.size(); ++i) {
        longer.push_back(row);
        longer.back().push_back(i);
        if (longer.size() > kMostTuples) return {};
      }
    }
    list = std::move(longer);
  }
  return list;
}

/// One relation of the list: whether a row is in it, and by which sentences.
class Filling {
 public:
  Filling(const World& world, const System& system, const system::Function& function)
      : world_(world), name_(function.name), types_(function.arguments) {
    const auto find = [&](const std::string& name) { return container(world_, name); };
    if (types_.size() < 2) return;
    containers_ = members<SubjectId>(system, types_[0], find);
    others_ = members<SubjectId>(system, types_[1], find);
    const system::Type& last = types_.back();
    volumes_ = members<VolumeId>(system, last, [&](const std::string& name) { return volume(world_, name); });
    kinds_ = members<std::size_t>(system, last, namespace_kind);
    rights_ = members<Right>(system, types_[1], [](const std::string& name) { return right_from(name); });
  }

  /// It is one that a policy fills.
  bool is_known() const {
    if (!containers_) return false;
    const std::size_t arity = types_.size();
    if (name_ == "channel") return arity == 2 && others_;
    if (name_ == "shares") return (arity == 2 && others_) || (arity == 3 && others_ && kinds_);
    if (name_ == "mounts") return arity == 2 && volumes_;
    return name_ == "may" && arity == 3 && rights_ && volumes_;
  }

  Result<std::optional<std::vector<SentenceId>>, std::string> sentences(const std::vector<std::size_t>& row) const {
    const SubjectId subject = containers_->at(row[0]);
    if (name_ == "may") return allowed(world_, subject, rights_->at(row[1]), volumes_->at(row[2]));
    if (name_ == "mounts") return mounted(world_, subject, volumes_->at(row[1]));
    const SubjectId other = others_->at(row[1]);
    if (name_ == "channel") return linked(world_, subject, other);
    if (row.size() == 3) return shared(world_, subject, other, kinds_->at(row[2]));
    std::optional<std::vector<SentenceId>> some;
    for (std::size_t kind = 0; kind < kNamespaceKinds && !some; ++kind) some = shared(world_, subject, other, kind);
    return some;
  }

 private:
  const World& world_;
  const std::string& name_;
  const std::vector<system::Type>& types_;
  std::optional<std::vector<SubjectId>> containers_, others_;
  std::optional<std::vector<VolumeId>> volumes_;
  std::optional<std::vector<std::size_t>> kinds_;
  std::optional<std::vector<Right>> rights_;
};

}  // namespace

Result<std::optional<PolicyRelation>, std::string> from_policy(const World& world, const System& system,
                                                               system::FunctionId id) {
  const system::Function& function = system.at(id);
  const Filling filling(world, system, function);
  if (function.result != system::kBool || !filling.is_known()) return std::optional<PolicyRelation>{};
  if (function.name == "may" && (!world.delegations.empty() || !world.holdings.empty())) {
    return fail(std::string("`may` says what containers may by themselves, and this policy hands rights over"));
  }
  const auto list = rows(system, function.arguments);
  if (list.empty()) return fail("`" + function.name + "` has more than " + std::to_string(kMostTuples) + " rows");
  PolicyRelation relation;
  for (const auto& row : list) {
    auto sentences = filling.sentences(row);
    if (!sentences) return fail(sentences.error());
    if (!*sentences) continue;
    std::vector<SentenceId>& sorted = **sentences;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    relation.push_back({row, std::move(sorted)});
  }
  return std::optional(std::move(relation));
}

}  // namespace bulkhead::ir
