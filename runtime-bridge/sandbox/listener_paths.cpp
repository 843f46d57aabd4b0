#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime-bridge/sandbox/listener_state.h"

namespace bulkhead::sandbox {
namespace {

/// How a call of the open family opens; EINVAL where its arguments do not say.
struct OpenArguments {
  int flags = 0;
  mode_t mode = 0;
  std::uint64_t resolve = 0;
};

OrErrno<OpenArguments> open_arguments(const Request& request) {
  const auto& args = request.data.args;
  const auto pair = [](std::uint64_t flags, std::uint64_t mode) {
    return OpenArguments{static_cast<int>(flags), static_cast<mode_t>(mode), 0};
  };
#if defined(__x86_64__)
  if (request.data.nr == SYS_open) return pair(args[1], args[2]);
  if (request.data.nr == SYS_creat) return pair(O_CREAT | O_WRONLY | O_TRUNC, args[1]);
#endif
  if (request.data.nr == SYS_openat) return pair(args[2], args[3]);
  open_how how{};
  if (args[3] < sizeof how) return fail(int{EINVAL});
  const OrErrno<std::string> bytes = copy_memory(request.task, args[2], sizeof how);
  if (!bytes) return fail(bytes.error());
  std::memcpy(&how, bytes->data(), sizeof how);
  return OpenArguments{static_cast<int>(how.flags), static_cast<mode_t>(how.mode), how.resolve};
}

std::uint16_t rights_of(int flags) {
  std::uint16_t rights = 0;
  if ((flags & O_ACCMODE) != O_WRONLY) rights |= table::kRead;
  if ((flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0) rights |= table::kWrite;
  return rights;
}

/// `self` of /proc is whoever looks, and the worker looks from outside: it is given the number that the program has
/// inside.
OrErrno<std::string> without_self(std::string path, pid_t task) {
  static constexpr std::string_view kSelf = "/proc/self", kThread = "/proc/thread-self";
  const auto begins = [&](std::string_view with) {
    return path.compare(0, with.size(), with) == 0 && (path.size() == with.size() || path[with.size()] == '/');
  };
  if (!begins(kSelf) && !begins(kThread)) return path;
  const OrErrno<TaskIds> ids = ids_of(task);
  if (!ids) return fail(ids.error());
  if (begins(kSelf)) return "/proc/" + ids->inner_process + path.substr(kSelf.size());
  return "/proc/" + ids->inner_process + "/task/" + ids->inner_thread + path.substr(kThread.size());
}

}  // namespace

OrErrno<std::string> Listener::State::absolute(const Request& request, const PathArgument& argument) const {
  const auto& args = request.data.args;
  const int folder = argument.folder == kCurrentFolder ? AT_FDCWD : static_cast<int>(args[argument.folder]);
  const std::uint64_t flags = argument.flags < 0 ? 0 : args[argument.flags];
  const auto base = [&] { return folder == AT_FDCWD ? folder_of(request.task) : place_of(request.task, folder); };
  if (argument.path == kNoPath) return place_of(request.task, folder);
  // utimensat and the calls with AT_EMPTY_PATH take a descriptor alone.
  if (args[argument.path] == 0) return base();
  const OrErrno<std::string> path = copy_path(request.task, args[argument.path]);
  if (!path) return fail(path.error());
  if (path->empty()) return (flags & AT_EMPTY_PATH) != 0 ? base() : OrErrno<std::string>(fail(int{ENOENT}));
  if (path->front() == '/') return without_self(join("", *path), request.task);
  const OrErrno<std::string> from = base();
  if (!from) return fail(from.error());
  return without_self(join(*from, *path), request.task);
}

OrErrno<PathQuestion> Listener::State::question_of(const Request& request, bool& close_on_exec) const {
  PathQuestion question;
  for (const PathArgument& argument : request.call->paths) {
    OrErrno<std::string> path = absolute(request, argument);
    // A pipe, a socket, a file of memory: nothing that the policy speaks of.
    if (!path && argument.path == kNoPath && path.error() == ENOTDIR) continue;
    if (!path) return fail(path.error());
    const std::uint64_t flags = argument.flags < 0 ? 0 : request.data.args[argument.flags];
    const bool kept = (argument.last == PathArgument::Last::Kept) != ((flags & argument.flip) != 0);
    question.uses.push_back({std::move(*path), argument.right, kept ? LastPart::Kept : LastPart::Followed});
  }
  if (request.call->kind == Call::Kind::Exec) {
    question.is_exec = true;
    if (OrErrno<std::string> folder = folder_of(request.task)) question.folder = std::move(*folder);
  }
  if (request.call->kind != Call::Kind::Open) return question;

  const OrErrno<OpenArguments> how = open_arguments(request);
  if (!how) return fail(how.error());
  PathUse& use = question.uses.front();
  question.is_open = true;
  question.open.flags = how->flags;
  question.open.mode = how->mode;
  question.act = enhanced();
  if (question.act) {  // what is only looked up needs no umask, and reading it costs as much as the look-up
    const OrErrno<TaskIds> ids = ids_of(request.task);
    if (!ids) return fail(ids.error());
    question.open.umask = ids->umask;
  }
  question.enforce = enforcing();
  close_on_exec = (how->flags & O_CLOEXEC) != 0;
  use.rights = (how->flags & O_PATH) != 0 ? std::uint16_t{0} : rights_of(how->flags);
  // An exclusive creation never follows a link that stands at its name.
  const bool exclusive = (how->flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
  if ((how->flags & O_NOFOLLOW) != 0 || exclusive) use.last = LastPart::Kept;
  if ((how->flags & O_TMPFILE) == O_TMPFILE) use.path = join(use.path, "#unnamed");
  if (how->resolve != 0 && enhanced()) return fail(int{ENOSYS});  // callers fall back to openat
  return question;
}

Status Listener::State::on_paths(const Request& request) {
  Waiting waiting;
  waiting.request = request;
  if (request.call->kind == Call::Kind::Open) {
    waiting.course = enhanced() ? Course::Act : Course::Observe;
  } else if (enforcing()) {
    // At every level: Landlock sees no attributes, and no names that change inside of one folder.
    waiting.course = Course::Gate;
  }
  OrErrno<PathQuestion> question = question_of(request, waiting.close_on_exec);
  if (!still_waits(request.id)) return Unit{};
  if (!question) {
    if (request.call->kind == Call::Kind::Exec && question.error() == ENOTDIR) return on_nameless_exec(request);
    // The kernel gives its own answer to a call that is only watched; what is decided here must not go on unread.
    return waiting.course == Course::Observe ? proceed(request.id) : respond(request.id, 0, question.error());
  }
  if (question->uses.empty()) return proceed(request.id);
  // A descriptor that gives neither contents nor execution: names and attributes are no rights of the policy.
  if (question->is_open && question->uses.front().rights == 0) {
    // The flags of openat2 lie in memory: read a second time by the kernel, they could say more.
    const bool in_registers = request.data.nr != SYS_openat2;
    return in_registers || !enhanced() ? proceed(request.id) : respond(request.id, 0, ENOSYS);
  }
  if (waiting.course == Course::Observe && !enhanced()) {
    if (std::optional<PathAnswer> known = worker->answer_at_once(*question)) return conclude(waiting, *known);
  }
  if (Status asked = worker->ask(request.id, std::move(*question)); !asked) return asked;
  on_worker.emplace(request.id, std::move(waiting));
  return Unit{};
}

/// Of a descriptor without a place: a file of memory, or one whose name is gone. No rule can speak of it.
Status Listener::State::on_nameless_exec(const Request& request) {
  table::Decision decision;
  decision.sentence = setup.table->sentence;
  if (Status reported = report(request, table::kExecute, "a file without a name", decision, EACCES); !reported)
    return reported;
  return enforcing() ? respond(request.id, 0, EACCES) : proceed(request.id);
}

Status Listener::State::on_answer(Worker::Answered answered) {
  const auto found = on_worker.find(answered.id);
  BH_CHECK(found != on_worker.end(), "an answer has its question");
  const Waiting waiting = std::move(found->second);
  on_worker.erase(found);
  return conclude(waiting, answered.answer);
}

/// Reports what the answer says and lets the call go on, refuses it, or does it.
Status Listener::State::conclude(const Waiting& waiting, const PathAnswer& answer) {
  const std::uint64_t id = waiting.request.id;
  const int error = waiting.course == Course::Observe ? 0 : EACCES;
  for (const PathVerdict& verdict : answer.verdicts) {
    if (answer.denied && verdict.decision.allowed) continue;
    Status reported = report(waiting.request, verdict.right, verdict.path, verdict.decision, error);
    if (!reported) return reported;
    if (answer.denied) break;  // one attempt, one denial
  }
  if (answer.denied && error != 0 && enforcing()) return respond(id, 0, error);
  const bool exec = waiting.request.call->kind == Call::Kind::Exec;
  if (exec && enforcing() && answer.error != 0) return respond(id, 0, answer.error);
  if (waiting.course == Course::Refuse) return respond(id, 0, EACCES);
  if (waiting.course != Course::Act) return proceed(id);
  if (!answer.opened.valid()) return respond(id, 0, answer.error != 0 ? answer.error : EACCES);

  seccomp_notif_addfd hand_over{};
  hand_over.id = id;
  hand_over.flags = SECCOMP_ADDFD_FLAG_SEND;
  hand_over.srcfd = static_cast<std::uint32_t>(answer.opened.get());
  hand_over.newfd_flags = waiting.close_on_exec ? O_CLOEXEC : 0;
  if (ioctl(notify.get(), SECCOMP_IOCTL_NOTIF_ADDFD, &hand_over) >= 0 || errno == ENOENT) return Unit{};
  return respond(id, 0, errno);
}

/// The first path of a refused call, for the event alone.
std::string Listener::State::path_text(const Request& request) const {
  if (request.call == nullptr || request.call->paths.empty()) return "";
  const OrErrno<std::string> path = absolute(request, request.call->paths.front());
  return path && still_waits(request.id) ? lexical(*path) : "";
}

}  // namespace bulkhead::sandbox
