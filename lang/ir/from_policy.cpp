#include "lang/ir/from_policy.h"

#include <algorithm>

#include "lang/base/check.h"
#include "lang/ir/describe.h"
#include "lang/ir/eval.h"
#include "lang/ir/from_policy_life.h"
#include "lang/ir/valid.h"

namespace bulkhead::ir {
namespace {

using system::System;

constexpr std::string_view kKinds[kNamespaceKinds] = {"pid", "mount", "net", "ipc", "user", "uts", "cgroup"};
/// More tuples are refused: each becomes a part of a formula.
constexpr std::size_t kMostTuples = 10'000;

std::optional<std::size_t> container(const World& world, const std::string& name) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].name == name && is_declared_container(world.subjects[i])) return i;
  }
  return std::nullopt;
}
/// Of the two that stand for an open container's the first: both have the same sentences.
std::optional<std::size_t> any_container(const World& world, const std::string& name) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].name == name && world.subjects[i].kind == SubjectKind::Container) return i;
  }
  return std::nullopt;
}
std::optional<std::size_t> volume(const World& world, const std::string& name) {
  for (std::size_t i = 0; i < world.volumes.size(); ++i) {
    const VolumeKind kind = world.volumes[i].kind;
    const bool declared = kind == VolumeKind::Declared || kind == VolumeKind::Device;
    if (world.volumes[i].name == name && declared) return i;
  }
  return std::nullopt;
}
template <typename Words>
std::optional<std::size_t> word(const Words& words, const std::string& name) {
  const auto* found = std::find(std::begin(words), std::end(words), name);
  if (found == std::end(words)) return std::nullopt;
  return static_cast<std::size_t>(found - std::begin(words));
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

/// What the elements of an argument are.
enum class Element : std::uint8_t {
  Container,
  AnyContainer,
  Volume,
  Namespace,
  Right,
  Channel,
  Trust,
  Level,
  Trigger,
  Answer
};

/// The element that the policy, or the language, calls so: a place in the world, or of an enumerator.
std::optional<std::size_t> element(const World& world, Element kind, const std::string& name) {
  switch (kind) {
    case Element::Container:
      return container(world, name);
    case Element::AnyContainer:
      return any_container(world, name);
    case Element::Volume:
      return volume(world, name);
    case Element::Namespace:
      return word(kKinds, name);
    case Element::Right: {
      const auto right = right_from(name);
      return right ? std::optional(static_cast<std::size_t>(*right)) : std::nullopt;
    }
    case Element::Channel:
      return word(kUpdateChannels, name);
    case Element::Trust:
      return word(kImageTrusts, name);
    case Element::Level:
      for (const Level level : {Level::Standard, Level::Enhanced, Level::Maximum}) {
        if (describe(level) == name) return static_cast<std::size_t>(level);
      }
      return std::nullopt;
    case Element::Trigger:
      return word(kTriggers, name);
    case Element::Answer:
      return word(kAnswers, name);
  }
  BH_CHECK(false, "an unknown kind of elements");
}

using Row = std::vector<std::size_t>;
using Told = Result<SaidBy, std::string>;

SaidBy shared_somehow(const World& world, SubjectId a, SubjectId b) {
  SaidBy some;
  for (std::size_t kind = 0; kind < kNamespaceKinds && !some; ++kind) some = shared(world, a, b, kind);
  return some;
}

/// One relation of the list.
struct Known {
  std::string_view name;
  std::vector<Element> arguments;
  Told (*told)(const World&, const Row&);
  SentenceId (*place)(const World&, const Row&);  // where a row that is missing would be said; none: nowhere
};

const std::vector<Known>& known_relations() {
  using E = Element;
  static const std::vector<Known> table{
      {"channel",
       {E::Container, E::Container},
       [](const World& w, const Row& r) -> Told { return linked(w, SubjectId{r[0]}, SubjectId{r[1]}); },
       nullptr},
      {"shares",
       {E::Container, E::Container},
       [](const World& w, const Row& r) -> Told { return shared_somehow(w, SubjectId{r[0]}, SubjectId{r[1]}); },
       nullptr},
      {"shares",
       {E::Container, E::Container, E::Namespace},
       [](const World& w, const Row& r) -> Told { return shared(w, SubjectId{r[0]}, SubjectId{r[1]}, r[2]); },
       nullptr},
      {"mounts",
       {E::Container, E::Volume},
       [](const World& w, const Row& r) -> Told { return mounted(w, SubjectId{r[0]}, VolumeId{r[1]}); },
       nullptr},
      {"may",
       {E::Container, E::Right, E::Volume},
       [](const World& w, const Row& r) {
         return allowed(w, SubjectId{r[0]}, static_cast<ir::Right>(r[1]), VolumeId{r[2]});
       },
       nullptr},
      {"signed",
       {E::AnyContainer},
       [](const World& w, const Row& r) -> Told { return says_signed(w, SubjectId{r[0]}); },
       [](const World& w, const Row& r) { return place_of_signature(w, SubjectId{r[0]}); }},
      {"digest",
       {E::AnyContainer},
       [](const World& w, const Row& r) -> Told { return says_digest(w, SubjectId{r[0]}); },
       [](const World& w, const Row& r) { return place_of_image(w, SubjectId{r[0]}); }},
      {"channel",
       {E::AnyContainer, E::Channel},
       [](const World& w, const Row& r) -> Told {
         return says_channel(w, SubjectId{r[0]}, static_cast<UpdateChannel>(r[1]));
       },
       nullptr},
      {"trust",
       {E::AnyContainer, E::Trust},
       [](const World& w, const Row& r) -> Told {
         return says_trust(w, SubjectId{r[0]}, static_cast<ImageTrust>(r[1]));
       },
       nullptr},
      {"level",
       {E::AnyContainer, E::Level},
       [](const World& w, const Row& r) -> Told {
         return says_level(w, SubjectId{r[0]}, static_cast<ir::Level>(r[1]));
       },
       nullptr},
      {"answers",
       {E::AnyContainer, E::Trigger, E::Answer},
       [](const World& w, const Row& r) -> Told {
         return says_answer(w, SubjectId{r[0]}, static_cast<ir::Trigger>(r[1]), static_cast<ir::Answer>(r[2]));
       },
       [](const World& w, const Row& r) {
         return place_of_answer(w, SubjectId{r[0]}, static_cast<ir::Trigger>(r[1]));
       }},
  };
  return table;
}

/// A function of a system as a relation of the list: for each argument, what each member of its enum is.
struct Filling {
  const Known* known = nullptr;
  std::vector<Row> elements;

  Row row(const Row& members) const {
    Row made;
    for (std::size_t i = 0; i < members.size(); ++i) made.push_back(elements[i].at(members[i]));
    return made;
  }
};

/// Nothing where some member is something else.
std::optional<Filling> as(const World& world, const System& system, const system::Function& function,
                          const Known& known) {
  if (known.name != function.name || known.arguments.size() != function.arguments.size()) return std::nullopt;
  Filling filling{&known, {}};
  for (std::size_t i = 0; i < function.arguments.size(); ++i) {
    if (function.arguments[i].kind != system::Kind::Enum) return std::nullopt;
    Row elements;
    for (const std::string& name : system.at(function.arguments[i].enumeration).members) {
      const auto one = element(world, known.arguments[i], name);
      if (!one) return std::nullopt;
      elements.push_back(*one);
    }
    filling.elements.push_back(std::move(elements));
  }
  return filling;
}

Result<std::optional<Filling>, std::string> filling_of(const World& world, const System& system,
                                                       const system::Function& function) {
  std::optional<Filling> found;
  if (function.result != system::kBool) return found;
  for (const Known& known : known_relations()) {
    auto one = as(world, system, function, known);
    if (one && found) return fail("`" + function.name + "` has elements whose names can be read in two ways");
    if (one) found = std::move(one);
  }
  return found;
}

}  // namespace

Result<std::optional<PolicyRelation>, std::string> from_policy(const World& world, const System& system,
                                                               system::FunctionId id) {
  const system::Function& function = system.at(id);
  const auto filling = filling_of(world, system, function);
  if (!filling) return fail(filling.error());
  if (!*filling) return std::optional<PolicyRelation>{};
  if (function.name == "may" && (!world.delegations.empty() || !world.holdings.empty())) {
    return fail(std::string("`may` says what containers may by themselves, and this policy hands rights over"));
  }
  const auto list = rows(system, function.arguments);
  if (list.empty()) return fail("`" + function.name + "` has more than " + std::to_string(kMostTuples) + " rows");
  PolicyRelation relation;
  for (const auto& row : list) {
    auto sentences = (*filling)->known->told(world, (*filling)->row(row));
    if (!sentences) return fail(sentences.error());
    if (!*sentences) continue;
    std::vector<SentenceId>& sorted = **sentences;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    relation.push_back({row, std::move(sorted)});
  }
  return std::optional(std::move(relation));
}

PolicyRelation not_said(const World& world, const System& system, system::FunctionId id) {
  const auto filling = filling_of(world, system, system.at(id));
  PolicyRelation missing;
  if (!filling || !*filling || (*filling)->known->place == nullptr) return missing;
  for (const auto& members : rows(system, system.at(id).arguments)) {
    const Row row = (*filling)->row(members);
    const auto told = (*filling)->known->told(world, row);
    if (told && !*told) missing.push_back({members, {(*filling)->known->place(world, row)}});
  }
  return missing;
}

}  // namespace bulkhead::ir
