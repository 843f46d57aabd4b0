#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime-bridge/sandbox/listener_state.h"
#include "runtime-bridge/sandbox/listening.h"

namespace bulkhead::sandbox {
namespace {

constexpr std::size_t kMostConnections = 256;
constexpr std::size_t kMostMessages = 64;
constexpr std::size_t kMessageStride = sizeof(mmsghdr);

/// The name and its length in a msghdr of the program; a null name is address 0.
struct MessageName {
  std::uint64_t at = 0;
  std::uint64_t length = 0;
};

OrErrno<MessageName> name_of_message(pid_t task, std::uint64_t header) {
  const OrErrno<std::string> bytes = copy_memory(task, header, sizeof(msghdr));
  if (!bytes) return fail(bytes.error());
  msghdr message{};
  std::memcpy(&message, bytes->data(), sizeof message);
  return MessageName{reinterpret_cast<std::uint64_t>(message.msg_name), message.msg_namelen};
}

/// Every address that a call of the send family carries.
OrErrno<std::vector<MessageName>> names_of(const Request& request) {
  const auto& args = request.data.args;
  std::vector<MessageName> names;
  if (request.data.nr == SYS_sendto) {
    names.push_back({args[4], args[5]});
    return names;
  }
  const std::size_t count =
      request.data.nr == SYS_sendmsg ? 1 : std::min<std::size_t>(static_cast<std::size_t>(args[2]), kMostMessages);
  for (std::size_t i = 0; i < count; ++i) {
    const OrErrno<MessageName> name = name_of_message(request.task, args[1] + i * kMessageStride);
    if (!name) return fail(name.error());
    names.push_back(*name);
  }
  return names;
}

std::uint64_t flags_of_send(const Request& request) {
  return request.data.nr == SYS_sendmsg ? request.data.args[2] : request.data.args[3];
}

}  // namespace

Status Listener::State::on_connect(const Request& request) {
  const int target = static_cast<int>(request.data.args[0]);
  const OrErrno<Address> address =
      copy_address(request.task, request.data.args[1], static_cast<std::uint32_t>(request.data.args[2]));
  const OrErrno<TaskIds> ids = ids_of(request.task);
  OrErrno<ProgramSocket> socket = ids ? socket_of(request.task, ids->process, target) : fail(int{ESRCH});
  if (!still_waits(request.id)) return Unit{};
  if (!address) return respond(request.id, 0, address.error());
  if (!socket) return respond(request.id, 0, socket.error());
  switch (address->kind) {
    case Address::Kind::UnixPath:
    case Address::Kind::UnixAbstract:
      return on_unix_address(request, *address);
    case Address::Kind::Other:
      // AF_UNSPEC would take a socket that was handed over back to where it can be turned to any address.
      if (Status reported = report(request, table::kConnect, address->text(), {}, EACCES); !reported) return reported;
      return respond(request.id, 0, EACCES);
    case Address::Kind::Internet:
      break;
  }
  table::NetObject object = reached_by(address->net);
  object.proto = socket->proto_bit();
  const table::Decision decision = decider->decide(table::kConnect, object);
  // Connections are made for TCP alone, whatever the policy permits beyond it.
  const bool made = socket->tcp() || !decision.allowed;
  const std::string text = address->text();
  if (Status reported = made ? report(request, table::kConnect, text, decision, EACCES)
                             : report_not_carried_out(request, text, decision, EACCES);
      !reported)
    return reported;
  if ((!decision.allowed && enforcing()) || !socket->tcp()) return respond(request.id, 0, EACCES);
  if (const int taken = busy(*socket); taken != 0) return respond(request.id, 0, taken);
  return start_connection(request, *socket, *address);
}

Status Listener::State::start_connection(const Request& request, const ProgramSocket& socket, const Address& address) {
  drop_abandoned();
  if (connecting.size() >= kMostConnections) return respond(request.id, 0, EAGAIN);
  Outgoing outgoing =
      connect_for(socket, address, never_listens(decider->table()) ? Listening::Never : Listening::Possible);
  if (outgoing.error != 0 && outgoing.error != EINPROGRESS) return respond(request.id, 0, outgoing.error);
  const int error = outgoing.error, fd = outgoing.fd.get();
  Connecting started{request, std::move(outgoing), static_cast<int>(request.data.args[0]), socket.close_on_exec};
  if (socket.nonblocking) return put_in_place(std::move(started), error);
  if (error == 0) {
    if (fcntl(fd, F_SETFL, 0) != 0) return respond(request.id, 0, errno);
    return put_in_place(std::move(started), 0);
  }
  epoll_event event{};
  event.events = EPOLLOUT;
  event.data.fd = fd;
  if (epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0) return respond(request.id, 0, EAGAIN);
  connecting.emplace(fd, std::move(started));
  return Unit{};
}

Status Listener::State::on_connected(int fd) {
  const auto found = connecting.find(fd);
  if (found == connecting.end()) return Unit{};
  epoll_ctl(epoll.get(), EPOLL_CTL_DEL, fd, nullptr);
  Connecting done = std::move(found->second);
  connecting.erase(found);
  const int error = outcome_of(fd);
  if (error != 0) return respond(done.request.id, 0, error);
  if (fcntl(fd, F_SETFL, 0) != 0) return respond(done.request.id, 0, errno);
  return put_in_place(std::move(done), 0);
}

/// Replaces the program's socket by ours at the same number, then answers its connect.
Status Listener::State::put_in_place(Connecting done, int error) {
  seccomp_notif_addfd hand_over{};
  hand_over.id = done.request.id;
  hand_over.flags = SECCOMP_ADDFD_FLAG_SETFD;
  hand_over.srcfd = static_cast<std::uint32_t>(done.outgoing.fd.get());
  hand_over.newfd = static_cast<std::uint32_t>(done.target);
  hand_over.newfd_flags = done.close_on_exec ? O_CLOEXEC : 0;
  if (ioctl(notify.get(), SECCOMP_IOCTL_NOTIF_ADDFD, &hand_over) < 0) {
    return errno == ENOENT ? Status(Unit{}) : respond(done.request.id, 0, errno);
  }
  return respond(done.request.id, 0, error);
}

/// A connect that a signal broke off leaves its socket here; a program that does so in a loop must not fill us.
void Listener::State::drop_abandoned() {
  for (auto at = connecting.begin(); at != connecting.end();) {
    at = still_waits(at->second.request.id) ? std::next(at) : connecting.erase(at);
  }
}

/// Sockets with a name in the file system are files; abstract ones live in the sandbox's own network namespace.
///
/// The call itself can only go on in the kernel, which reads the address again. Where internet sockets are handed over,
/// a second reading could turn one of them to another address, so there it does not go on at all.
Status Listener::State::on_unix_address(const Request& request, const Address& address) {
  const bool never = hands_out_sockets && enforcing();
  if (address.kind == Address::Kind::UnixAbstract) return never ? respond(request.id, 0, EACCES) : proceed(request.id);
  const OrErrno<std::string> folder = folder_of(request.task);
  if (!still_waits(request.id)) return Unit{};
  if (!folder) return respond(request.id, 0, folder.error());
  PathQuestion question;
  question.uses.push_back({join(*folder, address.path), table::kWrite, LastPart::Followed});
  Waiting waiting;
  waiting.request = request;
  waiting.course = never ? Course::Refuse : enforcing() ? Course::Gate : Course::Observe;
  if (Status asked = worker->ask(request.id, std::move(question)); !asked) return asked;
  on_worker.emplace(request.id, std::move(waiting));
  return Unit{};
}

Status Listener::State::on_bind(const Request& request) {
  const int target = static_cast<int>(request.data.args[0]);
  const OrErrno<Address> address =
      copy_address(request.task, request.data.args[1], static_cast<std::uint32_t>(request.data.args[2]));
  const OrErrno<TaskIds> ids = ids_of(request.task);
  const OrErrno<ProgramSocket> socket = ids ? socket_of(request.task, ids->process, target) : fail(int{ESRCH});
  if (!still_waits(request.id)) return Unit{};
  if (!address) return respond(request.id, 0, address.error());
  if (!socket) return respond(request.id, 0, socket.error());
  if (address->kind == Address::Kind::UnixPath || address->kind == Address::Kind::UnixAbstract) {
    return on_unix_address(request, *address);
  }
  table::NetObject object = address->net;
  object.proto = socket->proto_bit();
  table::Decision decision;
  if (address->kind == Address::Kind::Internet) decision = decider->decide(table::kBind, object);
  if (Status reported = report(request, table::kBind, address->text(), decision, EACCES); !reported) return reported;
  if (!decision.allowed && enforcing()) return respond(request.id, 0, EACCES);
  if (socket->ours) return respond(request.id, 0, EINVAL);
  // On the duplicate: it is the socket that was looked at, and the address that was read.
  sockaddr_storage to{};
  std::memcpy(&to, address->bytes.data(), address->bytes.size());
  const int done =
      ::bind(socket->fd.get(), reinterpret_cast<const sockaddr*>(&to), static_cast<socklen_t>(address->bytes.size()));
  return respond(request.id, 0, done == 0 ? 0 : errno);
}

Status Listener::State::on_send(const Request& request) {
  // A register, so no second reading can change it. With it a send would connect, past on_connect.
  if ((flags_of_send(request) & MSG_FASTOPEN) != 0) {
    if (Status reported = report(request, table::kConnect, "MSG_FASTOPEN", {}, EACCES); !reported) return reported;
    return respond(request.id, 0, EOPNOTSUPP);
  }
  const OrErrno<std::vector<MessageName>> names = names_of(request);
  if (!still_waits(request.id)) return Unit{};
  if (!names) return respond(request.id, 0, names.error());
  for (const MessageName& name : *names) {
    if (name.at == 0 || name.length == 0) continue;
    const OrErrno<Address> address = copy_address(request.task, name.at, name.length);
    if (!still_waits(request.id)) return Unit{};
    if (!address) return respond(request.id, 0, address.error());
    if (address->kind == Address::Kind::UnixAbstract) continue;
    if (address->kind == Address::Kind::UnixPath) return on_unix_address(request, *address);
    table::NetObject object = reached_by(address->net);
    object.proto = 2;
    table::Decision decision;
    if (address->kind == Address::Kind::Internet) decision = decider->decide(table::kConnect, object);
    // What is allowed goes on into a network that has no way out.
    if (Status reported = decision.allowed ? report_not_carried_out(request, address->text(), decision, ENETUNREACH)
                                           : report(request, table::kConnect, address->text(), decision, EACCES);
        !reported)
      return reported;
    if (!decision.allowed && enforcing()) return respond(request.id, 0, EACCES);
  }
  // Without MSG_FASTOPEN an address reaches no further than the sandbox's own network namespace, whatever it is by now.
  return proceed(request.id);
}

}  // namespace bulkhead::sandbox
