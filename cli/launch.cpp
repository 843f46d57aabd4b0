#include "cli/launch.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "checker/query/proved_policy.h"
#include "cli/exec_handover.h"
#include "cli/exit_status.h"
#include "cli/policy.h"
#include "cli/proved_table.h"
#include "cli/terminal.h"
#include "lang/base/file.h"
#include "runtime-bridge/emit/life.h"
#include "runtime-bridge/sandbox/carried_out.h"
#include "runtime-bridge/table/encode.h"

namespace bulkhead::cli {

namespace {

/// What `--dry-run` shows: what would run, with what, under which limits, and what the closure is.
std::string describe(const LaunchPlan& plan, const table::Table& table) {
  std::string text = "would run";
  for (const std::string& word : plan.command) text += " " + word;
  static constexpr const char* kLevels[] = {"standard", "enhanced", "maximum"};
  text += "\ncontainer    " + table.module + "::" + table.container + ", level " +
          kLevels[static_cast<std::size_t>(table.level)] + ", user " + std::to_string(table.user) + "\n";
  const auto limit = [&](const char* name, const table::Limit& value, std::uint64_t unit, const char* unit_name) {
    if (value.set)
      text += std::string("limit        ") + name + " " + std::to_string(value.amount / unit) + unit_name + "\n";
  };
  limit("memory", table.limits.memory, 1 << 20, " MiB");
  limit("cpu", table.limits.cpu, 1, "/1000 of a processor");
  limit("pids", table.limits.pids, 1, "");
  limit("time", table.limits.time, 1, " ms");
  limit("disk", table.limits.disk, 1 << 20, " MiB");
  limit("open files", table.limits.open_files, 1, "");
  for (const table::Mount& mount : table.mounts) {
    const table::Volume& volume = table.volumes.at(mount.volume);
    text += "mount        " + (volume.host_source.empty() ? volume.name : volume.host_source) + " at " + mount.target +
            (mount.readonly ? " read-only\n" : "\n");
  }
  for (const closure::Entry& entry : plan.closure.entries) {
    text += "closure      " + entry.path + (entry.folder ? "/  " : "  ") + entry.why + "\n";
  }
  return text;
}

std::string policy_texts(const Launch& request) {
  std::string text;
  for (const auto& [name, policy] : request.texts) text += "// " + name + "\n" + policy + "\n";
  return text;
}

/// What bulkhead-exec would refuse too, said with the place of the sentence.
std::optional<std::string> not_carried_out(const table::Table& table) {
  const std::optional<sandbox::Objection> missing = sandbox::not_carried_out(table);
  if (!missing) return std::nullopt;
  std::string message = "the policy cannot be carried out: " + missing->what;
  if (missing->sentence < table.sentences.size()) {
    const table::Sentence& sentence = table.sentences[missing->sentence];
    message += "\n  " + sentence.file + ":" + std::to_string(sentence.line) + "  " + sentence.text;
  }
  return message + "\n  help: " + missing->help;
}

/// What the policy says of the container's life is somebody else's to do.
void name_unenforced(const ir::World& world, ir::SubjectId container) {
  for (const emit::Gap& gap : emit::unenforced_life(world, container)) {
    if (gap.what != "lifecycle") continue;
    std::fprintf(stderr, "bulkhead: not enforced: lifecycle %s: %s\n", gap.witness.c_str(), gap.reason.c_str());
  }
}

/// Starts what was proved. Returns only where that failed or nothing was to be started.
int start(const Launch& request, table::Table table) {
  name_own_lines(table, request.own_lines);
  if (const std::optional<std::string> missing = not_carried_out(table)) return refuse(*missing, request.options);
  if (request.options.dry_run) return write_out(describe(request.plan, table), "");
  const std::string bytes = table::encode(table);
  if (!request.options.table_output.empty()) {
    const Status written = write_file(request.options.table_output, bytes);
    return written.ok() ? kHolds : refuse(written.error().message(), request.options);
  }
  if (request.options.audit) {
    std::fputs("bulkhead: --audit: file and network rules are not enforced, only recorded\n", stderr);
  }
  return refuse(hand_over(bytes, request.plan, request.options).message(), request.options);
}

}  // namespace

int launch(Launch request) {
  if (request.options.status_fd >= 0 && ::fcntl(request.options.status_fd, F_GETFD) < 0) {
    // Not kept: a file that we open next could get the number.
    const std::string message = "--status-fd " + std::to_string(request.options.status_fd) + " is not open";
    request.options.status_fd = -1;
    return refuse(message, request.options);
  }
  if (request.container.empty()) {
    const Result<std::string, std::string> only = only_container(request.input, request.texts);
    if (!only.ok()) return refuse(only.error(), request.options);
    request.container = *only;
  }
  const std::string own_module = "bulkhead.closure";
  request.texts.emplace_back("runtime closure", closure_policy(request.plan, own_module, request.container));
  if (request.options.dump_policy) return write_out(policy_texts(request), "");

  std::variant<Policy, std::string> loaded = load_extended(request.input, request.texts, request.container);
  if (const std::string* message = std::get_if<std::string>(&loaded)) return refuse(*message, request.options);
  Policy& policy = std::get<Policy>(loaded);
  const std::variant<ir::SubjectId, std::string> container = find_container(policy.world(), request.container);
  if (const std::string* message = std::get_if<std::string>(&container)) return refuse(*message, request.options);

  name_unenforced(policy.world(), std::get<ir::SubjectId>(container));
  ProvedTableRequest table_request;
  table_request.container = std::get<ir::SubjectId>(container);
  table_request.plan = &request.plan;
  table_request.cache = request.options.no_cache ? Cache::Ignore : Cache::Use;
  Result<table::Table, std::string> table = proved_table(policy, table_request);
  if (!table.ok()) return refuse(table.error(), request.options);
  return start(request, std::move(*table));
}

int refuse(const std::string& message, const LaunchOptions& options, int status) {
  std::fprintf(stderr, "bulkhead: %s\n", message.c_str());
  if (options.status_fd >= 0) {
    // The message may quote bytes of the policy; the object says only what this command knows for certain.
    const std::string object =
        "{\"schema\":\"bulkhead.run/v1\",\"started\":false,\"cause\":\"refused\",\"code\":" + std::to_string(status) +
        ",\"signal\":0,\"status\":" + std::to_string(status) +
        ",\"denials\":0,\"first_denial\":\"\",\"degraded\":[],\"readback\":\"none\"}\n";
    if (::write(options.status_fd, object.data(), object.size()) < 0) {
      std::fprintf(stderr, "bulkhead: %s\n", SystemError{"write", "--status-fd", errno, ""}.message().c_str());
    }
  }
  return status;
}

int refuse_plan(const SystemError& error, const LaunchOptions& options) {
  const int status = error.error == ENOENT ? 127 : error.error == EACCES || error.error == ENOEXEC ? 126 : 125;
  return refuse(error.message(), options, status);
}

}  // namespace bulkhead::cli
