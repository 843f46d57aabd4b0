// A program under a hand-made table: what it may do works, what it may not do fails, and the same works outside.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/runtime/sandbox_fixture.h"

namespace bulkhead::test {
namespace {

using table::Level;

constexpr const char* kOpen = R"(
import sys
def tried(path):
    try:
        with open(path) as f: f.read(1)
        return 'ok'
    except OSError as e: return type(e).__name__
)";

/// Listens on a loopback port of the host for as long as it lives.
class Server {
 public:
  Server() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(fd_, 8), 0);
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~Server() { ::close(fd_); }
  std::uint16_t port() const { return port_; }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

std::string connect_code(std::uint16_t port) {
  return "import socket\n"
         "s = socket.socket()\n"
         "s.settimeout(5)\n"
         "try:\n  s.connect(('127.0.0.1', " +
         std::to_string(port) +
         ")); print('ok')\n"
         "except OSError as e: print('denied', e.errno)\n";
}

class Containment : public SandboxTest, public ::testing::WithParamInterface<Level> {
 protected:
  TableBuilder builder() const { return TableBuilder({"/usr/bin/python3", "/bin/true", "/bin/false"}, GetParam()); }
};

TEST_P(Containment, RunsAProgramAndPassesItsStatusThrough) {
  const Ran yes = run(builder().build(), {"/bin/true"});
  EXPECT_EQ(yes.status, 0) << yes.err << yes.log;
  EXPECT_TRUE(yes.outcome.started);
  EXPECT_EQ(yes.outcome.readback, sandbox::Readback::Exact);
  EXPECT_EQ(run(builder().build(), {"/bin/false"}).status, 1);
  const Ran code = python(builder().build(), "import os; os._exit(77)");
  EXPECT_EQ(code.status, 77) << code.err << code.log;
}

TEST_P(Containment, PassesOutputThroughUnchanged) {
  const Ran ran = python(builder().build(), "import sys; sys.stdout.write('x' * 300000); sys.stderr.write('e')");
  EXPECT_EQ(ran.out, std::string(300000, 'x'));
  EXPECT_EQ(ran.err, "e");
}

TEST_P(Containment, KeepsTheHostsFilesAway) {
  const std::string code = std::string(kOpen) + "print(tried('/etc/passwd'))";
  EXPECT_EQ(unsandboxed_python(code), "ok\n");
  const Ran denied = python(builder().build(), code);
  EXPECT_NE(denied.out, "ok\n") << denied.err;
  EXPECT_NE(denied.out, "") << denied.err << denied.log;
  EXPECT_EQ(denied.outcome.denials, 1U) << denied.log;
  EXPECT_EQ(denied.outcome.first_denial, "openat /etc/passwd");
}

TEST_P(Containment, ShowsAGrantedFolderAndNoOther) {
  const std::string granted = folder_ + "/granted", other = folder_ + "/other";
  for (const std::string& folder : {granted, other}) {
    std::filesystem::create_directory(folder);
    std::ofstream(folder + "/file") << "x";
  }
  EXPECT_EQ(unsandboxed_python(std::string(kOpen) + "print(tried('" + other + "/file'))"), "ok\n");
  const std::string code = std::string(kOpen) + "print(tried('/data/file'), tried('/other/file') != 'ok')";
  const Ran ran = python(builder().volume(granted, "/data", table::kRead).build(), code);
  EXPECT_EQ(ran.out, "ok True\n") << ran.err << ran.log;
  const Ran denied = python(builder().volume(granted, "/data", 0).build(), code);
  EXPECT_EQ(denied.out, "PermissionError True\n") << denied.err << denied.log;
}

TEST_P(Containment, WritesOnlyWhereItMayAndAsTheCaller) {
  const std::string code = "try:\n  open('/out/new', 'w').write('x'); print('ok')\nexcept OSError as e: print(e.errno)";
  const Ran granted = python(builder().volume(folder_, "/out", table::kRead | table::kWrite, false).build(), code);
  EXPECT_EQ(granted.out, "ok\n") << granted.err << granted.log;
  struct stat written;
  ASSERT_EQ(::stat((folder_ + "/new").c_str(), &written), 0);
  EXPECT_EQ(written.st_uid, ::geteuid());
  ::unlink((folder_ + "/new").c_str());
  const Ran denied = python(builder().volume(folder_, "/out", table::kRead, true).build(), code);
  EXPECT_NE(denied.out, "ok\n") << denied.log;
  EXPECT_NE(::access((folder_ + "/new").c_str(), F_OK), 0);
}

TEST_P(Containment, ReachesTheGrantedPortAndNoOther) {
  const Server granted, other;
  EXPECT_EQ(unsandboxed_python(connect_code(other.port())), "ok\n");
  const table::Table table = builder().connect("127.0.0.1", granted.port()).build();
  const Ran allowed = python(table, connect_code(granted.port()));
  EXPECT_EQ(allowed.out, "ok\n") << allowed.err << allowed.log;
  const Ran denied = python(table, connect_code(other.port()));
  EXPECT_EQ(denied.out.rfind("denied", 0), 0U) << denied.out << denied.log;
  EXPECT_EQ(denied.outcome.denials, 1U) << denied.log;
  const Ran none = python(builder().build(), connect_code(granted.port()));
  EXPECT_EQ(none.out.rfind("denied", 0), 0U) << none.out;
}

INSTANTIATE_TEST_SUITE_P(Levels, Containment, ::testing::Values(Level::Standard, Level::Enhanced),
                         [](const auto& level) { return level.param == Level::Standard ? "Standard" : "Enhanced"; });

}  // namespace
}  // namespace bulkhead::test
