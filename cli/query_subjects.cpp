#include "cli/query_subjects.h"

#include <algorithm>

#include "lang/diag/diagnostic.h"
#include "lang/ir/replay.h"

namespace bulkhead::cli {
namespace {

std::vector<std::string> hosts(const ir::World& world) {
  std::vector<std::string> names;
  for (const ir::Subject& subject : world.subjects) {
    if (subject.kind == ir::SubjectKind::Host) names.push_back(subject.name);
  }
  return names;
}

}  // namespace

std::optional<std::string> host_by_that_word(const ir::World& world) {
  const bool somebody = std::any_of(world.subjects.begin(), world.subjects.end(), [](const ir::Subject& subject) {
    return subject.name == "host" && subject.kind != ir::SubjectKind::Profile;
  });
  const std::optional<ir::SubjectId> host = ir::only_host(world);
  return somebody || !host ? std::nullopt : std::optional(world.at(*host).name);
}

QuerySubjects::QuerySubjects(const ir::World& world) : world_(world) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const ir::Subject& subject = world.subjects[i];
    if (subject.kind == ir::SubjectKind::Profile) continue;
    if (subject.twin && subject.twin->index() < i) continue;
    names_.push_back(subject.name);
    if (subject.twin) open_.insert(subject.name);
  }
}

bool QuerySubjects::has(const std::string& name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

std::vector<std::string> QuerySubjects::members(const std::string& name) const {
  if (has(name)) return {name};
  if (name == "host") {
    const std::optional<std::string> host = host_by_that_word(world_);
    return host ? std::vector<std::string>{*host} : std::vector<std::string>();
  }
  std::vector<std::string> found;
  for (const ir::Pod& pod : world_.pods) {
    if (pod.name != name) continue;
    for (const ir::SubjectId id : pod.members) {
      if (has(world_.at(id).name)) found.push_back(world_.at(id).name);
    }
  }
  return found;
}

std::vector<std::string> QuerySubjects::others(const std::string& subject,
                                               const std::vector<std::string>& asking) const {
  std::vector<std::string> list;
  for (const std::string& other : names_) {
    const bool asked = std::find(asking.begin(), asking.end(), other) != asking.end();
    if (!asked || (other == subject && open_.count(subject) != 0)) list.push_back(other);
  }
  return list;
}

std::optional<std::string> QuerySubjects::ambiguity(const std::string& name) const {
  if (name != "host" || has(name)) return std::nullopt;
  const std::vector<std::string> all = hosts(world_);
  if (all.size() < 2) return std::nullopt;
  std::string list;
  for (const std::string& host : all) list += (list.empty() ? "`" : ", `") + host + "`";
  return "this policy has more than one host: name the one that is meant (" + list + ")";
}

std::string QuerySubjects::nobody(const std::string& name) const {
  std::vector<std::string> known = names_;
  for (const ir::Pod& pod : world_.pods) known.push_back(pod.name);
  const auto near = diag::did_you_mean(name, known);
  return "there is no subject `" + name + "`" + (near ? "; did you mean `" + *near + "`?" : "");
}

}  // namespace bulkhead::cli
