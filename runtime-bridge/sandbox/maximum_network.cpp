#include "runtime-bridge/sandbox/maximum_network.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "runtime-bridge/sandbox/mediate_socket.h"
#include "runtime-bridge/table/decide.h"

namespace bulkhead::sandbox {
namespace {

constexpr std::size_t kMaxConnections = 256;  // at once; further ones wait in the listener's queue
constexpr const char* kOwnNamespace = "/proc/thread-self/ns/net";
// Link-local, so that no route of a real network is hidden: only the container's end cannot be reached from within.
constexpr const char* kPeerEnd = "169.254.189.1";
constexpr const char* kContainerEnd = "169.254.189.2";

Refusal cannot(const char* what, int error) {
  return Refusal{Step::MakeNetwork, error, what, ""};
}

std::string find_tool(const char* name) {
  for (const char* folder : {"/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/"}) {
    std::string path = std::string(folder) + name;
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return "";
}

/// `text` as something to read from; invalid where there is no memory.
Descriptor readable(const std::string& text) {
  Descriptor file(memfd_create("input", MFD_CLOEXEC));
  for (std::size_t done = 0; file.valid() && done < text.size();) {
    const ssize_t count = write(file.get(), text.data() + done, text.size() - done);
    if (count < 0 && errno != EINTR) file.reset();
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  if (file.valid() && lseek(file.get(), 0, SEEK_SET) != 0) file.reset();
  return file;
}

/// Runs a tool in a network namespace with `text` as its input; success is its status 0.
Result<Unit, Refusal> run_tool(const char* name, std::vector<std::string> words, const Descriptor& network,
                               const std::string& text) {
  const std::string path = find_tool(name);
  if (path.empty()) return fail(cannot(name, ENOENT));
  const Descriptor input = readable(text);
  const Descriptor nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!input.valid() || !nothing.valid()) return fail(cannot(name, errno));
  words.insert(words.begin(), path);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  static char* const environment[] = {nullptr};
  const pid_t child = fork();
  if (child == 0) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    const bool ready = setns(network.get(), CLONE_NEWNET) == 0 && dup2(input.get(), 0) == 0 &&
                       dup2(nothing.get(), 1) == 1 && dup2(nothing.get(), 2) == 2;
    if (ready) execve(argv[0], argv.data(), environment);
    for (;;) _exit(127);
  }
  int status = 0;
  pid_t ended = -1;
  while (child > 0 && (ended = waitpid(child, &status, 0)) < 0 && errno == EINTR) {
  }
  if (ended != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return fail(cannot(name, EIO));
  return Unit{};
}

/// The policy's rules are written for packets that leave. Here they arrive: the same rules at the other end of the
/// wire.
bool turn_inwards(std::string& ruleset) {
  const std::string out = "\"hook\":\"output\"";
  const std::size_t at = ruleset.find(out);
  if (at == std::string::npos || ruleset.find(out, at + 1) != std::string::npos) return false;
  ruleset.replace(at, out.size(), "\"hook\":\"input\"");
  return true;
}

/// A socket that takes TCP connections to any address: the kernel asks for CAP_NET_ADMIN of this namespace.
Descriptor listen_transparently(std::uint16_t& port) {
  Descriptor made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  socklen_t size = sizeof address;
  const bool up = made.valid() && setsockopt(made.get(), SOL_IP, IP_TRANSPARENT, &on, sizeof on) == 0 &&
                  bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                  listen(made.get(), 64) == 0 &&
                  getsockname(made.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!up) return {};
  port = ntohs(address.sin_port);
  return made;
}

std::string path_of(const Descriptor& descriptor) {
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(descriptor.get());
}

/// A connection that must not look as if it had ended well.
void reset_connection(const Descriptor& socket) {
  const linger at_once{1, 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/// The end of what one side sends is passed on as such; the other way may go on.
void note_end(const Relay& relay, bool& ended, const Descriptor& to) {
  if (ended || !relay.done()) return;
  ended = true;
  shutdown(to.get(), SHUT_WR);
}

}  // namespace

bool grants_network(const table::Table& table) {
  return std::any_of(table.rows.begin(), table.rows.end(), [](const table::Row& row) {
    return row.effect == table::Effect::Permit && row.plane == table::Plane::Net && (row.rights & table::kConnect) != 0;
  });
}

Result<PeerNetwork, Refusal> PeerNetwork::create(const table::Table& table, Step fault) {
  PeerNetwork made;
  std::string rules = table.nftables;
  if (!turn_inwards(rules)) {
    return fail(Refusal{Step::CheckTable, EINVAL, "nftables", "emit the table again with this version of bulkhead"});
  }
  std::uint16_t port = 0;
  const Descriptor home(open(kOwnNamespace, O_RDONLY | O_CLOEXEC));
  if (!home.valid() || fault == Step::MakeNetwork) return fail(cannot("namespace", home.valid() ? EIO : errno));
  if (unshare(CLONE_NEWNET) != 0) return fail(cannot("namespace", errno));
  made.peer_ = Descriptor(open(kOwnNamespace, O_RDONLY | O_CLOEXEC));
  Descriptor listener = listen_transparently(port);
  int error = made.peer_.valid() && listener.valid() && unshare(CLONE_NEWNET) == 0 ? 0 : errno;
  if (error == 0) made.container_ = Descriptor(open(kOwnNamespace, O_RDONLY | O_CLOEXEC));
  if (error == 0 && !made.container_.valid()) error = errno;
  if (setns(home.get(), CLONE_NEWNET) != 0) error = errno;  // nothing more can be done from here
  if (error != 0) return fail(cannot("namespace", error));

  const std::string peer = kPeerEnd, container = kContainerEnd;
  Result<Unit, Refusal> done = run_tool("ip", {"-batch", "-"}, made.peer_,
                                        "link add bulkhead type veth peer name eth0 netns " + path_of(made.container_) +
                                            "\naddress add " + peer +
                                            "/30 dev bulkhead\nlink set lo up\nlink set bulkhead up\n"
                                            "route add local default dev lo\n");
  if (done.ok()) {
    done = run_tool("ip", {"-batch", "-"}, made.container_,
                    "address add " + container + "/30 dev eth0\nlink set lo up\nlink set eth0 up\n" +
                        "route add default via " + peer + "\n");
  }
  if (done.ok()) done = run_tool("nft", {"-j", "-f", "-"}, made.peer_, rules);
  if (done.ok()) {
    done = run_tool("nft", {"-f", "-"}, made.peer_,
                    "add chain inet bulkhead steer { type filter hook prerouting priority -150; policy accept; }\n"
                    "add rule inet bulkhead steer iifname \"bulkhead\" meta l4proto tcp tproxy to :" +
                        std::to_string(port) + "\n");
  }
  if (!done.ok()) return fail(done.error());
  made.listener_ = std::move(listener);
  return made;
}

std::string PeerNetwork::container_namespace() const {
  return path_of(container_);
}

void Broker::add_waits(std::vector<pollfd>& waits) const {
  waits.push_back({connections_.size() < kMaxConnections ? listener_ : -1, POLLIN, 0});
  for (const Connection& connection : connections_) {
    if (connection.connecting) {
      waits.push_back({connection.outside.get(), POLLOUT, 0});
      waits.push_back({-1, 0, 0});
    } else {
      waits.push_back(connection.outward.want());
      waits.push_back(connection.inward.want());
    }
  }
}

void Broker::advance(const std::vector<pollfd>& waits, std::size_t first) {
  const bool arrived = waits[first++].revents != 0;
  for (auto connection = connections_.begin(); connection != connections_.end(); first += 2) {
    const short outward = waits[first].revents, inward = waits[first + 1].revents;
    const bool alive = connection->connecting ? outward == 0 || finish_connecting(*connection, outward)
                                              : pass(*connection, outward, inward);
    connection = alive ? std::next(connection) : connections_.erase(connection);
  }
  if (arrived) accept_one();
}

void Broker::accept_one() {
  Descriptor inside(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!inside.valid()) return;
  reset_connection(inside);  // until it is one
  sockaddr_in asked{};
  socklen_t size = sizeof asked;
  // Nothing is translated on the way: the socket's own address is the one that the container asked for.
  if (getsockname(inside.get(), reinterpret_cast<sockaddr*>(&asked), &size) != 0 || asked.sin_family != AF_INET) return;
  const OrErrno<Address> address = read_address(std::string(reinterpret_cast<const char*>(&asked), size));
  if (!address || address->kind != Address::Kind::Internet) return;
  table::NetObject object = address->net;
  object.proto = 1;
  if (!table::decide(table_, table::kConnect, object).allowed) return;
  Descriptor outside(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!outside.valid()) return;
  const int connected = connect(outside.get(), reinterpret_cast<const sockaddr*>(&asked), sizeof asked);
  if (connected != 0 && errno != EINPROGRESS) return;
  connections_.emplace_back(std::move(inside), std::move(outside));
}

bool Broker::finish_connecting(Connection& connection, short) {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(connection.outside.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return false;
  connection.connecting = false;
  const linger usual{0, 0};
  setsockopt(connection.inside.get(), SOL_SOCKET, SO_LINGER, &usual, sizeof usual);
  return true;
}

bool Broker::pass(Connection& connection, short outward, short inward) {
  connection.outward.advance(outward);
  connection.inward.advance(inward);
  note_end(connection.outward, connection.outward_ended, connection.outside);
  note_end(connection.inward, connection.inward_ended, connection.inside);
  return !connection.outward_ended || !connection.inward_ended;
}

}  // namespace bulkhead::sandbox
