#include "cli/query_policy.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "checker/query/question.h"
#include "checker/report/answer.h"
#include "cli/brief_answer.h"
#include "cli/exit_status.h"
#include "cli/inquiry.h"
#include "cli/named_places.h"
#include "cli/policy.h"
#include "cli/query_breaks.h"
#include "cli/query_keeping.h"
#include "cli/query_kept.h"
#include "cli/query_subjects.h"
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

/// One end of a path.
struct End {
  std::string name;
  Answer::Kind kind = Answer::Kind::Objects;
};

class Inquiry {
 public:
  Inquiry(const QueryOptions& options, const Policy& policy, const KeptPolicy* kept)
      : options_(options), world_(policy.world()), kept_(kept), subjects_(policy.world()) {
    limits_.timeout = std::chrono::milliseconds(options.timeout_ms);
    limits_.certify = options.certify || kept != nullptr;  // only what was accepted is kept
    answer_.question = options.question;
  }

  int operator()(const query::WhoCan& question) {
    for (const std::string& subject : subjects_.names()) {
      for (const ir::Right right : question.rights) ask(can(subject, right, question.objects));
    }
    if (const auto status = decide()) return *status;
    std::set<std::string> able;
    Able having;
    for (const std::string& subject : subjects_.names()) {
      for (const ir::Right right : question.rights) {
        if (!access(subject, right, question.objects)) continue;
        able.insert(subject);
        having.insert({subject, right});
      }
    }
    answer_.headline = headline(question, able.size(), subjects_.names().size());
    if (options_.brief) leave_out_stories(brief(question, having, subjects_.names().size()));
    for (const ir::Right right : question.rights) keep_able_to(decided(), right, question.objects);
    return finish();
  }

  int operator()(const query::WhatReach& question) {
    if (const auto status = refuse_any_host(question.subject)) return *status;
    const std::vector<std::string> asking = subjects_.members(question.subject);
    if (asking.empty()) return complain(subjects_.nobody(question.subject), kBadInput);
    std::map<std::string, std::vector<std::pair<ir::Right, std::string>>> places;
    for (const std::string& subject : asking) {
      places[subject] = named_places(world_, subject);
      for (const auto& [right, objects] : places[subject]) ask(can(subject, right, objects));
      for (const std::string& other : subjects_.others(subject, asking)) ask(flow(subject, other));
    }
    if (const auto status = decide()) return *status;
    std::size_t reached = 0;
    std::set<std::string> influenced, all_others;
    Reaches reaches;
    for (const std::string& subject : asking) {
      answer_.node(subject, Answer::Kind::Subject);
      Reach& reach = reaches[subject];
      for (const auto& [right, objects] : places[subject]) {
        if (!access(subject, right, objects)) continue;
        ++reached;
        reach.rights.insert(std::string(ir::to_string(right)) + " " + objects);
      }
      for (const std::string& other : subjects_.others(subject, asking)) {
        all_others.insert(other);
        if (!influence(flow(subject, other))) continue;
        influenced.insert(other);
        reach.influenced.insert(other);
      }
      keep_reach_of(decided(), subject, places[subject]);
    }
    answer_.headline = headline(question, reached, influenced.size(), all_others.size());
    if (options_.brief) leave_out_stories(brief(question, reaches, all_others.size()));
    return finish();
  }

  int operator()(const query::PathBetween& question) {
    for (const std::string& name : {question.from, question.to}) {
      if (const auto status = refuse_any_host(name)) return *status;
    }
    const End from = end(question.from), to = end(question.to);
    for (const std::string& subject : subjects_.names()) {
      for (const std::string& claim : touching(subject, from, taking())) ask(claim);
      for (const std::string& claim : touching(subject, to, giving())) ask(claim);
    }
    if (const auto status = decide()) return *status;
    const std::vector<std::string> sources = at_end(from, taking()), targets = at_end(to, giving());
    for (const std::string& source : sources) {
      for (const std::string& target : targets) {
        if (source != target) ask_flow(source, target);
      }
    }
    if (const auto status = decide()) return *status;
    choose_path(question, {from, to}, sources, targets);
    for (const auto& [end, ways] : {std::pair(from, taking()), std::pair(to, giving())}) {
      for (const ir::Right right : rights_at(end, ways)) keep_able_to(decided(), right, end.name);
    }
    return finish();
  }

  int operator()(const query::WhatBreaks& question) const { return what_breaks(options_, world_, question); }

 private:
  /// Violated where information may go from one to the other.
  static std::string flow(const std::string& from, const std::string& to) { return to + " protected from " + from; }

  void ask(const std::string& claim) {
    if (found_.count(claim) == 0) asked_.insert(claim);
  }

  /// Claims have no word for the network as an end.
  void ask_flow(const std::string& from, const std::string& to) {
    if (from != kNetworkEnd && to != kNetworkEnd)
      ask(flow(from, to));
    else if (found_.count(flow(from, to)) == 0)
      paths_.insert({from, to});
  }

  /// A status: end with it.
  std::optional<int> decide() {
    const std::vector<std::string> claims(asked_.begin(), asked_.end());
    const std::vector<PathEnds> paths(paths_.begin(), paths_.end());
    asked_.clear();
    paths_.clear();
    const std::size_t all = claims.size() + paths.size();
    if (all > kMaxClaims)
      return complain(
          "the question comes to " + std::to_string(all) + " claims, more than " + std::to_string(kMaxClaims),
          kUnknown);
    auto decided = inquire(options_.input, claims, limits_);
    if (const auto* mistakes = std::get_if<Unreadable>(&decided))
      return refuse(*mistakes, options_.format, options_.output);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      take(claims[i], claims[i], std::get<std::vector<Finding>>(decided).at(i));
    }
    decided = inquire_paths(options_.input, paths, limits_);
    if (const auto* mistakes = std::get_if<Unreadable>(&decided))
      return refuse(*mistakes, options_.format, options_.output);
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const auto& [from, to] = paths[i];
      take(flow(from, to), "path from " + spelt(from) + " to " + spelt(to),
           std::get<std::vector<Finding>>(decided).at(i));
    }
    return std::nullopt;
  }

  void take(const std::string& claim, const std::string& text, const Finding& one) {
    if (one.outcome == Outcome::Unknown) answer_.unknown.push_back(text + ": " + one.reason);
    for (const std::string& assumption : one.assumptions) {
      auto& known = answer_.assumptions;
      if (std::find(known.begin(), known.end(), assumption) == known.end()) known.push_back(assumption);
    }
    found_.emplace(claim, one);
  }
  static std::string spelt(const std::string& end) { return end == kNetworkEnd ? "network" : end; }

  std::optional<int> refuse_any_host(const std::string& name) const {
    const std::optional<std::string> ambiguity = subjects_.ambiguity(name);
    return ambiguity ? std::optional(complain(*ambiguity, kBadInput)) : std::nullopt;
  }

  /// Adds the edge between subject and objects if the claim holds.
  bool access(const std::string& subject, ir::Right right, const std::string& objects) {
    const Finding& one = found_.at(can(subject, right, objects));
    if (one.outcome != Outcome::Holds || one.steps.empty()) return false;
    const bool network = objects == "any";
    const std::size_t who = answer_.node(subject, Answer::Kind::Subject);
    const std::size_t what =
        answer_.node(network ? "network" : objects, network ? Answer::Kind::Network : Answer::Kind::Objects);
    add_handovers(one);
    answer_.edges.push_back(
        {who, what, "may " + std::string(ir::to_string(right)), one.steps.back().witness, one.steps.back().sentences});
    return true;
  }

  void add_step(const Finding::Step& step) {
    const std::size_t from =
        answer_.node(step.from, step.from == "network" ? Answer::Kind::Network : Answer::Kind::Subject);
    const std::size_t to = answer_.node(step.to, step.to_network ? Answer::Kind::Network : Answer::Kind::Subject);
    for (const Answer::Edge& edge : answer_.edges) {
      const bool same = !step.of_right || edge.witness == step.witness;
      if (same && edge.from == from && edge.to == to && edge.label == step.cause) return;
    }
    answer_.edges.push_back({from, to, step.cause, step.witness, step.sentences});
  }

  /// What was handed over before a request: all steps but the last.
  void add_handovers(const Finding& one) {
    for (std::size_t i = 0; i + 1 < one.steps.size(); ++i) add_step(one.steps[i]);
  }

  bool influence(const std::string& claim) {
    const Finding& one = found_.at(claim);
    if (one.outcome != Outcome::Violated) return false;
    for (const Finding::Step& step : one.steps) add_step(step);
    return true;
  }

  End end(const std::string& name) const {
    if (!subjects_.members(name).empty()) return {name, Answer::Kind::Subject};
    if (name == "network") return {name, Answer::Kind::Network};
    return {name, Answer::Kind::Objects};
  }

  static std::vector<ir::Right> rights_at(const End& end, const Ways& ways) {
    return end.kind == Answer::Kind::Objects ? ways : Ways();
  }

  /// The claims by which a subject touches an end that is objects.
  static std::vector<std::string> touching(const std::string& subject, const End& end, const Ways& ways) {
    std::vector<std::string> claims;
    for (const ir::Right right : rights_at(end, ways)) claims.push_back(can(subject, right, end.name));
    return claims;
  }

  std::vector<std::string> at_end(const End& end, const Ways& ways) const {
    if (end.kind == Answer::Kind::Subject) return subjects_.members(end.name);
    if (end.kind == Answer::Kind::Network) return {kNetworkEnd};
    std::vector<std::string> touching_it;
    for (const std::string& subject : subjects_.names()) {
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
  void choose_path(const query::PathBetween& question, const std::pair<End, End>& ends,
                   const std::vector<std::string>& sources, const std::vector<std::string>& targets) {
    const auto& [from, to] = ends;
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
    if (options_.brief)
      return leave_out_stories(brief(question, {{from.name, from.kind}, {to.name, to.kind}}, best != nullptr));
    answer_.node(from.kind == Answer::Kind::Subject && best != nullptr ? best->first : from.name, from.kind);
    if (best == nullptr) {
      answer_.node(to.name, to.kind);
      answer_.headline = headline(question, false) + (answer_.unknown.empty() ? "" : ", as far as is known");
      return;
    }
    add_end(from, best->first, taking(), true);
    if (best->first != best->second) influence(flow(best->first, best->second));
    add_end(to, best->second, giving(), false);
    answer_.headline = headline(question, true);
  }

  void add_end(const End& end, const std::string& subject, const Ways& ways, bool takes) {
    const Finding* one = end.kind == Answer::Kind::Objects ? way(subject, end, ways) : nullptr;
    if (one == nullptr) return;
    const std::size_t who = answer_.node(subject, Answer::Kind::Subject), what = answer_.node(end.name, end.kind);
    add_handovers(*one);
    answer_.edges.push_back({takes ? what : who, takes ? who : what, takes ? "taken in" : "given out",
                             one->steps.back().witness, one->steps.back().sentences});
  }

  void leave_out_stories(Answer brief) {
    answer_.headline = std::move(brief.headline);
    answer_.nodes = std::move(brief.nodes);
    answer_.edges = std::move(brief.edges);
  }

  Decided decided() const { return {options_, kept_, subjects_.names(), found_}; }

  int finish() const {
    const int status = write_out(render(options_.format, answer_), options_.output);
    keep_all_pairs(decided());
    return status != kHolds ? status : answer_.unknown.empty() ? kHolds : kUnknown;
  }

  const QueryOptions& options_;
  const ir::World& world_;
  const KeptPolicy* kept_;  // null: nothing is kept
  QuerySubjects subjects_;
  InquiryLimits limits_;
  std::set<std::string> asked_;
  std::set<PathEnds> paths_;  // that are asked about and that no claim can name
  std::map<std::string, Finding> found_;
  Answer answer_;
};

/// None: it has to be asked of the policy.
std::optional<int> answer_from(const std::optional<KeptPolicy>& kept, const QueryOptions& options,
                               const query::Question& question) {
  std::optional<Answer> answer;
  if (kept) answer = kept_answer(*kept, question, options.brief ? Story::LeftOut : Story::Told);
  if (!answer) return std::nullopt;
  answer->question = options.question;
  return write_out(render(options.format, *answer), options.output);
}

}  // namespace

int run_query_policy(const QueryOptions& given) {
  const std::time_t started = std::time(nullptr);
  QueryOptions options = given;
  if (options.question.empty() && options.input.files.size() > 1) {
    options.question = options.input.files.back();
    options.input.files.pop_back();
  }
  const Result<query::Question, std::string> question = query::read_question(options.question);
  if (!question.ok()) return complain(question.error(), kBadInput);
  const bool keeps = !options.no_cache && !std::holds_alternative<query::WhatBreaks>(*question);
  std::optional<KeptPolicy> kept;
  if (keeps) kept = KeptPolicy::unchanged(options.input);
  if (const auto status = answer_from(kept, options, *question)) return *status;
  std::variant<Policy, Unreadable> loaded = load_policy(options.input);
  if (const auto* mistakes = std::get_if<Unreadable>(&loaded)) return refuse(*mistakes, options.format, options.output);
  if (keeps && !kept) {
    if (const auto policy = load_with_flow(options.input))
      kept = KeptPolicy::of(options.input, *policy, started, kFlowName);
    if (const auto status = answer_from(kept, options, *question)) return *status;
  }
  Inquiry inquiry(options, std::get<Policy>(loaded), kept ? &*kept : nullptr);
  return std::visit(inquiry, *question);
}

}  // namespace bulkhead::cli
