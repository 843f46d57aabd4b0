#include "checker/safety/problem.h"

#include <utility>

#include "checker/interchange/btor2.h"
#include "checker/interchange/horn.h"
#include "checker/safety/decide.h"
#include "checker/safety/fixedpoint.h"

namespace bulkhead::safety {

Format format_of(std::string_view file) {
  return file.ends_with(".btor2") || file.ends_with(".btor") ? Format::Btor2 : Format::Horn;
}

std::string_view answer_word(Format format, bool safe) {
  if (format == Format::Btor2) return safe ? "safe" : "unsafe";
  return safe ? "sat" : "unsat";
}

Result<Problem, std::string> read_problem(Format format, std::string text) {
  if (format == Format::Btor2) {
    auto machine = interchange::read_btor2(text);
    if (!machine) return fail(std::to_string(machine.error().line) + ": " + machine.error().reason);
    Problem made{format, interchange::to_horn(*machine), std::nullopt, std::nullopt};
    made.machine = as_horn(std::move(machine).value());
    return made;
  }
  const auto wrong = [](const interchange::TextError& error) {
    return fail(std::to_string(error.place.line) + ":" + std::to_string(error.place.column) + ": " + error.reason);
  };
  auto assertions = as_assertions(std::move(text));
  if (!assertions) return wrong(assertions.error());
  auto clauses = interchange::read_clauses(*assertions);
  if (!clauses) return wrong(clauses.error());
  Problem made{format, std::move(assertions).value(), std::move(clauses).value(), std::nullopt};
  if (interchange::nonlinear(*made.clauses) != nullptr || interchange::has_arrays(*made.clauses)) return made;
  auto machine = interchange::linear_machine(*made.clauses);
  if (!machine) return wrong(machine.error());
  made.machine = std::move(machine).value();
  return made;
}

}  // namespace bulkhead::safety
