// Command-line grants, merging, and the policy text that comes out.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/import/capabilities/parse.h"
#include "lang/import/capabilities/policy_text.h"
#include "lang/import/capabilities/volumes.h"

namespace bulkhead::capabilities {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Case {
  source::SourceMap sources;
  diag::DiagnosticList list;
  std::vector<CapabilitySet> sets;

  Case& file(const std::string& text) {
    auto set = parse(sources, sources.add("caps.json", text), list);
    EXPECT_TRUE(set) << (list.all().empty() ? "" : list.all().front().message);
    if (set) sets.push_back(std::move(*set));
    return *this;
  }
  bool argument(Change change, const std::string& text) {
    auto set =
        parse_argument(change, sources, sources.add(change == Change::Grant ? "--grant" : "--revoke", text), list);
    if (set) sets.push_back(std::move(*set));
    return set.has_value();
  }
  std::string text(const PolicyTextOptions& options = {}) { return policy_text(merge(sets), sources, options).text; }
};

TEST(CapabilityArgument, ReadsEveryKind) {
  Case in;
  EXPECT_TRUE(in.argument(Change::Grant, "FILE_READ=/data/**"));
  EXPECT_TRUE(in.argument(Change::Grant, "NETWORK_CONNECT=10.0.7.0/24:443/tcp"));
  EXPECT_TRUE(in.argument(Change::Grant, "NETWORK_CONNECT=[fd00::/8]:53/udp"));
  EXPECT_TRUE(in.argument(Change::Grant, "ENV_READ=LANG"));
  EXPECT_TRUE(in.argument(Change::Revoke, "PROCESS_SPAWN=/usr/bin/git"));
  const auto set = merge(in.sets);
  EXPECT_EQ(set.granted.nets.size(), 2u);
  EXPECT_EQ(set.granted.nets[1].range.protos, 2);
  EXPECT_EQ(set.granted.paths.size(), 1u);
  EXPECT_EQ(set.revoked.paths.size(), 1u);
  EXPECT_EQ(describe(set.granted.paths[0].origin, in.sources), "--grant:1");
}

TEST(CapabilityArgument, MistakesArePointedAt) {
  for (const char* text : {"FILE_READ", "FILE_RAED=/a", "FILE_READ=a", "FILE_READ=/a/../b", "NETWORK_CONNECT=10.0.0.1",
                           "NETWORK_CONNECT=10.0.0.1:0", "NETWORK_CONNECT=10.0.0.1:99999",
                           "NETWORK_CONNECT=10.0.0.1:1x", "NETWORK_CONNECT=10.0.0.1:1/icmp", "NETWORK_CONNECT=[::1:1",
                           "NETWORK_CONNECT=example.org:80", "ENV_READ=1A", "=", "", "FILE_READ=/\xff"}) {
    Case in;
    EXPECT_FALSE(in.argument(Change::Grant, text)) << text;
    EXPECT_EQ(in.list.error_count(), 1u) << text;
  }
}

TEST(CapabilityMerge, GrantsAddUpAndLimitsTighten) {
  Case in;
  in.file(
      R"({"capabilities": [{"kind": "FILE_READ", "paths": ["/a"]}], "limits": {"memory": "64MiB"}, "degrade": ["memory:rlimit"]})");
  in.file(
      R"({"level": "enhanced", "capabilities": [{"kind": "FILE_READ", "paths": ["/b"]}], "limits": {"memory": "32MiB", "pids": 5}})");
  const auto set = merge(in.sets);
  EXPECT_EQ(set.granted.paths.size(), 2u);
  EXPECT_EQ(set.limits.memory->amount, 32u << 20);
  EXPECT_EQ(set.limits.pids->amount, 5u);
  EXPECT_EQ(*set.level, ir::Level::Enhanced);
  EXPECT_TRUE(set.degrade.empty()) << "the second file did not agree to a weaker limit";
}

TEST(CapabilityVolumes, NoFileGetsTwoNames) {
  Case in;
  in.file(R"({"capabilities": [{"kind": "FILE_READ", "paths": ["/data/**", "/data-x/f", "/data/out/a.txt"]},
                               {"kind": "FILE_WRITE", "paths": ["/data/out/**"]}]})");
  const auto set = merge(in.sets);
  const auto volumes = volumes_of(set.granted.paths);
  ASSERT_EQ(volumes.size(), 2u);
  EXPECT_EQ(volumes[0].source, "/data");
  EXPECT_EQ(volumes[0].grants.size(), 3u);
  EXPECT_EQ(glob_in(volumes[0], *volumes[0].grants[1]), "/out/**");
  EXPECT_EQ(volumes[1].source, "/data-x/f");
  EXPECT_EQ(glob_in(volumes[1], *volumes[1].grants[0]), "/");
}

TEST(CapabilityPolicy, NothingGrantedClaimsEverything) {
  Case in;
  const auto text = in.file(R"({"capabilities": []})").text();
  for (const char* claim : {"cannot read host:\"/**\"", "cannot write, rename host:\"/**\"",
                            "cannot execute host:\"/**\"", "cannot execute \"/**\"", "cannot connect Anywhere",
                            "cannot bind Anywhere", "cannot hold any", "isolated from host", "host:\"/etc/passwd\""}) {
    EXPECT_THAT(text, HasSubstr(claim));
  }
  EXPECT_THAT(text, Not(HasSubstr("    may ")));
  EXPECT_THAT(text, Not(HasSubstr("    mount ")));
}

TEST(CapabilityPolicy, GrantsTakeTheirOwnClaimsAway) {
  Case in;
  const auto text = in.file(R"({"capabilities": [{"kind": "FILE_READ", "paths": ["/etc/passwd"]},
      {"kind": "FILE_WRITE", "paths": ["/out/**"]},
      {"kind": "NETWORK_CONNECT", "to": [{"cidr": "10.0.7.0/24", "port": 443}]}]})")
                        .text();
  EXPECT_THAT(text, Not(HasSubstr("    \"/etc/passwd\"")));
  EXPECT_THAT(text, HasSubstr("    \"/etc/shadow\", host:\"/etc/shadow\""));
  EXPECT_THAT(text, Not(HasSubstr("isolated from host")));
  EXPECT_THAT(text, Not(HasSubstr("cannot connect Anywhere")));
  EXPECT_THAT(text, HasSubstr("cannot connect Outside"));
  EXPECT_THAT(text, HasSubstr("mount Granted1 at \"/etc/passwd\" readonly;  // caps.json:1 /capabilities/0/paths/0"));
  EXPECT_THAT(text, HasSubstr("others_unread: Script cannot read Granted2:\"/**\""));
  EXPECT_THAT(text, HasSubstr("others_unchanged: Script cannot write, rename Granted1:\"/**\""));
}

TEST(CapabilityPolicy, RevocationsBecomeNeverAndAreClaimed) {
  Case in;
  in.file(R"({"capabilities": [{"kind": "FILE_READ", "paths": ["/data/**"]}]})");
  ASSERT_TRUE(in.argument(Change::Revoke, "FILE_READ=/data/secret/**"));
  ASSERT_TRUE(in.argument(Change::Revoke, "NETWORK_CONNECT=10.0.0.1:443"));
  const auto text = in.text();
  EXPECT_THAT(text, HasSubstr("never read host:\"/data/secret/**\", \"/data/secret/**\";  // --revoke:1"));
  EXPECT_THAT(text, HasSubstr("prove revoked_1: Script cannot read host:\"/data/secret/**\""));
  EXPECT_THAT(text, HasSubstr("never connect 10.0.0.1 port 443 tcp;"));
}

TEST(CapabilityPolicy, AProgramOfTheRuntimeIsGrantedWhereItIsShown) {
  Case in;
  in.file(R"({"capabilities": [{"kind": "PROCESS_SPAWN", "paths": ["/usr/bin/python3"]}]})");
  PolicyTextOptions options;
  options.programs = {{"/usr/bin/python3", "/usr/bin/python3.11"}};
  const auto text = [&] { return policy_text(merge(in.sets), in.sources, options).text; };
  EXPECT_THAT(text(), HasSubstr("    may execute \"/usr/bin/python3.11\";  // caps.json:1"));
  EXPECT_THAT(text(), Not(HasSubstr("volume ")));
  EXPECT_THAT(text(), Not(HasSubstr("runtime_unexecuted")));
  EXPECT_THAT(text(), HasSubstr("host_unexecuted"));
  in.file(R"({"capabilities": [{"kind": "FILE_READ", "paths": ["/usr/bin/**"]}]})");
  EXPECT_THAT(text(), HasSubstr("may read, execute Granted1:\"/python3.11\";"));
  ASSERT_TRUE(in.argument(Change::Revoke, "PROCESS_SPAWN=/usr/bin/python3"));
  EXPECT_THAT(text(), Not(HasSubstr("may execute")));
  EXPECT_THAT(text(), Not(HasSubstr("may read, execute")));
  EXPECT_THAT(text(), HasSubstr("never execute host:\"/usr/bin/python3\", \"/usr/bin/python3\";"));
}

TEST(CapabilityPolicy, LimitsAreSpeltExactly) {
  Case in;
  const auto text = in.file(R"({"capabilities": [{"kind": "PROCESS_SPAWN", "paths": ["/usr/bin/git"], "max": 3},
      {"kind": "ENV_READ", "names": ["LANG", "TZ", "LANG"]}],
      "limits": {"memory": "50MB", "cpu": 0.25, "pids": 64, "wall_time": "1500ms", "disk": "1GiB", "open_files": 9}})")
                        .text();
  for (const char* part : {"memory 50000000 B;", "cpu 0.25;", "pids 5;", "time 1500 ms;", "disk 1 GiB;",
                           "open_files 9;", "environment LANG;", "environment TZ;", "volume Scratch tmpfs 1 GiB;",
                           "mount Scratch at \"/tmp\";", "may read, execute Granted1:\"/\";"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(CapabilityPolicy, EveryGrantedLineLeadsBackToItsEntry) {
  Case in;
  in.file("{\"capabilities\": [\n{\"kind\": \"FILE_READ\", \"paths\": [\"/a\\\"b\",\n\"/c/*.txt\"]}]}");
  const auto made = policy_text(merge(in.sets), in.sources, {});
  const auto file = in.sources.add("made.bh", made.text);
  std::size_t rules = 0;
  for (const auto& origin : made.origins) {
    const auto line = std::string(in.sources.line(file, origin.line));
    EXPECT_THAT(line, HasSubstr(describe(origin.origin, in.sources)));
    if (line.find("may read") != std::string::npos) ++rules;
  }
  EXPECT_EQ(rules, 2u);
  EXPECT_THAT(made.text, HasSubstr("from host:\"/a\\\"b\""));
}

}  // namespace
}  // namespace bulkhead::capabilities
