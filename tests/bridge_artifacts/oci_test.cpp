// OCI configurations: valid by the specification's schema, decoded to the policy, every mutant refuted.
#include "runtime-bridge/emit/oci/oci.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>

#include "runtime-bridge/decode/oci/oci.h"
#include "tests/bridge_artifacts/json_mutants.h"
#include "tests/bridge_artifacts/small_world.h"

namespace bulkhead {
namespace {

using testing::SmallWorld;

constexpr decode::oci::Expectation kNoFilter{false};
constexpr const char* kSchema =
    "/usr/share/gocode/src/github.com/opencontainers/runtime-spec/schema/config-schema.json";

SmallWorld example() {
  SmallWorld in;
  in.mount("Data", "/agent/data", true, "/srv/data");
  in.mount("Tmp", "/agent/data/tmp", false, "/srv/tmp");
  in.mount("Scratch", "/tmp", false);
  in.world.volumes.back().size_bytes = 64u << 20;
  auto& box = in.box();
  box.environment = {"TZ"};
  box.limits.memory = ir::Quantity{256u << 20, {}};
  box.limits.cpu = ir::Quantity{500, {}};
  box.limits.pids = ir::Quantity{64, {}};
  box.limits.open_files = ir::Quantity{256, {}};
  box.limits.disk = ir::Quantity{64u << 20, {}};
  in.world.capability_names = {"chown", "dac_override"};
  return in;
}
std::string emitted(const SmallWorld& in) {
  emit::oci::Inputs inputs;
  inputs.environment = {{"TZ", "UTC"}, {"HOME", "/root"}};
  const auto made = emit::oci::emit(in.world, in.container, inputs);
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().reason);
  return made.ok() ? *made : "";
}
std::optional<decode::Comparison> compared(const SmallWorld& in, const std::string& json) {
  const auto meaning = decode::oci::decode(json);
  if (!meaning.ok()) return std::nullopt;
  return decode::oci::compare(*meaning, in.world, in.container, kNoFilter);
}
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}
/// The JSON on one line without spaces, so that mutants can be spelt.
std::string compact(const std::string& json) {
  std::string out;
  bool quoted = false;
  for (const char c : json) {
    if (c == '"') quoted = !quoted;
    if (quoted || (c != ' ' && c != '\n')) out += c;
  }
  return out;
}

TEST(OciEmission, DecodesToThePolicy) {
  const auto in = example();
  const auto comparison = compared(in, emitted(in));
  ASSERT_TRUE(comparison) << decode::oci::decode(emitted(in)).error().reason;
  for (const auto& wider : comparison->wider) ADD_FAILURE() << wider.what << ": " << wider.witness;
  EXPECT_TRUE(comparison->equal());
}

TEST(OciEmission, IsValidByTheSpecification) {
  if (!std::ifstream(kSchema)) GTEST_SKIP() << "needs schema: golang-github-opencontainers-specs-dev is not installed";
  if (std::system("python3 -c 'import jsonschema' 2>/dev/null") != 0)
    GTEST_SKIP() << "needs jsonschema: python3-jsonschema is not installed";
  char name[] = "/tmp/bulkhead-oci-XXXXXX";
  const int fd = ::mkstemp(name);
  ASSERT_GE(fd, 0);
  const auto validate = [&](const std::string& json) {
    std::ofstream(name, std::ios::trunc) << json;
    const std::string command = std::string("python3 -W ignore ") + BULKHEAD_SOURCE_DIR +
                                "/tests/bridge_artifacts/validate.py " + kSchema + " " + name;
    return std::system(command.c_str()) == 0;
  };
  const auto json = emitted(example());
  EXPECT_TRUE(validate(json));
  EXPECT_FALSE(validate(replaced(compact(json), "\"uid\":1000", "\"uid\":\"root\"")))
      << "the validation itself must bite";
  std::remove(name);
}

TEST(OciEmission, OnlyGrantedNamesOfTheEnvironmentArePassed) {
  const auto json = emitted(example());
  EXPECT_THAT(json, ::testing::HasSubstr("TZ=UTC"));
  EXPECT_THAT(json, ::testing::Not(::testing::HasSubstr("HOME=/root")));
}

TEST(OciEmission, WhatTheFormatCannotSayIsRefused) {
  auto in = example();
  in.world.volumes[2].host_source.clear();
  EXPECT_FALSE(emit::oci::emit(in.world, in.container, {}).ok()) << "a volume without a place";
  emit::oci::Inputs inputs;
  inputs.volume_sources["Data"] = "/elsewhere";
  EXPECT_TRUE(emit::oci::emit(in.world, in.container, inputs).ok());
  inputs.seccomp_json = "[]";
  EXPECT_FALSE(emit::oci::emit(in.world, in.container, inputs).ok());
  in.box().namespaces[0].mode = ir::NamespaceSetting::Mode::With;
  EXPECT_FALSE(emit::oci::emit(in.world, in.container, {}).ok());
}

TEST(OciEmission, KeptCapabilitiesAreExactlyTheGrantedOnes) {
  auto in = example();
  ir::Rule rule;
  rule.plane = ir::Plane::KernelCapability;
  rule.rights = ir::Right::Hold;
  rule.objects.everything = true;
  in.world.rules.push_back(rule);
  EXPECT_EQ(emit::oci::kept_capabilities(in.world, in.container).size(), 2u);
  rule.effect = ir::Effect::Forbid;
  rule.objects.everything = false;
  rule.objects.capabilities = {1};
  in.world.rules.push_back(rule);
  EXPECT_EQ(emit::oci::kept_capabilities(in.world, in.container), std::vector<std::uint8_t>{0});
  const auto comparison = compared(in, emitted(in));
  ASSERT_TRUE(comparison);
  EXPECT_TRUE(comparison->equal());
}

TEST(OciDecoding, EveryMutantIsRefuted) {
  const auto in = example();
  const auto json = compact(emitted(in));
  const std::pair<std::string, std::string> kMutants[] = {
      {"\"private\",\"nosuid\",\"nodev\",\"ro\"", "\"private\",\"nosuid\",\"nodev\",\"rw\""},
      {"\"private\",\"nosuid\",\"nodev\",\"ro\"", "\"private\",\"nosuid\",\"nodev\""},
      {"\"private\",\"nosuid\",\"nodev\",\"ro\"", "\"private\",\"nodev\",\"ro\""},
      {"\"private\",\"nosuid\",\"nodev\",\"ro\"", "\"private\",\"nosuid\",\"ro\""},
      {"\"private\",\"nosuid\",\"nodev\",\"ro\"", "\"private\",\"nosuid\",\"nodev\",\"ro\",\"suid\""},
      {"\"bind\",\"private\"", "\"bind\",\"rshared\""},
      {"\"/srv/data\"", "\"/etc\""},
      {"\"/agent/data\"", "\"/agent/other\""},
      {"\"destination\":\"/tmp\",\"type\":\"tmpfs\"", "\"destination\":\"/tmp\",\"type\":\"bind\""},
      {"size=67108864", "size=67108865"},
      {"\"type\":\"proc\"", "\"type\":\"sysfs\""},
      {"\"nosuid\",\"noexec\",\"nodev\"", "\"nosuid\",\"nodev\""},
      {"\"bounding\":[]", "\"bounding\":[\"CAP_CHOWN\"]"},
      {"\"ambient\":[]", "\"ambient\":[\"CAP_SYS_ADMIN\"]"},
      {"\"noNewPrivileges\":true", "\"noNewPrivileges\":false"},
      {"\"readonly\":true", "\"readonly\":false"},
      {"\"uid\":1000", "\"uid\":0"},
      {"\"gid\":1000", "\"gid\":0"},
      {"\"gid\":1000", "\"gid\":1000,\"additionalGids\":[0]"},
      {"{\"type\":\"pid\"},", ""},
      {"{\"type\":\"mount\"},", ""},
      {"{\"type\":\"network\"},", ""},
      {"{\"type\":\"ipc\"},", ""},
      {"{\"type\":\"user\"},", ""},
      {"{\"type\":\"uts\"},", ""},
      {",{\"type\":\"cgroup\"}", ""},
      {"{\"type\":\"network\"}", "{\"type\":\"network\",\"path\":\"/proc/1/ns/net\"}"},
      {"\"hostID\":100000", "\"hostID\":0"},
      {"\"limit\":268435456", "\"limit\":268435457"},
      {"\"limit\":268435456", "\"limit\":-1"},
      {"\"swap\":268435456", "\"swap\":536870912"},
      {"\"quota\":50000", "\"quota\":50001"},
      {"\"period\":100000", "\"period\":10000"},
      {"\"pids\":{\"limit\":64}", "\"pids\":{\"limit\":65}"},
      {"\"pids\":{\"limit\":64}", "\"pids\":{\"limit\":0}"},
      {"\"type\":\"RLIMIT_NOFILE\",\"hard\":256", "\"type\":\"RLIMIT_NOFILE\",\"hard\":257"},
      {"RLIMIT_FSIZE", "RLIMIT_STACK"},
      {"{\"allow\":false,\"access\":\"rwm\"}",
       "{\"allow\":false,\"access\":\"rwm\"},{\"allow\":true,\"access\":\"rwm\"}"},
      {"{\"allow\":false,\"access\":\"rwm\"}", ""},
      {"\"/proc/kcore\",", ""},
      {"\"/proc/sys\",", ""},
      {"\"rootfsPropagation\":\"private\"", "\"rootfsPropagation\":\"shared\""},
      {"\"TZ=UTC\"", "\"TZ=UTC\",\"SECRET=1\""},
      {"\"mounts\":[",
       "\"mounts\":[{\"destination\":\"/host\",\"type\":\"bind\",\"source\":\"/\",\"options\":[\"bind\",\"ro\"]},"},
      {"\"hostname\":", "\"hooks\":{\"prestart\":[{\"path\":\"/bin/x\"}]},\"hostname\":"},
      {"\"rootfsPropagation\"", "\"sysctl\":{\"kernel.core_pattern\":\"|/x\"},\"rootfsPropagation\""}};
  for (const auto& [from, to] : kMutants) {
    const auto comparison = compared(in, replaced(json, from, to));
    EXPECT_TRUE(!comparison || !comparison->accepted()) << from << " -> " << to;
  }
}

/// Wherever one thing is changed: not understood, wider, or narrower. Left over is only what no policy says.
TEST(OciDecoding, EveryMutantOfTheTextIsRefuted) {
  const auto in = example();
  const std::pair<const char*, const char*> kNotOfThePolicy[] = {
      {"/process/args", "what is run"},
      {"/process/cwd", "where it is run"},
      {"/process/terminal", "how it is run"},
      {"/process/env", "values, and names that the caller does not set"},
      {"/process/rlimits/0", "core dumps"},
      {"/process/rlimits item 0 dropped", "core dumps"},
      {"/soft", "only up to the hard limit"},
      {"/root/path", "the image, an assumption of the proof"},
      {"/hostname", "of its own namespace"},
      {"/ociVersion longer", "a later patch of version 1"},
      {"/source", "of /proc, /dev and memory: the kernel takes any"},
      {"twice", "the same again: sets"},
      {"Mappings", "which unprivileged users of the host: any will do"},
      {"/process/capabilities/", "an absent set is an empty one"},
      {"/mounts/1/options", "size and mode of /dev"},
      {"/mounts item 0 dropped", "/proc, which a container may do without"},
      {"/mounts item 1 dropped", "/dev, likewise"},
      {"/allow dropped", "absent is false"},
      {"/cpu/period", "none and 0 are the default, which is what is written"},
      {"options item", "options that make a mount narrower than it needs to be, like its mode"}};
  std::set<std::string> used;
  std::size_t refuted = 0;
  for (const auto& mutant : testing::json_mutants(emitted(in))) {
    const auto comparison = compared(in, mutant.text);
    if (!comparison || !comparison->equal()) {
      ++refuted;
      continue;
    }
    const auto reason = std::find_if(std::begin(kNotOfThePolicy), std::end(kNotOfThePolicy), [&](const auto& item) {
      return mutant.where.find(item.first) != std::string::npos;
    });
    EXPECT_NE(reason, std::end(kNotOfThePolicy)) << mutant.where;
    if (reason != std::end(kNotOfThePolicy)) used.insert(reason->first);
  }
  EXPECT_EQ(used.size(), std::size(kNotOfThePolicy)) << "an exception that nothing needs";
  EXPECT_GT(refuted, 250u);
}

/// Each option of each mount that the policy asks for: without it the configuration is refused.
TEST(OciDecoding, EveryMountOptionMatters) {
  const auto in = example();
  const auto json = nlohmann::ordered_json::parse(emitted(in));
  std::size_t tried = 0;
  for (std::size_t m = 0; m < json["mounts"].size(); ++m) {
    const auto& options = json["mounts"][m]["options"];
    for (std::size_t i = 0; i < options.size(); ++i) {
      const auto option = options[i].get<std::string>();
      const std::set<std::string> kFree{"strictatime", "mode=755", "mode=1777", "size=65536k", "rw", "private"};
      if (kFree.contains(option)) continue;
      auto mutant = json;
      mutant["mounts"][m]["options"].erase(i);
      ++tried;
      const auto comparison = compared(in, mutant.dump());
      EXPECT_FALSE(comparison && comparison->accepted()) << json["mounts"][m]["destination"] << " without " << option;
    }
    for (const char* more : {"suid", "dev", "exec", "rbind", "shared", "rslave", "idmap", "recursive", "", "RW"}) {
      auto mutant = json;
      mutant["mounts"][m]["options"].push_back(more);
      ++tried;
      const auto comparison = compared(in, mutant.dump());
      EXPECT_FALSE(comparison && comparison->accepted()) << json["mounts"][m]["destination"] << " with " << more;
    }
  }
  EXPECT_GT(tried, 50u);
}

TEST(OciDecoding, WhatTheRuntimesReadAsNoLimitIsNoLimit) {
  const auto in = example();
  const auto json = compact(emitted(in));
  const std::pair<const char*, const char*> kMutants[] = {
      {"\"limit\":268435456", "\"limit\":0"},  {"\"swap\":268435456", "\"swap\":0"},
      {"\"limit\":268435456", "\"limit\":-1"}, {"\"quota\":50000", "\"quota\":0"},
      {"\"quota\":50000", "\"quota\":-1"},     {"\"limit\":64", "\"limit\":0"}};
  for (const auto& [from, to] : kMutants) {
    const auto comparison = compared(in, replaced(json, from, to));
    EXPECT_TRUE(comparison && !comparison->wider.empty()) << from << " -> " << to;
  }
}

TEST(OciDecoding, TheSizeOfAMemoryMountIsReadAsTheKernelReadsIt) {
  const auto in = example();
  const auto json = emitted(in);
  for (const char* size : {"size=64m", "size=65536k", "size=65536K", "size=67108864"})
    EXPECT_TRUE(compared(in, replaced(json, "size=67108864", size))->equal()) << size;
  for (const char* size :
       {"size=65m", "size=64g", "size=64", "size=50%", "size=64mm", "size=", "size=99999999999999999999g"})
    EXPECT_FALSE(compared(in, replaced(json, "size=67108864", size))->accepted()) << size;
}

TEST(OciDecoding, OrdersToTheRuntimeThatNoPolicySaysAreRefused) {
  const auto in = example();
  const auto json = compact(emitted(in));
  const std::pair<const char*, const char*> kMutants[] = {
      {"\"hostname\":", "\"annotations\":{\"run.oci.seccomp_bpf_data\":\"x\"},\"hostname\":"},
      {"\"rootfsPropagation\"", "\"cgroupsPath\":\"/\",\"rootfsPropagation\""},
      {"\"rootfsPropagation\":\"private\",", ""},
      {"\"rootfsPropagation\":\"private\"", "\"rootfsPropagation\":\"rslave\""},
      {"\"noNewPrivileges\"", "\"oomScoreAdj\":-1000,\"noNewPrivileges\""},
      {"\"noNewPrivileges\"", "\"apparmorProfile\":\"unconfined\",\"noNewPrivileges\""},
      {"\"rlimits\":[", "\"rlimits\":[{\"type\":\"RLIMIT_RTPRIO\",\"hard\":99,\"soft\":99},"},
      {"\"rlimits\":[", "\"rlimits\":[{\"type\":\"RLIMIT_NOFILE\",\"hard\":9,\"soft\":9},"},
      {"\"rlimits\":[", "\"rlimits\":[{\"type\":\"RLIMIT_CPU\"},"},
      {"\"pids\":{", "\"unified\":{\"memory.max\":\"max\"},\"pids\":{"},
      {"\"quota\":50000", "\"quota\":50000,\"burst\":50000"},
      {"\"ociVersion\":\"1.0.2\"", "\"ociVersion\":1.0"}};
  for (const auto& [from, to] : kMutants) {
    const auto comparison = compared(in, replaced(json, from, to));
    EXPECT_FALSE(comparison && comparison->accepted()) << from << " -> " << to;
  }
}

TEST(OciDecoding, ANamespaceOfAnotherContainerIsNoneOfAProcess) {
  auto in = example();
  const auto json = emitted(in);
  in.box().namespaces[static_cast<std::size_t>(ir::NamespaceKind::Ipc)].mode = ir::NamespaceSetting::Mode::With;
  const auto absent = nlohmann::ordered_json::parse(json).patch(
      nlohmann::ordered_json::parse(R"([{"op": "remove", "path": "/linux/namespaces/3"}])"));
  for (const auto& text : {json, absent.dump()}) EXPECT_FALSE(compared(in, text)->accepted());
}

TEST(OciDecoding, AnOuterMountAfterAnInnerOneIsRefuted) {
  const auto in = example();
  auto json = compact(emitted(in));
  const std::string inner = "{\"destination\":\"/agent/data/tmp\"";
  const auto at = json.find(inner);
  const auto end = json.find('}', at) + 1;
  const auto mount = json.substr(at, end - at);
  json.erase(at - 1, end - at + 1);  // it is the last one: its comma stands before it
  const auto mounts = json.find("\"mounts\":[") + 10;
  json.insert(mounts, mount + ",");
  const auto comparison = compared(in, json);
  ASSERT_TRUE(comparison);
  EXPECT_FALSE(comparison->accepted());
}

TEST(OciDecoding, AMissingFilterIsRefutedWhereOneIsExpected) {
  const auto in = example();
  const auto meaning = decode::oci::decode(emitted(in));
  ASSERT_TRUE(meaning.ok());
  EXPECT_FALSE(decode::oci::compare(*meaning, in.world, in.container, {true}).accepted());
}

TEST(OciDecoding, ADroppedMountIsAGapAndNoWidening) {
  auto in = example();
  const auto json = emitted(in);
  in.mount("More", "/more", true, "/srv/more");
  const auto comparison = compared(in, json);
  ASSERT_TRUE(comparison);
  EXPECT_TRUE(comparison->accepted());
  EXPECT_EQ(comparison->narrower.size(), 1u);
}

}  // namespace
}  // namespace bulkhead
