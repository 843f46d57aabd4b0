#include "cli/assertions.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <thread>

#include "checker/certificate/second_solver.h"
#include "checker/selinux/assertion_script.h"
#include "cli/exit_status.h"
#include "lang/base/parallel.h"

namespace bulkhead::cli {

int CheckedAssertions::exit_status() const {
  bool rejected = false, violated = false;
  for (const CheckedAssertion& one : all) {
    rejected = rejected || one.objection.has_value();
    violated = violated || !one.verdict.holds();
  }
  if (rejected) return kRejected;
  if (violated) return kViolated;
  return all.empty() ? kUnknown : kHolds;
}

std::vector<CheckedAssertion> judged(const selinux::AssertionJudge& judge,
                                     std::vector<selinux::AssertionVerdict> verdicts, std::size_t workers) {
  std::vector<CheckedAssertion> checked;
  for (selinux::AssertionVerdict& verdict : verdicts) checked.push_back({std::move(verdict), std::nullopt});
  in_parallel(workers, [&](std::size_t worker) {
    for (std::size_t i = worker; i < checked.size(); i += workers) {
      checked[i].objection = judge.objection(checked[i].verdict);
    }
  });
  return checked;
}

SecondOpinion ask_second_solver(const selinux::Policy& policy, std::vector<CheckedAssertion>& checked,
                                std::size_t workers) {
  SecondOpinion opinion;
  certificate::SolverOptions options;
  options.jobs = static_cast<unsigned>(workers);
  if (auto version = certificate::solver_version(options)) opinion.solver = *version;
  if (opinion.solver.empty()) return opinion;

  // By size, so that a few large questions do not keep all the others from being asked. Sizes first, scripts of those
  // that are asked afterwards: all at once they are gigabytes for a large policy.
  const selinux::AssertionScripts scripts(policy);
  std::vector<std::size_t> order, sizes(checked.size(), 0);
  for (std::size_t i = 0; i < checked.size(); ++i) {
    if (checked[i].objection) continue;
    order.push_back(i);
    sizes[i] = scripts.script(checked[i].verdict.assertion).size();
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return sizes[a] < sizes[b]; });
  std::size_t bytes = 0, count = 0;
  while (count < order.size() && bytes + sizes[order[count]] <= kMaxScriptBytes) bytes += sizes[order[count++]];
  opinion.too_large = order.size() - count;
  order.resize(count);

  std::vector<std::string> texts;
  for (const std::size_t i : order) texts.push_back(scripts.script(checked[i].verdict.assertion));
  const auto answers = certificate::ask({texts.begin(), texts.end()}, options);
  if (!answers) {
    opinion.silent = order.size();
    return opinion;
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    CheckedAssertion& one = checked[order[i]];
    const certificate::Answer answer = (*answers)[i];
    const certificate::Answer expected = one.verdict.holds() ? certificate::Answer::Unsat : certificate::Answer::Sat;
    if (answer == certificate::Answer::Unknown) {
      ++opinion.silent;
    } else if (answer == expected) {
      ++opinion.agreed;
    } else {
      one.objection = opinion.solver + " answers the opposite";
    }
  }
  return opinion;
}

std::variant<std::vector<selinux::RuleId>, std::string> assertions_named(const selinux::AssertionNames& names,
                                                                         const std::vector<std::string>& only) {
  if (only.empty()) return names.rules();
  std::vector<selinux::RuleId> asked;
  for (const std::string& word : only) {
    const std::vector<selinux::RuleId> found = names.find(word);
    if (found.empty()) return word;
    asked.insert(asked.end(), found.begin(), found.end());
  }
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  return asked;
}

std::size_t worker_count(unsigned jobs) {
  return jobs != 0 ? jobs : std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace bulkhead::cli
