#include "cli/query_breaks.h"

#include <map>

#include "checker/query/prove.h"
#include "checker/report/answer.h"
#include "checker/report/story.h"
#include "cli/exit_status.h"
#include "cli/policy.h"
#include "cli/terminal.h"

namespace bulkhead::cli {
namespace {

std::string render(const std::string& format, const report::Breakage& breakage) {
  if (format == "json") return report::breakage_json(breakage);
  if (format == "dot") return report::breakage_dot(breakage);
  if (format == "svg") return report::breakage_svg(breakage);
  return report::breakage_text(breakage);
}

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

}  // namespace

int what_breaks(const QueryOptions& options, const ir::World& world, const query::WhatBreaks& question) {
  const query::Proof before = prove_all(world, options);
  std::string sentence = question.sentence;
  if (sentence.back() != ';' && sentence.back() != '}') sentence += ';';
  std::variant<Policy, Unreadable> loaded =
      load_policy(options.input, {{"the question", "module bulkhead_question;\n" + sentence + "\n"}});
  if (const auto* mistakes = std::get_if<Unreadable>(&loaded)) return refuse(*mistakes, options.format, options.output);
  const Policy& added = std::get<Policy>(loaded);
  const query::Proof after = prove_all(added.world(), options);
  const report::Subject subject{added.world(), *added.sources, after};
  const auto results = by_name(added.world(), after);
  report::Breakage breakage;
  breakage.question = question.sentence;
  for (const auto& [name, was] : by_name(world, before)) {
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
  const int status = write_out(render(options.format, breakage), options.output);
  if (status != kHolds) return status;
  return !breakage.broken.empty() ? kViolated : breakage.unknown.empty() ? kHolds : kUnknown;
}

}  // namespace bulkhead::cli
