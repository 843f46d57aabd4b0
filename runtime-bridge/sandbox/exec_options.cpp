#include "runtime-bridge/sandbox/exec_options.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace bulkhead::sandbox {

namespace {

constexpr int kFirstOfTheCallers = 3;  // the standard streams are the program's

bool read_descriptor(std::string_view text, int& fd) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fd);
  return error == std::errc() && end == text.data() + text.size() && fd >= kFirstOfTheCallers;
}

bool read_placed(std::string_view text, ExecOptions& options) {
  const std::size_t equals = text.rfind('=');
  int fd = -1;
  if (equals == std::string_view::npos || !read_descriptor(text.substr(equals + 1), fd)) return false;
  options.placed.emplace_back(std::string(text.substr(0, equals)), fd);
  return true;
}

/// An option without a value; false where `word` is none.
bool take_flag(std::string_view word, ExecOptions& options) {
  if (word == "--audit")
    options.run.rules = Rules::AuditOnly;
  else if (word == "--stdin")
    options.run.input = Input::Forwarded;
  else if (word == "--tty")
    options.run.input = Input::Terminal;
  else if (word == "--log=all")
    options.detail = audit::Detail::Everything;
  else if (word == "--audit-loss=continue")
    options.audit_loss_continue = true;
  else if (word == "--require-readback=exact")
    options.run.readback = ReadbackNeed::Exact;
  else if (word == "--on-denial=continue")
    options.run.on_denial = OnDenial::Continue;
  else if (word == "--on-denial=fail")
    options.run.on_denial = OnDenial::Fail;
  else if (word == "--on-denial=kill")
    options.run.on_denial = OnDenial::Kill;
  else
    return false;
  return true;
}

/// An option with a value; false where the name or the value is none.
bool take_value(std::string_view word, std::string_view value, ExecOptions& options) {
  if (word == "--table-fd") return read_descriptor(value, options.table_fd);
  if (word == "--audit-fd") return read_descriptor(value, options.audit_fd);
  if (word == "--status-fd") return read_descriptor(value, options.status_fd);
  if (word == "--place") return read_placed(value, options);
  if (word == "--audit-log") {
    options.audit_log = value;
    return !value.empty();
  }
  if (word == "--folder") {
    options.run.working_folder = value;
    return !value.empty() && value[0] == '/';
  }
  return false;
}

}  // namespace

Result<ExecOptions, std::string> parse_exec_options(int argc, const char* const* argv) {
  ExecOptions options;
  int i = 1;
  for (; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view word = argv[i];
    if (take_flag(word, options)) continue;
    if (i + 1 < argc && take_value(word, argv[i + 1], options)) {
      ++i;
      continue;
    }
    return fail("cannot read option `" + std::string(word) + "`; help: bulkhead-exec is started by `bulkhead run`");
  }
  for (++i; i < argc; ++i) options.run.command.emplace_back(argv[i]);
  if (options.run.command.empty()) return fail(std::string("no command; help: bulkhead-exec [options] -- COMMAND"));
  return options;
}

Result<audit::Log> open_log(const ExecOptions& options, const table::Table& table) {
  const Result<std::string> run_id = audit::make_run_id();
  if (!run_id.ok()) return fail(run_id.error());
  audit::Log::Options log;
  log.run_id = *run_id;
  log.detail = options.detail;
  const bool named =
      std::find(table.degrade.begin(), table.degrade.end(), "audit-loss=continue") != table.degrade.end();
  if (named || options.audit_loss_continue) log.on_loss = audit::OnLoss::Continue;
  if (options.audit_fd >= 0) return audit::Log::adopt(options.audit_fd, log);
  return audit::Log::open(options.audit_log.empty() ? "./bulkhead-audit.jsonl" : options.audit_log, log);
}

}  // namespace bulkhead::sandbox
