#include "runtime-bridge/sandbox/maximum_judge.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include <filesystem>

#include "runtime-bridge/sandbox/mediate_socket.h"

namespace bulkhead::sandbox {
namespace {

bool within(const std::string& path, const char* folder) {
  return (path + "/").rfind(std::string(folder) + "/", 0) == 0;
}

/// What gVisor itself provides: it cannot be cut by mounts, and tells the program about itself alone.
bool of_gvisor(const std::string& path) {
  return within(path, "/proc") || within(path, "/dev") || within(path, "/sys");
}

std::string name_of(const TracedCall& call) {
  switch (call.number) {
#if defined(__x86_64__)
    case SYS_open:
      return "open";
    case SYS_creat:
      return "creat";
#endif
    case SYS_openat:
      return "openat";
    case SYS_execve:
      return "execve";
    case SYS_execveat:
      return "execveat";
    case SYS_connect:
      return "connect";
    case SYS_bind:
      return "bind";
    default:
      return "syscall " + std::to_string(call.number);
  }
}

std::string absolute(const TracedCall& call) {
  const bool from_fd = call.fd >= 0 && !call.fd_path.empty();
  return lexical(join(from_fd ? call.fd_path : call.folder, call.path));
}

}  // namespace

Status Judge::judge(const TracedCall& call) {
  if (call.kind == TracedCall::Kind::Executed) {
    ran_ = true;
    return Unit{};
  }
  if (!ran_) return Unit{};
  switch (call.kind) {
    case TracedCall::Kind::Open:
      return judge_open(call);
    case TracedCall::Kind::Execve:
      if (!own_exec_seen_ && call.error == 0) {
        own_exec_seen_ = true;
        return Unit{};
      }
      return judge_file(call, table::kExecute, absolute(call));
    case TracedCall::Kind::Connect:
      return judge_address(call, table::kConnect);
    case TracedCall::Kind::Bind:
      return judge_address(call, table::kBind);
    case TracedCall::Kind::Executed:
      break;
  }
  return Unit{};
}

Status Judge::judge_open(const TracedCall& call) {
#if defined(__x86_64__)
  const auto flags = call.number == SYS_creat ? std::uint64_t{O_CREAT | O_WRONLY | O_TRUNC} : call.flags;
#else
  const std::uint64_t flags = call.flags;
#endif
  if ((flags & O_PATH) != 0) return Unit{};
  const std::string path = absolute(call);
  const bool reads = (flags & O_ACCMODE) != O_WRONLY;
  const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0;
  const std::uint64_t denials = log_.denials();
  Status done = reads ? judge_file(call, table::kRead, path) : Status(Unit{});
  if (!done || log_.denials() != denials) return done;  // one attempt, one denial
  return writes ? judge_file(call, table::kWrite, path) : Status(Unit{});
}

/// A name is judged as it was written, with the links that the launcher made. Where that is forbidden and yet the call
/// succeeded, some other link was on the way, and the object behind it is what counts.
Status Judge::judge_file(const TracedCall& call, std::uint16_t right, const std::string& path) {
  std::string object = through_links(plan_, path);
  table::Decision decision = decider_.decide(right, table::resolve(decider_.table(), object).object);
  if (!decision.allowed && call.error == 0) {
    if (of_gvisor(object)) return Unit{};
    std::error_code error;
    const std::string host = host_path(plan_, object);
    const std::string real = host.empty() ? "" : std::filesystem::canonical(host, error).string();
    const std::string inside = real.empty() || error ? "" : inside_path(plan_, real);
    if (!inside.empty()) {
      object = inside;
      decision = decider_.decide(right, table::resolve(decider_.table(), object).object);
    }
  }
  return report(call, right, object, decision);
}

Status Judge::judge_address(const TracedCall& call, std::uint16_t right) {
  const OrErrno<Address> address = read_address(call.address);
  if (!address || address->kind == Address::Kind::UnixAbstract) return Unit{};
  if (address->kind == Address::Kind::UnixPath) {
    return judge_file(call, table::kWrite, lexical(join(call.folder, address->path)));
  }
  table::Decision decision;
  if (address->kind == Address::Kind::Internet) decision = decider_.decide(right, address->net);
  return report(call, right, address->text(), decision);
}

Status Judge::report(const TracedCall& call, std::uint16_t right, const std::string& object,
                     const table::Decision& decision) {
  audit::Access access;
  access.operation = name_of(call);
  access.capability = audit::capability_name(right);
  access.object = object;
  access.pid = call.process;
  access.rule = audit::provenance(decider_.table(), decision.row, decision.sentence, decision.claim);
  if (decision.allowed) return log_.record(audit::AccessAllowed{std::move(access)});
  return log_.record(audit::CapabilityDenied{std::move(access), static_cast<int>(call.error), call.error != 0});
}

}  // namespace bulkhead::sandbox
