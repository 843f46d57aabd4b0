#include "cli/last_words.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string_view>

#include "cli/exit_status.h"

namespace bulkhead::cli {

namespace {

int status_out_of_memory = kUnknown;

/// Allocates nothing.
[[noreturn]] void end(std::string_view line, int status) noexcept {
  while (!line.empty()) {
    const ssize_t count = ::write(STDERR_FILENO, line.data(), line.size());
    if (count <= 0) break;
    line.remove_prefix(static_cast<std::size_t>(count));
  }
  _exit(status);
}

[[noreturn]] void last_words() noexcept {
  char line[512] = "bulkhead: internal error: ended without an exception; please report it with the input\n";
  try {
    if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    end("bulkhead: out of memory: raise the limit of memory (`ulimit -v`, the cgroup), or use fewer `--jobs`\n",
        status_out_of_memory);
  } catch (const std::exception& error) {
    std::snprintf(line, sizeof line, "bulkhead: internal error: %.400s; please report it with the input\n",
                  error.what());
  } catch (...) {
    end("bulkhead: internal error: an exception of no known kind; please report it with the input\n", kInternal);
  }
  end(line, kInternal);
}

}  // namespace

void prepare_last_words(int out_of_memory) {
  status_out_of_memory = out_of_memory;
  std::signal(SIGXFSZ, SIG_IGN);
  std::set_terminate(last_words);
}

}  // namespace bulkhead::cli
