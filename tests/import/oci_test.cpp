// OCI configurations as policy text: what is said, what is listed as left out, and that both together are everything.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/import/oci/config_text.h"

namespace bulkhead::oci_import {
namespace {

using ::testing::HasSubstr;

struct Import {
  source::SourceMap sources;
  diag::DiagnosticList list;
  std::optional<ConfigText> made;

  explicit Import(std::string text) {
    ConfigOptions options;
    options.syscalls = {{"read", 0, 63}, {"ptrace", 101, 117}};
    made = config_text(sources, sources.add("config.json", std::move(text)), options, list);
  }
  bool left_out(const std::string& part) const {
    for (const auto& each : made->left_out) {
      if (each.what.find(part) != std::string::npos) return true;
    }
    return false;
  }
};

constexpr const char* kConfig = R"({"ociVersion": "1.0.2",
 "process": {"user": {"uid": 1000, "gid": 1000, "additionalGids": [5]}, "args": ["sh"], "cwd": "/",
   "env": ["PATH=/bin", "TZ=UTC"], "noNewPrivileges": true,
   "capabilities": {"bounding": ["CAP_CHOWN"], "effective": ["CAP_NET_BIND_SERVICE"]},
   "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 256, "soft": 256}, {"type": "RLIMIT_STACK", "hard": 1, "soft": 1}]},
 "root": {"path": "rootfs", "readonly": true},
 "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
   {"destination": "/data", "type": "bind", "source": "/srv/data", "options": ["rbind", "ro", "nosuid"]},
   {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["size=64m", "noexec"]},
   {"destination": "/sys", "type": "sysfs", "source": "sysfs"}],
 "hooks": {},
 "linux": {"namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "mount", "path": "/x"}],
   "resources": {"memory": {"limit": 268435456, "swap": 268435456}, "cpu": {"quota": 50000, "period": 100000, "shares": 2},
                 "pids": {"limit": 64}},
   "maskedPaths": ["/proc/kcore", "/proc/cpuinfo"], "readonlyPaths": ["/proc/sys"], "rootfsPropagation": "private",
   "seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
     "syscalls": [{"names": ["read", "nothing"], "action": "SCMP_ACT_ALLOW"}]}}})";

TEST(OciImport, EverySettingIsInTheTextOrLeftOut) {
  const Import in(kConfig);
  ASSERT_TRUE(in.made);
  for (const char* line : {"user 1000;",
                           "group 1000;",
                           "environment TZ;",
                           "capabilities { chown, net_bind_service }",
                           "open_files 256;",
                           "rootfs readonly;",
                           "volume Volume1 from host:\"/srv/data\";",
                           "mount Volume1 at \"/data\" readonly;",
                           "volume Volume2 tmpfs 64 MiB;",
                           "mount Volume2 at \"/tmp\";",
                           "pid: private;",
                           "net: private;",
                           "mount: host;",
                           "ipc: host;",
                           "memory 256 MiB;",
                           "cpu 0.500;",
                           "pids 64;",
                           "may connect, bind any;",
                           "syscalls default EPERM;",
                           "syscalls allow read;",
                           "// config.json:9"}) {
    EXPECT_THAT(in.made->text, HasSubstr(line));
  }
  for (const char* what : {"additionalGids", "args", "cwd", "RLIMIT_STACK", "root.path", "noexec", "/sys", "hooks",
                           "joined by path", "SCMP_ARCH_X86`", "`nothing`", "maskedPaths"}) {
    EXPECT_TRUE(in.left_out(what)) << what;
  }
  EXPECT_FALSE(in.left_out("readonlyPaths") || in.left_out("rootfsPropagation")) << "every container has them";
  EXPECT_EQ(in.made->text.find("may invoke"), std::string::npos);
  EXPECT_EQ(in.sources.place(in.made->left_out[0].span), "config.json:2");
}

TEST(OciImport, WithoutAFilterEveryCallIsAllowedAndThatIsSaid) {
  const Import in(R"({"linux": {}})");
  ASSERT_TRUE(in.made);
  EXPECT_THAT(in.made->text, HasSubstr("may invoke any;"));
  EXPECT_TRUE(in.left_out("no filter to emit"));
}

TEST(OciImport, AFilterThatCannotBeSaidFailsTheImport) {
  for (
      const char* filter :
      {R"({"defaultAction": "SCMP_ACT_ALLOW"})", R"({"defaultAction": "SCMP_ACT_LOG"})", R"({})", R"([])",
       R"({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {}}]})"}) {
    const Import in(std::string(R"({"linux": {"seccomp": )") + filter + "}}");
    EXPECT_FALSE(in.made) << filter;
    EXPECT_TRUE(in.list.has_errors()) << filter;
  }
}

TEST(OciImport, HostilePathsAndNamesNeverReachTheText) {
  const Import in(R"({"mounts": [{"destination": "/a/../b", "type": "bind", "source": "/x"},
    {"destination": "/ok", "type": "bind", "source": "/x\ncontainer Evil {}"},
    {"destination": "/q\"; may hold any; x", "type": "bind", "source": "/x"}],
    "process": {"env": ["A B=1"], "capabilities": {"effective": ["CAP_X }; may hold any"]}}})");
  ASSERT_TRUE(in.made);
  EXPECT_EQ(in.made->text.find("\ncontainer Evil"), std::string::npos);
  EXPECT_EQ(in.made->text.find("capabilities {"), std::string::npos);
  EXPECT_THAT(in.made->text, HasSubstr(R"(at "/q\"; may hold any; x")"));
  EXPECT_EQ(in.made->left_out.size(), 4u);
}

TEST(OciImport, ProcessorSharesAreNeverRoundedDown) {
  const Import in(R"({"linux": {"resources": {"cpu": {"quota": 33333, "period": 100000}}}})");
  ASSERT_TRUE(in.made);
  EXPECT_THAT(in.made->text, HasSubstr("cpu 0.334;"));
  EXPECT_TRUE(in.left_out("rounded up"));
}

TEST(OciImport, WrongTypesAreErrorsWithAPlace) {
  for (const char* text : {"[]", R"({"process": 1})", R"({"mounts": {}})", R"({"mounts": [{"destination": 1}]})",
                           R"({"linux": []})", "{"}) {
    const Import in(text);
    EXPECT_FALSE(in.made) << text;
    EXPECT_TRUE(in.list.has_errors()) << text;
  }
}

}  // namespace
}  // namespace bulkhead::oci_import
