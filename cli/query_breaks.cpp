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

/// A claim that was satisfied and is violated or vacuous now, with its story.
report::Breakage::Claim broken_claim(const Policy& policy, const query::Proof& proof,
                                     const query::ClaimResult& result) {
  const ir::World& world = policy.world();
  const report::Subject subject{world, *policy.sources, proof};
  const ir::Claim& claim = world.at(result.claim);
  report::Breakage::Claim broken{claim.name, claim.text, report::headline(world, result), {}, {}};
  for (const report::Line& line : report::story(subject, result)) broken.story.push_back(report::full_text(line));
  if (result.cases.empty()) return broken;  // vacuous: there is nobody whom it is about
  const auto* violated = std::get_if<verdict::Violated>(&result.cases.at(result.deciding).verdict);
  if (violated != nullptr) broken.sentences = report::places(world, *policy.sources, violated->trace.minimal);
  return broken;
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
  const auto was = by_name(world, before);
  report::Breakage breakage;
  breakage.question = question.sentence;
  for (const auto& [name, result] : by_name(added.world(), after)) {  // names are unique, and none is lost
    ++breakage.claims;
    const auto found = was.find(name);
    // A claim that is added breaks if it is not satisfied itself.
    const bool satisfied = found == was.end() || found->second->status == query::Status::Satisfied;
    if (satisfied == (result->status == query::Status::Satisfied)) continue;
    if (!satisfied) {
      breakage.mended.push_back(name);
    } else if (result->status == query::Status::Unknown || result->status == query::Status::Rejected) {
      breakage.unknown.push_back(name);
    } else {
      breakage.broken.push_back(broken_claim(added, after, *result));
    }
  }
  if (before.refused || after.refused) return complain((after.refused ? after : before).refused->reason, kUnknown);
  const int status = write_out(render(options.format, breakage), options.output);
  if (status != kHolds) return status;
  return !breakage.broken.empty() ? kViolated : breakage.unknown.empty() ? kHolds : kUnknown;
}

}  // namespace bulkhead::cli
