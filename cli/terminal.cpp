#include "cli/terminal.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cli/exit_status.h"
#include "lang/base/file.h"

namespace bulkhead::cli {

diag::Colour colour_of_stderr() {
  const char* plain = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool wanted = (plain == nullptr || *plain == '\0') && term != nullptr && std::strcmp(term, "dumb") != 0;
  return wanted && ::isatty(STDERR_FILENO) == 1 ? diag::Colour::On : diag::Colour::Off;
}

int write_out(std::string_view text, const std::string& path) {
  if (!path.empty() && path != "-") {
    const Status written = write_file(path, text);
    return written.ok() ? kHolds : complain(written.error().message(), kBadInput);
  }
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  return written ? kHolds : complain(SystemError{"write", "stdout", errno, ""}.message(), kBadInput);
}

int complain(const std::string& message, int status) {
  std::fprintf(stderr, "bulkhead: %s\n", message.c_str());
  return status;
}

void show(const diag::DiagnosticList& diagnostics, const source::SourceMap& sources) {
  const diag::Colour colour = colour_of_stderr();
  for (const diag::Diagnostic& diagnostic : diagnostics.all()) {
    std::fputs(diag::render(diagnostic, sources, colour).c_str(), stderr);
    std::fputc('\n', stderr);
  }
  const std::size_t errors = diagnostics.error_count();
  if (errors > 0) std::fprintf(stderr, "%zu error%s\n", errors, errors == 1 ? "" : "s");
}

}  // namespace bulkhead::cli
