#include "cli/proof_dump.h"

#include "checker/certificate/check.h"
#include "checker/certificate/file.h"

namespace bulkhead::cli {

namespace {

void add_queries(const std::vector<obligation::LabelledQuery>& queries, const char* wanted, std::string& text) {
  for (const obligation::LabelledQuery& query : queries) {
    text += std::string("; ") + wanted + ": " + query.label + "\n" + obligation::to_text(query.query);
  }
}

struct GoalText {
  const ir::World& world;
  std::string& text;

  void operator()(const obligation::AllEmpty& goal) const { add_queries(goal.queries, "has no solution", text); }
  void operator()(const obligation::SomeWitness& goal) const { add_queries(goal.queries, "has a solution", text); }
  void operator()(const obligation::Unreachable& goal) const {
    text += "; no path from " + std::to_string(goal.sources.size()) + " sources to " +
            std::to_string(goal.targets.size()) + " targets among " + std::to_string(goal.nodes.size()) + " nodes\n";
  }
  void operator()(const obligation::Apart& goal) const {
    text += "; not all of these:\n";
    for (const obligation::Unreachable& flow : goal.flows) (*this)(flow);
  }
  void operator()(const obligation::Linear& goal) const {
    for (const obligation::Sum& sum : goal.sums) {
      text += "; " + sum.label + ":";
      for (const auto& part : sum.parts) text += " + " + std::to_string(part.amount);
      text += " <=";
      for (const auto& part : sum.bound) text += " " + std::to_string(part.amount);
      text += "\n";
    }
  }
  /// What has to be shown of a set of conjuncts; which set that is, the engine finds.
  void operator()(const obligation::Theorem& goal) const {
    const system::System& system = world.at(goal.system);
    text += "; in every reachable state of " + system.name + ", for sorts of any size, by induction over";
    for (const system::Action& action : system.actions) text += " " + action.name;
    text += "\n";
    for (const system::Property& property : system.properties) {
      text += ";   " + property.name + ": " + property.origin.text + "\n";
    }
  }
};

const std::vector<verdict::QueryEvidence>* evidence_of(const verdict::Verdict& verdict) {
  const auto* holds = std::get_if<verdict::Holds>(&verdict);
  if (holds == nullptr) return nullptr;
  if (const auto* empty = std::get_if<verdict::EmptyEvidence>(&holds->certificate.evidence)) return &empty->queries;
  if (const auto* closed = std::get_if<verdict::ClosedEvidence>(&holds->certificate.evidence))
    return &closed->crossings;
  return nullptr;
}

/// The conditions of a claim about a model.
std::vector<std::string> theorem_scripts(const verdict::Verdict& verdict) {
  const auto* holds = std::get_if<verdict::Holds>(&verdict);
  if (holds == nullptr) return {};
  const auto* inductive = std::get_if<verdict::InductiveEvidence>(&holds->certificate.evidence);
  return inductive == nullptr ? std::vector<std::string>() : inductive->scripts;
}

}  // namespace

std::string dump_obligations(const ir::World& world) {
  std::string text;
  for (std::size_t c = 0; c < world.claims.size(); ++c) {
    const ir::ClaimId claim(c);
    for (const obligation::Instance& instance : obligation::instances(world, claim)) {
      text += "; claim " + world.at(claim).name;
      if (instance.variable) text += " for " + world.at(*instance.variable).name;
      text += "\n";
      const auto made = obligation::obligation(world, claim, instance);
      if (made.ok()) {
        std::visit(GoalText{world, text}, made->goal);
      } else {
        text += "; refused: " + made.error().reason + "\n";
      }
    }
  }
  return text;
}

std::string dump_verdicts(const ir::World& world, const query::Proof& proof, bool scripts) {
  std::string text;
  for (const query::ClaimResult& result : proof.claims) {
    for (const query::CaseResult& item : result.cases) {
      verdict::Verdict verdict = item.verdict;
      certificate::seal(world, result.claim, item.instance, verdict);
      if (!scripts) {
        if (!std::holds_alternative<verdict::Unknown>(verdict)) {
          text += certificate::write({world.at(result.claim).name, item.instance, verdict});
        }
        continue;
      }
      for (const std::string& script : theorem_scripts(verdict)) {
        text += "; claim " + world.at(result.claim).name + "\n" + script;
      }
      const auto* queries = evidence_of(verdict);
      if (queries == nullptr) continue;
      for (const verdict::QueryEvidence& query : *queries)
        text += "; claim " + world.at(result.claim).name + "\n" + query.smt2;
    }
  }
  return text;
}

}  // namespace bulkhead::cli
