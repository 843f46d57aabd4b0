#include "runtime-bridge/sandbox/mediate_socket.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <iterator>

#include "runtime-bridge/sandbox/kernel.h"

namespace bulkhead::sandbox {
namespace {

constexpr int kSoNetnsCookie = 71;  // SO_NETNS_COOKIE, Linux 5.14
constexpr int kTcpSynSent = 2;

/// The first bytes of `bytes` as a T; the rest of T is zero.
template <typename T>
T as(const std::string& bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof value));
  return value;
}

int option(int fd, int level, int name, int otherwise) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(fd, level, name, &value, &size) == 0 ? value : otherwise;
}

std::optional<std::uint64_t> network_of(int fd) {
  std::uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  if (getsockopt(fd, SOL_SOCKET, kSoNetnsCookie, &cookie, &size) != 0) return std::nullopt;
  return cookie;
}

void read_internet(Address& address) {
  const bool four = address.family == AF_INET;
  const auto v4 = as<sockaddr_in>(address.bytes);
  const auto v6 = as<sockaddr_in6>(address.bytes);
  const auto* six = reinterpret_cast<const std::uint8_t*>(&v6.sin6_addr);
  address.kind = Address::Kind::Internet;
  address.net.port = ntohs(four ? v4.sin_port : v6.sin6_port);
  address.net.proto = 1;
  if (four || IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
    address.net.family = 4;
    if (four) {
      std::memcpy(address.net.address.data(), &v4.sin_addr, 4);
    } else {
      std::copy(six + 12, six + 16, address.net.address.begin());
    }
  } else {
    address.net.family = 6;
    std::copy(six, six + 16, address.net.address.begin());
  }
}

/// What a program may have set on its socket before connecting, and expects to find after.
void copy_options(int from, int to) {
  static constexpr struct {
    int level, name;
  } kCopied[] = {{SOL_SOCKET, SO_KEEPALIVE},   {SOL_SOCKET, SO_SNDTIMEO},  {SOL_SOCKET, SO_RCVTIMEO},
                 {SOL_SOCKET, SO_LINGER},      {IPPROTO_TCP, TCP_NODELAY}, {IPPROTO_TCP, TCP_KEEPIDLE},
                 {IPPROTO_TCP, TCP_KEEPINTVL}, {IPPROTO_TCP, TCP_KEEPCNT}, {IPPROTO_TCP, TCP_USER_TIMEOUT}};
  for (const auto& which : kCopied) {
    char value[64];
    socklen_t size = sizeof value;
    if (getsockopt(from, which.level, which.name, value, &size) != 0) continue;
    if (setsockopt(to, which.level, which.name, value, size) != 0) continue;  // a comfort: the connection works without
  }
}

/// A socket that is handed over lives in the supervisor's network. Given up before it connected, it could `listen`
/// there, which no rule permits: a filter that the program cannot take off drops the first segment of every connection
/// to it.
bool never_accepts(int fd) {
  static constexpr sock_filter kDropOpening[] = {
      {BPF_LD | BPF_B | BPF_ABS, 0, 0, 13},     // the flags of the TCP header
      {BPF_ALU | BPF_AND | BPF_K, 0, 0, 0x12},  // ACK, SYN
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0x02},  // SYN alone
      {BPF_RET | BPF_K, 0, 0, 0},
      {BPF_RET | BPF_K, 0, 0, 0xFFFFFFFF},
  };
  const sock_fprog program{static_cast<unsigned short>(std::size(kDropOpening)),
                           const_cast<sock_filter*>(kDropOpening)};
  const int on = 1;
  return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 &&
         setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof on) == 0;
}

}  // namespace

table::NetObject reached_by(table::NetObject asked) {
  const auto zero = [](std::uint8_t byte) { return byte == 0; };
  const std::size_t length = asked.family == 4 ? 4 : 16;
  if (!std::all_of(asked.address.begin(), asked.address.begin() + static_cast<std::ptrdiff_t>(length), zero))
    return asked;
  if (asked.family == 4) asked.address[0] = 127;
  asked.address[length - 1] = 1;
  return asked;
}

std::string Address::text() const {
  char name[INET6_ADDRSTRLEN] = {};
  switch (kind) {
    case Kind::Internet:
      inet_ntop(net.family == 4 ? AF_INET : AF_INET6, net.address.data(), name, sizeof name);
      return (net.family == 4 ? std::string(name) : "[" + std::string(name) + "]") + ":" + std::to_string(net.port);
    case Kind::UnixPath:
      return "unix:" + path;
    case Kind::UnixAbstract:
      return "unix:@" + path;
    case Kind::Other:
      break;
  }
  return "family " + std::to_string(family);
}

OrErrno<Address> copy_address(pid_t task, std::uint64_t at, std::uint64_t length) {
  if (length > sizeof(sockaddr_storage)) return fail(int{EINVAL});
  OrErrno<std::string> bytes = copy_memory(task, at, static_cast<std::size_t>(length));
  return bytes ? read_address(std::move(*bytes)) : fail(bytes.error());
}

OrErrno<Address> read_address(std::string bytes) {
  const std::size_t length = bytes.size();
  if (length > sizeof(sockaddr_storage) || length < sizeof(sa_family_t)) return fail(int{EINVAL});
  Address address;
  address.bytes = std::move(bytes);
  address.family = as<sa_family_t>(address.bytes);
  if (address.family == AF_INET || address.family == AF_INET6) {
    // The kernel takes an IPv6 address without its scope too.
    const std::size_t least = address.family == AF_INET ? sizeof(sockaddr_in) : offsetof(sockaddr_in6, sin6_scope_id);
    if (length < least) return fail(int{EINVAL});
    read_internet(address);
  } else if (address.family == AF_UNIX) {
    const std::string name = address.bytes.substr(offsetof(sockaddr_un, sun_path));
    const bool abstract = name.empty() || name.front() == '\0';
    address.kind = abstract ? Address::Kind::UnixAbstract : Address::Kind::UnixPath;
    address.path = abstract ? (name.empty() ? name : name.substr(1)) : name.substr(0, name.find('\0'));
  }
  return address;
}

bool ProgramSocket::tcp() const {
  return (domain == AF_INET || domain == AF_INET6) && type == SOCK_STREAM && protocol == IPPROTO_TCP;
}

std::uint8_t ProgramSocket::proto_bit() const {
  if (tcp()) return 1;
  return type == SOCK_DGRAM && protocol == IPPROTO_UDP ? 2 : 4;
}

OrErrno<ProgramSocket> socket_of(pid_t task, pid_t process, int fd) {
  const Descriptor pidfd(kernel::pidfd_open(process));
  if (!pidfd.valid()) return fail(int{ESRCH});
  ProgramSocket socket;
  socket.fd.reset(kernel::pidfd_getfd(pidfd.get(), fd));
  if (!socket.fd.valid()) return fail(errno == EBADF ? int{EBADF} : int{EACCES});
  socket.domain = option(socket.fd.get(), SOL_SOCKET, SO_DOMAIN, -1);
  if (socket.domain < 0) return fail(int{ENOTSOCK});
  socket.type = option(socket.fd.get(), SOL_SOCKET, SO_TYPE, -1);
  socket.protocol = option(socket.fd.get(), SOL_SOCKET, SO_PROTOCOL, -1);
  const OrErrno<int> flags = flags_of(task, fd);
  if (!flags) return fail(flags.error());
  socket.nonblocking = (*flags & O_NONBLOCK) != 0;
  socket.close_on_exec = (*flags & O_CLOEXEC) != 0;
  const Descriptor own(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto here = network_of(own.get()), there = network_of(socket.fd.get());
  // A kernel that cannot say is believed the worst.
  socket.ours = !here || !there || *here == *there;
  return socket;
}

int busy(const ProgramSocket& socket) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (getpeername(socket.fd.get(), reinterpret_cast<sockaddr*>(&peer), &size) == 0) return EISCONN;
  tcp_info info{};
  socklen_t info_size = sizeof info;
  const bool known = getsockopt(socket.fd.get(), IPPROTO_TCP, TCP_INFO, &info, &info_size) == 0;
  return known && info.tcpi_state == kTcpSynSent ? EALREADY : 0;
}

Outgoing connect_for(const ProgramSocket& socket, const Address& address, Listening listening) {
  Outgoing out;
  out.fd.reset(::socket(socket.domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (!out.fd.valid()) {
    out.error = errno;
    return out;
  }
  if (!never_accepts(out.fd.get()) && !(errno == EPERM && listening == Listening::Never)) {
    out.error = errno;
    out.fd.reset();
    return out;
  }
  copy_options(socket.fd.get(), out.fd.get());
  const auto to = as<sockaddr_storage>(address.bytes);
  const int done =
      ::connect(out.fd.get(), reinterpret_cast<const sockaddr*>(&to), static_cast<socklen_t>(address.bytes.size()));
  out.error = done == 0 ? 0 : errno;
  return out;
}

int outcome_of(int fd) {
  return option(fd, SOL_SOCKET, SO_ERROR, EIO);
}

}  // namespace bulkhead::sandbox
