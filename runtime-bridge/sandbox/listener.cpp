#include "runtime-bridge/sandbox/listener.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>

#include "runtime-bridge/sandbox/listener_state.h"

namespace bulkhead::sandbox {
namespace {

constexpr int kRequestsAtOnce = 64;

bool watch(int epoll, int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool permits_connections(const table::Table& table) {
  return std::any_of(table.rows.begin(), table.rows.end(), [](const table::Row& row) {
    return row.effect == table::Effect::Permit && row.plane == table::Plane::Net && (row.rights & table::kConnect) != 0;
  });
}

}  // namespace

std::string Request::name() const {
  return row != nullptr ? row->name : "syscall " + std::to_string(data.nr);
}

Listener::Listener(std::unique_ptr<State> state) : state_(std::move(state)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;
Listener::~Listener() = default;

Result<Listener> Listener::make(const Setup& setup) {
  auto state = std::make_unique<State>();
  state->setup = setup;
  BH_CHECK(setup.table != nullptr && setup.log != nullptr, "a listener needs a table and a log");
  if (setup.decider != nullptr) {
    state->decider.emplace(std::move(*setup.decider));
  } else {
    Result<table::Decider, std::string> decider = table::Decider::build_when_asked(*setup.table);
    if (!decider) return fail(SystemError{"build", "decider", EINVAL, decider.error()});
    state->decider.emplace(std::move(*decider));
  }
  const std::string root = "/proc/" + std::to_string(setup.init) + "/root";
  state->root.reset(open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!state->root.valid()) return fail(SystemError{"open", root, errno, "the sandbox's root"});
  const auto thread = state->enhanced() ? Worker::Thread::AtOnce : Worker::Thread::WhenNeeded;
  Result<Worker> worker =
      Worker::start(*state->decider, state->root.get(), setup.outer_user, setup.outer_group, thread);
  if (!worker) return fail(worker.error());
  state->worker.emplace(std::move(*worker));
  state->epoll.reset(epoll_create1(EPOLL_CLOEXEC));
  if (!state->epoll.valid() || !watch(state->epoll.get(), state->worker->fd())) {
    return fail(SystemError{"epoll", "listener", errno, ""});
  }
  state->hands_out_sockets = permits_connections(*setup.table) || setup.enforce == Enforce::AuditOnly;
  Listener listener(std::move(state));
  if (setup.notify_fd < 0) return listener;
  if (Status listens = listener.listen(setup.notify_fd); !listens) return fail(listens.error());
  return listener;
}

Status Listener::listen(int notify_fd) {
  state_->notify.reset(notify_fd);
  if (!watch(state_->epoll.get(), notify_fd)) return fail(SystemError{"epoll", "seccomp listener", errno, ""});
  return Unit{};
}

void Listener::rest() {
  BH_CHECK(state_->closed, "somebody may still ask");
  state_->connecting.clear();
  state_->on_worker.clear();
  state_->worker.reset();
  state_->decider.reset();
}

int Listener::fd() const {
  return state_->epoll.get();
}
bool Listener::closed() const {
  return state_->closed;
}
bool Listener::exec_passed() const {
  return state_->exec_passed;
}
std::uint64_t Listener::denials() const {
  return state_->setup.log->denials();
}

Status Listener::on_readable() {
  State& s = *state_;
  epoll_event events[16];
  const int count = epoll_wait(s.epoll.get(), events, 16, 0);
  for (int i = 0; i < count; ++i) {
    const int fd = events[i].data.fd;
    Status done = Unit{};
    if (fd == s.notify.get()) {
      done = s.receive();
    } else if (s.worker && fd == s.worker->fd()) {
      while (done) {
        std::optional<Worker::Answered> answered = s.worker->next();
        if (!answered) break;
        done = s.on_answer(std::move(*answered));
      }
    } else {
      done = s.on_connected(fd);
    }
    if (!done) return done;
  }
  return s.setup.log->tick();
}

Status Listener::State::receive() {
  for (int i = 0; i < kRequestsAtOnce; ++i) {
    pollfd ready{notify.get(), POLLIN, 0};
    if (poll(&ready, 1, 0) <= 0) return Unit{};
    if ((ready.revents & POLLIN) == 0) {
      closed = true;
      epoll_ctl(epoll.get(), EPOLL_CTL_DEL, notify.get(), nullptr);
      return Unit{};
    }
    seccomp_notif received{};
    if (ioctl(notify.get(), SECCOMP_IOCTL_NOTIF_RECV, &received) != 0) {
      if (errno == ENOENT || errno == EINTR) continue;  // its thread is gone already
      return fail(SystemError{"receive", "seccomp notification", errno, ""});
    }
    Request request;
    request.id = received.id;
    request.task = static_cast<pid_t>(received.pid);
    request.data = received.data;
    request.call = call_of(received.data.nr);
    for (const table::SyscallRow& row : setup.table->syscalls) {
      if (static_cast<int>(row.number) == received.data.nr) request.row = &row;
    }
    if (Status done = dispatch(request); !done) return done;
  }
  return Unit{};
}

Status Listener::State::dispatch(const Request& request) {
  const bool exec = request.call != nullptr && request.call->kind == Call::Kind::Exec;
  if (exec && !exec_passed && request.task == setup.program) {
    exec_passed = true;  // the parked thread, once: the launcher's own call, on the descriptor that it opened
    return proceed(request.id);
  }
  if (request.call == nullptr || request.row == nullptr || !request.row->allowed) return refuse(request);
  switch (request.call->kind) {
    case Call::Kind::Open:
    case Call::Kind::Paths:
    case Call::Kind::Exec:
      return on_paths(request);
    case Call::Kind::Connect:
      return on_connect(request);
    case Call::Kind::Bind:
      return on_bind(request);
    case Call::Kind::Send:
      return on_send(request);
  }
  return refuse(request);
}

/// The policy does not allow the call, or the listener does not know what it may do.
Status Listener::State::refuse(const Request& request) {
  const int error = request.row != nullptr ? request.row->error : setup.table->unknown_syscall_error;
  table::Decision decision;
  decision.sentence = request.row != nullptr ? request.row->sentence : setup.table->sentence;
  decision.claim = request.row != nullptr ? request.row->claim : table::kNone;
  const bool exec = request.call != nullptr && request.call->kind == Call::Kind::Exec;
  if (Status reported = report(request, exec ? table::kExecute : table::kInvoke, path_text(request), decision, error);
      !reported) {
    return reported;
  }
  return respond(request.id, 0, error);
}

audit::Access Listener::State::access_of(const Request& request, std::uint16_t right, const std::string& object,
                                         const table::Decision& decision) const {
  audit::Access access;
  access.operation = request.name();
  access.capability = audit::capability_name(right);
  access.object = object;
  access.pid = request.task;
  access.rule = audit::provenance(*setup.table, decision.row, decision.sentence, decision.claim);
  return access;
}

/// Of a connection that the table allows by another protocol than TCP.
Status Listener::State::report_not_carried_out(const Request& request, const std::string& object,
                                               const table::Decision& decision, int error) {
  return setup.log->record(audit::AccessAllowed{access_of(request, table::kConnect, object, decision), error});
}

Status Listener::State::report(const Request& request, std::uint16_t right, const std::string& object,
                               const table::Decision& decision, int error) {
  audit::Access access = access_of(request, right, object, decision);
  if (decision.allowed) return setup.log->record(audit::AccessAllowed{std::move(access)});
  const bool lifted = setup.enforce == Enforce::AuditOnly && right != table::kInvoke;
  return setup.log->record(audit::CapabilityDenied{std::move(access), lifted ? 0 : error, !lifted});
}

bool Listener::State::still_waits(std::uint64_t id) const {
  return ioctl(notify.get(), SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

Status Listener::State::proceed(std::uint64_t id) {
  seccomp_notif_resp response{};
  response.id = id;
  response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  return deliver(response);
}

Status Listener::State::respond(std::uint64_t id, std::int64_t value, int error) {
  seccomp_notif_resp response{};
  response.id = id;
  response.val = value;
  response.error = -error;
  return deliver(response);
}

/// The kernel waits for its lock interruptibly: a signal to the supervisor must not end the run.
Status Listener::State::deliver(seccomp_notif_resp& response) {
  while (ioctl(notify.get(), SECCOMP_IOCTL_NOTIF_SEND, &response) != 0) {
    if (errno == ENOENT) return Unit{};  // its thread is gone already
    if (errno != EINTR) return fail(SystemError{"answer", "seccomp notification", errno, ""});
  }
  return Unit{};
}

}  // namespace bulkhead::sandbox
