// Reports for a terminal.
#include <algorithm>

#include "checker/query/model_mutant.h"
#include "checker/report/report.h"
#include "checker/report/story.h"
#include "lang/diag/diagnostic.h"

namespace bulkhead::report {
namespace {

std::string behind(const ir::World& world, const source::SourceMap& sources,
                   const std::vector<ir::SentenceId>& sentences, const char* indent) {
  std::string out;
  for (const ir::SentenceId sentence : sentences) {
    out += std::string(indent) + place(world, sources, sentence) + ": " + world.at(sentence).text + "\n";
  }
  return out;
}

std::string claim_text(const Subject& subject, const query::ClaimResult& result, query::Bases& bases) {
  const ir::Claim& claim = subject.world.at(result.claim);
  const bool satisfied = result.status == query::Status::Satisfied;
  const std::string who = engine(result);
  std::string out = (satisfied ? "ok    " : "FAIL  ") + claim.name + ": " + headline(subject.world, result) +
                    (who.empty() || !std::holds_alternative<ir::TheoremClaim>(claim.form) ? "" : ", by " + who) + "\n";
  if (const std::string acting = actors_text(subject.world, claim); !acting.empty()) out += "        " + acting + "\n";
  const std::string rests = bases_text(subject.sources, bases.of(claim));
  if (!rests.empty()) out += "        rests on " + rests + "\n";
  if (satisfied && claim.mode == ir::ClaimMode::Prove) return out;
  out += "        " + place(subject, claim.sentence) + ": " + claim.text + "\n";
  std::size_t number = 1;
  for (const Line& line : story(subject, result)) {
    out += "        " + std::to_string(number++) + ". " + line.text + "\n";
    for (const std::string& detail : line.details) out += "             " + detail + "\n";
    out += behind(subject.world, subject.sources, line.sentences, "             ");
  }
  const auto* violated =
      result.cases.empty() ? nullptr : std::get_if<verdict::Violated>(&result.cases[result.deciding].verdict);
  if (violated != nullptr && !violated->trace.minimal.empty()) {
    out += "        these lines suffice:\n" +
           behind(subject.world, subject.sources, violated->trace.minimal, "          ");
  }
  return out;
}

/// What no claim depends on, of sentences of models with what was tried; and how much was not judged.
std::string coverage_text(const Subject& subject) {
  const ir::World& world = subject.world;
  const query::Proof& proof = subject.proof;
  std::string out;
  if (proof.unproved && !proof.unproved->empty()) {
    const auto tried = query::tried(world);
    out += "unproved policy: no claim depends on\n";
    for (const ir::SentenceId id : *proof.unproved) {
      out += behind(world, subject.sources, {id}, "  ");
      const auto found = tried.find(id);
      if (found != tried.end()) out += "      tried " + listed(found->second) + "\n";
    }
  }
  const auto of_models = std::count_if(proof.not_judged.begin(), proof.not_judged.end(),
                                       [&](const ir::SentenceId id) { return query::is_of_model(world, id); });
  const std::size_t others = proof.not_judged.size() - static_cast<std::size_t>(of_models);
  if (others > 0) {
    out += "not judged (bound): whether a claim depends on " + std::to_string(others) +
           " more sentences; --format json names them\n";
  }
  if (of_models > 0) {
    out += "not judged: whether a claim depends on " + std::to_string(of_models) +
           " sentences of models; --coverage looks longer, --format json names them\n";
  }
  return out;
}

}  // namespace

std::string text(const Subject& subject, const query::ClaimResult& result) {
  query::Bases bases(subject.world);
  return claim_text(subject, result, bases);
}

std::string text(const Subject& subject) {
  const query::Proof& proof = subject.proof;
  if (proof.refused) {
    const std::string where = place(subject, proof.refused->sentence.value_or(ir::SentenceId{}));
    return "unknown: " + proof.refused->reason + (where.empty() ? "" : " (" + where + ")") + "\n";
  }
  std::string out;
  query::Bases bases(subject.world);
  std::vector<std::string> assumed;
  std::size_t satisfied = 0;
  for (const query::ClaimResult& result : proof.claims) {
    out += claim_text(subject, result, bases);
    if (result.status == query::Status::Satisfied) ++satisfied;
    for (const std::string& assumption : assumptions(result)) {
      if (std::find(assumed.begin(), assumed.end(), assumption) == assumed.end()) assumed.push_back(assumption);
    }
  }
  out += coverage_text(subject);
  for (const query::IdleAction& idle : proof.idle) {
    out += (idle.never ? "idle action (" + diag::to_string(diag::Code::NeverFires) + "): " : "idle action: ") +
           idle_text(subject.world, idle) + "\n" + (idle.never ? "" : "  " + idle.reason + "\n");
  }
  for (const query::Survivor& one : proof.survivors) out += "note: " + survivor_text(subject.world, one) + "\n";
  for (const query::Undecidable& one : proof.undecidable)
    out += "undecidable (" + diag::to_string(diag::Code::OutsideFragment) +
           "): " + undecidable_text(subject.world, one) + "\n";
  for (const std::string& dropped : proof.cache.dropped)
    out += "cache: dropped a damaged certificate: " + dropped + "\n";
  if (proof.claims.empty() && !proof.refused) out += "the policy claims nothing, so nothing is proved of it\n";
  out += std::to_string(satisfied) + " of " + std::to_string(proof.claims.size()) + " claims are satisfied\n";
  for (const std::string& assumption : assumed) out += "assuming: " + assumption + "\n";
  return out;
}

int exit_status(const query::Proof& proof) {
  const auto any = [&](query::Status status) {
    return std::any_of(proof.claims.begin(), proof.claims.end(),
                       [&](const auto& claim) { return claim.status == status; });
  };
  if (any(query::Status::Rejected)) return 4;
  if (any(query::Status::Failed)) return 1;
  return proof.all_satisfied() ? 0 : 3;
}

namespace {

/// What is handed over or influences whom, one step on a line, with the sentences behind it.
std::string steps_text(const ir::World& world, const source::SourceMap& sources,
                       const std::vector<verdict::Step>& steps) {
  std::string out;
  for (const Line& line : story(world, steps))
    out += "    " + line.text + "\n" + behind(world, sources, line.sentences, "      ");
  return out;
}

const char* sign(query::Change change) {
  return change == query::Change::Added ? "+ " : change == query::Change::Removed ? "- " : "? ";
}

}  // namespace

std::string difference_text(const Comparison& comparison) {
  const auto steps = [&](query::Change change, const std::vector<verdict::Step>& list) {
    return change == query::Change::Added ? steps_text(comparison.newer, comparison.newer_sources, list)
                                          : steps_text(comparison.older, comparison.older_sources, list);
  };
  std::string out;
  for (const query::AccessChange& change : comparison.changes) {
    if (change.change == query::Change::Unknown) {
      out += "? " + change.subject + (change.subject.empty() ? "" : ": ") + change.reason + "\n";
      continue;
    }
    out += sign(change.change) + change.subject + " " + std::string(ir::to_string(change.right)) + " " + change.object +
           "\n" + steps(change.change, change.before);
  }
  for (const query::SettingChange& change : comparison.settings)
    out += sign(change.change) + change.subject + " " + change.setting + "\n";
  for (const query::FlowChange& change : comparison.flows) {
    if (change.change == query::Change::Unknown) {
      const std::string who = change.from.empty() ? "" : change.from + " may influence " + change.to + ": ";
      out += "? " + who + change.reason + "\n";
      continue;
    }
    out += sign(change.change) + change.from + " may influence " + change.to + "\n" + steps(change.change, change.path);
  }
  return out.empty() ? "the two policies grant the same\n" : out;
}

}  // namespace bulkhead::report
