// The reference semantics, and the formulas that obligations make of it.
#include "lang/ir/eval.h"

#include <gtest/gtest.h>

#include "checker/obligation/obligation.h"
#include "lang/ir/label.h"
#include "lang/ir/replay.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using ir::Op;
using testing::files;
using testing::nets;
using testing::WorldBuilder;

ir::Request read_file(ir::SubjectId subject, const char* path, ir::VolumeId volume = ir::kOwnRoot) {
  return {subject, ir::Right::Read, ir::FileObject{volume, path}, {}};
}

TEST(Eval, DeniesWithoutAPermit) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  EXPECT_FALSE(ir::decide(b.world, read_file(agent, "/a")).allowed);
}

TEST(Eval, ForbidBeatsPermit) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  b.permit(agent, ir::Right::Read, files({{ir::kOwnRoot, "/**"}}));
  b.forbid(agent, ir::Right::Read, files({{ir::kOwnRoot, "/etc/**"}}));
  EXPECT_TRUE(ir::decide(b.world, read_file(agent, "/a")).allowed);
  const auto denied = ir::decide(b.world, read_file(agent, "/etc/passwd"));
  EXPECT_FALSE(denied.allowed);
  EXPECT_EQ(denied.permits.size(), 1u);
  EXPECT_EQ(denied.forbids.size(), 1u);
}

TEST(Eval, RulesForEveryContainerSkipHosts) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto host = b.subject("Node", ir::SubjectKind::Host);
  b.rule(ir::Effect::Permit, std::nullopt, ir::Right::Connect, ir::Plane::Net, nets("0.0.0.0/0"));
  const ir::Object remote = ir::NetObject{*ir::parse_address("1.2.3.4"), 443, ir::Proto::Tcp};
  EXPECT_TRUE(ir::decide(b.world, {agent, ir::Right::Connect, remote, {}}).allowed);
  EXPECT_FALSE(ir::decide(b.world, {host, ir::Right::Connect, remote, {}}).allowed);
}

TEST(Eval, HostsMayDoAnythingWithTheirFiles) {
  WorldBuilder b;
  const auto host = b.subject("Node", ir::SubjectKind::Host);
  const auto data = b.volume("Data", ir::VolumeKind::Declared, "/srv/data");
  const auto scratch = b.volume("Scratch");
  EXPECT_TRUE(ir::decide(b.world, read_file(host, "/x", ir::kHost)).implicit);
  EXPECT_TRUE(ir::decide(b.world, read_file(host, "/x", data)).allowed);
  EXPECT_FALSE(ir::decide(b.world, read_file(host, "/x", scratch)).allowed);
}

TEST(Eval, AnErrorNeverPermitsAndAlwaysForbids) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto mfa = b.attribute("mfa", ir::Source::Context, ir::TypeKind::Bool, true);
  b.permit(agent, ir::Right::Read, files({{ir::kOwnRoot, "/p"}}), b.read(mfa));
  b.permit(agent, ir::Right::Read, files({{ir::kOwnRoot, "/f"}}));
  b.forbid(agent, ir::Right::Read, files({{ir::kOwnRoot, "/f"}}), b.read(mfa));
  ir::Request permit = read_file(agent, "/p");
  ir::Request forbid = read_file(agent, "/f");
  EXPECT_FALSE(ir::decide(b.world, permit).allowed);
  EXPECT_FALSE(ir::decide(b.world, forbid).allowed);
  permit.context[mfa] = true;
  forbid.context[mfa] = false;
  EXPECT_TRUE(ir::decide(b.world, permit).allowed);
  EXPECT_TRUE(ir::decide(b.world, forbid).allowed);
}

TEST(Eval, HasGuardsFromTheLeft) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto mfa = b.attribute("mfa", ir::Source::Context, ir::TypeKind::Bool, true);
  const auto guarded = b.expr(Op::And, false, {b.has(mfa), b.read(mfa)});
  EXPECT_EQ(ir::evaluate(b.world, guarded, read_file(agent, "/")), ir::Truth::False);
  const auto unguarded = b.expr(Op::And, false, {b.read(mfa), b.has(mfa)});
  EXPECT_EQ(ir::evaluate(b.world, unguarded, read_file(agent, "/")), ir::Truth::Error);
  const auto implied = b.expr(Op::Implies, false, {b.has(mfa), b.read(mfa)});
  EXPECT_EQ(ir::evaluate(b.world, implied, read_file(agent, "/")), ir::Truth::True);
}

TEST(Eval, SyscallArgumentsCompareUnsigned) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto call = b.syscall("personality");
  const auto small = b.expr(Op::Less, false, {b.field(ir::ObjectField::Argument0), b.number(8)});
  const auto masked =
      b.expr(Op::Equal, false,
             {b.expr(Op::BitAnd, false, {b.field(ir::ObjectField::Argument1), b.number(0xF0)}), b.number(0x10)});
  ir::Request request{agent, ir::Right::Invoke, ir::SyscallObject{call, {~0ull, 0x1F, 0, 0, 0, 0}}, {}};
  EXPECT_EQ(ir::evaluate(b.world, small, request), ir::Truth::False);
  EXPECT_EQ(ir::evaluate(b.world, masked, request), ir::Truth::True);
}

TEST(Eval, LabelsOfOverlappingSetsJoin) {
  WorldBuilder b;
  b.labels({"Public", "Internal", "Secret"});
  b.label_set(ir::LabelId{1}, files({{ir::kOwnRoot, "/d/**"}}));
  b.label_set(ir::LabelId{2}, files({{ir::kOwnRoot, "/d/s*"}}));
  EXPECT_EQ(ir::label_of(b.world, {ir::kOwnRoot, "/d/s1"}), ir::below(b.world, ir::LabelId{2}));
  EXPECT_EQ(ir::label_of(b.world, {ir::kOwnRoot, "/d/a"}), ir::below(b.world, ir::LabelId{1}));
  EXPECT_EQ(ir::label_of(b.world, {ir::kOwnRoot, "/x"}), ir::below(b.world, ir::LabelId{0}));
}

TEST(Eval, KeepsKernelCapabilitiesApartFromTheirOwnConditions) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  ir::ObjectPatterns admin;
  admin.capabilities = {21};
  b.permit(agent, ir::Right::Hold, admin);
  const auto call = b.syscall("mount");
  ir::ObjectPatterns mount;
  mount.syscalls = {call};
  b.permit(agent, ir::Right::Invoke, mount, b.expr(Op::HoldsCapability, std::int64_t{21}));
  EXPECT_TRUE(ir::decide(b.world, {agent, ir::Right::Invoke, ir::SyscallObject{call, {}}, {}}).allowed);
  b.forbid(agent, ir::Right::Hold, admin, b.expr(Op::HoldsCapability, std::int64_t{1}));
  EXPECT_FALSE(ir::decide(b.world, {agent, ir::Right::Invoke, ir::SyscallObject{call, {}}, {}}).allowed);
}

TEST(NetRange, ReadsAddressesAndRefusesOthers) {
  EXPECT_EQ(ir::to_string(ir::parse_net_range("10.0.7.0/24")->last), "10.0.7.255");
  EXPECT_EQ(ir::to_string(ir::parse_net_range("fd00:7::/48")->last), "fd00:7:0:ffff:ffff:ffff:ffff:ffff");
  EXPECT_EQ(ir::to_string(ir::parse_net_range("10.0.0.1-10.0.0.9")->last), "10.0.0.9");
  for (const char* bad : {"", "10.0.0", "10.0.0.256", "10.0.0.1/24", "1::2::3", "::1/129", "10.0.0.9-10.0.0.1", "x"}) {
    EXPECT_FALSE(ir::parse_net_range(bad)) << bad;
  }
}

TEST(Fits, CountsWhatEverybodyReserves) {
  WorldBuilder b;
  const auto host = b.subject("Node", ir::SubjectKind::Host);
  const auto agent = b.subject("Agent");
  b.world.subjects[0].capacity.memory = ir::Quantity{100, {}};
  b.world.subjects[0].reserve.memory = ir::Quantity{20, {}};
  b.world.subjects[1].reserve.memory = ir::Quantity{80, {}};
  EXPECT_TRUE(ir::fits(b.world, {host}));
  EXPECT_TRUE(ir::guaranteed(b.world, {{agent}, {{ir::Resource::Memory, 80}}}, agent));
  EXPECT_FALSE(ir::guaranteed(b.world, {{agent}, {{ir::Resource::Memory, 81}}}, agent));
  b.world.subjects[1].reserve.memory->amount = 81;
  EXPECT_FALSE(ir::fits(b.world, {host}));
  b.world.subjects[1].reserve.memory->amount = ~0ull;  // sums do not wrap
  EXPECT_FALSE(ir::fits(b.world, {host}));
}

TEST(Obligation, RefusesAModuleWithDynamicSentences) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto claim = b.claim(
      testing::cannot(agent, ir::Right::Read, testing::objects(ir::Plane::File, files({{ir::kOwnRoot, "/**"}}))));
  EXPECT_TRUE(obligation::obligation(b.world, claim, {}).ok());
  b.world.dynamic.push_back(b.sentence("Agent may delegate read on Disk to Peer"));
  EXPECT_FALSE(obligation::obligation(b.world, claim, {}).ok());
}

TEST(Obligation, FoldsWhatHasNoRuleToFalse) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto query = obligation::access_query(b.world, agent, ir::Right::Read);
  ASSERT_TRUE(query.ok());
  EXPECT_TRUE(query->formula.is_false());
}

TEST(Obligation, AsksAboutTheVolumesThatMatterOnly) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto data = b.volume("Data");
  const auto other = b.volume("Other");
  b.permit(agent, ir::Right::Read, files({{data, "/**"}}));
  b.forbid(agent, ir::Right::Read, files({{other, "/**"}, {data, "/x"}}));
  const auto query = obligation::access_query(b.world, agent, ir::Right::Read);
  ASSERT_TRUE(query.ok());
  for (const auto& patterns : query->formula.patterns) {
    for (const auto& file : patterns.files) EXPECT_EQ(file.volume, data);
  }
  EXPECT_EQ(query->formula.patterns.size(), 2u);
}

}  // namespace
}  // namespace bulkhead
