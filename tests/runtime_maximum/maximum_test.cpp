// Level maximum, run for real: a hostile script in gVisor, with the same table and the same outcomes as the other
// levels.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "runtime-bridge/sandbox/descriptor.h"
#include "tests/runtime_maximum/maximum_fixture.h"

namespace bulkhead::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

std::string reading(const std::string& path) {
  return "try: print(open('" + path + "').read().strip())\nexcept OSError as e: print('no', e.errno)\n";
}

TEST_F(Maximum, AHostileScriptReadsNothingAndReachesNothing) {
  const std::string hostile = reading("/etc/passwd") +
                              "import socket\n"
                              "s=socket.socket()\n"
                              "try: s.connect(('127.0.0.1',4711)); print('connected')\n"
                              "except OSError as e: print('no', e.errno)\n";
  EXPECT_THAT(unsandboxed_python(reading("/etc/passwd")), HasSubstr("root:"));
  const Ran ran = python(table().build(), hostile);
  EXPECT_TRUE(ran.outcome.started) << ran.err;
  EXPECT_EQ(ran.out, "no 2\nno 111\n") << ran.err;
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.outcome.denials, 2u) << ran.log;
  EXPECT_EQ(ran.outcome.first_denial, "openat /etc/passwd");
  EXPECT_THAT(ran.log, HasSubstr("127.0.0.1:4711"));
  EXPECT_THAT(ran.log, HasSubstr("\"line\":1"));
  EXPECT_EQ(ran.outcome.readback, sandbox::Readback::Probed);
}

TEST_F(Maximum, AGrantedFileIsReadAndItsNeighbourIsNot) {
  const Ran ran = python(one_file(), reading("/data/allowed.txt") + reading("/data/other.txt"));
  EXPECT_EQ(ran.out, "allowed\nno 2\n") << ran.err;
  EXPECT_EQ(ran.outcome.denials, 1u) << ran.log;
  EXPECT_EQ(ran.outcome.first_denial, "openat /data/other.txt");
  table::Table whole = one_file();
  whole.rows.back().literals[0].files[0].glob = "/**";
  whole.landlock.rules.back() = {"/data", 4 | 8, 0};
  const Ran granted = python(whole, reading("/data/allowed.txt") + reading("/data/other.txt"));
  EXPECT_EQ(granted.out, "allowed\nother\n") << granted.err;
  EXPECT_EQ(granted.outcome.denials, 0u) << granted.log;
}

TEST_F(Maximum, AReadOnlyMountTakesNoWrites) {
  const std::string code = "try: open('/data/new','w').write('x'); print('wrote')\nexcept OSError as e: print('no')\n";
  const Ran denied = python(table().volume(folder_, "/data", table::kRead).build(), code);
  EXPECT_EQ(denied.out, "no\n") << denied.err;
  EXPECT_EQ(denied.outcome.denials, 1u) << denied.log;
  std::filesystem::permissions(folder_, std::filesystem::perms(0777));
  const Ran granted = python(table().volume(folder_, "/data", table::kRead | table::kWrite, false).build(), code);
  EXPECT_EQ(granted.out, "wrote\n") << granted.err;
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/new"));
}

class MaximumMemory : public Maximum {};

TEST_F(MaximumMemory, FortyFitSixtyDoNot) {
  const table::Table limited = table().memory(50 * kMiB).build();
  const Ran forty = python(limited, "x=bytearray(b'a'*1048576)*40\nprint('reached')");
  EXPECT_EQ(forty.out, "reached\n") << forty.err;
  EXPECT_EQ(forty.status, 0);
  const Ran sixty = python(limited, "x=bytearray(b'a'*1048576)*60\nprint('reached')");
  EXPECT_EQ(sixty.out, "");
  EXPECT_EQ(sixty.status, 122) << sixty.err;
  EXPECT_THAT(sixty.log, HasSubstr("ResourceExceeded"));
}

TEST_F(MaximumMemory, ALimitBelowTheReserveIsRefused) {
  const Ran ran = python(table().memory(10 * kMiB).build(), "print('ran')");
  EXPECT_EQ(ran.status, 125);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("28 MiB"));
}

TEST_F(Maximum, ExitStatusesPassThrough) {
  EXPECT_EQ(python(table().build(), "import sys; sys.exit(7)").status, 7);
  EXPECT_EQ(run(table().build(), {"/usr/bin/absent"}).status, 127);
  sandbox::RunOptions strict;
  strict.on_denial = sandbox::OnDenial::Fail;
  EXPECT_EQ(python(table().build(), reading("/etc/passwd"), strict).status, 120);
  const Ran late = python(table().time(1500).build(), "import time\nwhile True: time.sleep(1)");
  EXPECT_EQ(late.status, 124) << late.err;
}

TEST_F(Maximum, WhatItCannotDoIsRefusedWithARemedy) {
  // A table without rules for packets, as no emitter makes it for a container that connects.
  const Ran network = python(table().connect("198.51.100.7", 4711).build(), "print('ran')");
  EXPECT_EQ(network.status, 125);
  EXPECT_EQ(network.out, "");
  EXPECT_THAT(network.err, HasSubstr("nftables"));
  // A writable mount would let every file of it be renamed, also where only others may be.
  table::Table mixed = table().volume(folder_, "/data", table::kRead | table::kWrite, false).build();
  table::Row elsewhere = mixed.rows.back();
  elsewhere.rights = table::kRename;
  mixed.rows.push_back(elsewhere);
  const Ran renaming = python(mixed, "print('ran')");
  EXPECT_EQ(renaming.status, 125);
  EXPECT_THAT(renaming.err, HasSubstr("wherever writing is granted"));
  sandbox::RunOptions exact;
  exact.readback = sandbox::ReadbackNeed::Exact;
  EXPECT_EQ(python(table().build(), "print('ran')", exact).status, 125);
  EXPECT_EQ(python(table().volume(folder_, "/out", table::kWrite, false).build(), "print('ran')").status, 125);
}

/// A network namespace of the test's own with an address that is not loopback, and a server that counts who came.
class MaximumNetwork : public Maximum {
 protected:
  void SetUp() override {
    Maximum::SetUp();
    if (IsSkipped()) return;
    if (capture("command -v ip") == "" || capture("command -v nft") == "") {
      GTEST_SKIP() << "needs nft: and ip of iproute2; the peer network is made with them";
    }
    home_ = sandbox::Descriptor(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(unshare(CLONE_NEWNET), 0);
    ASSERT_EQ(std::system("ip link set lo up && ip address add 198.51.100.7/32 dev lo"), 0);
    granted_ = listen_on(granted_port_);
    other_ = listen_on(other_port_);
    ASSERT_TRUE(granted_.valid() && other_.valid());
  }
  void TearDown() override {
    if (home_.valid()) {
      EXPECT_EQ(setns(home_.get(), CLONE_NEWNET), 0);
    }
    Maximum::TearDown();
  }

  static sandbox::Descriptor listen_on(std::uint16_t& port) {
    sandbox::Descriptor made(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(0xC6336407);
    socklen_t size = sizeof address;
    const bool up = bind(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                    listen(made.get(), 8) == 0 &&
                    getsockname(made.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
    port = ntohs(address.sin_port);
    return up ? std::move(made) : sandbox::Descriptor();
  }
  /// How many came to a server since it was last asked.
  static int came(const sandbox::Descriptor& server) {
    int count = 0;
    for (pollfd wait{server.get(), POLLIN, 0}; poll(&wait, 1, 200) > 0; ++count) {
      close(accept(server.get(), nullptr, nullptr));
    }
    return count;
  }
  table::Table connecting(std::uint16_t port) const {
    table::Table made = table().connect("198.51.100.7", port).build();
    made.nftables = ruleset("198.51.100.7", port);
    return made;
  }
  /// As the emitter writes it.
  static std::string ruleset(const std::string& address, std::uint16_t port) {
    const std::string in = R"("family":"inet","table":"bulkhead")";
    return R"({"nftables":[{"add":{"table":{"family":"inet","name":"bulkhead"}}},{"add":{"set":{"name":"allow4",)" +
           in + R"(,"type":["ipv4_addr","inet_proto","inet_service"],"flags":["interval"],"elem":[{"concat":[")" +
           address + R"(","tcp",)" + std::to_string(port) +
           R"(]}]}}},{"add":{"chain":{"name":"output","type":"filter","hook":"output",)" +
           R"("prio":0,"policy":"drop",)" + in + R"(}}},{"add":{"rule":{"chain":"output",)" + in +
           R"(,"expr":[{"match":{"op":"==","left":{"concat":[{"payload":{"protocol":"ip","field":"daddr"}},)" +
           R"({"meta":{"key":"l4proto"}},{"payload":{"protocol":"th","field":"dport"}}]},"right":"@allow4"}},)" +
           R"({"accept":null}]}}},{"add":{"rule":{"chain":"output",)" + in +
           R"(,"expr":[{"match":{"op":"==","left":{"meta":{"key":"l4proto"}},"right":"tcp"}},{"reject":{"type":"tcp reset"}}]}}}]})";
  }
  static std::string connecting_script(const std::vector<std::pair<std::string, std::uint16_t>>& places) {
    std::string text = "import socket\n";
    for (const auto& [address, port] : places) {
      text += "try: socket.create_connection(('" + address + "', " + std::to_string(port) +
              "), timeout=20).close(); print('reached')\nexcept OSError as e: print('no', e.errno)\n";
    }
    return text;
  }

  sandbox::Descriptor home_, granted_, other_;
  std::uint16_t granted_port_ = 0, other_port_ = 0;
};

TEST_F(MaximumNetwork, TheGrantedPortIsReachedAndNoOther) {
  const Ran ran = python(connecting(granted_port_), connecting_script({{"198.51.100.7", granted_port_},
                                                                       {"198.51.100.7", other_port_},
                                                                       {"198.51.100.8", granted_port_},
                                                                       {"169.254.189.1", granted_port_}}));
  EXPECT_EQ(ran.out, "reached\nno 111\nno 111\nno 111\n") << ran.err;
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(came(granted_), 1);
  EXPECT_EQ(came(other_), 0);
  EXPECT_EQ(ran.outcome.denials, 3u) << ran.log;
  EXPECT_THAT(ran.log, HasSubstr("198.51.100.7:" + std::to_string(other_port_)));
}

TEST_F(MaximumNetwork, TheTableDecidesAgainWhereThePeersRulesAreWider) {
  table::Table wider = connecting(granted_port_);
  wider.nftables = ruleset("198.51.100.7", other_port_);
  const Ran ran = python(wider, "import socket\ntry: print('got', socket.create_connection(('198.51.100.7', " +
                                    std::to_string(other_port_) +
                                    "), timeout=20).recv(1))\nexcept OSError as e: print('no', e.errno)\n");
  EXPECT_EQ(ran.out, "no 104\n") << ran.err;
  EXPECT_EQ(came(other_), 0);
}

TEST_F(MaximumNetwork, WithoutAGrantNothingIsReached) {
  const Ran ran = python(table().build(), connecting_script({{"198.51.100.7", granted_port_}}));
  EXPECT_THAT(ran.out, HasSubstr("no ")) << ran.err;
  EXPECT_EQ(came(granted_), 0);
}

TEST_F(MaximumNetwork, APeerThatCannotBeMadeIsARefusal) {
  sandbox::RunOptions faulty;
  faulty.fault = sandbox::Step::MakeNetwork;
  table::Table other_hook = connecting(granted_port_);
  other_hook.nftables = "{}";
  table::Table broken = connecting(granted_port_);
  broken.nftables = R"({"nftables":[{"add":{"chain":{"hook":"output"}}}]})";
  for (const Ran& ran : {python(connecting(granted_port_), "print('ran')", faulty), python(other_hook, "print('ran')"),
                         python(broken, "print('ran')")}) {
    EXPECT_EQ(ran.status, 125);
    EXPECT_EQ(ran.out, "");
  }
  EXPECT_EQ(came(granted_), 0);
}

TEST_F(Maximum, AWritableFileIsRenamedAndLinkedOnlyWhereThatIsGranted) {
  std::filesystem::permissions(folder_, std::filesystem::perms(0777));
  std::filesystem::permissions(folder_ + "/other.txt", std::filesystem::perms(0666));
  const std::string code =
      "import os\n"
      "for act, name in ((os.link, 'linked'), (os.rename, 'moved')):\n"
      "  try: act('/data/other.txt', '/data/' + name); print('done')\n"
      "  except OSError as e: print('no', e.errno)\n";
  const std::uint16_t writing = table::kRead | table::kWrite, all = writing | table::kRename | table::kLink;
  const Ran denied = python(table().volume(folder_, "/data", writing, false).build(), code);
  EXPECT_EQ(denied.out, "no 1\nno 1\n") << denied.err;
  const Ran granted = python(table().volume(folder_, "/data", all, false).build(), code);
  EXPECT_EQ(granted.out, "done\ndone\n") << granted.err;
}

/// Calls by number: an errno, or what came of the call.
std::string calling(const std::vector<std::string>& calls) {
  std::string code =
      "import ctypes, os\n"
      "libc = ctypes.CDLL(None, use_errno=True)\n"
      "def call(*words):\n"
      "  result = libc.syscall(*words)\n"
      "  print('no', ctypes.get_errno()) if result < 0 else print('done')\n";
  for (const std::string& each : calls) code += "call(" + each + ")\n";
  return code;
}

TEST_F(Maximum, TheFilterOfThePolicyIsInForceInsideGvisor) {
  // ptrace: be traced; unshare: a user namespace; keyctl: which keyring (gVisor has none); a number of nobody's.
  const std::string code = calling({"101, 0, 0, 0, 0", "272, 0x10000000", "250, 0, -3, 0", "100000"});
  EXPECT_EQ(unsandboxed_python(code), "done\ndone\ndone\nno 38\n");
  const Ran granted = python(table().allow(SYS_ptrace).allow(SYS_unshare).build(), code);
  EXPECT_EQ(granted.out, "done\ndone\nno 1\nno 1\n") << granted.err;
  const Ran denied = python(table().build(), code);
  EXPECT_EQ(denied.out, "no 1\nno 1\nno 1\nno 1\n") << denied.err;
  EXPECT_EQ(denied.outcome.denials, 0u) << "gVisor's filter answers before its sink is asked: " << denied.log;
}

TEST_F(Maximum, AFilterThatLetsTheProgramDoNothingIsTriedAndInstalledAllTheSame) {
  TableBuilder mute = table();
  for (const int number : {SYS_write, SYS_read, SYS_exit_group, SYS_openat, SYS_execveat, SYS_execve, SYS_mmap})
    mute.refuse(number, EACCES);
  const Ran ran = run(mute.build(), {kPython, "-c", "print('ran')"});
  EXPECT_TRUE(ran.outcome.started) << ran.err;
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.status, 0) << "its loader could open nothing";
  EXPECT_NE(ran.status, 125) << ran.err;
}

TEST_F(Maximum, AFilterThatNeedsAListenerIsRefused) {
  table::Table other = table().build();
  other.filter_x86_64 = TableBuilder({kPython}, table::Level::Enhanced).build().filter_x86_64;
  const Ran ran = python(other, "print('ran')");
  EXPECT_EQ(ran.status, 125);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("nobody listens"));
}

}  // namespace
}  // namespace bulkhead::test
