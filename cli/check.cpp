// bulkhead check: read a policy and report every mistake in it.
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/policy.h"
#include "cli/terminal.h"
#include "lang/base/file.h"
#include "lang/format/format.h"
#include "lang/frontend/dump.h"
#include "lang/syntax/parser.h"

namespace bulkhead::cli {

namespace {

/// The trees of the files as they were read, before names and types; printed even where those have mistakes.
int dump_trees(const std::vector<std::string>& files) {
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
  const int written = write_out(text, "");
  return diagnostics.has_errors() ? kBadInput : written;
}

}  // namespace

int run_check(const CheckOptions& options) {
  if (options.dump == "ast") return dump_trees(options.input.files);
  std::variant<Policy, int> loaded = load_policy(options.input);
  if (const int* status = std::get_if<int>(&loaded)) return *status;
  const Policy& policy = std::get<Policy>(loaded);
  if (options.dump == "ir") return write_out(frontend::dump(policy.world(), *policy.sources), "");
  return kHolds;
}

}  // namespace bulkhead::cli
