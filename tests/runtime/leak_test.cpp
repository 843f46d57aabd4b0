// What must not leak into a sandbox, three arms each where a grant exists: outside it is seen, granted it is seen, else
// not.
#include <fcntl.h>
#include <linux/keyctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "tests/runtime/sandbox_fixture.h"

namespace bulkhead::test {
namespace {

using table::Level;

class Leak : public SandboxTest, public ::testing::WithParamInterface<Level> {
 protected:
  TableBuilder builder() const { return TableBuilder({"/usr/bin/python3"}, GetParam()); }
};

/// A unix socket that listens, by path or (leading zero) abstract.
class UnixServer {
 public:
  explicit UnixServer(const std::string& name) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size() + (name[0] == '\0' ? 0 : 1));
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(fd_, 4), 0);
  }
  ~UnixServer() { ::close(fd_); }

 private:
  int fd_;
};

TEST_P(Leak, TheEnvironmentOnlyByName) {
  ::setenv("BULKHEAD_CANARY", "feathers", 1);
  const std::string code = "import os; print(sorted(os.environ)); print(os.environ.get('BULKHEAD_CANARY'))";
  EXPECT_NE(unsandboxed_python(code).find("feathers"), std::string::npos);
  EXPECT_NE(python(builder().environment("BULKHEAD_CANARY").build(), code).out.find("feathers"), std::string::npos);
  EXPECT_EQ(python(builder().build(), code).out, "['HOME', 'LANG', 'PATH', 'TMPDIR']\nNone\n");
}

TEST_P(Leak, NoDescriptorButTheThree) {
  const int inherited = ::open("/etc/passwd", O_RDONLY);
  ASSERT_EQ(::dup2(inherited, 57), 57);
  const std::string code =
      "import os\nfound = []\nfor fd in range(3, 256):\n  try: os.fstat(fd); found.append(fd)\n  except OSError: "
      "pass\nprint(found)";
  EXPECT_NE(unsandboxed_python(code).find("57"), std::string::npos);
  const Ran ran = python(builder().build(), code);
  EXPECT_EQ(ran.out, "[]\n") << ran.err;
  ::close(57);
  ::close(inherited);
}

TEST_P(Leak, InputOnlyWhereItIsForwarded) {
  const std::string code = "import sys; print(repr(sys.stdin.read()))";
  for (const bool granted : {true, false}) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    ASSERT_EQ(::write(ends[1], "secret", 6), 6);
    ::close(ends[1]);
    sandbox::RunOptions options;
    options.in_fd = ends[0];
    options.input = granted ? sandbox::Input::Forwarded : sandbox::Input::Null;
    const Ran ran = python(builder().build(), code, options);
    EXPECT_EQ(ran.out, granted ? "'secret'\n" : "''\n") << ran.err << ran.log;
    ::close(ends[0]);
  }
}

TEST_P(Leak, NothingOfOtherProcesses) {
  ::setenv("BULKHEAD_CANARY", "feathers", 1);
  const std::string code = R"(
import os
seen = b''
for pid in [p for p in os.listdir('/proc') if p.isdigit()] + ['1', str(os.getppid())]:
    if int(pid) == os.getpid(): continue
    for name in ('cmdline', 'environ', 'maps', 'comm'):
        try: seen += open('/proc/%s/%s' % (pid, name), 'rb').read()
        except OSError: pass
    try: seen += os.readlink('/proc/%s/exe' % pid).encode() + os.readlink('/proc/%s/cwd' % pid).encode()
    except OSError: pass
print('canary', b'feathers' in seen, b'runtime_' in seen, b'gtest' in seen)
)";
  EXPECT_NE(unsandboxed_python(code).find("True"), std::string::npos);
  const Ran ran = python(builder().permit("/proc", table::kRead).build(), code);
  EXPECT_EQ(ran.out, "canary False False False\n") << ran.err << ran.log;
}

TEST_P(Leak, NoAbstractSocketOfTheHost) {
  const std::string name = "bulkhead-test-" + std::to_string(::getpid());
  const UnixServer server(std::string(1, '\0') + name);
  const std::string code = "import socket\ns = socket.socket(socket.AF_UNIX)\ntry:\n  s.connect('\\0" + name +
                           "'); print('ok')\nexcept OSError as e: print('denied')";
  EXPECT_EQ(unsandboxed_python(code), "ok\n");
  const Ran ran = python(builder().build(), code);
  EXPECT_EQ(ran.out, "denied\n") << ran.err;
}

TEST_P(Leak, NoAgentSocketOfTheHost) {
  const std::string path = folder_ + "/agent.sock";
  const UnixServer server(path);
  ::setenv("SSH_AUTH_SOCK", path.c_str(), 1);
  const std::string code =
      "import socket, os\ns = socket.socket(socket.AF_UNIX)\ntry:\n  s.connect(os.environ.get('SSH_AUTH_SOCK', '" +
      path + "')); print('ok')\nexcept OSError as e: print('denied')";
  EXPECT_EQ(unsandboxed_python(code), "ok\n");
  EXPECT_EQ(python(builder().build(), code).out, "denied\n");
  EXPECT_EQ(python(builder().environment("SSH_AUTH_SOCK").build(), code).out, "denied\n");
  ::unsetenv("SSH_AUTH_SOCK");
}

TEST_P(Leak, NoKeyOfTheCallersSession) {
  const long key = ::syscall(SYS_add_key, "user", "bulkhead-test", "s", 1, KEY_SPEC_SESSION_KEYRING);
  if (key < 0) GTEST_SKIP() << "needs keyrings: this kernel has none: " << std::strerror(errno);
  const std::string code =
      "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
      "print(libc.syscall(250, 10, -3, b'user', b'bulkhead-test', 0) > 0)";
  EXPECT_EQ(unsandboxed_python(code), "True\n");
  const Ran ran = python(builder().build(), code);
  EXPECT_EQ(ran.out, "False\n") << ran.err;
  ::syscall(SYS_keyctl, KEYCTL_REVOKE, key);
}

TEST_P(Leak, NoCoreDump) {
  const Ran ran = python(builder().build(), "import resource; print(max(resource.getrlimit(resource.RLIMIT_CORE)))");
  // At 1 the kernel starts no handler of dumps either; a caller whose own limit is 0 cannot raise it to that.
  EXPECT_TRUE(ran.out == "1\n" || ran.out == "0\n") << ran.out << ran.err;
}

TEST_P(Leak, TheHostsNamesStayOutside) {
  const std::string code = "import os; print(os.uname().nodename)";
  EXPECT_EQ(python(builder().build(), code).out, "bulkhead\n");
}

TEST_P(Leak, NoPrivilegeIsLeftOrCanBeGained) {
  const std::string code = R"(
import os, ctypes
libc = ctypes.CDLL(None, use_errno=True)
status = dict(l.split(':\t', 1) for l in open('/proc/self/status').read().splitlines() if ':\t' in l)
print([status[k] for k in ('CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb', 'NoNewPrivs', 'Seccomp')], os.getuid(), os.getgroups())
print(libc.unshare(0x10000000), libc.mount(b'x', b'/tmp', b'tmpfs', 0, None), libc.chroot(b'/tmp'), libc.setuid(0))
)";
  const Ran ran = python(builder().build(), code);
  const std::string none = "'0000000000000000'";
  EXPECT_EQ(ran.out,
            "[" + none + ", " + none + ", " + none + ", " + none + ", " + none + ", '1', '2'] 10001 []\n-1 -1 -1 -1\n")
      << ran.err;
}

INSTANTIATE_TEST_SUITE_P(Levels, Leak, ::testing::Values(Level::Standard, Level::Enhanced),
                         [](const auto& level) { return level.param == Level::Standard ? "Standard" : "Enhanced"; });

}  // namespace
}  // namespace bulkhead::test
