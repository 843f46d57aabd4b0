// Imported texts load, and what comes out again means the same.
#include <gtest/gtest.h>

#include "lang/frontend/load.h"
#include "lang/import/capabilities/parse.h"
#include "lang/import/capabilities/policy_text.h"
#include "lang/import/oci/config_text.h"
#include "runtime-bridge/decode/oci/oci.h"
#include "runtime-bridge/emit/oci/oci.h"

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

TEST(OciRoundTrip, ImportedAndEmittedAgainMeansTheSame) {
  const std::string kConfig = R"({"ociVersion": "1.0.2",
 "process": {"user": {"uid": 1000, "gid": 1000}, "env": ["TZ=UTC"], "noNewPrivileges": true,
   "capabilities": {"bounding": ["CAP_CHOWN"]}, "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 256, "soft": 256}]},
 "root": {"path": "rootfs", "readonly": true},
 "mounts": [{"destination": "/data", "type": "bind", "source": "/srv/data", "options": ["bind", "ro", "nosuid", "nodev"]}],
 "linux": {"namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "mount"}],
   "resources": {"devices": [{"allow": false, "access": "rwm"}], "memory": {"limit": 268435456, "swap": 268435456},
                 "cpu": {"quota": 50000, "period": 100000}, "pids": {"limit": 64}},
   "maskedPaths": ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"],
   "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]}})";
  source::SourceMap sources;
  diag::DiagnosticList list;
  const auto made = oci_import::config_text(sources, sources.add("config.json", kConfig), {}, list);
  ASSERT_TRUE(made);
  const auto program = loaded(made->text);
  ASSERT_TRUE(program);
  const auto container = container_of(program->world);
  emit::oci::Inputs inputs;
  inputs.environment = {{"TZ", "UTC"}};
  const auto again = emit::oci::emit(program->world, container, inputs);
  ASSERT_TRUE(again.ok()) << again.error().reason;
  for (const auto& json : {kConfig, *again}) {
    const auto meaning = decode::oci::decode(json);
    ASSERT_TRUE(meaning.ok()) << meaning.error().reason;
    const auto comparison = decode::oci::compare(*meaning, program->world, container, {false});
    for (const auto& wider : comparison.wider) ADD_FAILURE() << wider.what << ": " << wider.witness;
    for (const auto& narrower : comparison.narrower) ADD_FAILURE() << narrower.what << ": " << narrower.witness;
  }
}

}  // namespace
}  // namespace bulkhead
