// bulkhead doctor: what this machine can enforce, tried and not guessed.
#include <nlohmann/json.hpp>

#include "checker/certificate/second_solver.h"
#include "cli/commands.h"
#include "cli/exec_handover.h"
#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "runtime-bridge/audit/event.h"
#include "runtime-bridge/sandbox/probe.h"

namespace bulkhead::cli {

namespace {

std::string_view word(sandbox::Support support) {
  switch (support) {
    case sandbox::Support::Works:
      return "works";
    case sandbox::Support::Missing:
      return "missing";
    case sandbox::Support::NotNeeded:
      return "not needed";
  }
  return "missing";
}

std::string_view word(sandbox::Caller caller) {
  switch (caller) {
    case sandbox::Caller::Root:
      return "root";
    case sandbox::Caller::DelegatedUser:
      return "user with a delegated cgroup v2";
    case sandbox::Caller::User:
      return "user without a delegated cgroup";
  }
  return "user";
}

std::string levels_of(const sandbox::Mechanism& mechanism) {
  std::string text;
  if (mechanism.standard) text += " standard";
  if (mechanism.enhanced) text += " enhanced";
  if (mechanism.maximum) text += " maximum";
  return text;
}

constexpr std::size_t kNameWidth = 40;

std::string padded(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(text.size() < width ? width - text.size() : 1, ' ');
}

}  // namespace

int run_doctor(const DoctorOptions& options) {
  const std::vector<sandbox::Mechanism> mechanisms = sandbox::probe_mechanisms();
  const sandbox::Caller caller = sandbox::probe_caller();
  const std::vector<sandbox::LevelSupport> levels = sandbox::level_support(caller, mechanisms);
  const Result<std::string> solver = certificate::solver_version({});
  const Result<std::string> exec = find_exec_program();

  if (options.json) {
    nlohmann::ordered_json report;
    report["schema"] = "bulkhead.doctor/v1";
    report["caller"] = word(caller);
    for (const sandbox::LevelSupport& level : levels) {
      report["levels"][std::string(audit::level_name(level.level))] = {{"available", level.available},
                                                                       {"text", level.text}};
    }
    for (const sandbox::Mechanism& item : mechanisms) {
      report["mechanisms"].push_back(
          {{"name", item.name}, {"support", word(item.support)}, {"detail", item.detail}, {"remedy", item.remedy}});
    }
    report["second_solver"] = solver.ok() ? *solver : solver.error().message();
    report["bulkhead_exec"] = exec.ok() ? "found" : exec.error().message();
    return write_out(report.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n", "");
  }

  std::string text = "caller: " + std::string(word(caller)) + "\n\n";
  for (const sandbox::LevelSupport& level : levels) {
    text += padded(audit::level_name(level.level), 12) + padded(level.available ? "available" : "refused", 12) +
            level.text + "\n";
  }
  text += "\n";
  for (const sandbox::Mechanism& item : mechanisms) {
    text += padded(item.name, kNameWidth) + padded(word(item.support), 12) + item.detail + "\n";
    if (item.support == sandbox::Support::Missing && !item.remedy.empty()) {
      text += padded("", kNameWidth) + "for" + levels_of(item) + ": " + item.remedy + "\n";
    }
  }
  text += padded("second solver", kNameWidth) +
          (solver.ok() ? padded("works", 12) + *solver : padded("missing", 12) + solver.error().message()) + "\n";
  text += padded("bulkhead-exec", kNameWidth) + (exec.ok() ? "works" : padded("missing", 12) + exec.error().message()) +
          "\n";
  return write_out(text, "");
}

}  // namespace bulkhead::cli
