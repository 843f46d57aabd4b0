// Import, load, emit again: proved to be the identity in meaning, for what people use.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "lang/frontend/load.h"
#include "lang/import/seccomp/profile_text.h"
#include "runtime-bridge/decode/seccomp/oci.h"
#include "runtime-bridge/decode/seccomp/program.h"
#include "runtime-bridge/emit/seccomp/generate.h"
#include "runtime-bridge/emit/seccomp/oci_json.h"
#include "tests/bridge_seccomp/filter_world.h"

namespace bulkhead {
namespace {

using decode::seccomp::Diagrams;

struct Loaded {
  ir::World world;
  ir::SubjectId container;
};

std::optional<Loaded> load(const std::string& text) {
  source::SourceMap sources;
  diag::DiagnosticList sink;
  frontend::LoadOptions options;
  options.model_paths = {BULKHEAD_SOURCE_DIR "/models"};
  options.extra_texts = {{"imported.bh", text}};
  auto program = frontend::load({}, options, sources, sink);
  if (!program) {
    for (const auto& item : sink.all()) ADD_FAILURE() << diag::render(item, sources, diag::Colour::Off);
    return std::nullopt;
  }
  Loaded loaded{std::move(program->world), {}};
  for (std::size_t i = 0; i < loaded.world.subjects.size(); ++i) {
    if (loaded.world.subjects[i].name == "Container") loaded.container = ir::SubjectId{i};
  }
  return loaded;
}

struct Imported {
  std::optional<seccomp_import::ProfileText> text;
  std::vector<diag::Diagnostic> problems;
};
Imported import(const std::string& profile, const std::set<std::string>& capabilities) {
  static const std::vector<ir::Syscall> syscalls = test::FilterWorld().world.syscalls;
  source::SourceMap sources;
  diag::DiagnosticList sink;
  seccomp_import::ProfileOptions options;
  options.capabilities = capabilities;
  options.syscalls = syscalls;
  Imported imported;
  imported.text = seccomp_import::profile_text(sources, sources.add("profile.json", profile), options, sink);
  imported.problems = sink.all();
  return imported;
}

void expect_identity(const std::string& profile, const std::set<std::string>& capabilities) {
  const Imported imported = import(profile, capabilities);
  ASSERT_TRUE(imported.text) << (imported.problems.empty() ? "" : imported.problems[0].message);
  const auto loaded = load(imported.text->text);
  ASSERT_TRUE(loaded) << imported.text->text;
  const std::pair<decode::seccomp::Machine, emit::seccomp::Machine> machines[] = {
      {decode::seccomp::Machine::X86_64, emit::seccomp::Machine::X86_64},
      {decode::seccomp::Machine::Aarch64, emit::seccomp::Machine::Aarch64}};
  for (const auto& [decoded, emitted] : machines) {
    Diagrams diagrams;
    const auto original = decode::seccomp::oci_meaning(
        profile, loaded->world.syscalls, {decoded, decode::seccomp::Dialect::Profile, capabilities, 6, 1}, diagrams);
    ASSERT_TRUE(original.ok()) << original.error().reason;
    const auto policy = decode::seccomp::policy_answers(loaded->world, loaded->container, decoded,
                                                        decode::seccomp::Flavour::Standalone, diagrams);
    ASSERT_TRUE(policy.ok()) << policy.error();
    const auto imported_equal = compare(*original, *policy, diagrams);
    EXPECT_TRUE(imported_equal.equal) << describe(imported_equal, loaded->world, decoded);

    const auto plan =
        emit::seccomp::plan_filter(loaded->world, loaded->container, emitted, emit::seccomp::Flavour::Standalone);
    ASSERT_TRUE(plan.ok()) << plan.error().reason;
    const auto json = emit::seccomp::oci_json(*plan);
    ASSERT_TRUE(json.ok()) << json.error().reason;
    const auto again = decode::seccomp::oci_meaning(*json, loaded->world.syscalls, {decoded}, diagrams);
    ASSERT_TRUE(again.ok()) << again.error().reason;
    EXPECT_EQ(*again, *original) << "the JSON that is emitted again";
    const auto program = emit::seccomp::generate(*plan);
    ASSERT_TRUE(program.ok());
    const auto meaning = decode::seccomp::meaning(*program, diagrams);
    ASSERT_TRUE(meaning.ok());
    EXPECT_EQ(*meaning, *original) << "the filter";
  }
}

class Profile : public ::testing::TestWithParam<const char*> {};

TEST_P(Profile, ComesBackAsItWas) {
  const char* corpora = std::getenv("BULKHEAD_CORPORA");
  if (corpora == nullptr) GTEST_SKIP() << "needs corpora: BULKHEAD_CORPORA is not set";
  std::ifstream file(std::string(corpora) + "/seccomp/" + GetParam());
  if (!file.good()) GTEST_SKIP() << "needs corpora: no such file there";
  std::stringstream text;
  text << file.rdbuf();
  expect_identity(text.str(), {});
  expect_identity(text.str(), {"CAP_SYS_ADMIN", "CAP_AUDIT_WRITE", "CAP_SYS_CHROOT"});
}
INSTANTIATE_TEST_SUITE_P(Corpora, Profile, ::testing::Values("moby-default.json", "podman-default.json"));

constexpr const char* kSmall = R"({
  "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38,
  "syscalls": [
    {"names": ["read", "write", "no_such_call"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 3, "op": "SCMP_CMP_LT"}, {"index": 1, "value": 5, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"}]},
    {"names": ["ioctl"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 1, "value": 3, "op": "SCMP_CMP_EQ"}, {"index": 1, "value": 4, "op": "SCMP_CMP_EQ"}]},
    {"names": ["reboot"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_BOOT"]}},
    {"names": ["ptrace"], "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "9.0"}},
    {"names": ["arch_prctl"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["amd64"]}}
  ]})";

TEST(ProfileImport, ASmallProfileComesBackAsItWas) {
  expect_identity(kSmall, {});
  expect_identity(kSmall, {"CAP_SYS_BOOT"});
}

TEST(ProfileImport, WhatHasNoEffectIsListedWithItsPlace) {
  const Imported imported = import(kSmall, {});
  ASSERT_TRUE(imported.text);
  std::vector<std::string> what;
  for (const auto& item : imported.text->left_out) {
    EXPECT_TRUE(item.span.file.valid());
    what.push_back(item.what);
  }
  ASSERT_EQ(what.size(), 3u);
  EXPECT_EQ(what[0], "`no_such_call` is a call of neither x86-64 nor aarch64");
  EXPECT_NE(what[1].find("`reboot`"), std::string::npos);
  EXPECT_NE(what[2].find("`ptrace`"), std::string::npos);
}

TEST(ProfileImport, WhatCannotBeSaidIsRefusedWithItsPlace) {
  const auto why = [](const std::string& profile) {
    const Imported imported = import(profile, {});
    EXPECT_FALSE(imported.text) << profile;
    return imported.problems.empty() ? std::string() : imported.problems[0].message;
  };
  const std::string start = R"({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [)";
  EXPECT_NE(why(R"({"defaultAction": "SCMP_ACT_ALLOW"})").find("cannot be said"), std::string::npos);
  EXPECT_NE(why(R"({"defaultAction": "SCMP_ACT_LOG"})").find("lets a refused call through"), std::string::npos);
  EXPECT_NE(why(start + R"({"names": ["read"], "action": "SCMP_ACT_TRACE"}]})").find("lets a refused"),
            std::string::npos);
  EXPECT_NE(why(start + R"({"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["amd64"]}}]})")
                .find("call of both"),
            std::string::npos);
  EXPECT_NE(
      why(start +
          R"({"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 6, "value": 1, "op": "SCMP_CMP_EQ"}]}]})")
          .find("index from 0 to 5"),
      std::string::npos);
  EXPECT_NE(why("{").size(), 0u);
}

TEST(OciMeaning, RulesThatOverlapAndDifferAreRefused) {
  Diagrams diagrams;
  const auto syscalls = test::FilterWorld({"read"}).world.syscalls;
  const auto meaning = decode::seccomp::oci_meaning(
      R"({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 3, "op": "SCMP_CMP_LT"}]},
          {"names": ["read"], "action": "SCMP_ACT_KILL", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]}]})",
      syscalls, {}, diagrams);
  ASSERT_FALSE(meaning.ok());
  EXPECT_EQ(meaning.error().reason, "the rules for `read` overlap and answer differently");
}

/// "" where the section is understood, else why not.
std::string not_understood(const std::string& section) {
  Diagrams diagrams;
  const auto syscalls = test::FilterWorld({"read", "ptrace"}).world.syscalls;
  const auto meaning = decode::seccomp::oci_meaning(section, syscalls, {}, diagrams);
  return meaning.ok() ? "" : meaning.error().reason;
}

TEST(OciMeaning, WhatNobodyLookedAtIsRefused) {
  const std::string good =
      R"({"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"], "flags": ["SECCOMP_FILTER_FLAG_LOG"],
          "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 3, "op": "SCMP_CMP_LT"}]}]})";
  ASSERT_EQ(not_understood(good), "");
  const std::pair<const char*, const char*> kMutants[] = {
      {"[\"SCMP_ARCH_X86_64\"]", "[\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"]"},
      {"[\"SCMP_ARCH_X86_64\"]", "[\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X32\"]"},
      {"[\"SCMP_ARCH_X86_64\"]", "[\"SCMP_ARCH_AARCH64\"]"},
      {"[\"SCMP_ARCH_X86_64\"]", "[7]"},
      {"[\"SCMP_ARCH_X86_64\"]", "\"SCMP_ARCH_X86_64\""},
      {"FLAG_LOG", "FLAG_SPEC_ALLOW"},
      {"FLAG_LOG", "FLAG_NEW_LISTENER"},
      {"\"flags\"", "\"listenerPath\": \"/run/x\", \"flags\""},
      {"\"flags\"", "\"defaultaction\": \"SCMP_ACT_ALLOW\", \"flags\""},
      {"\"flags\"", "\"archMap\": [], \"flags\""},
      {"\"names\": [\"read\"]", "\"name\": \"ptrace\", \"names\": [\"read\"]"},
      {"\"names\": [\"read\"]", "\"names\": \"read\""},
      {"\"names\": [\"read\"]", "\"names\": [null]"},
      {"\"action\": \"SCMP_ACT_ALLOW\"", "\"action\": \"SCMP_ACT_ALLOW\", \"includes\": {\"caps\": [\"CAP_X\"]}"},
      {"\"action\": \"SCMP_ACT_ALLOW\"", "\"action\": \"SCMP_ACT_WHATEVER\""},
      {"\"action\": \"SCMP_ACT_ALLOW\"", "\"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": \"2\""},
      {"\"action\": \"SCMP_ACT_ALLOW\"", "\"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 4096"},
      {"\"index\": 0", "\"index\": 6"},
      {"\"index\": 0", "\"index\": \"0\""},
      {"\"value\": 3", "\"value\": 3, \"mask\": 1"},
      {"\"value\": 3", "\"value\": 3, \"valueTwo\": -1"},
      {"SCMP_CMP_LT", "SCMP_CMP_XX"},
      {"\"args\": [{", "\"args\": {"},
      {"{\"names\"", "7, {\"names\""}};
  for (const auto& [from, to] : kMutants) {
    std::string mutant = good;
    const auto at = mutant.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    mutant.replace(at, std::string(from).size(), to);
    EXPECT_NE(not_understood(mutant), "") << from << " -> " << to;
  }
}

TEST(OciMeaning, AnErrnoThatIsSpeltTwiceMustBeOne) {
  Diagrams diagrams;
  const auto syscalls = test::FilterWorld({"read"}).world.syscalls;
  const auto meaning = [&](const std::string& name) {
    return decode::seccomp::oci_meaning(
        R"({"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "defaultErrno": ")" + name + "\"}", syscalls,
        {decode::seccomp::Machine::X86_64, decode::seccomp::Dialect::Profile}, diagrams);
  };
  EXPECT_TRUE(meaning("ENOSYS").ok());
  EXPECT_FALSE(meaning("EPERM").ok());
  EXPECT_FALSE(
      import(R"({"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "defaultErrno": "EPERM"})", {}).text);
}

TEST(OciJson, OfTheStandardPolicyIsProvedEqual) {
  test::FilterWorld source;
  source.standard();
  const auto plan = emit::seccomp::plan_filter(source.world, source.container(), emit::seccomp::Machine::X86_64,
                                               emit::seccomp::Flavour::Standalone);
  ASSERT_TRUE(plan.ok());
  const auto json = emit::seccomp::oci_json(*plan);
  ASSERT_TRUE(json.ok()) << json.error().reason;
  Diagrams diagrams;
  const auto policy =
      decode::seccomp::policy_answers(source.world, source.container(), decode::seccomp::Machine::X86_64,
                                      decode::seccomp::Flavour::Standalone, diagrams);
  const auto meaning = decode::seccomp::oci_meaning(*json, source.world.syscalls, {}, diagrams);
  ASSERT_TRUE(policy.ok() && meaning.ok());
  const auto result = compare(*meaning, *policy, diagrams);
  EXPECT_TRUE(result.equal) << describe(result, source.world, decode::seccomp::Machine::X86_64);
}

}  // namespace
}  // namespace bulkhead
