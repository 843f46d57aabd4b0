// Imported texts load, and what comes out again means the same.
#include <gtest/gtest.h>

#include "lang/frontend/load.h"
#include "lang/import/capabilities/parse.h"
#include "lang/import/capabilities/policy_text.h"
#include "lang/import/oci/config_text.h"
#include "runtime-bridge/decode/decoder.h"
#include "runtime-bridge/decode/table/table.h"
#include "runtime-bridge/emit/emitter.h"
#include "runtime-bridge/emit/nftables/nftables.h"
#include "runtime-bridge/table/encode.h"

namespace bulkhead {
namespace {

std::optional<frontend::Program> loaded(const std::string& text) {
  source::SourceMap sources;
  diag::DiagnosticList list;
  frontend::LoadOptions options;
  options.model_paths = {std::string(BULKHEAD_SOURCE_DIR) + "/models"};
  options.extra_texts = {{"made.bh", text}};
  auto program = frontend::load({}, options, sources, list);
  for (const auto& each : list.all()) {
    if (diag::severity_of(each.code) == diag::Severity::Error)
      ADD_FAILURE() << diag::render(each, sources, diag::Colour::Off) << text;
  }
  return program;
}
ir::SubjectId container_of(const ir::World& world) {
  for (std::size_t i = 0; i < world.subjects.size(); ++i) {
    if (world.subjects[i].kind == ir::SubjectKind::Container) return ir::SubjectId{i};
  }
  return {};
}

class CapabilityRoundTrip : public ::testing::TestWithParam<const char*> {};
TEST_P(CapabilityRoundTrip, ThePolicyTextLoads) {
  source::SourceMap sources;
  diag::DiagnosticList list;
  auto set = capabilities::parse(sources, sources.add("caps.json", GetParam()), list);
  ASSERT_TRUE(set);
  const auto revoke = sources.add("--revoke", "FILE_READ=/data/secret/**");
  const auto revoked = capabilities::parse_argument(capabilities::Change::Revoke, sources, revoke, list);
  ASSERT_TRUE(revoked);
  const auto made = capabilities::policy_text(capabilities::merge({*set, *revoked}), sources, {});
  const auto program = loaded(made.text);
  ASSERT_TRUE(program);
  const auto& world = program->world;
  EXPECT_TRUE(container_of(world).valid());
  EXPECT_GE(world.claims.size(), 6u);
  EXPECT_TRUE(world.dynamic.empty());
}
INSTANTIATE_TEST_SUITE_P(
    Import, CapabilityRoundTrip,
    ::testing::Values(
        R"({"capabilities": []})",
        R"({"capabilities": [{"kind": "FILE_READ", "paths": ["/data/allowed.txt", "/etc/**", "/a b/\"q\"/*.txt"]},
                          {"kind": "FILE_WRITE", "paths": ["/out/**"]},
                          {"kind": "NETWORK_CONNECT", "to": [{"cidr": "10.0.7.0/24", "port": 443},
                                                             {"cidr": "fd00:7::/48", "port": 53, "proto": "udp"}]},
                          {"kind": "PROCESS_SPAWN", "paths": ["/usr/bin/git"], "max": 8},
                          {"kind": "ENV_READ", "names": ["TZ", "any", "host"]}],
                          "limits": {"memory": "50MB", "cpu": 0.25, "pids": 64, "wall_time": "1500ms", "disk": "64MiB", "open_files": 9},
                          "degrade": ["memory:rlimit"]})"));

/// The table of a run as `sandbox run` makes it, with a closure and, at level maximum, a ruleset: proved equal, or
/// nothing would start.
class CapabilityTable : public ::testing::TestWithParam<std::tuple<ir::Level, const char*>> {};
TEST_P(CapabilityTable, IsProvedEqualToThePolicy) {
  const auto [level, capabilities_text] = GetParam();
  source::SourceMap sources;
  diag::DiagnosticList list;
  auto set = capabilities::parse(sources, sources.add("caps.json", capabilities_text), list);
  ASSERT_TRUE(set);
  set->level = level;
  capabilities::PolicyTextOptions options;
  emit::TableInputs inputs;
  for (const char* file :
       {"/usr/bin/python3.11", "/usr/lib64/ld-linux-x86-64.so.2", "/etc/ld.so.cache", "/script.py"}) {
    options.runtime.push_back(file);
    inputs.closure.push_back({file, false, "", table::kNone});
  }
  inputs.started = {"/usr/bin/python3.11", "/usr/lib64/ld-linux-x86-64.so.2"};
  for (int i = 0; i < 12; ++i) options.runtime.push_back("/usr/lib/x86_64-linux-gnu/lib" + std::to_string(i) + ".so");
  options.runtime.emplace_back("/usr/lib/python3.11/**");
  inputs.closure.push_back({"/lib", false, "usr/lib", table::kNone});
  inputs.closure.push_back({"/usr/lib/python3.11", true, "", table::kNone});
  source::SourceMap loaded_sources;
  frontend::LoadOptions load;
  load.model_paths = {std::string(BULKHEAD_SOURCE_DIR) + "/models"};
  load.extra_texts = {{"closure.bh",
                       "module closure;\nextend container Script {\n    may read \"/usr/bin/python3.11\", "
                       "\"/usr/lib64/ld-linux-x86-64.so.2\", \"/script.py\";\n}\n"},
                      {"caps.bh", capabilities::policy_text(capabilities::merge({*set}), sources, options).text}};
  const auto program = frontend::load({}, load, loaded_sources, list);
  ASSERT_TRUE(program);
  const auto container = container_of(program->world);
  if (level == ir::Level::Maximum) inputs.nftables = emit::nftables::emit(program->world, container)->json;
  const auto emitted = emit::emit_table(program->world, container, loaded_sources, inputs);
  ASSERT_TRUE(emitted.ok()) << emitted.error().reason;
  const auto compared =
      decode::compare_table_bytes(table::encode(emitted->table), program->world, container, {loaded_sources, inputs});
  ASSERT_TRUE(compared.ok()) << compared.error().reason;
  for (const auto& each : compared->wider) ADD_FAILURE() << "wider " << each.what << ": " << each.witness;
  for (const auto& each : compared->narrower) ADD_FAILURE() << "narrower " << each.what << ": " << each.witness;
  for (const auto& each : compared->misattributed) ADD_FAILURE() << "says " << each.what << ": " << each.witness;
  EXPECT_TRUE(compared->equal());
}
INSTANTIATE_TEST_SUITE_P(
    Import, CapabilityTable,
    ::testing::Combine(
        ::testing::Values(ir::Level::Standard, ir::Level::Enhanced, ir::Level::Maximum),
        ::testing::Values(R"({"capabilities": []})",
                          R"({"capabilities": [{"kind": "FILE_READ", "paths": ["/data/allowed.txt", "/etc/ssl/**"]},
                                 {"kind": "FILE_WRITE", "paths": ["/out/**"]},
                                 {"kind": "NETWORK_CONNECT", "to": [{"cidr": "10.0.7.0/24", "port": 443}]},
                                 {"kind": "PROCESS_SPAWN", "paths": ["/usr/bin/git"], "max": 8},
                                 {"kind": "ENV_READ", "names": ["TZ"]}],
                 "limits": {"memory": "50MB", "pids": 64, "wall_time": "60s", "disk": "64MiB", "open_files": 256},
                 "degrade": ["memory:rlimit"]})")));

/// The calls that the language knows.
const std::vector<ir::Syscall>& known_calls() {
  static const std::vector<ir::Syscall> kCalls = loaded("module known;\nimport linux;\n")->world.syscalls;
  return kCalls;
}

struct Round {
  std::optional<frontend::Program> program;
  ir::SubjectId container;
  std::vector<oci_import::LeftOut> left_out;
};
Round imported(const std::string& config) {
  source::SourceMap sources;
  diag::DiagnosticList list;
  oci_import::ConfigOptions options;
  options.syscalls = known_calls();
  auto made = oci_import::config_text(sources, sources.add("config.json", config), options, list);
  for (const auto& each : list.all()) ADD_FAILURE() << diag::render(each, sources, diag::Colour::Off);
  if (!made) return {};
  Round round{loaded(made->text), {}, std::move(made->left_out)};
  if (round.program) round.container = container_of(round.program->world);
  return round;
}

/// Emitted with its filter, as `bulkhead emit --target oci` does.
std::string emitted(const Round& round, const source::SourceMap& sources) {
  emit::Request request;
  request.oci.environment = {{"TZ", "UTC"}};
  const auto made =
      emit::emitter_of(table::Target::Oci).from_world(round.program->world, round.container, sources, request);
  EXPECT_TRUE(made.ok()) << made.error().reason;
  return made.ok() ? made->bytes : "";
}
void expect_equal(const std::string& config, const Round& round, const source::SourceMap& sources) {
  const auto comparison =
      decode::decoder_of(table::Target::Oci).compare(config, round.program->world, round.container, {sources, {}});
  ASSERT_TRUE(comparison.ok()) << comparison.error().reason;
  for (const auto& wider : comparison->wider) ADD_FAILURE() << wider.what << ": " << wider.witness;
  for (const auto& narrower : comparison->narrower) ADD_FAILURE() << narrower.what << ": " << narrower.witness;
  EXPECT_TRUE(comparison->equal());
}

/// A configuration as people write them, with a filter whose rules have conditions.
const std::string kConfig = R"({"ociVersion": "1.0.2",
 "process": {"user": {"uid": 1000, "gid": 1000}, "env": ["TZ=UTC"], "noNewPrivileges": true,
   "capabilities": {"bounding": ["CAP_CHOWN"]}, "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 256, "soft": 256}]},
 "root": {"path": "rootfs", "readonly": true},
 "mounts": [{"destination": "/data", "type": "bind", "source": "/srv/data", "options": ["bind", "ro", "nosuid", "nodev"]},
   {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "nodev", "size=65536k"]}],
 "linux": {"namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "mount"}],
   "resources": {"devices": [{"allow": false, "access": "rwm"}], "memory": {"limit": 268435456, "swap": 268435456},
                 "cpu": {"quota": 50000, "period": 100000}, "pids": {"limit": 64}},
   "seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86_64"],
     "syscalls": [{"names": ["read", "write", "exit_group", "execve"], "action": "SCMP_ACT_ALLOW"},
       {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 16, "op": "SCMP_CMP_NE"}]},
       {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2114060288, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]},
       {"names": ["reboot"], "action": "SCMP_ACT_KILL_PROCESS"}]},
   "rootfsPropagation": "private",
   "maskedPaths": ["/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug",
                   "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/firmware"],
   "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]}})";

TEST(OciRoundTrip, ImportedAndEmittedAgainMeansTheSame) {
  const Round round = imported(kConfig);
  ASSERT_TRUE(round.program);
  const source::SourceMap sources;
  expect_equal(kConfig, round, sources);
  expect_equal(emitted(round, sources), round, sources);
}

TEST(OciRoundTrip, WhatWasEmittedIsEmittedAgain) {
  const Round first = imported(kConfig);
  ASSERT_TRUE(first.program);
  const source::SourceMap sources;
  const std::string config = emitted(first, sources);
  const Round second = imported(config);
  ASSERT_TRUE(second.program);
  EXPECT_EQ(emitted(second, sources), config) << "byte for byte";
  for (const auto& item : second.left_out) {
    const bool of_the_run = item.what.find("command line") != std::string::npos ||
                            item.what.find("root.path") != std::string::npos ||
                            item.what.find("hostname") != std::string::npos;
    EXPECT_TRUE(of_the_run) << item.what;
  }
}

TEST(OciRoundTrip, AFilterThatAllowsMoreIsNoIdentity) {
  const Round round = imported(kConfig);
  ASSERT_TRUE(round.program);
  std::string wider = kConfig;
  wider.replace(wider.find("\"write\""), 7, "\"write\", \"ptrace\"");
  const source::SourceMap sources;
  const auto comparison =
      decode::decoder_of(table::Target::Oci).compare(wider, round.program->world, round.container, {sources, {}});
  ASSERT_TRUE(comparison.ok());
  ASSERT_FALSE(comparison->wider.empty());
  EXPECT_NE(comparison->wider[0].witness.find("ptrace"), std::string::npos);
}

}  // namespace
}  // namespace bulkhead
