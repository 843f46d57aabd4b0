#include "cli/assertion_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/exit_status.h"

namespace bulkhead::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kNoAssertions = "the policy has no assertions: a compiled policy never does";

std::string status_word(const CheckedAssertion& one) {
  if (one.objection) return "rejected";
  return one.verdict.holds() ? "holds" : "violated";
}

/// "`a` is given read on `b`:file".
std::string crossing_text(const selinux::Policy& policy, const selinux::Crossing& crossing) {
  const selinux::ObjectClass& object_class = policy.object_class(crossing.object_class);
  return fmt::format("`{}` is given {} on `{}`:{}", policy.type(crossing.source).name,
                     spell(object_class, crossing.permissions), policy.type(crossing.target).name, object_class.name);
}

std::string violated_by(const selinux::Crossed& crossed) {
  return fmt::format("violated by {} {}", crossed.rules, crossed.rules == 1 ? "rule" : "rules");
}

std::string text_of(const SelinuxPolicy& loaded, const CheckedAssertion& one) {
  const selinux::Policy& policy = loaded.policy;
  const selinux::Rule& assertion = policy.rule(one.verdict.assertion);
  const std::string place = loaded.sources->place(policy.span(assertion));
  if (one.objection) return fmt::format("FAIL  {}: the evidence is rejected: {}\n", place, *one.objection);
  if (const auto* kept = std::get_if<selinux::Kept>(&one.verdict.evidence)) {
    return fmt::format("ok    {}: holds{}, apart from {} allow rules\n", place,
                       kept->about_nothing ? " of no type" : "", kept->separations.size());
  }
  const auto& crossed = std::get<selinux::Crossed>(one.verdict.evidence);
  std::string out = fmt::format("FAIL  {}: {}\n        {}: {}\n", place, violated_by(crossed), loaded.place(assertion),
                                loaded.text(policy.span(assertion)));
  for (const selinux::Crossing& crossing : crossed.crossings) {
    const selinux::Rule& rule = policy.rule(crossing.rule);
    out += fmt::format("        {}: {}\n             {}\n", loaded.place(rule), loaded.text(policy.span(rule)),
                       crossing_text(policy, crossing));
  }
  return out;
}

std::string second_text(const SecondOpinion& second) {
  if (second.solver.empty()) return "cvc5 cannot be run: the evidence was checked by the checker in the tree alone\n";
  return fmt::format("{} says the same of {}, gave no answer to {}, and was not asked about {} (size)\n", second.solver,
                     second.agreed, second.silent, second.too_large);
}

Json json_of(const SelinuxPolicy& loaded, const selinux::AssertionNames& names, const CheckedAssertion& one) {
  const selinux::Policy& policy = loaded.policy;
  const selinux::Rule& assertion = policy.rule(one.verdict.assertion);
  Json json{{"name", names.name(one.verdict.assertion)},
            {"place", loaded.sources->place(policy.span(assertion))},
            {"origin", selinux::origin(policy, *loaded.sources, assertion.begin)},
            {"text", loaded.text(policy.span(assertion))},
            {"status", status_word(one)}};
  if (one.objection) json["objection"] = *one.objection;
  if (const auto* kept = std::get_if<selinux::Kept>(&one.verdict.evidence)) {
    json["about_no_type"] = kept->about_nothing;
    json["separated_rules"] = kept->separations.size();
    return json;
  }
  const auto& crossed = std::get<selinux::Crossed>(one.verdict.evidence);
  json["crossing_rules"] = crossed.rules;
  json["crossings"] = Json::array();
  for (const selinux::Crossing& crossing : crossed.crossings) {
    const selinux::Rule& rule = policy.rule(crossing.rule);
    const selinux::ObjectClass& object_class = policy.object_class(crossing.object_class);
    json["crossings"].push_back({{"place", loaded.sources->place(policy.span(rule))},
                                 {"origin", selinux::origin(policy, *loaded.sources, rule.begin)},
                                 {"text", loaded.text(policy.span(rule))},
                                 {"source", policy.type(crossing.source).name},
                                 {"target", policy.type(crossing.target).name},
                                 {"class", object_class.name},
                                 {"permissions", spell(object_class, crossing.permissions)}});
  }
  return json;
}

report::Finding finding(const SelinuxPolicy& loaded, const selinux::AssertionNames& names,
                        const CheckedAssertion& one) {
  const selinux::Policy& policy = loaded.policy;
  const source::Span span = policy.span(policy.rule(one.verdict.assertion));
  report::Finding found;
  found.name = names.name(one.verdict.assertion);
  found.place = {span, loaded.text(span)};
  found.text = loaded.place(span) + ": " + found.place.text;
  found.status = query::Status::Satisfied;
  if (one.objection) {
    found.status = query::Status::Rejected;
    found.headline = "the evidence is rejected";
    found.story.push_back(*one.objection);
  } else if (const auto* crossed = std::get_if<selinux::Crossed>(&one.verdict.evidence)) {
    found.status = query::Status::Failed;
    found.headline = violated_by(*crossed);
    for (const selinux::Crossing& crossing : crossed->crossings) {
      const source::Span rule = policy.span(policy.rule(crossing.rule));
      found.related.push_back({rule, loaded.text(rule)});
      found.story.push_back(crossing_text(policy, crossing) + ": " + loaded.place(rule) + ": " +
                            found.related.back().text);
    }
  }
  return found;
}

}  // namespace

std::string assertions_text(const SelinuxPolicy& loaded, const CheckedAssertions& checked) {
  std::string out;
  std::size_t holds = 0, about_nothing = 0;
  for (const CheckedAssertion& one : checked.all) {
    out += text_of(loaded, one);
    const auto* kept = std::get_if<selinux::Kept>(&one.verdict.evidence);
    holds += kept != nullptr && !one.objection ? 1 : 0;
    about_nothing += kept != nullptr && kept->about_nothing ? 1 : 0;
  }
  out +=
      fmt::format("{} of {} assertions hold ({} of them of no type), all evidence is {}\n", holds, checked.all.size(),
                  about_nothing, checked.exit_status() == kRejected ? "NOT accepted" : "accepted");
  if (checked.second) out += second_text(*checked.second);
  if (checked.all.empty()) out += std::string(kNoAssertions) + "\n";
  return out;
}

std::string assertions_json(const SelinuxPolicy& loaded, const selinux::AssertionNames& names,
                            const CheckedAssertions& checked) {
  Json out{{"schema", "bulkhead.assertions/v1"}, {"exit_status", checked.exit_status()}, {"assertions", Json::array()}};
  for (const CheckedAssertion& one : checked.all) out["assertions"].push_back(json_of(loaded, names, one));
  if (checked.second) {
    out["second_solver"] = {{"solver", checked.second->solver},
                            {"agreed", checked.second->agreed},
                            {"no_answer", checked.second->silent},
                            {"not_asked", checked.second->too_large}};
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string certified_text(const selinux::AssertionNames& names, const CheckedAssertions& checked) {
  std::string out;
  for (const CheckedAssertion& one : checked.all) {
    out += fmt::format("{}  {}  {}{}\n", one.objection ? "rejected" : "accepted", names.name(one.verdict.assertion),
                       one.verdict.holds() ? "holds" : "violated", one.objection ? "  " + *one.objection : "");
  }
  return out + (checked.second ? second_text(*checked.second) : "");
}

report::Findings assertions_findings(const SelinuxPolicy& loaded, const selinux::AssertionNames& names,
                                     const CheckedAssertions& checked) {
  report::Findings all{loaded.sources->name(loaded.policy.file), *loaded.sources, {}, {}, std::nullopt};
  for (const CheckedAssertion& one : checked.all) all.claims.push_back(finding(loaded, names, one));
  if (checked.all.empty()) all.refused = report::Refused{kNoAssertions, {}};
  return all;
}

}  // namespace bulkhead::cli
