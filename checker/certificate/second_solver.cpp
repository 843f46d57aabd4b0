#include "checker/certificate/second_solver.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "checker/certificate/process.h"

namespace bulkhead::certificate {
namespace {

/// Each script is followed by this line with its number, so that answers cannot slip from one script to another.
std::string marker(std::size_t index) {
  return "bulkhead-end-" + std::to_string(index);
}

/// The lines of the output up to each marker must be exactly one answer; anything else is no answer.
std::vector<Answer> read_answers(const std::string& output, std::size_t count) {
  std::vector<Answer> answers(count, Answer::Unknown);
  std::vector<std::string_view> lines;
  std::size_t next = 0;
  for (std::size_t at = 0; at < output.size() && next < count;) {
    const std::size_t end = std::min(output.find('\n', at), output.size());
    const std::string_view line = std::string_view(output).substr(at, end - at);
    at = end + 1;
    if (line != marker(next) && line != "\"" + marker(next) + "\"") {
      lines.push_back(line);
      continue;
    }
    if (lines.size() == 1 && lines.front() == "unsat") answers[next] = Answer::Unsat;
    if (lines.size() == 1 && lines.front() == "sat") answers[next] = Answer::Sat;
    lines.clear();
    ++next;
  }
  return answers;
}

}  // namespace

Result<std::vector<Answer>> ask(const std::vector<std::string>& scripts, const SolverOptions& options) {
  std::map<std::string_view, std::size_t> numbers;
  std::string input;
  for (const std::string& script : scripts) {
    const auto [place, fresh] = numbers.emplace(script, numbers.size());
    if (fresh) input += script + "(echo \"" + marker(place->second) + "\")\n(reset)\n";
  }
  if (numbers.empty()) return std::vector<Answer>();
  ProcessLimits limits;
  limits.time = options.time_per_query * static_cast<long>(std::min<std::size_t>(numbers.size(), 1000));
  limits.memory_mib = options.memory_mib;
  const std::string per_query = "--tlimit-per=" + std::to_string(options.time_per_query.count());
  const auto output = run_process({options.cvc5, "--lang=smt2", "--incremental", per_query, "-q"}, input, limits);
  if (!output) return fail(output.error());
  const auto distinct = read_answers(output->text, numbers.size());
  std::vector<Answer> answers;
  for (const std::string& script : scripts) answers.push_back(distinct[numbers.at(script)]);
  return answers;
}

Result<std::string> solver_version(const SolverOptions& options) {
  const auto output = run_process({options.cvc5, "--version"}, "", {});
  if (!output) return fail(output.error());
  const std::size_t at = output->text.find("version ");
  if (at == std::string::npos)
    return fail(SystemError{"ask the version of", options.cvc5, 0, "no version in its answer"});
  return "cvc5 " + output->text.substr(at + 8, output->text.find_first_of(" \n[", at + 8) - at - 8);
}

}  // namespace bulkhead::certificate
