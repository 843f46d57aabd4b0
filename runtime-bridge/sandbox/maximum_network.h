// The network of a container at level maximum: two namespaces that a pair of interfaces joins, and a broker between
// them and the outside.
//
// gVisor's own network stack owns one end. At the other, in the peer namespace, stand the table's nftables rules and
// one listening socket that answers for every address. Neither namespace has a way out: what the rules let through, the
// supervisor looks up in the table once more, connects from outside, and passes the bytes. No route, no translation of
// addresses and no forwarding is set up on the host, and everything ends with the last descriptor.
#pragma once

#include <poll.h>

#include <list>
#include <string>
#include <vector>

#include "runtime-bridge/sandbox/descriptor.h"
#include "runtime-bridge/sandbox/run.h"
#include "runtime-bridge/sandbox/streams.h"

namespace bulkhead::sandbox {

/// Does a rule of the table permit connections?
bool grants_network(const table::Table& table);

class PeerNetwork {
 public:
  /// No network at all: nothing can be reached and nothing is made.
  PeerNetwork() = default;
  /// Requires: root, table.nftables. Fails where iproute2, nft or the kernel's tproxy is missing; nothing remains then.
  static Result<PeerNetwork, Refusal> create(const table::Table& table, Step fault);

  bool exists() const { return listener_.valid(); }
  /// The container's namespace as a path that other processes of root can open while this object lives.
  std::string container_namespace() const;
  int listener() const { return listener_.get(); }

 private:
  Descriptor container_, peer_, listener_;
};

/// Passes the bytes of the container's connections, each decided by the table when it arrives.
class Broker {
 public:
  Broker(const table::Table& table, int listener) : table_(table), listener_(listener) {}

  bool exists() const { return listener_ >= 0; }
  void add_waits(std::vector<pollfd>& waits) const;
  /// `first`: where add_waits began.
  void advance(const std::vector<pollfd>& waits, std::size_t first);

 private:
  struct Connection {
    Connection(Descriptor in, Descriptor out)
        : inside(std::move(in)),
          outside(std::move(out)),
          outward(inside.get(), outside.get()),
          inward(outside.get(), inside.get()) {}
    Descriptor inside, outside;
    Relay outward, inward;
    bool connecting = true, outward_ended = false, inward_ended = false;
  };

  void accept_one();
  static bool finish_connecting(Connection& connection, short events);
  static bool pass(Connection& connection, short outward, short inward);

  const table::Table& table_;
  int listener_;
  std::list<Connection> connections_;  // relays point to nothing of their own, descriptors stay where they are
};

}  // namespace bulkhead::sandbox
