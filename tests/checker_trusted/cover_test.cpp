// Which memberships occur: the objects that no word of an atom table stands for, and the system calls that are counted
// out.
#include "checker/certificate/cover.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "checker/certificate/check.h"
#include "checker/obligation/build.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using certificate::Membership;
using certificate::Outcome;
using testing::cannot;
using testing::files;
using testing::nets;
using testing::objects;
using testing::WorldBuilder;

bool has(const certificate::Memberships& list, const Membership& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

/// The outcome where a liar says that the claim holds, with this cover of the own root for each query.
certificate::Checked check_lie(const WorldBuilder& b, ir::ClaimId claim, std::vector<std::string> words,
                               ir::Object object) {
  verdict::QueryEvidence evidence;
  evidence.atoms.covers.push_back({ir::kOwnRoot, std::move(words)});
  verdict::Verdict holds = verdict::Holds{{verdict::EmptyEvidence{{evidence}}, {std::move(object)}}};
  certificate::seal(b.world, claim, {}, holds);
  return certificate::check(b.world, {{claim, {}, &holds}}, {}).front();
}

TEST(Cover, TheRootOfAVolumeIsNeverForgotten) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  b.permit(agent, ir::Right::Read, files({{ir::kOwnRoot, "/"}}));
  const auto claim = b.claim(cannot(agent, ir::Right::Read, objects(ir::Plane::File, files({{ir::kOwnRoot, "/"}}))));
  const auto checked = check_lie(b, claim, {"", "/"}, ir::FileObject{ir::kOwnRoot, "/"});
  EXPECT_EQ(checked.outcome, Outcome::Rejected);
  EXPECT_EQ(checked.reason, "the second solver finds a solution");
}

TEST(Cover, TheRootOfAVolumeIsWhatAPrefixNames) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  ir::ObjectPatterns inside;
  inside.files.push_back({ir::kOwnRoot, "/data", "/data"});
  b.permit(agent, ir::Right::Read, inside);
  const auto claim = b.claim(cannot(agent, ir::Right::Read, objects(ir::Plane::File, inside)));
  const auto checked = check_lie(b, claim, {""}, ir::FileObject{ir::kOwnRoot, "/"});
  EXPECT_EQ(checked.outcome, Outcome::Rejected);
  EXPECT_EQ(checked.reason, "the second solver finds a solution");
}

TEST(Cover, ObjectsOfVolumesThatNobodyNamesLieInNoSet) {
  WorldBuilder b;
  obligation::Builder build;
  const auto root = build.negate(build.member(files({{ir::kOwnRoot, "/**"}})));
  const obligation::Query query{ir::Plane::File, build.finish(root), std::nullopt};
  const verdict::AtomTable atoms{{{ir::kOwnRoot, {""}}}};
  const auto members = certificate::memberships(b.world, query, atoms);
  ASSERT_TRUE(members.ok()) << members.error();
  EXPECT_TRUE(has(*members, {false})) << "a file of the host";
  b.world.volumes.resize(1);
  const auto alone = certificate::memberships(b.world, query, atoms);
  ASSERT_TRUE(alone.ok()) << alone.error();
  EXPECT_FALSE(has(*alone, {false})) << "there is no other volume";
}

TEST(Cover, OneForEachVolumeAndInTheirOrder) {
  WorldBuilder b;
  const auto data = b.volume("Data");
  obligation::Builder build;
  const auto root = build.member(files({{ir::kOwnRoot, "/a"}, {data, "/a"}}));
  const obligation::Query query{ir::Plane::File, build.finish(root), std::nullopt};
  const std::vector<std::string> words{"", "/", "/a"};
  const auto accepted = [&](std::vector<verdict::VolumeCover> covers) {
    return certificate::memberships(b.world, query, {std::move(covers)}).ok();
  };
  EXPECT_TRUE(accepted({{ir::kOwnRoot, words}, {data, words}}));
  EXPECT_FALSE(accepted({{data, words}, {ir::kOwnRoot, words}}));
  EXPECT_FALSE(accepted({{ir::kOwnRoot, words}}));
  EXPECT_FALSE(accepted({{ir::kOwnRoot, words}, {ir::kOwnRoot, words}}));
  EXPECT_FALSE(accepted({{ir::kOwnRoot, words}, {data, words}, {data, words}}));
  EXPECT_FALSE(accepted({{ir::kOwnRoot, words}, {data, {"", "/"}}})) << "what follows a word is not covered";
  EXPECT_FALSE(accepted({{ir::kOwnRoot, words}, {data, {"/", "/a"}}})) << "the empty path is not covered";
}

TEST(Cover, ASetOfWhichTooLittleIsKnownCoversNothing) {
  WorldBuilder b;
  // In A and not in B: more of A and less of B stands for the others, never the other way round.
  obligation::Builder build;
  const auto in_a = build.member(files({{ir::kOwnRoot, "/*"}}));
  const auto in_b = build.member(files({{ir::kOwnRoot, "/b*"}}));
  const obligation::Query query{ir::Plane::File, build.finish(build.both(in_a, build.negate(in_b))), std::nullopt};
  const auto accepted = [&](std::vector<std::string> words) {
    return certificate::memberships(b.world, query, {{{ir::kOwnRoot, std::move(words)}}}).ok();
  };
  EXPECT_TRUE(accepted({"", "/", "/.", "/..", "/a"}));
  EXPECT_TRUE(accepted({"", "/", "/.", "/..", "/a", "/b"})) << "more than needed";
  EXPECT_FALSE(accepted({"", "/", "/.", "/..", "/b"})) << "`/a` is in fewer of the forbidden sets than `/b`";
}

TEST(Cover, PathStatesAreToldApart) {
  WorldBuilder b;
  obligation::Builder build;
  const auto root = build.member(files({{ir::kOwnRoot, "/*"}}));
  const obligation::Query query{ir::Plane::File, build.finish(root), std::nullopt};
  const auto accepted = [&](std::vector<std::string> words) {
    return certificate::memberships(b.world, query, {{{ir::kOwnRoot, std::move(words)}}});
  };
  ASSERT_TRUE(accepted({"", "/", "/.", "/..", "/a"}).ok());
  EXPECT_FALSE(accepted({"", "/", "/.", "/.."}).ok()) << "names are no dots";
  EXPECT_FALSE(accepted({"", "/", "/..", "/a"}).ok()) << "`.` may go on to `..` and to a name";
  EXPECT_FALSE(accepted({"", "/", "/.", "/a"}).ok());
  EXPECT_TRUE(has(*accepted({"", "/", "/.", "/..", "/a"}), {true}));
}

TEST(Syscalls, AreCountedOutWithTheUnknownOne) {
  WorldBuilder b;
  const auto read = b.syscall("read");
  const auto write = b.syscall("write");
  const auto set = [](std::vector<ir::SyscallId> calls) {
    ir::ObjectPatterns patterns;
    patterns.syscalls = std::move(calls);
    return patterns;
  };
  obligation::Builder build;
  const auto first = build.member(set({read, write}));
  const auto second = build.member(set({write, ir::kUnknownSyscall}));
  const obligation::Query query{ir::Plane::Syscall, build.finish(build.both(first, build.negate(second))),
                                std::nullopt};
  auto found = certificate::syscall_memberships(b.world, query);
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (certificate::Memberships{{false, true}, {true, false}, {true, true}}));
}

/// Agent may invoke everything but what is listed: only the listed calls are out of reach.
TEST(Syscalls, OnlyWhatIsForbiddenIsOutOfReach) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto read = b.syscall("read");
  const auto write = b.syscall("write");
  ir::ObjectPatterns everything;
  everything.everything = true;
  const auto set = [](std::vector<ir::SyscallId> calls) {
    ir::ObjectPatterns patterns;
    patterns.syscalls = std::move(calls);
    return patterns;
  };
  b.permit(agent, ir::Right::Invoke, everything);
  b.forbid(agent, ir::Right::Invoke, set({read, ir::kUnknownSyscall}));
  const auto judge = [&](ir::SyscallId call) {
    const auto claim = b.claim(cannot(agent, ir::Right::Invoke, objects(ir::Plane::Syscall, set({call}))));
    verdict::Verdict holds =
        verdict::Holds{{verdict::EmptyEvidence{{verdict::QueryEvidence{}}}, {ir::SyscallObject{call, {}}}}};
    certificate::seal(b.world, claim, {}, holds);
    return certificate::check(b.world, {{claim, {}, &holds}}, {}).front().outcome;
  };
  EXPECT_EQ(judge(read), Outcome::Accepted);
  EXPECT_EQ(judge(ir::kUnknownSyscall), Outcome::Accepted);
  EXPECT_EQ(judge(write), Outcome::Rejected);
}

TEST(Addresses, OfTheOldFamilyAreAllWithinThirtyTwoBits) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  ir::ObjectPatterns everything;
  everything.everything = true;
  b.permit(agent, ir::Right::Connect, everything);
  b.forbid(agent, ir::Right::Connect, nets("0.0.0.0/0"));
  b.forbid(agent, ir::Right::Connect, nets("::/0"));
  const auto claim = b.claim(cannot(agent, ir::Right::Connect, objects(ir::Plane::Net, everything)));
  verdict::Verdict holds =
      verdict::Holds{{verdict::EmptyEvidence{{verdict::QueryEvidence{}}}, {ir::Object(ir::NetObject{})}}};
  certificate::seal(b.world, claim, {}, holds);
  const auto checked = certificate::check(b.world, {{claim, {}, &holds}}, {}).front();
  EXPECT_EQ(checked.outcome, Outcome::Accepted) << checked.reason;
  b.world.rules.pop_back();
  certificate::seal(b.world, claim, {}, holds);
  EXPECT_EQ(certificate::check(b.world, {{claim, {}, &holds}}, {}).front().outcome, Outcome::Rejected);
}

}  // namespace
}  // namespace bulkhead
