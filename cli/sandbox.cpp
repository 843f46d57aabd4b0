// bulkhead sandbox run SCRIPT --capabilities FILE
#include <algorithm>
#include <filesystem>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/launch.h"
#include "cli/terminal.h"
#include "lang/base/file.h"
#include "lang/import/capabilities/parse.h"
#include "lang/import/capabilities/pattern.h"
#include "lang/import/capabilities/policy_text.h"
#include "lang/ir/glob.h"

namespace bulkhead::cli {

namespace {

constexpr const char* kModule = "sandbox";
constexpr const char* kContainer = "Script";

/// Reads every file and argument, showing all mistakes of all of them; false where there was one.
bool read_sets(const SandboxRunOptions& options, source::SourceMap& sources,
               std::vector<capabilities::CapabilitySet>& sets) {
  diag::DiagnosticList diagnostics;
  bool readable = true;
  const auto keep = [&](std::optional<capabilities::CapabilitySet> set) {
    if (set) sets.push_back(std::move(*set));
  };
  for (const std::string& name : options.capabilities) {
    Result<std::string> bytes = read_file(name, capabilities::kMaxFileBytes);
    if (!bytes.ok()) {
      complain(bytes.error().message(), 0);
      readable = false;
      continue;
    }
    keep(capabilities::parse(sources, sources.add(name, std::move(*bytes)), diagnostics));
  }
  const auto read_arguments = [&](const std::vector<std::string>& texts, const char* name,
                                  capabilities::Change change) {
    for (const std::string& text : texts) {
      keep(capabilities::parse_argument(change, sources, sources.add(name, text), diagnostics));
    }
  };
  read_arguments(options.grants, "--grant", capabilities::Change::Grant);
  read_arguments(options.revocations, "--revoke", capabilities::Change::Revoke);
  show(diagnostics, sources);
  return readable && !diagnostics.has_errors();
}

ir::Level level_from(const std::string& text) {
  if (text == "enhanced") return ir::Level::Enhanced;
  return text == "maximum" ? ir::Level::Maximum : ir::Level::Standard;
}

/// What the program's runtime may read in its own root, and the script itself.
std::vector<std::string> runtime_globs(const LaunchPlan& plan) {
  std::vector<std::string> globs;
  const auto add = [&](const std::string& path, bool folder) {
    globs.push_back(ir::escape_glob(path) + (folder ? "/**" : ""));
  };
  for (const closure::Entry& entry : plan.closure.entries) add(entry.path, entry.folder);
  for (const closure::Probe& probe : plan.closure.probes) add(probe.path, probe.folder);
  if (plan.script) add(plan.script->path, false);
  return globs;
}

/// The names by which grants mean files that the runtime shows already. A link is followed as on the host.
std::map<std::string, std::string> runtime_programs(const LaunchPlan& plan, const capabilities::CapabilitySet& set) {
  std::map<std::string, std::string> programs;
  for (const capabilities::PathGrant& grant : set.granted.paths) {
    if (grant.kind != capabilities::Kind::ProcessSpawn || !capabilities::is_exact(grant.glob)) continue;
    std::error_code error;
    const std::string resolved = std::filesystem::canonical(grant.glob, error).string();
    const bool shown = !error && std::any_of(plan.closure.entries.begin(), plan.closure.entries.end(),
                                             [&](const closure::Entry& entry) { return entry.path == resolved; });
    if (shown) programs[grant.glob] = ir::escape_glob(resolved);
  }
  return programs;
}

OwnLines own_lines(const std::string& name, const capabilities::PolicyText& text, const source::SourceMap& sources) {
  OwnLines own{name, {}};
  for (const capabilities::LineOrigin& each : text.origins) {
    const source::Span& span = each.origin.span;
    if (!span.file.valid()) continue;
    own.lines.push_back(
        {each.line, sources.name(span.file), sources.line_number(span.file, span.begin), each.origin.pointer});
  }
  return own;
}

}  // namespace

int run_sandbox(const SandboxRunOptions& options) {
  source::SourceMap sources;
  std::vector<capabilities::CapabilitySet> sets;
  if (!read_sets(options, sources, sets)) return refuse("the capabilities are not readable", options.launch);
  capabilities::CapabilitySet set = capabilities::merge(sets);
  if (!options.level.empty()) set.level = level_from(options.level);

  std::vector<std::string> command{options.script};
  command.insert(command.end(), options.launch.command.begin(), options.launch.command.end());
  Result<LaunchPlan> plan = plan_launch(command, options.interpreter, FirstWord::Script);
  if (!plan.ok()) return refuse_plan(plan.error(), options.launch);
  Launch request;
  request.input.models = options.models;
  request.module = kModule;
  request.container = kContainer;
  request.options = options.launch;
  request.plan = std::move(*plan);
  capabilities::PolicyTextOptions text_options;
  text_options.module = kModule;
  text_options.container = kContainer;
  text_options.runtime = runtime_globs(request.plan);
  text_options.programs = runtime_programs(request.plan, set);
  const std::string name = options.capabilities.empty() ? "capabilities" : options.capabilities.front();
  capabilities::PolicyText text = capabilities::policy_text(set, sources, text_options);
  request.own_lines = own_lines(name + " as policy", text, sources);
  request.texts.emplace_back(name + " as policy", std::move(text.text));
  return launch(std::move(request));
}

}  // namespace bulkhead::cli
