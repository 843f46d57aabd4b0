// bulkhead fmt: policies in their one canonical form.
#include <sys/stat.h>

#include <cstdio>
#include <iostream>
#include <iterator>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "lang/base/file.h"
#include "lang/format/format.h"
#include "lang/syntax/parser.h"

namespace bulkhead::cli {

namespace {

Result<std::string> read_input(const std::string& name) {
  if (name != "-") return read_file(name, syntax::kMaxBytes);
  return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
}

/// Formats one file; a file that is canonical already is not touched.
int format_one(const std::string& name, bool check) {
  Result<std::string> bytes = read_input(name);
  if (!bytes.ok()) return complain(bytes.error().message(), kBadInput);
  source::SourceMap sources;
  diag::DiagnosticList diagnostics;
  const source::FileId file = sources.add(name == "-" ? "<stdin>" : name, *bytes);
  const std::optional<std::string> formatted = format::format(sources, file, diagnostics);
  show(diagnostics, sources);
  if (!formatted) return kBadInput;
  if (name == "-" && !check) return write_out(*formatted, "");
  if (*formatted == *bytes) return kHolds;
  if (check) {
    std::printf("%s\n", name.c_str());
    return kViolated;
  }
  struct stat status;
  const unsigned mode = ::stat(name.c_str(), &status) == 0 ? status.st_mode & 07777u : 0644u;
  const Status written = write_file(name, *formatted, mode);
  return written.ok() ? kHolds : complain(written.error().message(), kBadInput);
}

}  // namespace

int run_fmt(const FmtOptions& options) {
  int worst = kHolds;
  for (const std::string& name : options.files) worst = std::max(worst, format_one(name, options.check));
  return worst;
}

}  // namespace bulkhead::cli
