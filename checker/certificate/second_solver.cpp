#include "checker/certificate/second_solver.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <string_view>

#include "checker/process/process.h"
#include "lang/base/parallel.h"

namespace bulkhead::certificate {
namespace {

/// Each script is followed by this line with its number, so that answers cannot slip from one script to another.
std::string marker(std::size_t index) {
  return "bulkhead-end-" + std::to_string(index);
}

/// Asked along with every batch, first and last: a solver that does not get them right at first, or gets one wrong at
/// last, is not believed in anything. They use what the scripts use: words, functions, quantifiers; sorts where a
/// script declares one.
struct Control {
  const char* script;
  Answer right;
};
constexpr Control kControls[] = {
    {"(set-logic QF_BV)\n(declare-const x (_ BitVec 64))\n(declare-const in0 Bool)\n"
     "(define-fun n2 () Bool (and in0 (bvult x #x0000000000000010)))\n(assert n2)\n(check-sat)\n",
     Answer::Sat},
    {"(set-logic QF_BV)\n(declare-const x (_ BitVec 64))\n(define-fun n2 () Bool (bvslt x #x0000000000000000))\n"
     "(assert (and n2 (bvult x #x8000000000000000)))\n(check-sat)\n",
     Answer::Unsat},
    {"(set-logic BV)\n(declare-const in0 Bool)\n(define-fun q2 ((y (_ BitVec 64))) Bool (= y #x0000000000000001))\n"
     "(assert (and in0 (forall ((y (_ BitVec 64))) (not (and (q2 y) (not in0))))))\n(check-sat)\n",
     Answer::Sat},
    {"(set-logic BV)\n(define-fun q2 ((y (_ BitVec 64))) Bool (= y #x0000000000000001))\n"
     "(assert (forall ((y (_ BitVec 64))) (not (q2 y))))\n(check-sat)\n",
     Answer::Unsat},
    {"(set-logic UFDT)\n(declare-sort S 0)\n(declare-datatypes ((E 0)) (((a)(b))))\n(declare-fun f (S) E)\n"
     "(declare-fun x () S)\n(declare-fun y () S)\n(assert (and (= (f x) a) (= (f y) b)))\n(check-sat)\n",
     Answer::Sat},
    {"(set-logic UFDT)\n(declare-sort S 0)\n(declare-datatypes ((E 0)) (((a)(b))))\n(declare-fun f (S) E)\n"
     "(declare-fun x () S)\n(assert (forall ((y S)) (= (f y) a)))\n(assert (not (= (f x) a)))\n(check-sat)\n",
     Answer::Unsat},
};

/// Those of kControls whose logic some script needs.
std::vector<Control> controls_for(const std::vector<std::string_view>& scripts) {
  const auto sorts = [](std::string_view script) { return script.find("(declare-sort ") != std::string_view::npos; };
  const bool models = std::any_of(scripts.begin(), scripts.end(), sorts);
  std::vector<Control> controls;
  for (const Control& control : kControls) {
    if (models || !sorts(control.script)) controls.push_back(control);
  }
  return controls;
}

/// Fewer scripts than this for each are no reason to start another process, which has to answer the controls too.
constexpr std::size_t kWorthAProcess = 12;

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

/// The answers of one process; it must get the control questions right to be believed in anything.
Result<std::vector<Answer>> ask_one_process(const std::vector<std::string_view>& scripts,
                                            const SolverOptions& options) {
  const std::vector<Control> controls = controls_for(scripts);
  std::string input;
  std::size_t count = 0;
  const auto put = [&](std::string_view script) {
    input.append(script).append("(echo \"" + marker(count++) + "\")\n(reset)\n");
  };
  for (const Control& control : controls) put(control.script);
  for (const std::string_view script : scripts) put(script);
  for (const Control& control : controls) put(control.script);
  process::ProcessLimits limits;
  limits.time = options.time_per_query * static_cast<long>(std::min<std::size_t>(count, 1000));
  limits.deadline = options.deadline;
  limits.memory_mib = options.memory_mib;
  const std::string per_query = "--tlimit-per=" + std::to_string(options.time_per_query.count());
  const auto output =
      process::run_process({options.cvc5, "--lang=smt2", "--incremental", per_query, "-q"}, input, limits);
  if (!output) {
    SystemError error = output.error();
    if (error.error == ENOENT) error.detail = "it is the second solver; Debian: apt-get install cvc5";
    return fail(std::move(error));
  }
  const auto answers = read_answers(output->text, count);
  for (std::size_t i = 0; i < controls.size(); ++i) {
    const Answer first = answers[i];
    const Answer last = answers[count - controls.size() + i];
    if (first == controls[i].right && (last == first || last == Answer::Unknown)) continue;
    const bool silent = first == Answer::Unknown;
    return fail(SystemError{"ask", options.cvc5, 0,
                            silent ? "no answer to a question whose answer is known"
                                   : "a wrong answer to a question whose answer is known"});
  }
  const auto begin = answers.begin() + static_cast<std::ptrdiff_t>(controls.size());
  return std::vector<Answer>(begin, begin + static_cast<std::ptrdiff_t>(scripts.size()));
}

}  // namespace

Result<std::vector<Answer>> ask(const std::vector<std::string_view>& scripts, const SolverOptions& options) {
  if (scripts.empty()) return std::vector<Answer>();
  std::map<std::string_view, std::size_t> numbers;
  std::vector<std::string_view> distinct;
  for (const std::string_view script : scripts) {
    if (numbers.emplace(script, distinct.size()).second) distinct.push_back(script);
  }
  // The n-th process gets the n-th script and every so-many-th after it.
  const std::size_t parts = std::clamp<std::size_t>(distinct.size() / kWorthAProcess, 1, std::max(options.jobs, 1u));
  std::vector<Result<std::vector<Answer>>> answered(parts, std::vector<Answer>());
  const auto ask_part = [&](std::size_t part) {
    std::vector<std::string_view> own;
    for (std::size_t i = part; i < distinct.size(); i += parts) own.push_back(distinct[i]);
    answered[part] = ask_one_process(own, options);
  };
  in_parallel(parts, ask_part);
  for (const auto& part : answered) {
    if (!part) return fail(part.error());
  }
  std::vector<Answer> answers;
  for (const std::string_view script : scripts) {
    const std::size_t number = numbers.at(script);
    answers.push_back(answered[number % parts]->at(number / parts));
  }
  return answers;
}

Result<std::string> solver_version(const SolverOptions& options) {
  const auto output = process::run_process({options.cvc5, "--version"}, "", {});
  if (!output) return fail(output.error());
  const std::size_t at = output->text.find("version ");
  if (at == std::string::npos)
    return fail(SystemError{"ask the version of", options.cvc5, 0, "no version in its answer"});
  return "cvc5 " + output->text.substr(at + 8, output->text.find_first_of(" \n[", at + 8) - at - 8);
}

}  // namespace bulkhead::certificate
