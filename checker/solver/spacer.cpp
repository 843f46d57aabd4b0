#include "checker/solver/spacer.h"

#include <z3++.h>

#include <algorithm>
#include <set>

namespace bulkhead::solver {

namespace {

bool is_resolution(const z3::expr& proof) {
  return proof.is_app() && proof.decl().decl_kind() == Z3_OP_PR_HYPER_RESOLVE;
}

/// What a step of a proof concludes stands last in it.
std::string conclusion(const z3::expr& proof) {
  std::string text = proof.arg(proof.num_args() - 1).to_string();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// The resolutions of a proof, one on each line, those that others use first.
std::string steps_of(const z3::expr& root) {
  std::string text;
  std::size_t told = 0;
  std::set<unsigned> seen;
  std::vector<std::pair<z3::expr, unsigned>> open{{root, 0}};
  while (!open.empty() && told < kMaxSpacerSteps) {
    const z3::expr proof = open.back().first;
    if (open.back().second < proof.num_args()) {
      const z3::expr part = proof.arg(open.back().second++);
      if (part.is_app() && part.num_args() > 0 && seen.insert(Z3_get_ast_id(part.ctx(), part)).second) {
        open.emplace_back(part, 0);
      }
      continue;
    }
    open.pop_back();
    if (!is_resolution(proof)) continue;
    text += "(" + conclusion(proof);
    for (unsigned i = 0; i + 1 < proof.num_args(); ++i) {
      if (is_resolution(proof.arg(i))) text += " " + conclusion(proof.arg(i));
    }
    text += ")\n";
    ++told;
  }
  return text;
}

bool asks_for_proofs(const std::vector<std::pair<std::string, std::string>>& settings) {
  return std::find(settings.begin(), settings.end(), std::pair<std::string, std::string>{"proof", "true"}) !=
         settings.end();
}

}  // namespace

/// By a solver for the logic: the same clauses as a script for Z3_eval_smtlib2_string never ended.
std::string answer_horn(const std::string& clauses, const std::vector<std::pair<std::string, std::string>>& settings) {
  try {
    for (const auto& [name, value] : settings) z3::set_param(name.c_str(), value.c_str());
    z3::context context;
    z3::solver solver(context, "HORN");
    z3::params params(context);
    params.set("ctrl_c", false);  // as for every solver here: an interrupt ends the process
    solver.set(params);
    solver.from_string(clauses.c_str());
    const z3::check_result result = solver.check();
    if (result == z3::unsat) return "unsat\n" + (asks_for_proofs(settings) ? steps_of(solver.proof()) : "");
    if (result == z3::unknown) return "unknown\n";
    return "sat\n" + std::string(Z3_model_to_string(context, solver.get_model())) + "\n";
  } catch (const z3::exception& error) {
    return std::string("(error \"") + error.msg() + "\")\n";
  }
}

}  // namespace bulkhead::solver
