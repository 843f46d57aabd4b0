// Capability files: what they grant, and what is refused with place, pointer and help.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/import/capabilities/parse.h"
#include "lang/import/capabilities/pattern.h"

namespace bulkhead::capabilities {
namespace {

using ::testing::HasSubstr;

struct Read {
  source::SourceMap sources;
  diag::DiagnosticList list;
  std::optional<CapabilitySet> set;

  explicit Read(std::string text) { set = parse(sources, sources.add("caps.json", std::move(text)), list); }
  const diag::Diagnostic& error() const { return list.all().front(); }
  std::string at() const { return std::string(sources.slice(error().span)); }
};

Read entry(const std::string& capability) {
  return Read("{\"capabilities\": [" + capability + "]}");
}

constexpr const char* kContractExample = R"({ "schema": "bulkhead.capabilities/v1",
  "component": "6f1c2a9e-0000-4000-8000-000000000001",
  "level": "standard",
  "capabilities": [
    {"kind": "FILE_READ", "paths": ["/data/allowed.txt"]},
    {"kind": "FILE_WRITE", "paths": ["/out/**"]},
    {"kind": "NETWORK_CONNECT", "to": [{"cidr": "10.0.7.0/24", "port": 443, "proto": "tcp"}]},
    {"kind": "PROCESS_SPAWN", "paths": ["/usr/bin/git"], "max": 8},
    {"kind": "ENV_READ", "names": ["LANG"]} ],
  "limits": {"memory": "256MiB", "cpu": 1.0, "pids": 64, "wall_time": "60s", "disk": "64MiB", "open_files": 256},
  "degrade": [] })";

TEST(Capabilities, ReadsTheExampleOfTheContract) {
  const Read in(kContractExample);
  ASSERT_TRUE(in.set) << in.error().message;
  const auto& granted = in.set->granted;
  ASSERT_EQ(granted.paths.size(), 3u);
  EXPECT_EQ(granted.paths[2].kind, Kind::ProcessSpawn);
  EXPECT_EQ(describe(granted.paths[1].origin, in.sources), "caps.json:6 /capabilities/1/paths/0");
  ASSERT_EQ(granted.nets.size(), 1u);
  EXPECT_EQ(granted.nets[0].prefix_bits, 24u);
  EXPECT_EQ(granted.nets[0].range.first_port, 443);
  EXPECT_EQ(granted.nets[0].range.protos, 1);
  ASSERT_EQ(granted.environment.size(), 1u);
  EXPECT_EQ(in.set->max_processes->amount, 8u);
  EXPECT_EQ(in.set->limits.memory->amount, 256u << 20);
  EXPECT_EQ(in.set->limits.cpu->amount, 1000u);
  EXPECT_EQ(in.set->limits.wall_time->amount, 60'000u);
  EXPECT_EQ(*in.set->level, ir::Level::Standard);
}

TEST(Capabilities, AnEmptyListGrantsNothing) {
  const Read in(R"({"capabilities": []})");
  ASSERT_TRUE(in.set);
  EXPECT_TRUE(in.set->granted.paths.empty());
  EXPECT_TRUE(in.set->granted.nets.empty());
  EXPECT_FALSE(in.set->limits.memory);
}

TEST(Capabilities, UnknownKindNamesTheOneThatWasMeant) {
  const auto in = entry(R"({"kind": "FILE_RAED", "paths": ["/a"]})");
  ASSERT_FALSE(in.set);
  EXPECT_EQ(in.error().code, diag::Code::CapabilityUnknownKind);
  EXPECT_EQ(in.at(), "\"FILE_RAED\"");
  EXPECT_THAT(in.error().message, HasSubstr("/capabilities/0/kind"));
  EXPECT_EQ(in.error().help, "did you mean `FILE_READ`?");
}
TEST(Capabilities, UnknownKeyNamesTheOneThatWasMeant) {
  const auto in = entry(R"({"kind": "FILE_READ", "pahts": ["/a"], "paths": ["/a"]})");
  ASSERT_FALSE(in.set);
  EXPECT_EQ(in.error().code, diag::Code::JsonUnknownKey);
  EXPECT_EQ(in.at(), "\"pahts\"");
  EXPECT_EQ(in.error().help, "did you mean `paths`?");
}
TEST(Capabilities, EveryMistakeOfAFileIsReported) {
  const Read in(
      R"({"capabilities": [{"kind": "FILE_READ", "paths": ["a", "/b/../c", "/ok"]}, {"kind": "X"}], "limits": {"cpu": 0}})");
  EXPECT_EQ(in.list.error_count(), 4u);
}

struct Refusal {
  const char* capability;
  const char* message;
  const char* help;
};
class RefusedEntry : public ::testing::TestWithParam<Refusal> {};
TEST_P(RefusedEntry, SaysWhy) {
  const auto in = entry(GetParam().capability);
  ASSERT_FALSE(in.set);
  EXPECT_THAT(in.error().message, HasSubstr(GetParam().message));
  EXPECT_THAT(in.error().help, HasSubstr(GetParam().help));
}
INSTANTIATE_TEST_SUITE_P(
    Capabilities, RefusedEntry,
    ::testing::Values(
        Refusal{R"({"kind": "FILE_READ", "paths": ["data/x"]})", "relative", "from the root"},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/data/../etc"]})", "`..`", "without `..`"},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/data/{..,x}/etc"]})", "`..`", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/data/./x"]})", "`.`", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/data//x"]})", "empty segment", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/data/"]})", "empty segment", "none at the end"},
        Refusal{R"({"kind": "FILE_READ", "paths": [""]})", "empty path", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/**"]})", "root of the host", "folder"},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/"]})", "root of the host", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/proc/self/environ"]})", "made by the sandbox", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/data/x\u0000y"]})", "NUL", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/data/x\ny"]})", "control character", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/data/[ab"]})", "`[`", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/data/a**"]})", "`**`", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": []})", "empty", ""},
        Refusal{R"({"kind": "FILE_READ"})", "`paths` is missing", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": "/a"})", "expected an array, found a string", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": [1]})", "expected a string, found a number", ""},
        Refusal{R"({"paths": ["/a"]})", "`kind` is missing", ""},
        Refusal{R"({"kind": "NETWORK_CONNECT", "to": [{"cidr": "example.org", "port": 443}]})", "is a host name",
                "resolves to"},
        Refusal{R"({"kind": "NETWORK_CONNECT", "to": [{"host": "example.org", "port": 443}]})", "unknown key",
                "addresses"},
        Refusal{R"({"kind": "NETWORK_CONNECT", "to": [{"cidr": "10.0.7.1/24", "port": 443}]})", "beyond its prefix",
                "10.0.7.0/24"},
        Refusal{R"({"kind": "NETWORK_CONNECT", "to": [{"cidr": "10.0.7.0/33", "port": 443}]})", "not an address block",
                ""},
        Refusal{R"({"kind": "NETWORK_CONNECT", "to": [{"cidr": "::ffff:10.0.7.0/120", "port": 443}]})", "IPv6 clothes",
                "write the IPv4 address"},
        Refusal{R"({"kind": "NETWORK_CONNECT", "to": [{"cidr": "10.0.7.0/24", "port": 0}]})", "1 to 65535", ""},
        Refusal{R"({"kind": "NETWORK_CONNECT", "to": [{"cidr": "10.0.7.0/24", "port": "443"}]})", "expected a number",
                ""},
        Refusal{R"({"kind": "NETWORK_CONNECT", "to": [{"cidr": "10.0.7.0/24"}]})", "`port` is missing", ""},
        Refusal{R"({"kind": "NETWORK_CONNECT", "to": [{"cidr": "10.0.7.0/24", "port": 1, "proto": "tpc"}]})",
                "no protocol", "`tcp`"},
        Refusal{R"({"kind": "ENV_READ", "names": ["A=B"]})", "environment variable", ""},
        Refusal{R"({"kind": "ENV_READ", "names": ["LD_PRELOAD"]})", "dynamic loader", ""},
        Refusal{R"({"kind": "PROCESS_SPAWN", "paths": ["/bin/ls"], "max": 0})", "1 to 100000", ""},
        Refusal{R"({"kind": "FILE_READ", "paths": ["/a"], "max": 1})", "unknown key", ""}));

TEST(Capabilities, WrongHeadersAndLimitsAreRefused) {
  for (const char* text :
       {R"([])", R"({})", R"({"capabilities": {}})", R"({"capabilities": [], "schema": "v2"})",
        R"({"capabilities": [], "component": "x"})", R"({"capabilities": [], "level": "hard"})",
        R"({"capabilities": [], "limits": {"memory": 64}})", R"({"capabilities": [], "limits": {"memory": "64"}})",
        R"({"capabilities": [], "limits": {"memory": "0MiB"}})",
        R"({"capabilities": [], "limits": {"memory": "-1MiB"}})",
        R"({"capabilities": [], "limits": {"memory": "99999999999GiB"}})",
        R"({"capabilities": [], "limits": {"cpu": 0.00001}})", R"({"capabilities": [], "limits": {"cpu": -1}})",
        R"({"capabilities": [], "limits": {"cpu": 1e99}})", R"({"capabilities": [], "limits": {"pids": 1.5}})",
        R"({"capabilities": [], "limits": {"time": "1s"}})", R"({"capabilities": [], "degrade": ["memory"]})"}) {
    const Read in(text);
    EXPECT_FALSE(in.set) << text;
    EXPECT_TRUE(in.list.has_errors()) << text;
  }
}

TEST(Capabilities, TooManyDestinationsAreRefused) {
  std::string to;
  for (int i = 0; i < 300; ++i) to += (i ? "," : "") + std::string(R"({"cidr": "10.0.0.0/8", "port": 1})");
  const auto in = entry(R"({"kind": "NETWORK_CONNECT", "to": [)" + to + "]}");
  EXPECT_FALSE(in.set);
  EXPECT_EQ(in.error().code, diag::Code::JsonTooLarge);
}

TEST(CapabilityPattern, LiteralPrefixStopsAtTheFirstMetaSegment) {
  EXPECT_EQ(literal_prefix("/data/**"), "/data");
  EXPECT_EQ(literal_prefix("/data/*.csv"), "/data");
  EXPECT_EQ(literal_prefix("/data/a.txt"), "/data/a.txt");
  EXPECT_EQ(literal_prefix("/*/x"), "/");
  EXPECT_TRUE(covers("/data", "/data/x"));
  EXPECT_FALSE(covers("/data", "/data-x"));
}

TEST(CapabilityPattern, DisjointnessIsSound) {
  EXPECT_TRUE(surely_disjoint("/etc/passwd", "/etc/shadow"));
  EXPECT_TRUE(surely_disjoint("/home/*/.ssh/**", "/home/u/data/**"));
  EXPECT_TRUE(surely_disjoint("/a/b", "/a"));
  EXPECT_FALSE(surely_disjoint("/etc/**", "/etc"));
  EXPECT_FALSE(surely_disjoint("/etc/*", "/etc/passwd"));
  EXPECT_FALSE(surely_disjoint("/**/passwd", "/etc/passwd"));
  EXPECT_FALSE(surely_disjoint("/{a/b,c}/d", "/a/b/d"));
  EXPECT_FALSE(surely_disjoint("/\\a", "/a"));
  EXPECT_FALSE(surely_disjoint("/x", "/x"));
}

}  // namespace
}  // namespace bulkhead::capabilities
