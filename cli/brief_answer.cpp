#include "cli/brief_answer.h"

#include "lang/ir/right.h"

namespace bulkhead::cli {
namespace {

using report::Answer;

void add_edge(Answer& answer, std::size_t from, std::size_t to, std::string label) {
  answer.edges.push_back({from, to, std::move(label), {}, {}});
}

void add_right(Answer& answer, const std::string& subject, const std::string& right, const std::string& objects) {
  const bool network = objects == "any";
  const std::size_t who = answer.node(subject, Answer::Kind::Subject);
  const std::size_t what =
      answer.node(network ? "network" : objects, network ? Answer::Kind::Network : Answer::Kind::Objects);
  add_edge(answer, who, what, "may " + right);
}

}  // namespace

// What may be renamed or linked can be brought to a name that may be read, and written, by those that have both rights;
// the influence between subjects sees that. Here it is what the subject itself may do to these objects.
const Ways& taking() {
  static const Ways ways{ir::Right::Read, ir::Right::Execute};
  return ways;
}

const Ways& giving() {
  static const Ways ways{ir::Right::Write, ir::Right::Rename, ir::Right::Link};
  return ways;
}

std::string can(const std::string& subject, ir::Right right, const std::string& objects) {
  return subject + " can " + std::string(ir::to_string(right)) + " " + objects;
}

std::string headline(const query::WhoCan& question, std::size_t able, std::size_t subjects) {
  std::string rights;
  for (const ir::Right right : question.rights)
    rights += (rights.empty() ? "" : " or ") + std::string(ir::to_string(right));
  return std::to_string(able) + " of " + std::to_string(subjects) + " subjects can " + rights + " " + question.objects;
}

std::string headline(const query::WhatReach& question, std::size_t rights, std::size_t influenced, std::size_t others) {
  return question.subject + " has " + std::to_string(rights) + " rights on " +
         "the objects that the policy names, and may influence " + std::to_string(influenced) + " of " +
         std::to_string(others) + " other subjects";
}

std::string headline(const query::PathBetween& question, bool found) {
  return (found ? "a path from " : "there is no path from ") + question.from + " to " + question.to;
}

Answer brief(const query::WhoCan& question, const Able& able, std::size_t subjects) {
  Answer answer;
  std::set<std::string> who;
  for (const auto& [subject, right] : able) {
    who.insert(subject);
    add_right(answer, subject, std::string(ir::to_string(right)), question.objects);
  }
  answer.headline = headline(question, who.size(), subjects);
  return answer;
}

Answer brief(const query::WhatReach& question, const Reaches& reaches, std::size_t others) {
  Answer answer;
  std::size_t rights = 0;
  std::set<std::string> influenced;
  for (const auto& [subject, reach] : reaches) {
    answer.node(subject, Answer::Kind::Subject);
    rights += reach.rights.size();
    for (const std::string& right : reach.rights) {
      const std::size_t blank = right.find(' ');
      add_right(answer, subject, right.substr(0, blank), right.substr(blank + 1));
    }
    for (const std::string& other : reach.influenced) {
      influenced.insert(other);
      const std::size_t from = answer.node(subject, Answer::Kind::Subject);
      add_edge(answer, from, answer.node(other, Answer::Kind::Subject), "may influence");
    }
  }
  answer.headline = headline(question, rights, influenced.size(), others);
  return answer;
}

Answer brief(const query::PathBetween& question, const NamedEnds& ends, bool found) {
  Answer answer;
  answer.nodes = {ends.first};
  const std::size_t to = answer.node(ends.second.name, ends.second.kind);
  if (found && to != 0) add_edge(answer, 0, to, "information can pass");
  answer.headline = headline(question, found);
  return answer;
}

}  // namespace bulkhead::cli
