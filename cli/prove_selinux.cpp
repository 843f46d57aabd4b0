#include "cli/prove_selinux.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "checker/selinux/assertion.h"
#include "checker/selinux/assertion_objection.h"
#include "cli/exit_status.h"
#include "cli/selinux_policy.h"
#include "cli/terminal.h"
#include "lang/base/parallel.h"

namespace bulkhead::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Checked {
  selinux::AssertionVerdict verdict;
  std::optional<std::string> objection;
};

std::vector<Checked> prove(const selinux::Policy& policy, std::size_t workers) {
  std::vector<Checked> checked;
  for (selinux::AssertionVerdict& verdict : selinux::decide_assertions(policy, workers)) {
    checked.push_back({std::move(verdict), std::nullopt});
  }
  const selinux::AssertionJudge judge(policy);
  in_parallel(workers, [&](std::size_t worker) {
    for (std::size_t i = worker; i < checked.size(); i += workers) {
      checked[i].objection = judge.objection(checked[i].verdict);
    }
  });
  return checked;
}

int exit_status(const std::vector<Checked>& all) {
  bool rejected = false, violated = false;
  for (const Checked& one : all) {
    rejected = rejected || one.objection.has_value();
    violated = violated || !one.verdict.holds();
  }
  if (rejected) return kRejected;
  if (violated) return kViolated;
  return all.empty() ? kUnknown : kHolds;
}

std::string status_word(const Checked& one) {
  if (one.objection) return "rejected";
  return one.verdict.holds() ? "holds" : "violated";
}

/// "`a` read on `b`:file".
std::string crossing_text(const selinux::Policy& policy, const selinux::Crossing& crossing) {
  const selinux::ObjectClass& object_class = policy.object_class(crossing.object_class);
  return fmt::format("`{}` is given {} on `{}`:{}", policy.type(crossing.source).name,
                     spell(object_class, crossing.permissions), policy.type(crossing.target).name, object_class.name);
}

std::string text_of(const SelinuxPolicy& loaded, const Checked& one) {
  const selinux::Policy& policy = loaded.policy;
  const selinux::Rule& assertion = policy.rule(one.verdict.assertion);
  const std::string place = loaded.sources->place(policy.span(assertion));
  if (one.objection) return fmt::format("FAIL  {}: the evidence is rejected: {}\n", place, *one.objection);
  if (const auto* kept = std::get_if<selinux::Kept>(&one.verdict.evidence)) {
    return fmt::format("ok    {}: holds{}, apart from {} allow rules\n", place,
                       kept->about_nothing ? " of no type" : "", kept->separations.size());
  }
  const auto& crossed = std::get<selinux::Crossed>(one.verdict.evidence);
  std::string out =
      fmt::format("FAIL  {}: violated by {} {}\n        {}: {}\n", place, crossed.rules,
                  crossed.rules == 1 ? "rule" : "rules", loaded.place(assertion), loaded.text(policy.span(assertion)));
  for (const selinux::Crossing& crossing : crossed.crossings) {
    const selinux::Rule& rule = policy.rule(crossing.rule);
    out += fmt::format("        {}: {}\n             {}\n", loaded.place(rule), loaded.text(policy.span(rule)),
                       crossing_text(policy, crossing));
  }
  return out;
}

std::string text(const SelinuxPolicy& loaded, const std::vector<Checked>& all) {
  std::string out;
  std::size_t holds = 0, about_nothing = 0;
  for (const Checked& one : all) {
    out += text_of(loaded, one);
    const auto* kept = std::get_if<selinux::Kept>(&one.verdict.evidence);
    holds += kept != nullptr && !one.objection ? 1 : 0;
    about_nothing += kept != nullptr && kept->about_nothing ? 1 : 0;
  }
  out += fmt::format("{} of {} assertions hold ({} of them of no type), all evidence is {}\n", holds, all.size(),
                     about_nothing, exit_status(all) == kRejected ? "NOT accepted" : "accepted");
  if (all.empty()) out += "the policy has no assertions: a compiled policy never does\n";
  return out;
}

Json json_of(const SelinuxPolicy& loaded, const Checked& one) {
  const selinux::Policy& policy = loaded.policy;
  const selinux::Rule& assertion = policy.rule(one.verdict.assertion);
  Json json{{"place", loaded.sources->place(policy.span(assertion))},
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

std::string json(const SelinuxPolicy& loaded, const std::vector<Checked>& all) {
  Json out{{"schema", "bulkhead.assertions/v1"}, {"exit_status", exit_status(all)}, {"assertions", Json::array()}};
  for (const Checked& one : all) out["assertions"].push_back(json_of(loaded, one));
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

int run_prove_selinux(const ProveOptions& options) {
  if (options.input.files.size() > 1) return complain("an SELinux policy is proved alone", kBadInput);
  if (options.format != "text" && options.format != "json") {
    return complain("of an SELinux policy there is text and json, no " + options.format, kBadInput);
  }
  if (!options.only.empty() || !options.certificates.empty() || !options.charts.empty() || !options.dump.empty()) {
    return complain("--only, --certificates, --charts and --dump are not for SELinux policies", kBadInput);
  }
  const std::variant<SelinuxPolicy, int> loaded = load_selinux(options.input.files.front());
  if (const int* status = std::get_if<int>(&loaded)) return *status;
  const SelinuxPolicy& policy = std::get<SelinuxPolicy>(loaded);
  const std::size_t workers = options.jobs != 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
  const std::vector<Checked> all = prove(policy.policy, workers);
  const int status = write_out(options.format == "json" ? json(policy, all) : text(policy, all), options.output);
  return status != kHolds ? status : exit_status(all);
}

}  // namespace bulkhead::cli
