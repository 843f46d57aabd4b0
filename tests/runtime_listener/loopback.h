// TCP servers on the host's loopback, outside every sandbox.
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "runtime-bridge/sandbox/descriptor.h"

namespace bulkhead::sandbox {

inline sockaddr_in loopback_address(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

class Server {
 public:
  Server() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_in address = loopback_address(0);
    socklen_t size = sizeof address;
    const bool up = bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                    listen(socket_.get(), 1024) == 0 &&
                    getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
    port_ = up ? ntohs(address.sin_port) : std::uint16_t{0};
  }
  std::uint16_t port() const { return port_; }
  /// How many connections came in so far.
  int connections() {
    while (true) {
      const Descriptor client(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!client.valid()) return count_;
      ++count_;
    }
  }

 private:
  Descriptor socket_;
  std::uint16_t port_ = 0;
  int count_ = 0;
};

}  // namespace bulkhead::sandbox
