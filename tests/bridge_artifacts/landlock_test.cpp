// Landlock rule sets: what is emitted lies inside the policy, what is left over is named, every mutant is refuted.
#include "runtime-bridge/emit/landlock/landlock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime-bridge/decode/landlock/landlock.h"
#include "runtime-bridge/emit/landlock/json.h"
#include "tests/bridge_artifacts/json_mutants.h"
#include "tests/bridge_artifacts/small_world.h"

namespace bulkhead {
namespace {

using ir::Right;
using ::testing::HasSubstr;
using testing::SmallWorld;
namespace access = table::landlock;

const ir::Rights kReadWrite = ir::Rights(Right::Read) | Right::Write;

emit::landlock::Emission emitted(const SmallWorld& in, unsigned abi = access::kNewestAbi) {
  const auto made = emit::landlock::emit(in.world, in.container, abi);
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().reason);
  return made.ok() ? made.value() : emit::landlock::Emission{};
}
decode::Comparison compared(const SmallWorld& in, const table::Landlock& rules, unsigned abi = access::kNewestAbi) {
  return decode::landlock::compare(rules, in.world, in.container, abi);
}

TEST(LandlockEmission, SubtreesAndFilesAreGrantedExactly) {
  SmallWorld in;
  const auto data = in.mount("Data", "/data", true);
  const auto out = in.mount("Out", "/out", false);
  in.may(Right::Read, data, "/{a,b}/**");
  in.may(Right::Read, data, "/c.txt");
  in.may(kReadWrite, out, "/**");
  in.may(ir::Rights(Right::Read) | Right::Execute, ir::kOwnRoot, "/usr/bin/python3");
  const auto made = emitted(in);
  EXPECT_TRUE(made.gaps.empty());
  EXPECT_TRUE(compared(in, made.rules).equal());
  ASSERT_EQ(made.rules.rules.size(), 5u);
  EXPECT_EQ(made.rules.rules[0].path, "/data/a");
  EXPECT_EQ(made.rules.rules[0].access, access::kOfRead);
  EXPECT_EQ(made.rules.rules[2].path, "/data/c.txt");
  EXPECT_TRUE(made.rules.rules[2].file_only);
  EXPECT_EQ(made.rules.rules[3].access, access::kOfRead | access::kOfWrite);
  EXPECT_EQ(made.rules.rules[4].access, access::kReadFile | access::kExecute);
  EXPECT_EQ(made.rules.handled_net, access::kBindTcp | access::kConnectTcp);
}

TEST(LandlockStart, WhatTheRuntimeStartsIsLetThroughAndNothingElse) {
  SmallWorld in;
  const auto tools = in.mount("Tools", "/tools", true);
  in.may(Right::Read, tools, "/**");
  in.may(Right::Read, ir::kOwnRoot, "/usr/**");
  const std::vector<std::string> started{"/tools/bin/run", "/usr/lib/ld.so"};
  const auto made = emit::landlock::emit(in.world, in.container, access::kNewestAbi, started);
  ASSERT_TRUE(made.ok());
  ASSERT_EQ(made->gaps.size(), 2u);
  EXPECT_EQ(made->gaps[0].side, emit::Gap::Side::GrantsMore);
  EXPECT_EQ(made->gaps[0].witness, "/tools/bin/run");
  EXPECT_EQ(decode::landlock::rights_on(made->rules, "/usr/lib/ld.so"), access::kOfRead | access::kExecute);
  EXPECT_EQ(decode::landlock::rights_on(made->rules, "/usr/lib/libc.so"), access::kOfRead);
  const auto judged = [&](const table::Landlock& rules, const std::vector<std::string>& files) {
    return decode::landlock::compare(rules, in.world, in.container, access::kNewestAbi, files);
  };
  EXPECT_TRUE(judged(made->rules, started).equal());
  EXPECT_FALSE(judged(made->rules, {}).accepted()) << "without a listener that decides, it is more than the policy";
  EXPECT_FALSE(judged(made->rules, {started[0]}).accepted());
  for (std::size_t i = 0; i < made->rules.rules.size(); ++i) {
    table::Landlock mutant = made->rules;
    mutant.rules[i].access ^= access::kExecute;
    EXPECT_FALSE(judged(mutant, started).equal()) << mutant.rules[i].path;
    mutant = made->rules;
    mutant.rules[i].file_only = !mutant.rules[i].file_only;
    EXPECT_FALSE(judged(mutant, started).equal()) << mutant.rules[i].path;
  }
}

TEST(LandlockStart, WhatIsForbiddenOrMayNotBeReadIsNotLetThrough) {
  SmallWorld in;
  in.may(Right::Read, ir::kOwnRoot, "/usr/bin/**");
  in.never(Right::Execute, ir::kOwnRoot, "/usr/bin/forbidden");
  const std::vector<std::string> started{"/usr/bin/forbidden", "/opt/unread"};
  const auto made = emit::landlock::emit(in.world, in.container, access::kNewestAbi, started);
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(made->gaps.empty());
  EXPECT_TRUE(decode::landlock::compare(made->rules, in.world, in.container, access::kNewestAbi, started).equal());
  for (const std::string& path : started) {
    table::Landlock mutant = made->rules;
    mutant.rules.push_back({path, access::kExecute, 0, true});
    EXPECT_FALSE(decode::landlock::compare(mutant, in.world, in.container, access::kNewestAbi, started).accepted())
        << path;
  }
}

TEST(LandlockEmission, ReadOnlyMountsGetNoWriting) {
  SmallWorld in;
  const auto data = in.mount("Data", "/data", true);
  in.may(kReadWrite, data, "/**");
  const auto made = emitted(in);
  ASSERT_EQ(made.rules.rules.size(), 1u);
  EXPECT_EQ(made.rules.rules[0].access, access::kOfRead);
  EXPECT_TRUE(compared(in, made.rules).equal());
}

TEST(LandlockEmission, AHoleInASubtreeIsRefusedAtStandardWithAWitness) {
  SmallWorld in;
  const auto data = in.mount("Data", "/data", false);
  in.may(Right::Read, data, "/**");
  in.never(Right::Read, data, "/secret/**");
  const auto made = emit::landlock::emit(in.world, in.container);
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.error().reason, HasSubstr("`read` of `/data"));
  EXPECT_TRUE(made.error().sentence.valid());
}

TEST(LandlockEmission, AHoleIsLeftToTheListenerAtEnhanced) {
  SmallWorld in;
  in.box().level = ir::Level::Enhanced;
  const auto data = in.mount("Data", "/data", false);
  in.may(Right::Read, data, "/**");
  in.never(Right::Read, data, "/secret/**");
  in.may(Right::Read, data, "/open/**");
  const auto made = emitted(in);
  ASSERT_EQ(made.gaps.size(), 1u);
  EXPECT_THAT(made.gaps[0].compensated_by, HasSubstr("listener"));
  ASSERT_EQ(made.rules.rules.size(), 1u);
  EXPECT_EQ(made.rules.rules[0].path, "/data/open");
  const auto comparison = compared(in, made.rules);
  EXPECT_TRUE(comparison.accepted());
  EXPECT_FALSE(comparison.narrower.empty()) << "the gap must be seen from the rules alone";
}

TEST(LandlockEmission, StarsInsideSegmentsAreRefusedAtStandard) {
  SmallWorld in;
  const auto data = in.mount("Data", "/data", true);
  in.may(Right::Read, data, "/*.csv");
  EXPECT_FALSE(emit::landlock::emit(in.world, in.container).ok());
}

TEST(LandlockEmission, StarsCoveredByAWiderGrantNeedNothing) {
  SmallWorld in;
  const auto data = in.mount("Data", "/data", true);
  in.may(Right::Read, data, "/*.csv");
  in.may(Right::Read, data, "/**");
  EXPECT_TRUE(compared(in, emitted(in).rules).equal());
}

TEST(LandlockEmission, ARuleNeverReachesIntoAMountThatIsNotGranted) {
  SmallWorld in;
  in.box().level = ir::Level::Enhanced;
  const auto data = in.mount("Data", "/data", true);
  in.mount("Inner", "/data/in", true);
  in.may(Right::Read, data, "/**");
  const auto made = emitted(in);
  EXPECT_TRUE(made.rules.rules.empty());
  EXPECT_FALSE(made.gaps.empty());
  EXPECT_TRUE(compared(in, made.rules).accepted());
}

TEST(LandlockEmission, MovingNeedsRenameAndLink) {
  SmallWorld in;
  const auto out = in.mount("Out", "/out", false);
  in.may(kReadWrite | Right::Rename, out, "/**");
  auto made = emitted(in);
  EXPECT_EQ(made.rules.rules[0].access & access::kRefer, 0u);
  EXPECT_EQ(made.gaps.size(), 1u);
  in.may(Right::Link, out, "/**");
  made = emitted(in);
  EXPECT_EQ(made.rules.rules[0].access & access::kRefer, access::kRefer);
  EXPECT_TRUE(made.gaps.empty());
}

TEST(LandlockEmission, ConditionalPermitsAreNotGranted) {
  SmallWorld in;
  in.box().level = ir::Level::Enhanced;
  const auto data = in.mount("Data", "/data", true);
  in.world.exprs.push_back({});
  in.rule(ir::Effect::Permit, Right::Read, data, "/**").when = ir::ExprId{0};
  const auto made = emitted(in);
  EXPECT_TRUE(made.rules.rules.empty());
  ASSERT_EQ(made.gaps.size(), 1u);
  EXPECT_THAT(made.gaps[0].reason, HasSubstr("conditions"));
}

TEST(LandlockEmission, OldKernelsAreRefusedWhereTruncationWouldBeFree) {
  SmallWorld in;
  const auto out = in.mount("Out", "/out", false);
  in.may(kReadWrite, out, "/mine/**");
  EXPECT_TRUE(emit::landlock::emit(in.world, in.container, 3).ok());
  EXPECT_FALSE(emit::landlock::emit(in.world, in.container, 2).ok());
  EXPECT_FALSE(emit::landlock::emit(in.world, in.container, 0).ok());
  SmallWorld whole;
  const auto all = whole.mount("Out", "/out", false);
  whole.may(kReadWrite, all, "/**");
  EXPECT_TRUE(compared(whole, emitted(whole, 1).rules, 1).accepted());
}

TEST(LandlockDecoding, AnOlderVersionLeavesSharedNamespacesOpen) {
  for (const auto kind : {ir::NamespaceKind::Net, ir::NamespaceKind::Pid}) {
    SmallWorld in;
    EXPECT_TRUE(compared(in, emitted(in, 2).rules, 2).accepted());
    in.box().namespaces.at(static_cast<std::size_t>(kind)).mode = ir::NamespaceSetting::Mode::Host;
    EXPECT_FALSE(compared(in, emitted(in, 2).rules, 2).accepted());
    EXPECT_TRUE(compared(in, emitted(in).rules).accepted()) << "the newest version keeps them apart";
  }
}

TEST(LandlockEmission, HandledRightsFollowTheAbi) {
  EXPECT_EQ(access::handled_fs(1), 0x1FFFu);
  EXPECT_EQ(access::handled_fs(2), 0x3FFFu);
  EXPECT_EQ(access::handled_fs(3), 0x7FFFu);
  EXPECT_EQ(access::handled_fs(5), 0xFFFFu);
  EXPECT_EQ(access::handled_net(3), 0u);
  EXPECT_EQ(access::handled_scopes(6), 3u);
}

TEST(LandlockDecoding, EveryWideningMutantIsRefuted) {
  SmallWorld in;
  const auto data = in.mount("Data", "/data", true);
  const auto out = in.mount("Out", "/out", false);
  in.may(Right::Read, data, "/a/**");
  in.may(Right::Read, data, "/f");
  in.may(kReadWrite, out, "/x/**");
  in.may(ir::Rights(Right::Read) | Right::Execute, ir::kOwnRoot, "/usr/**");
  const auto rules = emitted(in).rules;
  ASSERT_TRUE(compared(in, rules).equal());
  std::size_t mutants = 0;
  const auto refuted = [&](const table::Landlock& mutant, const std::string& what) {
    ++mutants;
    EXPECT_FALSE(compared(in, mutant).accepted()) << what;
  };
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    const auto& rule = rules.rules[i];
    auto parent = rules;
    parent.rules[i].path = rule.path.substr(0, rule.path.rfind('/'));
    if (parent.rules[i].path.empty()) parent.rules[i].path = "/";
    parent.rules[i].file_only = false;
    refuted(parent, "parent of " + rule.path);
    if (rule.file_only) {
      auto folder = rules;
      folder.rules[i].file_only = false;
      refuted(folder, "folder " + rule.path);
    }
    auto executable = rules;
    executable.rules[i].access |= access::kExecute;
    if ((rule.access & access::kExecute) == 0) refuted(executable, "execute " + rule.path);
    auto elsewhere = rules;
    elsewhere.rules[i].path += "-x";
    refuted(elsewhere, "renamed " + rule.path);
  }
  auto writable = rules;
  for (auto& rule : writable.rules) rule.access |= rule.file_only ? 0 : access::kMakeReg;
  EXPECT_TRUE(compared(in, writable).accepted()) << "the other mounts are read-only: that compensates";
  for (const auto bit : {access::kReadFile, access::kExecute, access::kTruncate, access::kMakeBlock}) {
    auto unhandled = rules;
    unhandled.handled_fs &= ~bit;
    refuted(unhandled, "unhandled bit");
  }
  EXPECT_GE(mutants, 15u);
}

/// Every bit of every rule and of what is handled, each rule left out: nothing of it goes unnoticed.
TEST(LandlockDecoding, EveryBitMatters) {
  SmallWorld in;
  const auto out = in.mount("Out", "/out", false);
  const auto more = in.mount("More", "/more", false);
  in.may(ir::Rights(Right::Read) | Right::Execute, out, "/a/**");
  in.may(kReadWrite | Right::Rename | Right::Link, more, "/b/**");
  in.may(kReadWrite, more, "/f");
  const auto rules = emitted(in).rules;
  ASSERT_TRUE(compared(in, rules).equal());
  ASSERT_EQ(rules.rules.size(), 3u);
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    for (unsigned bit = 0; bit < 18; ++bit) {
      auto mutant = rules;
      mutant.rules[i].access ^= std::uint64_t{1} << bit;
      const auto comparison = compared(in, mutant);
      const bool added = (rules.rules[i].access >> bit & 1) == 0;
      EXPECT_EQ(comparison.accepted(), !added) << rules.rules[i].path << " bit " << bit;
      EXPECT_FALSE(comparison.equal()) << rules.rules[i].path << " bit " << bit;
    }
    auto dropped = rules;
    dropped.rules.erase(dropped.rules.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(compared(in, dropped).equal());
  }
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (auto handled : {&table::Landlock::handled_fs, &table::Landlock::handled_net, &table::Landlock::scoped}) {
      auto mutant = rules;
      mutant.*handled ^= std::uint64_t{1} << bit;
      EXPECT_FALSE(compared(in, mutant).accepted()) << bit;
    }
  }
}

TEST(LandlockDecoding, APortIsGrantedForEveryAddress) {
  SmallWorld in;
  in.net(ir::Effect::Permit, Right::Connect, "10.0.0.0/8", 443, 443, 1);
  in.net(ir::Effect::Permit, Right::Connect, "0.0.0.0/0", 80, 90, 1);
  in.net(ir::Effect::Permit, Right::Connect, "::/0", 80, 90, 7);
  in.net(ir::Effect::Forbid, Right::Connect, "10.0.0.1", 85, 85, 7);
  const auto with = [&](std::uint16_t port, std::uint64_t rights) {
    auto rules = emitted(in).rules;
    rules.ports.push_back({port, rights});
    return compared(in, rules);
  };
  EXPECT_TRUE(with(80, access::kConnectTcp).accepted());
  EXPECT_FALSE(with(443, access::kConnectTcp).accepted()) << "granted for some addresses only";
  EXPECT_FALSE(with(91, access::kConnectTcp).accepted());
  EXPECT_FALSE(with(85, access::kConnectTcp).accepted()) << "forbidden for one address";
  EXPECT_FALSE(with(80, access::kBindTcp).accepted());
  EXPECT_FALSE(with(80, access::kConnectTcp | 4).accepted()) << "a right of a later version";
}

TEST(LandlockDecoding, EveryMutantOfTheTextIsRefuted) {
  SmallWorld in;
  const auto out = in.mount("Out", "/out", false);
  in.may(kReadWrite, out, "/x/**");
  in.may(Right::Read, out, "/y");
  const auto text = emit::landlock::to_json(emitted(in).rules);
  const auto judged = [&](const std::string& json) {
    const auto rules = decode::landlock::decode(json);
    return rules.ok() ? compared(in, *rules) : decode::Comparison{{{"not understood", ""}}, {}, {}, {}};
  };
  ASSERT_TRUE(judged(text).equal());
  for (const auto& mutant : testing::json_mutants(text)) {
    if (mutant.where.find(" twice") != std::string::npos) continue;  // the same rule again means the same
    EXPECT_FALSE(judged(mutant.text).equal()) << mutant.where;
  }
}

TEST(LandlockDecoding, PathsThatTheKernelWouldReadOtherwiseAreRefused) {
  for (const char* path : {"/out/..", "/out/./x", "/out/", "//out", "out", "", "/\\u0000out"}) {
    const std::string text =
        std::string(
            R"({"schema": "bulkhead.landlock/v1", "handled_fs": 65535, "handled_net": 3, "scoped": 3, "ports": [],
            "rules": [{"path": ")") +
        path + R"(", "access": 4, "file_only": false}]})";
    EXPECT_FALSE(decode::landlock::decode(text).ok()) << path;
  }
  for (const char* rules : {"{}", "7", "null", R"([{"path": "/x", "access": 4, "file_only": "false"}])"}) {
    EXPECT_FALSE(decode::landlock::decode(std::string(R"({"schema": "bulkhead.landlock/v1", "handled_fs": 65535,
        "handled_net": 3, "scoped": 3, "ports": [], "rules": )") +
                                          rules + "}")
                     .ok())
        << rules;
  }
}

TEST(LandlockDecoding, ADroppedRuleIsAGapAndNoWidening) {
  SmallWorld in;
  const auto data = in.mount("Data", "/data", true);
  in.may(Right::Read, data, "/a/**");
  auto rules = emitted(in).rules;
  rules.rules.clear();
  const auto comparison = compared(in, rules);
  EXPECT_TRUE(comparison.accepted());
  ASSERT_EQ(comparison.narrower.size(), 1u);
  EXPECT_EQ(comparison.narrower[0].witness, "/data/a");
}

TEST(LandlockDecoding, WhatIsNotExactlyARuleSetIsRefused) {
  table::Landlock rules;
  rules.handled_fs = access::handled_fs(7);
  rules.rules = {{"/a", access::kReadFile, table::kNone, true}};
  rules.ports = {{443, 2}};
  const std::string text = emit::landlock::to_json(rules);
  ASSERT_TRUE(decode::landlock::decode(text).ok());
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    const std::size_t at = changed.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    EXPECT_FALSE(decode::landlock::decode(changed).ok()) << changed;
  };
  refused("443", "65979");  // port 443 in the lower 16 bits
  refused("443", "-1");
  refused("\"file_only\": true", "\"file_only\": \"true\"");
  refused("\"/a\"", "\"a\"");
  refused("\"scoped\": 0", "\"scoped\": 0, \"more\": 0");
  refused("\"ports\": [", "\"ports\": 0, \"more\": [");
  const std::size_t ports = text.find("\"ports\"");
  EXPECT_FALSE(decode::landlock::decode(text.substr(0, ports) + "\"ports\": {}}").ok());
}

TEST(LandlockDecoding, TheModelIsTheUnionAlongThePath) {
  table::Landlock rules;
  rules.handled_fs = access::handled_fs(7);
  rules.rules = {{"/a", access::kReadFile, table::kNone, false},
                 {"/a/b", access::kWriteFile, table::kNone, false},
                 {"/a/b/c", access::kExecute, table::kNone, true}};
  EXPECT_EQ(decode::landlock::rights_on(rules, "/a/b/c"), access::kReadFile | access::kWriteFile | access::kExecute);
  EXPECT_EQ(decode::landlock::rights_on(rules, "/a/b/c/d"), access::kReadFile | access::kWriteFile);
  EXPECT_EQ(decode::landlock::rights_on(rules, "/ab"), 0u);
}

}  // namespace
}  // namespace bulkhead
