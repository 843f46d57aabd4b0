#include "cli/query_policy.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "checker/query/prove.h"
#include "checker/query/question.h"
#include "checker/report/answer.h"
#include "checker/report/story.h"
#include "cli/exit_status.h"
#include "cli/inquiry.h"
#include "cli/policy.h"
#include "cli/terminal.h"

namespace bulkhead::cli {
namespace {

using report::Answer;
using Outcome = Finding::Outcome;

constexpr std::size_t kMaxClaims = 20'000;

std::string render(const std::string& format, const Answer& answer) {
  if (format == "json") return report::answer_json(answer);
  if (format == "dot") return report::answer_dot(answer);
  if (format == "svg") return report::answer_svg(answer);
  return report::answer_text(answer);
}

std::string render(const std::string& format, const report::Breakage& breakage) {
  if (format == "json") return report::breakage_json(breakage);
  if (format == "dot") return report::breakage_dot(breakage);
  if (format == "svg") return report::breakage_svg(breakage);
  return report::breakage_text(breakage);
}

/// One end of a path.
struct End {
  std::string name;
  Answer::Kind kind = Answer::Kind::Objects;
};

class Inquiry {
 public:
  Inquiry(const QueryOptions& options, const Policy& policy) : options_(options), world_(policy.world()) {
    limits_.timeout = std::chrono::milliseconds(options.timeout_ms);
    limits_.certify = options.certify;
    for (std::size_t i = 0; i < world_.subjects.size(); ++i) {
      const ir::Subject& subject = world_.subjects[i];
      if (subject.kind == ir::SubjectKind::Profile) continue;
      subjects_.push_back(subject.name);
    }
    answer_.question = options.question;
  }

  int operator()(const query::WhoCan& question) {
    for (const std::string& subject : subjects_) {
      for (const ir::Right right : question.rights)
        ask(subject + " can " + std::string(ir::to_string(right)) + " " + question.objects);
    }
    if (const auto status = decide()) return *status;
    std::set<std::string> able;
    for (const std::string& subject : subjects_) {
      for (const ir::Right right : question.rights) {
        const std::string claim = subject + " can " + std::string(ir::to_string(right)) + " " + question.objects;
        if (access(subject, right, question.objects, claim)) able.insert(subject);
      }
    }
    std::string rights;
    for (const ir::Right right : question.rights)
      rights += (rights.empty() ? "" : " or ") + std::string(ir::to_string(right));
    answer_.headline = std::to_string(able.size()) + " of " + std::to_string(subjects_.size()) + " subjects can " +
                       rights + " " + question.objects;
    return finish();
  }

  int operator()(const query::WhatReach& question) {
    const std::string& subject = question.subject;
    if (!is_subject(subject)) return no_subject(subject);
    const std::vector<std::pair<ir::Right, std::string>> places = reachable_places(subject);
    for (const auto& [right, objects] : places) ask(can(subject, right, objects));
    for (const std::string& other : subjects_) {
      if (other != subject) ask(flow(subject, other));
    }
    if (const auto status = decide()) return *status;
    answer_.node(subject, Answer::Kind::Subject);
    std::size_t reached = 0, influenced = 0;
    for (const auto& [right, objects] : places)
      reached += access(subject, right, objects, can(subject, right, objects)) ? 1 : 0;
    for (const std::string& other : subjects_) {
      if (other != subject) influenced += influence(flow(subject, other)) ? 1 : 0;
    }
    answer_.headline = subject + " has " + std::to_string(reached) + " rights on " +
                       "the objects that the policy names, and may influence " + std::to_string(influenced) + " of " +
                       std::to_string(subjects_.size() - 1) + " other subjects";
    return finish();
  }

  int operator()(const query::PathBetween& question) {
    const End from = end(question.from), to = end(question.to);
    for (const std::string& subject : subjects_) {
      for (const std::string& claim : touching(subject, from, kTakes)) ask(claim);
      for (const std::string& claim : touching(subject, to, kGives)) ask(claim);
    }
    if (const auto status = decide()) return *status;
    const std::vector<std::string> sources = at_end(from, kTakes), targets = at_end(to, kGives);
    for (const std::string& source : sources) {
      for (const std::string& target : targets) {
        if (source != target) ask(flow(source, target));
      }
    }
    if (const auto status = decide()) return *status;
    choose_path(from, to, sources, targets);
    return finish();
  }

  int operator()(const query::WhatBreaks& question);

 private:
  /// Which rights bring information from objects to a subject, and the other way.
  struct Ways {
    std::vector<ir::Right> files, net;
  };
  static const Ways kTakes, kGives;

  static std::string can(const std::string& subject, ir::Right right, const std::string& objects) {
    return subject + " can " + std::string(ir::to_string(right)) + " " + objects;
  }
  /// Violated where information may go from one to the other.
  static std::string flow(const std::string& from, const std::string& to) { return to + " protected from " + from; }

  void ask(const std::string& claim) {
    if (found_.count(claim) == 0) asked_.insert(claim);
  }

  /// A status: end with it.
  std::optional<int> decide() {
    const std::vector<std::string> claims(asked_.begin(), asked_.end());
    asked_.clear();
    if (claims.size() > kMaxClaims)
      return complain(
          "the question comes to " + std::to_string(claims.size()) + " claims, more than " + std::to_string(kMaxClaims),
          kUnknown);
    auto decided = inquire(options_.input, claims, limits_);
    if (const auto* mistakes = std::get_if<Unreadable>(&decided))
      return refuse(*mistakes, options_.format, options_.output);
    const auto& findings = std::get<std::vector<Finding>>(decided);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      const Finding& one = findings.at(i);
      if (one.outcome == Outcome::Unknown) answer_.unknown.push_back(claims[i] + ": " + one.reason);
      for (const std::string& assumption : one.assumptions) {
        auto& known = answer_.assumptions;
        if (std::find(known.begin(), known.end(), assumption) == known.end()) known.push_back(assumption);
      }
      found_.emplace(claims[i], one);
    }
    return std::nullopt;
  }

  bool is_subject(const std::string& name) const {
    return std::find(subjects_.begin(), subjects_.end(), name) != subjects_.end();
  }
  int no_subject(const std::string& name) const {
    const auto near = diag::did_you_mean(name, subjects_);
    return complain("there is no subject `" + name + "`" + (near ? "; did you mean `" + *near + "`?" : ""), kBadInput);
  }

  /// Adds the edge between subject and objects if the claim holds.
  bool access(const std::string& subject, ir::Right right, const std::string& objects, const std::string& claim) {
    const Finding& one = found_.at(claim);
    if (one.outcome != Outcome::Holds || one.steps.empty()) return false;
    const bool network = objects == "any";
    const std::size_t who = answer_.node(subject, Answer::Kind::Subject);
    const std::size_t what =
        answer_.node(network ? "network" : objects, network ? Answer::Kind::Network : Answer::Kind::Objects);
    answer_.edges.push_back({who, what, "may " + std::string(ir::to_string(right)), one.steps.front().witness,
                             one.steps.front().sentences});
    return true;
  }

  void add_step(const Finding::Step& step) {
    const std::size_t from =
        answer_.node(step.from, step.from == "network" ? Answer::Kind::Network : Answer::Kind::Subject);
    const std::size_t to = answer_.node(step.to, step.to_network ? Answer::Kind::Network : Answer::Kind::Subject);
    for (const Answer::Edge& edge : answer_.edges) {
      if (edge.from == from && edge.to == to && edge.label == step.cause) return;
    }
    answer_.edges.push_back({from, to, step.cause, step.witness, step.sentences});
  }

  bool influence(const std::string& claim) {
    const Finding& one = found_.at(claim);
    if (one.outcome != Outcome::Violated) return false;
    for (const Finding::Step& step : one.steps) add_step(step);
    return true;
  }

  /// The named sets of the user, the volumes that the subject mounts, its own root, and every address.
  std::vector<std::pair<ir::Right, std::string>> reachable_places(const std::string& subject) const {
    std::vector<std::pair<ir::Plane, std::string>> objects = {{ir::Plane::File, "\"/**\""}, {ir::Plane::Net, "any"}};
    for (const ir::Subject& each : world_.subjects) {
      if (each.name != subject) continue;
      for (const ir::Mount& mount : each.mounts)
        objects.emplace_back(ir::Plane::File, world_.at(mount.volume).name + ":\"/**\"");
    }
    for (const ir::ObjectSet& set : world_.sets) {
      const bool library = set.sentence.valid() && world_.at(set.sentence).library;
      if (!library && (set.plane == ir::Plane::File || set.plane == ir::Plane::Net))
        objects.emplace_back(set.plane, set.name);
    }
    std::vector<std::pair<ir::Right, std::string>> places;
    for (const auto& [plane, name] : objects) {
      for (const ir::Right right : ir::kAllRights) {
        if (ir::plane_of(right) == plane) places.emplace_back(right, name);
      }
    }
    return places;
  }

  End end(const std::string& name) const {
    if (is_subject(name)) return {name, Answer::Kind::Subject};
    if (name == "network") return {name, Answer::Kind::Network};
    return {name, Answer::Kind::Objects};
  }

  /// The claims by which a subject touches an end that is no subject.
  static std::vector<std::string> touching(const std::string& subject, const End& end, const Ways& ways) {
    std::vector<std::string> claims;
    if (end.kind == Answer::Kind::Subject) return claims;
    const bool network = end.kind == Answer::Kind::Network;
    for (const ir::Right right : network ? ways.net : ways.files)
      claims.push_back(can(subject, right, network ? "any" : end.name));
    return claims;
  }

  std::vector<std::string> at_end(const End& end, const Ways& ways) const {
    if (end.kind == Answer::Kind::Subject) return {end.name};
    std::vector<std::string> touching_it;
    for (const std::string& subject : subjects_) {
      if (way(subject, end, ways) != nullptr) touching_it.push_back(subject);
    }
    return touching_it;
  }

  const Finding* way(const std::string& subject, const End& end, const Ways& ways) const {
    for (const std::string& claim : touching(subject, end, ways)) {
      const Finding& one = found_.at(claim);
      if (one.outcome == Outcome::Holds && !one.steps.empty()) return &one;
    }
    return nullptr;
  }

  /// The shortest of all, the first of several.
  void choose_path(const End& from, const End& to, const std::vector<std::string>& sources,
                   const std::vector<std::string>& targets) {
    const std::pair<std::string, std::string>* best = nullptr;
    std::size_t length = 0;
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const std::string& source : sources) {
      for (const std::string& target : targets) pairs.emplace_back(source, target);
    }
    for (const auto& pair : pairs) {
      const Finding* one = pair.first == pair.second ? nullptr : &found_.at(flow(pair.first, pair.second));
      if (one != nullptr && one->outcome != Outcome::Violated) continue;
      const std::size_t steps = one == nullptr ? 0 : one->steps.size();
      if (best != nullptr && steps >= length) continue;
      best = &pair;
      length = steps;
    }
    answer_.node(from.name, from.kind);
    if (best == nullptr) {
      answer_.node(to.name, to.kind);
      answer_.headline = "there is no path from " + from.name + " to " + to.name +
                         (answer_.unknown.empty() ? "" : ", as far as is known");
      return;
    }
    add_end(from, best->first, kTakes, true);
    if (best->first != best->second) influence(flow(best->first, best->second));
    add_end(to, best->second, kGives, false);
    answer_.headline = "a path from " + from.name + " to " + to.name;
  }

  void add_end(const End& end, const std::string& subject, const Ways& ways, bool takes) {
    const Finding* one = end.kind == Answer::Kind::Subject ? nullptr : way(subject, end, ways);
    if (one == nullptr) return;
    const std::size_t who = answer_.node(subject, Answer::Kind::Subject), what = answer_.node(end.name, end.kind);
    answer_.edges.push_back({takes ? what : who, takes ? who : what, takes ? "taken in" : "given out",
                             one->steps.front().witness, one->steps.front().sentences});
  }

  int finish() const {
    const int status = write_out(render(options_.format, answer_), options_.output);
    return status != kHolds ? status : answer_.unknown.empty() ? kHolds : kUnknown;
  }

  const QueryOptions& options_;
  const ir::World& world_;
  InquiryLimits limits_;
  std::vector<std::string> subjects_;
  std::set<std::string> asked_;
  std::map<std::string, Finding> found_;
  Answer answer_;
};

// What may be renamed or linked can be brought to a name that may be read, and written, by those that have both rights;
// the influence between subjects sees that. Here it is what the subject itself may do to these objects.
const Inquiry::Ways Inquiry::kTakes{{ir::Right::Read, ir::Right::Execute}, {ir::Right::Connect, ir::Right::Bind}};
const Inquiry::Ways Inquiry::kGives{{ir::Right::Write, ir::Right::Rename, ir::Right::Link},
                                    {ir::Right::Connect, ir::Right::Bind}};

query::Proof prove_all(const ir::World& world, const QueryOptions& options) {
  query::ProveOptions prove;
  prove.timeout = std::chrono::milliseconds(options.timeout_ms);
  prove.certify = options.certify ? query::Certify::On : query::Certify::Off;
  return query::prove(world, prove);
}

std::map<std::string, const query::ClaimResult*> by_name(const ir::World& world, const query::Proof& proof) {
  std::map<std::string, const query::ClaimResult*> results;
  for (const query::ClaimResult& result : proof.claims) results.emplace(world.at(result.claim).name, &result);
  return results;
}

int Inquiry::operator()(const query::WhatBreaks& question) {
  const query::Proof before = prove_all(world_, options_);
  std::string sentence = question.sentence;
  if (sentence.back() != ';' && sentence.back() != '}') sentence += ';';
  std::variant<Policy, Unreadable> loaded =
      load_policy(options_.input, {{"the question", "module bulkhead_question;\n" + sentence + "\n"}});
  if (const auto* mistakes = std::get_if<Unreadable>(&loaded))
    return refuse(*mistakes, options_.format, options_.output);
  const Policy& added = std::get<Policy>(loaded);
  const query::Proof after = prove_all(added.world(), options_);
  const report::Subject subject{added.world(), *added.sources, after};
  const auto results = by_name(added.world(), after);
  report::Breakage breakage;
  breakage.question = question.sentence;
  for (const auto& [name, was] : by_name(world_, before)) {
    ++breakage.claims;
    const auto now = results.find(name);
    const bool satisfied = was->status == query::Status::Satisfied;
    const query::Status status = now == results.end() ? query::Status::Unknown : now->second->status;
    if (satisfied == (status == query::Status::Satisfied)) continue;
    if (!satisfied) {
      breakage.mended.push_back(name);
    } else if (now == results.end() || status == query::Status::Unknown || status == query::Status::Rejected) {
      breakage.unknown.push_back(name);
    } else {
      const query::ClaimResult& result = *now->second;
      report::Breakage::Claim broken{
          name, added.world().at(result.claim).text, report::headline(added.world(), result), {}, {}};
      for (const report::Line& line : report::story(subject, result)) broken.story.push_back(report::full_text(line));
      const auto* violated = std::get_if<verdict::Violated>(&result.cases.at(result.deciding).verdict);
      if (violated != nullptr)
        broken.sentences = report::places(added.world(), *added.sources, violated->trace.minimal);
      breakage.broken.push_back(std::move(broken));
    }
  }
  if (before.refused || after.refused) return complain((after.refused ? after : before).refused->reason, kUnknown);
  const int status = write_out(render(options_.format, breakage), options_.output);
  if (status != kHolds) return status;
  return !breakage.broken.empty() ? kViolated : breakage.unknown.empty() ? kHolds : kUnknown;
}

}  // namespace

int run_query_policy(const QueryOptions& given) {
  QueryOptions options = given;
  if (options.question.empty() && options.input.files.size() > 1) {
    options.question = options.input.files.back();
    options.input.files.pop_back();
  }
  const Result<query::Question, std::string> question = query::read_question(options.question);
  if (!question.ok()) return complain(question.error(), kBadInput);
  std::variant<Policy, Unreadable> loaded = load_policy(options.input);
  if (const auto* mistakes = std::get_if<Unreadable>(&loaded)) return refuse(*mistakes, options.format, options.output);
  Inquiry inquiry(options, std::get<Policy>(loaded));
  return std::visit(inquiry, *question);
}

}  // namespace bulkhead::cli
