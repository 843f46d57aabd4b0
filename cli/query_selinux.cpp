#include "cli/query_selinux.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "checker/selinux/constraint.h"
#include "checker/selinux/flow.h"
#include "checker/selinux/flow_objection.h"
#include "checker/selinux/narrow.h"
#include "checker/selinux/narrow_objection.h"
#include "checker/selinux/transitions.h"
#include "cli/exit_status.h"
#include "cli/flow_cache.h"
#include "cli/selinux_policy.h"
#include "cli/terminal.h"
#include "lang/base/file.h"
#include "lang/frontend/load.h"

namespace bulkhead::cli {

namespace {

using Json = nlohmann::ordered_json;
using selinux::TypeId;

/// An answer as text and as an object; an objection of the judge makes it none.
struct Answer {
  std::string text;
  Json json;
  int status = kHolds;
};

Answer wrong(const std::string& message) {
  return {message, Json(), kBadInput};
}

/// One thing that a rule gives, of which `relevant` permissions (by class) matter.
struct Given {
  const selinux::Rule& rule;
  const std::vector<selinux::Permissions>& relevant;
  TypeId source, target;
};

/// The constraints that may take all of it back: of the permission that the fewest of them are about. Those that are
/// true for this pair of types take nothing back.
std::vector<const selinux::Constraint*> open_constraints(const selinux::Policy& policy, const selinux::SetRows& rows,
                                                         const Given& given) {
  std::optional<std::vector<const selinux::Constraint*>> least;
  for (const selinux::Access& access : policy.accesses_of(given.rule)) {
    for (std::size_t bit = 0; bit < selinux::kMaxPermissions; ++bit) {
      const selinux::Permissions one = selinux::Permissions{1} << bit;
      if ((access.permissions & given.relevant[access.object_class.index()] & one) == 0) continue;
      std::vector<const selinux::Constraint*> open;
      for (const selinux::Constraint& constraint : policy.constraints) {
        const bool is_about = (selinux::constrained(constraint, access.object_class) & one) != 0;
        const auto value = [&] { return effect(rows, constraint, given.source.index(), given.target.index()); };
        if (is_about && value() != selinux::Effect::Always) open.push_back(&constraint);
      }
      if (!least || open.size() < least->size()) least = std::move(open);
    }
  }
  return least.value_or(std::vector<const selinux::Constraint*>());
}

/// What may take a step back, in words; empty where nothing does.
std::vector<std::string> narrowed_by(const SelinuxPolicy& loaded, const selinux::SetRows& rows, const Given& given) {
  const selinux::Rule& rule = given.rule;
  std::vector<std::string> found;
  if (rule.condition.valid()) {
    const selinux::Condition& condition = loaded.policy.conditions[rule.condition.index()];
    found.push_back((rule.when ? "while " : "unless ") + condition.text);
  }
  for (const selinux::Constraint* constraint : open_constraints(loaded.policy, rows, given)) {
    found.push_back(loaded.place(constraint->span) + ": " + loaded.text(constraint->span));
  }
  return found;
}

// --- Flow.

struct FlowQuestion {
  const SelinuxPolicy& loaded;
  Digest map_digest;
  bool brief;  // whether, not along which rules
  selinux::PermissionFlows flows;
};

/// Where the flow map is: the first place that there is.
Result<std::string, std::string> map_place(const QueryOptions& options) {
  std::vector<std::string> places;
  if (!options.map.empty()) {
    places.push_back(options.map);
  } else {
    std::vector<std::string> folders = options.input.models;
    for (const std::string& folder : frontend::default_model_paths()) folders.push_back(folder);
    for (const std::string& folder : folders) places.push_back(folder + "/selinux_flow.map");
  }
  for (const std::string& place : places) {
    std::error_code error;
    if (!options.map.empty() || std::filesystem::exists(place, error)) return place;
  }
  return fail(std::string("there is no selinux_flow.map in the folders of models"));
}

Answer tell_path(const FlowQuestion& question, const std::vector<selinux::FlowStep>& path) {
  const SelinuxPolicy& loaded = question.loaded;
  const selinux::Policy& policy = loaded.policy;
  const selinux::SetRows rows = selinux::SetRows::of_constraints(policy);
  std::string steps;
  Json json = Json::array();
  bool narrowed = false;
  for (const selinux::FlowStep& step : path) {
    const std::string ends = policy.type(step.from).name + " -> " + policy.type(step.to).name;
    Json one{{"from", policy.type(step.from).name}, {"to", policy.type(step.to).name}};
    if (!step.rule.valid()) {
      steps += "  " + ends + "\n      a permissive type: nothing is denied to it\n";
      json.push_back(one);
      continue;
    }
    const selinux::Rule& rule = policy.rule(step.rule);
    const auto& direction = step.into_subject ? question.flows.in : question.flows.out;
    steps += fmt::format("  {}\n      {}: {}\n", ends, loaded.place(rule), loaded.text(policy.span(rule)));
    one["place"] = loaded.sources->place(policy.span(rule));
    one["rule"] = loaded.text(policy.span(rule));
    one["narrowed_by"] = Json::array();
    const TypeId subject = step.into_subject ? step.to : step.from, object = step.into_subject ? step.from : step.to;
    for (const std::string& what : narrowed_by(loaded, rows, {rule, direction, subject, object})) {
      narrowed = true;
      steps += "      narrowed by " + what + "\n";
      one["narrowed_by"].push_back(what);
    }
    json.push_back(one);
  }
  Answer answer;
  answer.json = {{"answer", "path"}, {"over_approximate", narrowed}, {"steps", json}};
  answer.text = fmt::format("information can pass in {} {}{}\n{}", path.size(), path.size() == 1 ? "step" : "steps",
                            narrowed ? ", as far as what narrows them lets it (over-approximate)" : "", steps);
  return answer;
}

Answer flow_between(const FlowQuestion& question, const selinux::FlowGraph& graph, TypeId from, TypeId to) {
  const selinux::FlowJudge judge(question.loaded.policy, question.flows);
  if (const auto path = graph.shortest_path(from, to)) {
    if (const auto objection = judge.objection(from, to, *path)) return {*objection, Json(), kRejected};
    if (question.brief) return {"information can pass\n", {{"answer", "path"}}, kHolds};
    return tell_path(question, *path);
  }
  const closure::ClosedSet set = graph.reachable(from);
  if (const auto objection = judge.objection(from, to, set)) return {*objection, Json(), kRejected};
  std::size_t reached = 0;
  for (const std::uint64_t word : set.words) reached += static_cast<std::size_t>(std::popcount(word));
  Answer answer;
  answer.json = {{"answer", "none"}, {"closed_set", reached}};
  answer.text =
      fmt::format("no information passes: a set of {} types that no rule leads out of is accepted\n", reached);
  return answer;
}

/// Has the judge accept all pairs as evidence, and keeps them for later questions; or what it objects.
std::optional<std::string> accept(const FlowQuestion& question, const selinux::AllFlows& all) {
  if (!all.relation) return std::nullopt;
  const selinux::FlowJudge judge(question.loaded.policy, question.flows);
  if (auto objection = judge.objection(*all.relation)) return objection;
  std::vector<std::string> names;
  for (const selinux::Type& type : question.loaded.policy.types) names.push_back(type.name);
  if (question.loaded.digest) keep_flow(*question.loaded.digest, question.map_digest, names, *all.relation);
  return std::nullopt;
}

/// What an earlier run closed says. None: it has to be asked of the policy, for want of such a run, or for the path.
std::optional<Answer> flow_remembered(const QueryOptions& options, const std::vector<std::string>& names) {
  const Result<std::string, std::string> map = map_place(options);
  if (names.size() != 2 || names[0] == names[1] || options.no_cache || !map.ok()) return std::nullopt;
  const auto relation = find_flow({options.input.files.front(), *map});
  if (!relation) return std::nullopt;
  const auto from = relation->find(names[0]), to = relation->find(names[1]);
  const auto reached = from && to ? relation->reached_from(*from) : std::nullopt;
  if (!reached || (reached->test(*to) && !options.brief)) return std::nullopt;
  if (reached->test(*to)) {
    return Answer{"information can pass, as all pairs of an earlier run say\n", {{"answer", "path"}, {"cached", true}}};
  }
  const std::size_t closed = reached->count() + (reached->test(*from) ? 0 : 1);
  return Answer{fmt::format("no information passes: a set of {} types that no rule leads out of was accepted in an "
                            "earlier run\n",
                            closed),
                {{"answer", "none"}, {"closed_set", closed}, {"cached", true}}};
}

Answer flow_from(const FlowQuestion& question, const selinux::FlowGraph& graph, TypeId from) {
  const closure::ClosedSet set = graph.reachable(from);
  Answer answer;
  answer.json = {{"answer", "types"}, {"types", Json::array()}};
  for (std::size_t i = 0; i < graph.types(); ++i) {
    if (((set.words[i / 64] >> (i % 64)) & 1) == 0 || i == from.index()) continue;
    answer.text += question.loaded.policy.types[i].name + "\n";
    answer.json["types"].push_back(question.loaded.policy.types[i].name);
  }
  return answer;
}

Answer flow_everywhere(const FlowQuestion& question, const selinux::FlowGraph& graph) {
  const selinux::AllFlows all = selinux::all_flows(graph);
  if (const auto objection = accept(question, all)) return {*objection, Json(), kRejected};
  const std::uint64_t types = graph.types(), possible = types * (types - (types > 0 ? 1 : 0));
  Answer answer;
  answer.json = {{"answer", "all"},
                 {"types", types},
                 {"direct_flows", graph.direct_flows()},
                 {"pairs", all.pairs},
                 {"separated_pairs", possible - all.pairs},
                 {"groups", all.components},
                 {"largest_group", all.largest},
                 {"evidence", all.relation ? "accepted" : "none: too many groups"}};
  answer.text = fmt::format(
      "{} types, {} direct flows\n{} pairs where information reaches the second type, {} where it does not\n"
      "{} groups of types that all reach each other, the largest of {}\nevidence for what does not reach: {}\n",
      types, graph.direct_flows(), all.pairs, possible - all.pairs, all.components, all.largest,
      all.relation ? "accepted" : "none, there are too many groups");
  return answer;
}

/// The types that were named; a string is what to tell the user.
std::variant<std::vector<TypeId>, std::string> named_types(const selinux::Policy& policy,
                                                           const std::vector<std::string>& names) {
  std::vector<TypeId> types;
  for (const std::string& name : names) {
    const std::optional<TypeId> type = policy.find_type(name);
    if (!type) return "the policy has no type `" + name + "`";
    types.push_back(*type);
  }
  return types;
}

Answer ask_flow(const SelinuxPolicy& loaded, const QueryOptions& options, const std::vector<TypeId>& types) {
  const Result<std::string, std::string> place = map_place(options);
  if (!place.ok()) return wrong(place.error());
  const Result<std::string> map_text = read_file(*place, selinux::kMaxFlowMapBytes);
  if (!map_text.ok()) return wrong(map_text.error().message());
  const Result<selinux::FlowMap, std::string> map = selinux::read_flow_map(*map_text);
  if (!map.ok()) return wrong(*place + ": " + map.error());
  const FlowQuestion question{loaded, sha256(*map_text), options.brief, selinux::permission_flows(loaded.policy, *map)};
  if (!question.flows.unmapped.empty()) {
    complain(fmt::format("the flow map says nothing of {} permissions, which count as both ways: {}",
                         question.flows.unmapped.size(), fmt::join(question.flows.unmapped, " ")),
             kHolds);
  }
  const selinux::FlowGraph graph(loaded.policy, question.flows);
  if (!types.empty() && loaded.digest) {
    if (const auto objection = accept(question, selinux::all_flows(graph))) return {*objection, Json(), kRejected};
  }
  if (types.empty()) return flow_everywhere(question, graph);
  return types.size() == 1 ? flow_from(question, graph, types[0]) : flow_between(question, graph, types[0], types[1]);
}

// --- Transitions.

/// A rule that a transition rests on: it gives `what` of a class to `source` on `target`.
struct Need {
  selinux::RuleId rule;
  const char* object_class;
  const char* what;
  TypeId source, target;
};

/// True where something narrows the rule.
bool tell_rule(const SelinuxPolicy& loaded, const selinux::SetRows& rows, const Need& need, std::string& text,
               Json& json) {
  const selinux::RuleId id = need.rule;
  const char* what = need.what;
  if (!id.valid()) return false;  // of a permissive domain
  const selinux::Rule& rule = loaded.policy.rule(id);
  const std::string sentence = loaded.text(loaded.policy.span(rule));
  text += fmt::format("      {:<12}{}: {}\n", what, loaded.place(rule), sentence);
  json[what] = {{"place", loaded.sources->place(loaded.policy.span(rule))}, {"rule", sentence}};
  std::vector<selinux::Permissions> relevant(loaded.policy.classes.size(), 0);
  if (const auto object_class = loaded.policy.find_class(need.object_class)) {
    relevant[object_class->index()] = selinux::permission(loaded.policy.object_class(*object_class), what);
  }
  const std::vector<std::string> narrowing = narrowed_by(loaded, rows, {rule, relevant, need.source, need.target});
  for (const std::string& one : narrowing) text += "                  narrowed by " + one + "\n";
  if (!narrowing.empty()) json[what]["narrowed_by"] = fmt::format("{}", fmt::join(narrowing, "; "));
  return !narrowing.empty();
}

Answer tell_transitions(const SelinuxPolicy& loaded, const std::vector<selinux::Transition>& steps) {
  Answer answer;
  answer.json = {{"answer", "steps"}, {"over_approximate", false}, {"steps", Json::array()}};
  const selinux::SetRows rows = selinux::SetRows::of_constraints(loaded.policy);
  bool narrowed = false;
  for (const selinux::Transition& step : steps) {
    const selinux::Policy& policy = loaded.policy;
    Json one{{"from", policy.type(step.from).name}, {"to", policy.type(step.to).name}};
    answer.text += "  " + policy.type(step.from).name + " -> " + policy.type(step.to).name;
    answer.text += step.entry.valid() ? " by a program of type " + policy.type(step.entry).name + "\n" : " by itself\n";
    if (step.entry.valid()) one["entrypoint_type"] = policy.type(step.entry).name;
    const Need needs[] = {
        {step.transition, "process", step.entry.valid() ? "transition" : "dyntransition", step.from, step.to},
        {step.execute, "file", "execute", step.from, step.entry},
        {step.entrypoint, "file", "entrypoint", step.to, step.entry},
        {step.choice, "process", step.entry.valid() ? "setexec" : "setcurrent", step.from, step.from}};
    for (const Need& need : needs) narrowed = tell_rule(loaded, rows, need, answer.text, one) || narrowed;
    if (step.chosen_by) {
      const source::Span span = policy.type_transitions[*step.chosen_by].span;
      answer.text += fmt::format("      {:<12}{}: {}\n", "default", loaded.place(span), loaded.text(span));
      one["default"] = {{"place", loaded.sources->place(span)}, {"rule", loaded.text(span)}};
    }
    answer.json["steps"].push_back(one);
  }
  answer.json["over_approximate"] = narrowed;
  return answer;
}

Answer ask_transition(const SelinuxPolicy& loaded, const std::vector<TypeId>& types) {
  const auto graph = selinux::TransitionGraph::make(loaded.policy);
  if (!graph.ok()) return {graph.error(), Json(), kUnknown};
  if (types.empty()) {
    return {fmt::format("{} transitions between different domains\n", graph->steps()),
            {{"answer", "all"}, {"transitions", graph->steps()}},
            kHolds};
  }
  if (types.size() == 1) return tell_transitions(loaded, graph->from(types[0]));
  const auto path = graph->shortest_path(types[0], types[1]);
  if (!path) return {"no process gets there\n", {{"answer", "none"}}, kHolds};
  Answer answer = tell_transitions(loaded, *path);
  answer.text =
      fmt::format(
          "a process can get there in {} {}{}\n", path->size(), path->size() == 1 ? "step" : "steps",
          answer.json["over_approximate"] == true ? ", as far as what narrows them lets it (over-approximate)" : "") +
      answer.text;
  return answer;
}

int tell(const QueryOptions& options, const std::string& question, const std::vector<std::string>& names,
         const Answer& answer) {
  if (answer.status != kHolds) return complain(answer.text, answer.status);
  if (options.format != "json") return write_out(answer.text, options.output);
  Json out{{"schema", "bulkhead.query/v1"}, {"question", question}, {"names", names}};
  out.update(answer.json);
  return write_out(out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n", options.output);
}

}  // namespace

int run_query_selinux(const QueryOptions& options) {
  if (options.format != "text" && options.format != "json") {
    return complain("what is asked of an SELinux policy is answered as text or json, not " + options.format, kBadInput);
  }
  const std::vector<std::string>& words = options.input.files;
  const std::string question = words.size() > 1 ? words[1] : "";
  if (question != "flow" && question != "transition") {
    return complain("the questions about SELinux policies are `flow` and `transition`", kBadInput);
  }
  if (words.size() > 4) return complain("a question names two types at most", kBadInput);
  const std::vector<std::string> names(words.begin() + 2, words.end());
  if (question == "flow") {
    if (const auto remembered = flow_remembered(options, names)) return tell(options, question, names, *remembered);
  }
  const bool keeps = question == "flow" && !options.no_cache;
  std::variant<SelinuxPolicy, Unreadable> read = load_selinux(words.front(), keeps ? Digests::On : Digests::Off);
  if (const auto* mistakes = std::get_if<Unreadable>(&read)) return refuse(*mistakes, options.format, options.output);
  SelinuxPolicy& loaded = std::get<SelinuxPolicy>(read);
  if (auto narrowed = selinux::narrowed(loaded.policy)) {
    if (const auto objection = narrowing_objection(loaded.policy, *narrowed)) return complain(*objection, kRejected);
    loaded.policy = std::move(narrowed->policy);
  }
  const auto types = named_types(loaded.policy, names);
  if (const std::string* message = std::get_if<std::string>(&types)) return complain(*message, kBadInput);
  const auto& named = std::get<std::vector<TypeId>>(types);
  const Answer answer = question == "flow" ? ask_flow(loaded, options, named) : ask_transition(loaded, named);
  return tell(options, question, names, answer);
}

}  // namespace bulkhead::cli
