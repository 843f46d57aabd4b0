#include "cli/query_kept.h"

#include <algorithm>
#include <map>
#include <utility>

#include "cli/brief_answer.h"
#include "cli/query_subjects.h"

namespace bulkhead::cli {
namespace {

using report::Answer;

// Names of nodes that no subject has: subjects begin with a letter.
constexpr const char* kAll = "*";            // of a list: it leads to the members; of influence: the network
constexpr char kAssumption = '!';            // "!007 no alias outside the declared mounts"
constexpr char kPodMember = '@';             // "@Pod Member"; "@host Node" where that is the only host
constexpr const char* kSecond = "another ";  // of the two that stand for an open container
constexpr const char* kExact = "influence";
constexpr const char* kAtMost = "influence at most";

bool is_subject(std::string_view name) {
  return !name.empty() && name != kAll && name[0] != kAssumption && name[0] != kPodMember && !name.starts_with(kSecond);
}

std::string numbered(std::size_t number) {
  std::string digits = std::to_string(number);
  return kAssumption + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits + " ";
}

std::vector<std::string> assumptions_in(const closure::MappedRelation& relation) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < relation.nodes() && relation.name(i).starts_with(kAssumption); ++i) {
    const std::string_view name = relation.name(i);
    found.emplace_back(name.substr(std::min(name.find(' ') + 1, name.size())));
  }
  return found;
}

void add(std::vector<std::string>& assumptions, const std::vector<std::string>& more) {
  for (const std::string& one : more) {
    if (std::find(assumptions.begin(), assumptions.end(), one) == assumptions.end()) assumptions.push_back(one);
  }
}

// --- Lists: three classes, the members, the others, and `kAll`, which leads to the members.

std::string of_able(const std::string& what) {
  return "who can " + what;
}

std::string of_reach(const std::string& subject) {
  return "what can " + subject + " reach";
}

void keep_list(const KeptPolicy& kept, const std::string& what, const KeptList& list) {
  std::vector<std::string> names{kAll};
  closure::ClosedRelation relation;
  relation.classes = 3;
  relation.class_of = {2};
  relation.rows = {0, 0, 1};
  for (const std::string& name : list.names) {
    names.push_back(name);
    relation.class_of.push_back(list.members.count(name) != 0 ? 0 : 1);
  }
  for (std::size_t i = 0; i < list.assumptions.size(); ++i) {
    names.push_back(numbered(i) + list.assumptions[i]);
    relation.class_of.push_back(1);
  }
  kept.keep(what, names, relation);
}

std::optional<KeptList> find_list(const KeptPolicy& kept, const std::string& what) {
  const auto relation = kept.find(what);
  const auto all = relation ? relation->find(kAll) : std::nullopt;
  const auto members = all ? relation->reached_from(*all) : std::nullopt;
  if (!members) return std::nullopt;
  KeptList list;
  list.assumptions = assumptions_in(*relation);
  for (std::size_t i = list.assumptions.size(); i < relation->nodes(); ++i) {
    if (i == *all) continue;
    list.names.emplace_back(relation->name(i));
    if (members->test(i)) list.members.insert(list.names.back());
  }
  return list;
}

// --- Influence: nodes as in the graph; further ones, whose class says nothing, hold what else is known.

class Influence {
 public:
  static std::optional<Influence> find(const KeptPolicy& kept) {
    for (const char* what : {kExact, kAtMost}) {
      if (auto relation = kept.find(what)) return Influence(std::move(*relation), what == kExact);
    }
    return std::nullopt;
  }

  bool exact() const { return exact_; }
  std::vector<std::string> assumptions() const { return assumptions_in(relation_); }

  std::vector<std::string> subjects() const {
    std::vector<std::string> found;
    for (std::size_t i = 0; i < relation_.nodes(); ++i) {
      if (is_subject(relation_.name(i))) found.emplace_back(relation_.name(i));
    }
    return found;
  }
  /// The subject, or those of a pod; none: it is neither.
  std::vector<std::string> members(const std::string& name) const {
    if (is_subject(name) && relation_.find(name)) return {name};
    std::vector<std::string> found;
    const std::string pod = kPodMember + name + " ";
    for (std::size_t i = 0; i < relation_.nodes(); ++i) {
      const std::string_view node = relation_.name(i);
      if (node.starts_with(pod)) found.emplace_back(node.substr(pod.size()));
    }
    return found;
  }
  bool is_open(const std::string& subject) const { return relation_.find(kSecond + subject).has_value(); }

  /// Of an open container either of the two may come first. None: the file is damaged.
  std::optional<bool> passes(const std::string& from, const std::string& to) {
    for (const std::size_t source : nodes_of(from)) {
      const Bitset* reached = row(source);
      if (reached == nullptr) return std::nullopt;
      for (const std::size_t target : nodes_of(to)) {
        if (target != source && reached->test(target)) return true;
      }
    }
    return false;
  }

 private:
  Influence(closure::MappedRelation relation, bool exact) : relation_(std::move(relation)), exact_(exact) {}

  std::vector<std::size_t> nodes_of(const std::string& subject) const {
    std::vector<std::size_t> nodes;
    for (const std::string& name : {subject, kSecond + subject}) {
      if (const auto node = relation_.find(name)) nodes.push_back(*node);
    }
    return nodes;
  }
  const Bitset* row(std::size_t node) {
    const auto found = rows_.find(node);
    if (found != rows_.end()) return &found->second;
    auto made = relation_.reached_from(node);
    return made ? &rows_.emplace(node, std::move(*made)).first->second : nullptr;
  }

  closure::MappedRelation relation_;
  bool exact_;
  std::map<std::size_t, Bitset> rows_;
};

// --- Questions.

class KeptQuestion {
 public:
  KeptQuestion(const KeptPolicy& kept, Story story) : kept_(kept), story_(story) {}

  std::optional<Answer> operator()(const query::WhoCan& question) {
    Able able;
    std::size_t subjects = 0;
    for (const ir::Right right : question.rights) {
      const auto list = able_to(right, question.objects);
      if (!list) return std::nullopt;
      subjects = list->names.size();
      for (const std::string& one : list->members) able.insert({one, right});
    }
    return told(brief(question, able, subjects), able.empty());
  }

  std::optional<Answer> operator()(const query::WhatReach& question) {
    auto influence = Influence::find(kept_);
    if (!influence) return std::nullopt;
    const std::vector<std::string> asking = influence->members(question.subject);
    if (asking.empty()) return std::nullopt;
    Reaches reaches;
    std::set<std::string> others;
    bool nothing = true;
    for (const std::string& subject : asking) {
      const auto list = find_list(kept_, of_reach(subject));
      if (!list) return std::nullopt;
      add(assumptions_, list->assumptions);
      Reach& reach = reaches[subject];
      reach.rights = list->members;
      for (const std::string& other : influence->subjects()) {
        const bool asked = std::find(asking.begin(), asking.end(), other) != asking.end();
        if (asked && (other != subject || !influence->is_open(subject))) continue;
        others.insert(other);
        const auto passes = influence->passes(subject, other);
        if (!passes || (*passes && !influence->exact())) return std::nullopt;
        if (*passes) reach.influenced.insert(other);
      }
      nothing = nothing && reach.rights.empty() && reach.influenced.empty();
    }
    if (!others.empty()) add(assumptions_, influence->assumptions());
    return told(brief(question, reaches, others.size()), nothing);
  }

  std::optional<Answer> operator()(const query::PathBetween& question) {
    auto influence = Influence::find(kept_);
    if (!influence) return std::nullopt;
    const Answer::Node from = end(*influence, question.from), to = end(*influence, question.to);
    const auto sources = at_end(*influence, from, taking()), targets = at_end(*influence, to, giving());
    if (!sources || !targets) return std::nullopt;
    bool found = false;
    for (const std::string& source : *sources) {
      for (const std::string& target : *targets) {
        const auto passes = source == target ? std::optional<bool>(true) : influence->passes(source, target);
        if (!passes || (*passes && source != target && !influence->exact())) return std::nullopt;
        if (source != target) add(assumptions_, influence->assumptions());
        found = found || *passes;
      }
    }
    return told(brief(question, {from, to}, found), !found);
  }

  std::optional<Answer> operator()(const query::WhatBreaks&) { return std::nullopt; }

 private:
  std::optional<KeptList> able_to(ir::Right right, const std::string& objects) {
    auto list = find_list(kept_, of_able(std::string(ir::to_string(right)) + " " + objects));
    if (list) add(assumptions_, list->assumptions);
    return list;
  }

  static Answer::Node end(const Influence& influence, const std::string& name) {
    if (!influence.members(name).empty()) return {name, Answer::Kind::Subject};
    return {name, name == "network" ? Answer::Kind::Network : Answer::Kind::Objects};
  }

  /// The nodes there, in the order of names.
  std::optional<std::set<std::string>> at_end(const Influence& influence, const Answer::Node& end, const Ways& ways) {
    std::set<std::string> found;
    if (end.kind == Answer::Kind::Network) return std::set<std::string>{kAll};
    if (end.kind == Answer::Kind::Subject) {
      for (std::string& member : influence.members(end.name)) found.insert(std::move(member));
      return found;
    }
    for (const ir::Right right : ways) {
      const auto list = able_to(right, end.name);
      if (!list) return std::nullopt;
      found.insert(list->members.begin(), list->members.end());
    }
    return found;
  }

  std::optional<Answer> told(Answer answer, bool has_no_story) const {
    if (story_ == Story::Told && !has_no_story) return std::nullopt;
    answer.assumptions = assumptions_;
    answer.kept = true;
    return answer;
  }

  const KeptPolicy& kept_;
  Story story_;
  std::vector<std::string> assumptions_;
};

}  // namespace

std::optional<Answer> kept_answer(const KeptPolicy& kept, const query::Question& question, Story story) {
  return std::visit(KeptQuestion(kept, story), question);
}

void keep_able(const KeptPolicy& kept, const std::string& what, const KeptList& subjects) {
  keep_list(kept, of_able(what), subjects);
}

void keep_reach(const KeptPolicy& kept, const std::string& subject, const KeptList& rights) {
  keep_list(kept, of_reach(subject), rights);
}

bool has_influence(const KeptPolicy& kept) {
  return Influence::find(kept).has_value();
}

void keep_influence(const KeptPolicy& kept, const ir::World& world, const query::AllPairs& pairs,
                    const std::vector<std::string>& assumptions) {
  std::vector<std::string> names;
  closure::ClosedRelation relation = pairs.evidence.relation;
  for (const obligation::GraphNode node : pairs.nodes) {
    names.push_back(node.network() ? kAll : world.at(node.subject).name);
  }
  for (std::size_t i = 0; i < assumptions.size(); ++i) names.push_back(numbered(i) + assumptions[i]);
  if (const auto host = host_by_that_word(world)) names.push_back(kPodMember + std::string("host ") + *host);
  for (const ir::Pod& pod : world.pods) {
    for (const ir::SubjectId member : pod.members) {
      const std::string& name = world.at(member).name;
      if (is_subject(name)) names.push_back(kPodMember + pod.name + " " + name);
    }
  }
  relation.class_of.resize(names.size(), 0);
  if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) return;
  kept.keep(pairs.exact ? kExact : kAtMost, names, relation);
}

}  // namespace bulkhead::cli
