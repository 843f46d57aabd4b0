#include "cli/exec_handover.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

namespace bulkhead::cli {

namespace {

/// The words of bulkhead-exec's own command line (runtime-bridge/sandbox/exec_options.h).
std::vector<std::string> exec_words(const LaunchPlan& plan, const LaunchOptions& options) {
  std::vector<std::string> words{"--audit-log", options.audit_log};
  const auto flag = [&](bool wanted, const char* word) {
    if (wanted) words.emplace_back(word);
  };
  switch (options.on_denial) {
    case OnDenial::Continue:
      words.emplace_back("--on-denial=continue");
      break;
    case OnDenial::Fail:
      words.emplace_back("--on-denial=fail");
      break;
    case OnDenial::Kill:
      words.emplace_back("--on-denial=kill");
      break;
  }
  flag(options.log_all, "--log=all");
  flag(options.audit, "--audit");
  flag(options.stdin_through, "--stdin");
  flag(options.tty, "--tty");
  flag(options.audit_loss_continue, "--audit-loss=continue");
  flag(options.require_readback == "exact", "--require-readback=exact");
  if (options.status_fd >= 0) words.insert(words.end(), {"--status-fd", std::to_string(options.status_fd)});
  if (plan.script) words.insert(words.end(), {"--folder", kWorkingFolder});
  return words;
}

}  // namespace

Result<int> sealed_memory_file(const char* name, std::string_view bytes) {
  const int fd = ::memfd_create(name, MFD_ALLOW_SEALING);
  if (fd < 0) return fail(SystemError{"memfd_create", name, errno, ""});
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const int error = errno;
      ::close(fd);
      return fail(SystemError{"write", name, error, ""});
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0) {
    const int error = errno;
    ::close(fd);
    return fail(SystemError{"seal", name, error, ""});
  }
  return fd;
}

Result<std::string> find_exec_program() {
  char self[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", self, sizeof self);
  if (size <= 0 || size == sizeof self) return fail(SystemError{"find", "bulkhead-exec", ENOENT, "no /proc/self/exe"});
  const std::string path(self, static_cast<std::size_t>(size));
  const std::string folder = path.substr(0, path.rfind('/'));
  for (const std::string& candidate : {folder + "/bulkhead-exec", folder + "/../bulkhead-exec"}) {
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return fail(SystemError{"find", "bulkhead-exec", ENOENT, "it belongs beside " + path});
}

SystemError hand_over(std::string_view table, const LaunchPlan& plan, const LaunchOptions& options) {
  const Result<std::string> program = find_exec_program();
  if (!program.ok()) return program.error();
  const Result<int> table_fd = sealed_memory_file("bulkhead-table", table);
  if (!table_fd.ok()) return table_fd.error();
  std::vector<std::string> words{*program, "--table-fd", std::to_string(*table_fd)};
  for (std::string& word : exec_words(plan, options)) words.push_back(std::move(word));
  if (plan.script) {
    const Result<int> script_fd = sealed_memory_file("bulkhead-script", plan.script->contents);
    if (!script_fd.ok()) return script_fd.error();
    words.insert(words.end(), {"--place", plan.script->path + "=" + std::to_string(*script_fd)});
  }
  words.emplace_back("--");
  words.insert(words.end(), plan.command.begin(), plan.command.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(program->c_str(), argv.data());
  return SystemError{"execute", *program, errno, ""};
}

}  // namespace bulkhead::cli
