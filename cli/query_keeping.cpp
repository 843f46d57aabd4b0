#include "cli/query_keeping.h"

#include <algorithm>
#include <chrono>

#include "cli/brief_answer.h"
#include "cli/query_kept.h"
#include "cli/quiet_load.h"

namespace bulkhead::cli {
namespace {

using Outcome = Finding::Outcome;

constexpr std::chrono::milliseconds kMostTimeToKeep{60'000};

/// All of these claims were decided, and the evidence was accepted: what they rest on.
std::optional<std::vector<std::string>> accepted(const Decided& decided, const std::vector<std::string>& claims) {
  std::vector<std::string> assumptions;
  for (const std::string& claim : claims) {
    const auto found = decided.found.find(claim);
    if (found == decided.found.end() || !found->second.certified || found->second.outcome == Outcome::Unknown)
      return std::nullopt;
    for (const std::string& one : found->second.assumptions) {
      if (std::find(assumptions.begin(), assumptions.end(), one) == assumptions.end()) assumptions.push_back(one);
    }
  }
  return assumptions;
}

bool holds(const Decided& decided, const std::string& claim) {
  const Finding& one = decided.found.at(claim);
  return one.outcome == Outcome::Holds && !one.steps.empty();
}

}  // namespace

std::optional<Policy> load_with_flow(const PolicyInput& input) {
  return load_quietly(input, {{kFlowName, "module bulkhead_flow;\nimport flow;\n"}});
}

void keep_able_to(const Decided& decided, ir::Right right, const std::string& objects) {
  if (decided.kept == nullptr) return;
  std::vector<std::string> claims;
  for (const std::string& subject : decided.subjects) claims.push_back(can(subject, right, objects));
  const auto assumptions = accepted(decided, claims);
  if (!assumptions) return;
  KeptList list{decided.subjects, {}, *assumptions};
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (holds(decided, claims[i])) list.members.insert(decided.subjects[i]);
  }
  keep_able(*decided.kept, std::string(ir::to_string(right)) + " " + objects, list);
}

void keep_reach_of(const Decided& decided, const std::string& subject,
                   const std::vector<std::pair<ir::Right, std::string>>& places) {
  if (decided.kept == nullptr) return;
  std::vector<std::string> claims;
  for (const auto& [right, objects] : places) claims.push_back(can(subject, right, objects));
  const auto assumptions = accepted(decided, claims);
  if (!assumptions) return;
  KeptList list{{}, {}, *assumptions};
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (holds(decided, claims[i]))
      list.members.insert(std::string(ir::to_string(places[i].first)) + " " + places[i].second);
  }
  list.names.assign(list.members.begin(), list.members.end());
  keep_reach(*decided.kept, subject, list);
}

void keep_all_pairs(const Decided& decided) {
  if (decided.kept == nullptr || has_influence(*decided.kept)) return;
  std::optional<std::vector<std::string>> assumptions;
  for (const auto& [claim, finding] : decided.found) {
    if (claim.find(" protected from ") != std::string::npos && finding.outcome != Outcome::Unknown)
      assumptions = finding.assumptions;
  }
  const std::optional<Policy> policy = assumptions ? load_with_flow(decided.options.input) : std::nullopt;
  if (!policy) return;
  query::AllPairsOptions limits;
  const std::chrono::milliseconds timeout(decided.options.timeout_ms);
  limits.deadline = std::chrono::steady_clock::now() + std::min(timeout, kMostTimeToKeep);
  limits.second_solver.deadline = limits.deadline + kMostTimeToKeep;
  const auto pairs = query::all_pairs(policy->world(), limits);
  if (pairs.ok()) keep_influence(*decided.kept, policy->world(), *pairs, *assumptions);
}

}  // namespace bulkhead::cli
