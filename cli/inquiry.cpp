#include "cli/inquiry.h"

#include <algorithm>
#include <thread>

#include "checker/query/behind.h"
#include "checker/query/passage.h"
#include "checker/query/prove.h"
#include "checker/report/story.h"
#include "lang/ir/describe.h"

namespace bulkhead::cli {
namespace {

constexpr const char* kModule = "bulkhead_question";

std::string claim_name(std::size_t number) {
  return std::string(kModule) + "_" + std::to_string(number);
}

std::string act(const ir::World& world, const ir::Request& request) {
  std::string text = world.at(request.subject).name + " may " + std::string(ir::to_string(request.right)) + " " +
                     ir::describe(world, request.object);
  for (const auto& [attribute, value] : request.context)
    text += " with context." + world.at(attribute).name + " = " + ir::describe(world, value);
  return text;
}

std::string name(const ir::World& world, obligation::GraphNode node) {
  return node.network() ? "network" : world.at(node.subject).name;
}

Finding::Step step(const Policy& policy, const std::vector<ir::Request>& requests,
                   std::vector<ir::SentenceId> sentences) {
  Finding::Step made;
  for (const ir::Request& request : requests) {
    made.witness.push_back(act(policy.world(), request));
    for (const ir::SentenceId sentence : query::behind(policy.world(), request)) {
      if (std::find(sentences.begin(), sentences.end(), sentence) == sentences.end()) sentences.push_back(sentence);
    }
  }
  made.sentences = report::places(policy.world(), *policy.sources, sentences);
  return made;
}

/// A right on its way from the giver to the receiver, or taken back from there.
Finding::Step handed(const Policy& policy, const ir::Handover& handover) {
  const ir::World& world = policy.world();
  verdict::Step told;
  told.handover = handover;
  Finding::Step made;
  made.of_right = true;
  for (const report::Line& line : report::story(world, {told})) made.witness.push_back(line.text);
  if (handover.revocation.valid()) {
    const ir::Revocation& revocation = world.at(handover.revocation);
    made.from = world.at(revocation.by).name;
    made.to = world.at(revocation.from).name;
    made.cause = "takes back " + std::string(ir::to_string(handover.right));
    made.sentences = report::places(world, *policy.sources, {revocation.sentence});
    return made;
  }
  const ir::Delegation& delegation = world.at(handover.delegation);
  made.from = world.at(delegation.from).name;
  made.to = world.at(delegation.to).name;
  made.cause = "hands on " + std::string(ir::to_string(handover.right));
  made.sentences = report::places(world, *policy.sources, query::behind(world, handover));
  return made;
}

bool is_accepted(const query::CaseResult& one) {
  return one.checked && one.checked->outcome == certificate::Outcome::Accepted;
}

Finding finding(const Policy& policy, const query::CaseResult& deciding, const std::string& reason) {
  Finding found;
  found.assumptions = deciding.assumptions;
  if (const auto* holds = std::get_if<verdict::Holds>(&deciding.verdict)) {
    found.outcome = Finding::Outcome::Holds;
    const auto* shown = std::get_if<verdict::WitnessEvidence>(&holds->certificate.evidence);
    if (shown != nullptr) {
      for (const ir::Handover& handover : shown->handovers) found.steps.push_back(handed(policy, handover));
      found.steps.push_back(step(policy, shown->requests, {}));
    }
  } else if (const auto* violated = std::get_if<verdict::Violated>(&deciding.verdict)) {
    found.outcome = Finding::Outcome::Violated;
    for (const verdict::Step& each : violated->trace.steps) {
      if (each.handover) {
        found.steps.push_back(handed(policy, *each.handover));
        continue;
      }
      Finding::Step made =
          step(policy, each.requests, each.requests.empty() ? each.sentences : std::vector<ir::SentenceId>{});
      if (each.cause) {
        made.cause = ir::to_string(*each.cause);
        made.from = name(policy.world(), each.from);
        made.to = name(policy.world(), each.to);
        made.to_network = each.to.network();
      }
      found.steps.push_back(std::move(made));
    }
  } else if (std::holds_alternative<verdict::Vacuous>(deciding.verdict)) {
    found.outcome = Finding::Outcome::Vacuous;
    found.reason = reason;
  } else {
    found.reason = reason;
  }
  return found;
}

Finding finding(const Policy& policy, const query::ClaimResult& result) {
  if (result.status == query::Status::Rejected || result.cases.empty()) {
    Finding found;
    found.reason = result.reason.empty() ? "there is nothing to ask" : result.reason;
    return found;
  }
  Finding found = finding(policy, result.cases[result.deciding], result.reason);
  found.certified = std::all_of(result.cases.begin(), result.cases.end(), is_accepted);
  return found;
}

Finding finding(const Policy& policy, const query::CaseResult& result) {
  const auto* unknown = std::get_if<verdict::Unknown>(&result.verdict);
  Finding found = finding(policy, result, unknown == nullptr ? "" : unknown->reason);
  found.certified = is_accepted(result);
  return found;
}

/// The subjects of that name, in the order of nodes.
std::vector<obligation::GraphNode> nodes_of(const ir::World& world, const std::string& end) {
  if (end == kNetworkEnd) return {obligation::GraphNode{}};
  std::vector<obligation::GraphNode> nodes;
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    const ir::Subject& subject = world.subjects[i];
    if (subject.kind == ir::SubjectKind::Profile || subject.name != end) continue;
    nodes.push_back({ir::SubjectId{i}});
    if (subject.twin) nodes.push_back({*subject.twin});
  }
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

query::PassageOptions until(const InquiryLimits& limits) {
  query::PassageOptions options;
  options.deadline = engine::Clock::now() + limits.timeout;
  options.certify = limits.certify ? query::Certify::On : query::Certify::Off;
  options.second_solver.deadline = options.deadline;
  options.second_solver.jobs = std::max(1u, std::thread::hardware_concurrency());
  return options;
}

}  // namespace

std::variant<std::vector<Finding>, Unreadable> inquire(const PolicyInput& input, const std::vector<std::string>& claims,
                                                       const InquiryLimits& limits) {
  query::ProveOptions options;
  std::string text = "module " + std::string(kModule) + ";\n";
  for (std::size_t i = 0; i < claims.size(); ++i) {
    options.only.push_back(claim_name(i));
    text += "prove " + claim_name(i) + ": " + claims[i] + ";\n";
  }
  std::vector<Finding> findings;
  if (claims.empty()) return findings;
  std::variant<Policy, Unreadable> loaded = load_policy(input, {{"the question", std::move(text)}});
  if (auto* mistakes = std::get_if<Unreadable>(&loaded)) return std::move(*mistakes);
  const Policy& policy = std::get<Policy>(loaded);
  options.timeout = limits.timeout;
  options.certify = limits.certify ? query::Certify::On : query::Certify::Off;
  const query::Proof proof = query::prove(policy.world(), options);
  for (const query::ClaimResult& result : proof.claims) findings.push_back(finding(policy, result));
  if (proof.refused)
    findings.assign(claims.size(), Finding{Finding::Outcome::Unknown, proof.refused->reason, false, {}, {}});
  return findings;
}

std::variant<std::vector<Finding>, Unreadable> inquire_paths(const PolicyInput& input,
                                                             const std::vector<PathEnds>& paths,
                                                             const InquiryLimits& limits) {
  std::vector<Finding> findings;
  if (paths.empty()) return findings;
  const query::PassageOptions options = until(limits);
  // Such questions rest on the flow map, whoever imports it.
  const std::string text = "module " + std::string(kModule) + ";\nimport flow;\n";
  std::variant<Policy, Unreadable> loaded = load_policy(input, {{"the question", text}});
  if (auto* mistakes = std::get_if<Unreadable>(&loaded)) return std::move(*mistakes);
  const Policy& policy = std::get<Policy>(loaded);
  query::Passages ask(policy.world(), options);
  for (const auto& [from, to] : paths) {
    findings.push_back(finding(policy, ask({nodes_of(policy.world(), from), nodes_of(policy.world(), to)})));
  }
  return findings;
}

}  // namespace bulkhead::cli
