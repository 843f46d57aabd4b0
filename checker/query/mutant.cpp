#include "checker/query/mutant.h"

#include <algorithm>

namespace bulkhead::query {
namespace {

/// The sentences that made some setting or mount of the subject.
std::set<ir::SentenceId> sentences_of(const ir::Subject& subject) {
  std::set<ir::SentenceId> sentences;
  for (const auto* quantities : {&subject.reserve, &subject.capacity, &subject.limits}) {
    for (const auto* quantity : query::all_of(*quantities)) {
      if (*quantity) sentences.insert((*quantity)->sentence);
    }
  }
  for (const ir::NamespaceSetting& setting : subject.namespaces) sentences.insert(setting.sentence);
  for (const ir::Mount& mount : subject.mounts) sentences.insert(mount.sentence);
  sentences.erase(ir::SentenceId{});
  return sentences;
}

/// One pattern less, where there are several.
bool narrow(ir::ObjectPatterns& objects) {
  if (objects.files.size() + objects.nets.size() + objects.syscalls.size() + objects.capabilities.size() < 2)
    return false;
  if (!objects.files.empty())
    objects.files.pop_back();
  else if (!objects.nets.empty())
    objects.nets.pop_back();
  else if (!objects.syscalls.empty())
    objects.syscalls.pop_back();
  else
    objects.capabilities.pop_back();
  return true;
}

Shift change_namespaces(ir::Subject& subject, ir::SentenceId sentence, Mutation mutation) {
  Shift shift = Shift::None;
  for (ir::NamespaceSetting& setting : subject.namespaces) {
    if (setting.sentence != sentence || mutation == Mutation::Narrow) continue;
    setting.mode = mutation == Mutation::Widen ? ir::NamespaceSetting::Mode::Host : ir::NamespaceSetting::Mode::Private;
    shift = mutation == Mutation::Widen ? Shift::Both : Shift::Shrinks;  // host instead of another container: both
  }
  return shift;
}

Shift change_quantities(ir::Subject& subject, ir::SentenceId sentence, Mutation mutation) {
  Shift shift = Shift::None;
  for (auto* quantities : {&subject.reserve, &subject.capacity, &subject.limits}) {
    for (auto* quantity : all_of(*quantities)) {
      if (!*quantity || (*quantity)->sentence != sentence) continue;
      shift = Shift::Sums;
      if (mutation == Mutation::Delete)
        quantity->reset();
      else if (mutation == Mutation::Widen)
        (*quantity)->amount = (*quantity)->amount * 2;
      else
        (*quantity)->amount /= 2;
    }
  }
  return shift;
}

/// A net or device with a label: what only claims about influence read.
bool is_source(const ir::World& world, const ir::ObjectSet& set) {
  const auto on_device = [&](const ir::FilePattern& file) {
    return world.at(file.volume).kind == ir::VolumeKind::Device;
  };
  const auto& files = set.patterns.files;
  const bool device = !files.empty() && std::all_of(files.begin(), files.end(), on_device);
  return set.label && (set.plane == ir::Plane::Net || device);
}

}  // namespace

std::vector<const std::optional<ir::Quantity>*> all_of(const ir::Quantities& quantities) {
  return {&quantities.memory, &quantities.cpu,        &quantities.pids, &quantities.time,
          &quantities.disk,   &quantities.open_files, &quantities.io,   &quantities.bandwidth};
}

std::vector<std::optional<ir::Quantity>*> all_of(ir::Quantities& quantities) {
  std::vector<std::optional<ir::Quantity>*> list;
  for (const auto* quantity : all_of(static_cast<const ir::Quantities&>(quantities)))
    list.push_back(const_cast<std::optional<ir::Quantity>*>(quantity));  // of `quantities`, which may be changed
  return list;
}

std::vector<Made> made_by(const ir::World& world) {
  std::vector<Made> made(world.sentences.size());
  for (std::size_t i = 0; i < world.rules.size(); ++i) {
    const ir::SentenceId sentence = world.rules[i].sentence;
    if (sentence.valid()) made.at(sentence.index()).rules.push_back(i);
  }
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    for (const ir::SentenceId sentence : sentences_of(world.subjects[i]))
      made.at(sentence.index()).subjects.push_back(ir::SubjectId{i});
  }
  for (std::size_t i = 0; i < world.sets.size(); ++i) {
    const ir::ObjectSet& set = world.sets[i];
    if (is_source(world, set) && set.sentence.valid()) made.at(set.sentence.index()).labelled.push_back(i);
  }
  return made;
}

Owners owners_of(const ir::World& world, const Made& made) {
  Owners owners;
  owners.everybody = !made.labelled.empty();
  owners.subjects.insert(made.subjects.begin(), made.subjects.end());
  for (const std::size_t place : made.rules) {
    const auto& subject = world.rules[place].subject;
    if (subject)
      owners.subjects.insert(*subject);
    else
      owners.everybody = true;
  }
  return owners;
}

Mutant::Mutant(ir::World& world, ir::SentenceId sentence, const Made& made, Mutation mutation)
    : world_(world), rules_before_(world.rules.size()) {
  for (const std::size_t place : made.rules) change_rule(place, sentence, mutation);
  for (const ir::SubjectId subject : made.subjects) {
    change_mounts(subject, sentence, mutation);
    change_settings(subject, sentence, mutation);
  }
  for (const std::size_t place : made.labelled) change_label(place, mutation);
}

Mutant::~Mutant() {
  world_.rules.resize(rules_before_);
  for (auto& [index, rule] : rules_) world_.rules[index] = std::move(rule);
  for (auto& [index, subject] : subjects_) world_.subjects[index] = std::move(subject);
  for (auto& [index, set] : sets_) world_.sets[index] = std::move(set);
}

void Mutant::shifts(Shift shift) {
  if (shift_ == Shift::None) shift_ = shift;
  if (shift_ != shift) shift_ = Shift::Both;
}

void Mutant::change_rule(std::size_t place, ir::SentenceId sentence, Mutation mutation) {
  ir::Rule& rule = world_.rules[place];
  const auto made = [&](const ir::Mount& mount) { return mount.sentence == sentence; };
  const bool mount =
      rule.subject && std::any_of(world_.at(*rule.subject).mounts.begin(), world_.at(*rule.subject).mounts.end(), made);
  if (mount && mutation != Mutation::Widen) return;
  ir::Rule changed = rule;
  if (mount || mutation == Mutation::Delete) {
    changed.objects = {};
  } else if (mutation == Mutation::Widen) {
    changed.objects = {};
    changed.objects.everything = true;
    changed.when.reset();
  } else if (!narrow(changed.objects)) {
    return;
  }
  rules_.emplace(place, std::move(rule));
  rule = std::move(changed);
  // Whether a capability is held may stand in the condition of any rule, negated or not.
  const bool more = (rule.effect == ir::Effect::Permit) == rule.objects.everything;
  shifts(rule.plane == ir::Plane::KernelCapability ? Shift::Both : more ? Shift::Grows : Shift::Shrinks);
}

void Mutant::change_mounts(ir::SubjectId subject, ir::SentenceId sentence, Mutation mutation) {
  if (mutation == Mutation::Widen) return;  // the rule that made it read-only is gone already
  const ir::Rights changes = ir::Rights(ir::Right::Write) | ir::Right::Rename | ir::Right::Link;
  const std::vector<ir::Mount>& mounts = world_.at(subject).mounts;
  for (const ir::Mount& mount : mounts) {
    if (mount.sentence != sentence || (mutation == Mutation::Narrow && mount.readonly)) continue;
    const bool other = std::any_of(mounts.begin(), mounts.end(), [&](const ir::Mount& more) {
      return more.volume == mount.volume && more.sentence != sentence &&
             (mutation == Mutation::Delete || !more.readonly);
    });
    if (other) continue;  // the volume is reached through that one as before
    forbid(subject, mutation == Mutation::Delete ? ir::Rights::all_of(ir::Plane::File) : changes, mount.volume,
           sentence);
  }
}

void Mutant::forbid(ir::SubjectId subject, ir::Rights rights, ir::VolumeId volume, ir::SentenceId sentence) {
  ir::Rule rule;
  rule.effect = ir::Effect::Forbid;
  rule.subject = subject;
  rule.rights = rights;
  rule.objects.files.push_back({volume, "/**", ""});
  rule.sentence = sentence;
  world_.rules.push_back(std::move(rule));
  shifts(Shift::Shrinks);
}

/// Rules have their own copies of the patterns: what changes is what is labelled. With fewer labels less flows, and a
/// claim may come to speak of nothing.
void Mutant::change_label(std::size_t place, Mutation mutation) {
  if (mutation == Mutation::Narrow) return;
  ir::ObjectSet& set = world_.sets[place];
  sets_.emplace(place, set);
  if (mutation == Mutation::Delete) {
    set.label.reset();
  } else {
    set.patterns.everything = true;
  }
  shifts(Shift::Both);
}

void Mutant::change_settings(ir::SubjectId subject, ir::SentenceId sentence, Mutation mutation) {
  ir::Subject changed = world_.at(subject);
  const Shift names = change_namespaces(changed, sentence, mutation);
  const Shift sums = change_quantities(changed, sentence, mutation);
  if (names == Shift::None && sums == Shift::None) return;
  subjects_.emplace(subject.index(), std::move(world_.subjects[subject.index()]));
  world_.subjects[subject.index()] = std::move(changed);
  for (const Shift shift : {names, sums}) {
    if (shift != Shift::None) shifts(shift);
  }
}

}  // namespace bulkhead::query
