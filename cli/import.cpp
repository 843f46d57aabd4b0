// bulkhead import: foreign configurations as policy text that a person reads before it counts.
#include <algorithm>
#include <cstdio>

#include "checker/selinux/constraint.h"
#include "checker/selinux/narrow_objection.h"
#include "checker/selinux/set_rows.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/policy.h"
#include "cli/selinux_policy.h"
#include "cli/terminal.h"
#include "lang/base/file.h"
#include "lang/frontend/load.h"
#include "lang/import/arbac/policy_text.h"
#include "lang/import/arbac/read.h"
#include "lang/import/arbac/reduce.h"
#include "lang/import/capabilities/parse.h"
#include "lang/import/capabilities/policy_text.h"
#include "lang/import/oci/config_text.h"
#include "lang/import/seccomp/profile_text.h"
#include "lang/import/selinux/policy_text.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t kMaxImportBytes = std::size_t{16} << 20;

/// The system calls that the language knows: those of models/linux.bh.
std::vector<ir::Syscall> known_syscalls() {
  source::SourceMap sources;
  diag::DiagnosticList diagnostics;
  frontend::LoadOptions options;
  options.extra_texts.emplace_back("known calls", "module known;\nimport linux;\n");
  std::optional<frontend::Program> program = frontend::load({}, options, sources, diagnostics);
  show(diagnostics, sources);
  return program ? std::move(program->world.syscalls) : std::vector<ir::Syscall>{};
}

/// What an importer could not say, one line each, on stderr: nothing is dropped in silence.
template <typename LeftOut>
void show_left_out(const std::vector<LeftOut>& left_out, const source::SourceMap& sources) {
  for (const LeftOut& item : left_out) {
    std::fprintf(stderr, "%s: left out: %s\n", sources.place(item.span).c_str(), item.what.c_str());
  }
}

std::optional<std::string> import_capabilities(const source::SourceMap& sources, source::FileId file,
                                               const ImportOptions& options, diag::DiagnosticSink& sink) {
  const std::optional<capabilities::CapabilitySet> set = capabilities::parse(sources, file, sink);
  if (!set) return std::nullopt;
  capabilities::PolicyTextOptions text;
  if (!options.name.empty()) text.container = options.name;
  return capabilities::policy_text(capabilities::merge({*set}), sources, text).text;
}

std::optional<std::string> import_seccomp(const source::SourceMap& sources, source::FileId file,
                                          const ImportOptions& options, diag::DiagnosticSink& sink) {
  seccomp_import::ProfileOptions profile;
  if (!options.name.empty()) profile.container = options.name;
  profile.capabilities.insert(options.kernel_capabilities.begin(), options.kernel_capabilities.end());
  profile.syscalls = known_syscalls();
  std::optional<seccomp_import::ProfileText> text = seccomp_import::profile_text(sources, file, profile, sink);
  if (!text) return std::nullopt;
  show_left_out(text->left_out, sources);
  return std::move(text->text);
}

std::optional<std::string> import_oci(const source::SourceMap& sources, source::FileId file,
                                      const ImportOptions& options, diag::DiagnosticSink& sink) {
  oci_import::ConfigOptions config;
  if (!options.name.empty()) config.container = options.name;
  config.syscalls = known_syscalls();
  std::optional<oci_import::ConfigText> text = oci_import::config_text(sources, file, config, sink);
  if (!text) return std::nullopt;
  show_left_out(text->left_out, sources);
  return std::move(text->text);
}

int import_selinux(const ImportOptions& options) {
  const std::variant<SelinuxPolicy, Unreadable> read = load_selinux(options.file);
  if (std::holds_alternative<Unreadable>(read)) return kBadInput;
  const SelinuxPolicy& loaded = std::get<SelinuxPolicy>(read);
  const std::string module = options.name.empty() ? "selinux" : options.name;
  // What types alone decide of constraints is taken away; what is left of them makes no claim violated.
  const std::optional<selinux::Narrowed> narrowed = selinux::narrowed(loaded.policy);
  const selinux::Policy& policy = narrowed ? narrowed->policy : loaded.policy;
  if (narrowed) {
    if (const auto objection = selinux::narrowing_objection(loaded.policy, *narrowed)) {
      return complain("what constraints leave was not accepted: " + *objection, kRejected);
    }
  }
  const auto rows = selinux::SetRows::of_constraints(policy);
  const auto may_be_denied = [&](std::size_t source, std::size_t target, const selinux::Access& access) {
    return std::any_of(policy.constraints.begin(), policy.constraints.end(), [&](const selinux::Constraint& one) {
      return (selinux::constrained(one, access.object_class) & access.permissions) != 0 &&
             selinux::effect(rows, one, source, target) != selinux::Effect::Always;
    });
  };
  const selinux::PolicyText text = selinux::policy_text(policy, *loaded.sources, module, may_be_denied);
  show_left_out(text.left_out, *loaded.sources);
  return write_out(text.text, options.output);
}

std::optional<std::string> import_arbac(const source::SourceMap& sources, source::FileId file,
                                        const ImportOptions& options, diag::DiagnosticSink& sink) {
  const std::optional<arbac::Policy> policy = arbac::read(sources, file, sink);
  if (!policy) return std::nullopt;
  show_left_out(policy->left_out, sources);
  arbac::PolicyTextOptions text;
  if (!options.name.empty()) text.model = options.name;
  return arbac::policy_text(*policy, options.whole ? arbac::whole(*policy) : arbac::reduce(*policy), sources, text);
}

}  // namespace

int run_import(const ImportOptions& options) {
  if (options.format == "selinux") return import_selinux(options);
  Result<std::string> bytes = read_file(options.file, kMaxImportBytes);
  if (!bytes.ok()) return complain(bytes.error().message(), kBadInput);
  source::SourceMap sources;
  diag::DiagnosticList diagnostics;
  const source::FileId file = sources.add(options.file, std::move(*bytes));
  std::optional<std::string> text;
  if (options.format == "capabilities") text = import_capabilities(sources, file, options, diagnostics);
  if (options.format == "seccomp") text = import_seccomp(sources, file, options, diagnostics);
  if (options.format == "oci") text = import_oci(sources, file, options, diagnostics);
  if (options.format == "arbac") text = import_arbac(sources, file, options, diagnostics);
  show(diagnostics, sources);
  return text ? write_out(*text, options.output) : static_cast<int>(kBadInput);
}

}  // namespace bulkhead::cli
