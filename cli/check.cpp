// bulkhead check: read a policy and report every mistake in it.
#include <algorithm>

#include "checker/query/models.h"
#include "checker/query/overlap.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/policy.h"
#include "cli/terminal.h"
#include "lang/base/file.h"
#include "lang/format/format.h"
#include "lang/frontend/dump.h"
#include "lang/ir/describe.h"
#include "lang/syntax/parser.h"

namespace bulkhead::cli {

namespace {

bool share_a_pattern(const ir::ObjectSet& a, const ir::ObjectSet& b) {
  return std::any_of(a.patterns.files.begin(), a.patterns.files.end(), [&](const ir::FilePattern& pattern) {
    return std::find(b.patterns.files.begin(), b.patterns.files.end(), pattern) != b.patterns.files.end();
  });
}

/// Files with two labels, but for those whose very patterns stand in both sets: loading has warned of them.
std::vector<diag::Diagnostic> label_warnings(const Policy& policy) {
  const ir::World& world = policy.world();
  diag::DiagnosticList diagnostics;
  const query::LabelOverlaps overlaps = query::overlapping_labels(world);
  for (const query::LabelOverlap& overlap : overlaps.found) {
    const ir::ObjectSet& first = world.at(overlap.first);
    const ir::ObjectSet& second = world.at(overlap.second);
    if (share_a_pattern(first, second)) continue;
    diagnostics.report({diag::Code::OverlappingLabels,
                        world.at(second.sentence).span,
                        "`" + first.name + "` and `" + second.name + "` share files, and their labels join",
                        {{world.at(first.sentence).span, "both hold " + ir::describe(world, overlap.witness)}},
                        "",
                        {}});
  }
  if (overlaps.undecided > 0) {
    complain("of " + std::to_string(overlaps.undecided) +
                 " pairs of labelled sets it was not found out within bounds whether they share files",
             kHolds);
  }
  return diagnostics.all();
}

/// Conditions of models for which a proof may not be found, whatever the time.
std::vector<diag::Diagnostic> undecidable_warnings(const Policy& policy) {
  diag::DiagnosticList diagnostics;
  for (const query::Undecidable& one : query::undecidable_conditions(policy.world())) {
    diagnostics.report({diag::Code::OutsideFragment,
                        one.span,
                        "the condition that " + one.condition + ", of `" + policy.world().at(one.system).name +
                            "`, leaves the fragment that solvers decide: " + one.reason,
                        {},
                        "a proof may not be found; a relation in place of a function, or a claim with bounds, keeps "
                        "it decidable",
                        {}});
  }
  return diagnostics.all();
}

/// The trees of the files as they were read, before names and types; printed even where those have mistakes.
int dump_trees(const std::vector<std::string>& files, const std::string& output) {
  source::SourceMap sources;
  diag::DiagnosticList diagnostics;
  std::string text;
  for (const std::string& name : files) {
    Result<std::string> bytes = read_file(name, syntax::kMaxBytes);
    if (!bytes.ok()) return complain(bytes.error().message(), kBadInput);
    const source::FileId file = sources.add(name, std::move(*bytes));
    if (const std::optional<ast::Module> module = syntax::parse(sources, file, diagnostics))
      text += format::print(*module);
  }
  show(diagnostics, sources);
  const int written = write_out(text, output);
  return diagnostics.has_errors() ? kBadInput : written;
}

}  // namespace

int run_check(const CheckOptions& options) {
  if (options.dump == "ast") return dump_trees(options.input.files, options.output);
  std::variant<Policy, Unreadable> loaded = load_policy(options.input);
  if (const auto* mistakes = std::get_if<Unreadable>(&loaded)) return refuse(*mistakes, options.format, options.output);
  const Policy& policy = std::get<Policy>(loaded);
  diag::DiagnosticList found;
  for (const diag::Diagnostic& warning : label_warnings(policy)) found.report(warning);
  for (const diag::Diagnostic& warning : undecidable_warnings(policy)) found.report(warning);
  show(found, *policy.sources);
  diag::DiagnosticList warnings;  // loading has shown its own
  for (const diag::Diagnostic& warning : policy.warnings) warnings.report(warning);
  for (const diag::Diagnostic& warning : found.all()) warnings.report(warning);
  if (options.dump == "ir") return write_out(frontend::dump(policy.world(), *policy.sources), options.output);
  return write_mistakes(options.input.files.front(), *policy.sources, warnings, options.format, options.output);
}

}  // namespace bulkhead::cli
