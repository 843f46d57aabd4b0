// Sockets: what an address means to the table, and connections that the supervisor makes in the program's place.
//
// An address is copied once and never read again. A `connect` on an internet address never goes on in the kernel: the
// program could turn a socket that was handed over earlier to another address between the check and the call.
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/mediate_task.h"
#include "runtime-bridge/table/decide.h"

namespace bulkhead::sandbox {

struct Address {
  enum class Kind : std::uint8_t { Internet, UnixPath, UnixAbstract, Other };
  Kind kind = Kind::Other;
  int family = AF_UNSPEC;    // as it was given
  table::NetObject net;      // Internet; IPv4 in IPv6 is IPv4
  std::string path;          // UnixPath
  std::string bytes;         // the address as it was copied
  std::string text() const;  // `127.0.0.1:80`, `[::1]:80`, `unix:/x`, `unix:@x`, `family 38`
};

/// What a socket address says; EINVAL.
OrErrno<Address> read_address(std::string bytes);
/// The same of the program's memory; EFAULT, EINVAL.
OrErrno<Address> copy_address(pid_t task, std::uint64_t at, std::uint64_t length);

/// What a connect to `asked` reaches: the kernel takes 0.0.0.0 and [::] for loopback.
table::NetObject reached_by(table::NetObject asked);

/// The program's own socket, duplicated here, and what is known of it.
struct ProgramSocket {
  Descriptor fd;
  int domain = 0, type = 0, protocol = 0;
  bool nonblocking = false, close_on_exec = false;
  bool ours = false;  // lives in the supervisor's network namespace: it was handed over

  bool tcp() const;
  std::uint8_t proto_bit() const;  // as in table::NetObject
};
OrErrno<ProgramSocket> socket_of(pid_t task, pid_t process, int fd);

/// 0, EISCONN or EALREADY: whether `socket` is still free to connect.
int busy(const ProgramSocket& socket);

/// A connection on its way.
struct Outgoing {
  Descriptor fd;  // non-blocking; invalid where it failed at once
  int error = 0;  // 0 connected, EINPROGRESS, or the reason of the failure
};
/// Connects a new TCP socket of this network namespace like `socket` to `address`. Never blocks.
/// Ensures: the socket accepts no connection, whatever is done with it; EPERM where this cannot be had: some kernels
/// let
///          only root filter a TCP socket, and then the program must be one that never listens.
enum class Listening : std::uint8_t { Possible, Never };
Outgoing connect_for(const ProgramSocket& socket, const Address& address, Listening listening);

/// Of a connection that was EINPROGRESS and became writable.
int outcome_of(int fd);

}  // namespace bulkhead::sandbox
