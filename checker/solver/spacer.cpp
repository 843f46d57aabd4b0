#include "checker/solver/spacer.h"

#include <z3++.h>

namespace bulkhead::solver {

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
    if (result == z3::unsat) return "unsat\n";
    if (result == z3::unknown) return "unknown\n";
    return "sat\n" + std::string(Z3_model_to_string(context, solver.get_model())) + "\n";
  } catch (const z3::exception& error) {
    return std::string("(error \"") + error.msg() + "\")\n";
  }
}

}  // namespace bulkhead::solver
