// Connections made by the supervisor and put in place: the granted port answers, no other does, whatever is tried.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "loopback.h"
#include "small_sandbox.h"

namespace bulkhead::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string tried(int fd, std::uint16_t port) {
  const sockaddr_in to = loopback_address(port);
  return connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 ? "ok;"
                                                                             : "E" + std::to_string(errno) + ";";
}
int tcp(int extra = 0) {
  return socket(AF_INET, SOCK_STREAM | extra, 0);
}
std::string at(const Server& server) {
  return "connect 127.0.0.1:" + std::to_string(server.port());
}

class Connect : public ::testing::TestWithParam<table::Level> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root: the hand-made sandbox takes it";
  }
  Arm arm() const {
    Arm out;
    out.table = small_table(GetParam());
    permit_port(out.table, table::kConnect | table::kBind, granted.port());
    return out;
  }
  Server granted, other;
};

TEST_P(Connect, ReachesTheGrantedPortAndNoOther) {
  ASSERT_NE(granted.port(), 0);
  const Observed seen = run_small(arm(), [&](const Say& say) {
    const int one = tcp(), two = tcp();
    say(tried(one, granted.port()) + tried(two, other.port()));
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    getpeername(one, reinterpret_cast<sockaddr*>(&peer), &size);
    say(ntohs(peer.sin_port) == granted.port() ? "peer;" : "no peer;");
    say(tried(one, granted.port()));
  });
  EXPECT_EQ(seen.said, "ok;E13;peer;E106;");
  EXPECT_THAT(seen.denials, ElementsAre(at(other)));
  EXPECT_EQ(granted.connections(), 1);
  EXPECT_EQ(other.connections(), 0);
}

TEST_P(Connect, WithoutAGrantNothingIsReachedAndWithoutASandboxEverythingIs) {
  Arm none = arm();
  none.table.rows.clear();
  const auto program = [&](const Say& say) { say(tried(tcp(), granted.port())); };
  const Observed seen = run_small(none, program);
  EXPECT_EQ(seen.said, "E13;");
  EXPECT_EQ(granted.connections(), 0);
  EXPECT_EQ(tried(tcp(), granted.port()), "ok;");
  EXPECT_EQ(granted.connections(), 1);
}

TEST_P(Connect, DescriptorFlagsAndOptionsAreKept) {
  const Observed seen = run_small(arm(), [&](const Say& say) {
    const int fd = tcp(SOCK_CLOEXEC), plain = tcp();
    const int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    say(tried(fd, granted.port()) + tried(plain, granted.port()));
    int value = 0;
    socklen_t size = sizeof value;
    getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, &size);
    say(value != 0 ? "nodelay;" : "delay;");
    say((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0 ? "cloexec;" : "inherited;");
    say((fcntl(plain, F_GETFD) & FD_CLOEXEC) != 0 ? "cloexec;" : "inherited;");
    say((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0 ? "nonblocking" : "blocking");
  });
  EXPECT_EQ(seen.said, "ok;ok;nodelay;cloexec;inherited;blocking");
}

TEST_P(Connect, NonBlockingConnectsFinishByPolling) {
  const Observed seen = run_small(arm(), [&](const Say& say) {
    const int fd = tcp(SOCK_NONBLOCK);
    const std::string first = tried(fd, granted.port());
    pollfd ready{fd, POLLOUT, 0};
    poll(&ready, 1, 5000);
    int error = -1;
    socklen_t size = sizeof error;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    say((first == "E115;" || first == "ok;") && error == 0 ? "connected;" : first);
    say((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0 ? "nonblocking" : "blocking");
  });
  EXPECT_EQ(seen.said, "connected;nonblocking");
  EXPECT_EQ(granted.connections(), 1);
}

TEST_P(Connect, ARefusedConnectionGivesTheErrnoOfTheNetwork) {
  Arm closed = arm();
  permit_port(closed.table, table::kConnect, 1);
  const Observed seen = run_small(closed, [&](const Say& say) { say(tried(tcp(), 1)); });
  EXPECT_EQ(seen.said, "E111;");
  EXPECT_THAT(seen.denials, IsEmpty());
}

TEST_P(Connect, Ipv4InIpv6IsTheSameAddress) {
  const Observed seen = run_small(arm(), [&](const Say& say) {
    for (const std::uint16_t port : {granted.port(), other.port()}) {
      sockaddr_in6 mapped{};
      mapped.sin6_family = AF_INET6;
      mapped.sin6_port = htons(port);
      const std::uint8_t bytes[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1};
      std::memcpy(&mapped.sin6_addr, bytes, 16);
      const int fd = socket(AF_INET6, SOCK_STREAM, 0);
      const int done = connect(fd, reinterpret_cast<const sockaddr*>(&mapped), sizeof mapped);
      say(done == 0 ? "ok;" : "E" + std::to_string(errno) + ";");
    }
  });
  EXPECT_EQ(seen.said, "ok;E13;");
  EXPECT_THAT(seen.denials, ElementsAre(at(other)));
  EXPECT_EQ(other.connections(), 0);
}

TEST_P(Connect, ASocketThatWasHandedOverCannotBeTurnedElsewhere) {
  const Observed seen = run_small(arm(), [&](const Say& say) {
    const int fd = tcp();
    say(tried(fd, granted.port()));
    const sockaddr unspecified{AF_UNSPEC, {}};
    say(connect(fd, &unspecified, sizeof unspecified) == 0 ? "unbound;" : "E" + std::to_string(errno) + ";");
    const sockaddr_in to = loopback_address(other.port());
    const int fresh = tcp();
    for (const int each : {fd, fresh}) {
      const ssize_t sent = sendto(each, "x", 1, MSG_FASTOPEN, reinterpret_cast<const sockaddr*>(&to), sizeof to);
      say(sent >= 0 ? "sent;" : "E" + std::to_string(errno) + ";");
    }
    const sockaddr_in mine = loopback_address(granted.port());
    say(bind(fd, reinterpret_cast<const sockaddr*>(&mine), sizeof mine) == 0 ? "bound;"
                                                                             : "E" + std::to_string(errno) + ";");
    say(listen(fd, 1) == 0 ? "listens;" : "E" + std::to_string(errno) + ";");
    say(send(fd, "x", 1, MSG_NOSIGNAL) == 1 ? "sent" : "no");
  });
  EXPECT_EQ(seen.said, "ok;E13;E95;E95;E22;E22;sent");
  EXPECT_EQ(other.connections(), 0);
}

/// A connection that waits: the one place of its queue is taken, so the kernel drops what else arrives.
class FullServer {
 public:
  FullServer() : socket_(tcp(SOCK_CLOEXEC)), first_(tcp(SOCK_CLOEXEC)) {
    sockaddr_in address = loopback_address(0);
    socklen_t size = sizeof address;
    const bool up = bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                    listen(socket_.get(), 0) == 0 &&
                    getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
                    connect(first_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0;
    port_ = up ? ntohs(address.sin_port) : std::uint16_t{0};
  }
  std::uint16_t port() const { return port_; }

 private:
  Descriptor socket_, first_;
  std::uint16_t port_ = 0;
};

TEST_P(Connect, ASocketThatWasGivenUpNeverAccepts) {
  const FullServer full;
  ASSERT_NE(full.port(), 0);
  Arm wide = arm();
  table::NetPattern& ports = wide.table.rows.back().literals.front().nets.front();
  ports.first_port = 1;
  ports.last_port = 65535;
  const Observed seen = run_small(wide, [&](const Say& say) {
    const int fd = tcp(SOCK_NONBLOCK), caller = tcp(SOCK_NONBLOCK);
    say(tried(fd, full.port()));
    // Given up in the midst of it, the socket is as new, and still of the network that the supervisor lives in.
    shutdown(fd, SHUT_RDWR);
    sockaddr_in mine{};
    socklen_t size = sizeof mine;
    if (listen(fd, 1) != 0 || getsockname(fd, reinterpret_cast<sockaddr*>(&mine), &size) != 0) return say("closed");
    const std::string first = tried(caller, ntohs(mine.sin_port));
    pollfd ready{caller, POLLOUT, 0};
    say(first == "ok;" || poll(&ready, 1, 500) != 0 ? "reached" : "unreachable");
  });
  EXPECT_THAT(seen.said, ::testing::AnyOf("E115;unreachable", "E115;closed"));
}

TEST_P(Connect, TheUnspecifiedAddressIsLoopback) {
  Arm closed = arm();
  table::NetPattern everything;
  everything.last.fill(0xFF);
  everything.protos = 1;
  closed.table.rows.back().literals = {{false, false, {}, {everything}, {}}};
  permit_port(closed.table, table::kConnect, other.port());
  closed.table.rows.back().effect = table::Effect::Forbid;
  const auto program = [&](const Say& say) {
    const sockaddr_in to{AF_INET, htons(other.port()), {}, {}};
    say(connect(tcp(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 ? "ok;"
                                                                               : "E" + std::to_string(errno) + ";");
    sockaddr_in6 mapped{};
    mapped.sin6_family = AF_INET6;
    mapped.sin6_port = htons(other.port());
    mapped.sin6_addr.s6_addr[10] = mapped.sin6_addr.s6_addr[11] = 0xFF;
    const int six = socket(AF_INET6, SOCK_STREAM, 0);
    say(connect(six, reinterpret_cast<const sockaddr*>(&mapped), sizeof mapped) == 0
            ? "ok;"
            : "E" + std::to_string(errno) + ";");
  };
  EXPECT_EQ(run_small(closed, program).said, "E13;E13;");
  EXPECT_EQ(other.connections(), 0);
  closed.table.rows.pop_back();
  EXPECT_EQ(run_small(closed, program).said, "ok;ok;");
}

TEST_P(Connect, DatagramsGoNowhere) {
  Arm wide = arm();
  wide.table.rows.front().literals.front().nets.front().protos = 7;
  const Observed seen = run_small(wide, [&](const Say& say) {
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    say(tried(fd, granted.port()));
    const sockaddr_in to = loopback_address(other.port());
    say(sendto(fd, "x", 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) >= 0
            ? "sent;"
            : "E" + std::to_string(errno) + ";");
    iovec part{const_cast<char*>("x"), 1};
    sockaddr_in name = to;
    mmsghdr message{};
    message.msg_hdr.msg_name = &name;
    message.msg_hdr.msg_namelen = sizeof name;
    message.msg_hdr.msg_iov = &part;
    message.msg_hdr.msg_iovlen = 1;
    say(sendmsg(fd, &message.msg_hdr, 0) >= 0 ? "sent;" : "E" + std::to_string(errno) + ";");
    say(sendmmsg(fd, &message, 1, 0) >= 0 ? "sent;" : "E" + std::to_string(errno) + ";");
  });
  EXPECT_EQ(seen.said, "E13;E13;E13;E13;");
  EXPECT_EQ(seen.count, 3u);
  // Allowed and not carried out is no denial, and no silence.
  const std::string granted_text = "127.0.0.1:" + std::to_string(granted.port());
  EXPECT_THAT(seen.allowed, ElementsAre("connect " + granted_text));
  EXPECT_THAT(seen.log_text, HasSubstr("\"errno\":13"));
  const Observed sent = run_small(wide, [&](const Say& say) {
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    const sockaddr_in to = loopback_address(granted.port());
    sendto(fd, "x", 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    say("E" + std::to_string(errno));
  });
  EXPECT_EQ(sent.said, "E101");
  EXPECT_EQ(sent.count, 0u);
  ASSERT_EQ(sent.allowed.size(), 1u);
  EXPECT_THAT(sent.allowed.front(), HasSubstr(granted_text));
  EXPECT_THAT(sent.log_text, HasSubstr("\"errno\":101"));
}

TEST_P(Connect, BindIsDecidedAndDoneOnTheSocketThatWasLookedAt) {
  const Observed seen = run_small(arm(), [&](const Say& say) {
    for (const std::uint16_t port : {other.port(), granted.port()}) {
      const sockaddr_in mine = loopback_address(port);
      const int fd = tcp();
      const int done = bind(fd, reinterpret_cast<const sockaddr*>(&mine), sizeof mine);
      // The sandbox's own network is down, but binding its loopback address needs no link.
      say(done == 0 ? "ok;" : "E" + std::to_string(errno) + ";");
    }
  });
  EXPECT_EQ(seen.said, "E13;ok;");
  ASSERT_EQ(seen.denials.size(), 1u);
  EXPECT_THAT(seen.denials[0], HasSubstr("127.0.0.1:" + std::to_string(other.port())));
}

TEST_P(Connect, UnixSocketsAreFilesAndStayClosedWhereInternetSocketsAreHandedOver) {
  const auto program = [](const Say& say) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::strcpy(name.sun_path, "/out/socket");
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    say(bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0 ? "ok;"
                                                                             : "E" + std::to_string(errno) + ";");
    std::strcpy(name.sun_path, "/data/socket");
    say(connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0 ? "ok;"
                                                                                : "E" + std::to_string(errno) + ";");
  };
  Arm closed = arm();
  permit(closed.table, table::kWrite, "/out/**");
  EXPECT_EQ(run_small(closed, program).said, "E13;E13;");
  closed.table.rows.erase(closed.table.rows.begin());
  const Observed seen = run_small(closed, program);
  EXPECT_EQ(seen.said, "ok;E13;");
  ASSERT_EQ(seen.denials.size(), 1u);
  EXPECT_THAT(seen.denials[0], HasSubstr("connect /data/socket"));
}

TEST_P(Connect, BrokenArgumentsGetTheirErrno) {
  const Observed seen = run_small(arm(), [&](const Say& say) {
    const sockaddr_in to = loopback_address(granted.port());
    const auto* address = reinterpret_cast<const sockaddr*>(&to);
    const auto attempt = [&](int fd, const sockaddr* at, socklen_t length) {
      say(connect(fd, at, length) == 0 ? "ok;" : "E" + std::to_string(errno) + ";");
    };
    const int fd = tcp();
    for (const socklen_t length : {1u, 8u, 4000u}) attempt(fd, address, length);
    attempt(fd, reinterpret_cast<const sockaddr*>(std::uintptr_t{8}), 16);
    attempt(999, address, 16);
    int ends[2];
    if (pipe(ends) == 0) attempt(ends[0], address, 16);
  });
  EXPECT_EQ(seen.said, "E22;E22;E22;E14;E9;E88;");
}

INSTANTIATE_TEST_SUITE_P(Levels, Connect, ::testing::Values(table::Level::Standard, table::Level::Enhanced),
                         [](const auto& of) {
                           return std::string(of.param == table::Level::Standard ? "standard" : "enhanced");
                         });

}  // namespace
}  // namespace bulkhead::sandbox
