// Evidence that a liar would make, and worlds that the type checker would never let through: each line of the trusted
// code that refuses one of them has a test here that dies without it.
#include <gtest/gtest.h>

#include <functional>

#include "checker/certificate/check.h"
#include "lang/ir/eval.h"
#include "lang/ir/glob.h"
#include "lang/ir/replay.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using certificate::Outcome;
using ir::FlowCause;
using ir::Op;
using ir::Right;
using testing::cannot;
using testing::files;
using testing::nets;
using testing::objects;
using testing::WorldBuilder;

/// The formula of Agent's right to read, and what the reference semantics says of one file.
struct Answers {
  bool never = false;
  bool allowed = false;
};
Answers answers(const WorldBuilder& b, ir::SubjectId agent) {
  const auto query = obligation::access_query(b.world, agent, Right::Read);
  EXPECT_TRUE(query.ok());
  const ir::Request request{agent, Right::Read, ir::FileObject{ir::kOwnRoot, "/x"}, {}};
  return {query->formula.is_false(), ir::decide(b.world, request).allowed};
}

/// A condition that is an evaluation error: it reads what the container does not have.
ir::ExprId error(WorldBuilder& b) {
  return b.read(b.attribute("missing", ir::Source::Subject, ir::TypeKind::Bool, true));
}
ir::ExprId truth(WorldBuilder& b, bool value) {
  return b.expr(Op::Constant, value);
}

void expect_denied(ir::Effect effect, const std::function<ir::ExprId(WorldBuilder&)>& condition) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto all = files({{ir::kOwnRoot, "/**"}});
  const ir::ExprId when = condition(b);
  if (effect == ir::Effect::Forbid) b.permit(agent, Right::Read, all);
  b.rule(effect, agent, Right::Read, ir::Plane::File, all, when);
  const Answers got = answers(b, agent);
  EXPECT_TRUE(got.never);
  EXPECT_FALSE(got.allowed);
}

TEST(Errors, OfEvaluationForbidAndDoNotPermitInFormulasToo) {
  const auto plain = [](WorldBuilder& b) { return error(b); };
  const auto negated = [](WorldBuilder& b) { return b.expr(Op::Not, false, {error(b)}); };
  const auto or_true = [](WorldBuilder& b) {
    const auto left = error(b);
    return b.expr(Op::Or, false, {left, truth(b, true)});
  };
  const auto and_false = [](WorldBuilder& b) {
    const auto left = error(b);
    return b.expr(Op::And, false, {left, truth(b, false)});
  };
  const auto implies_true = [](WorldBuilder& b) {
    const auto left = error(b);
    return b.expr(Op::Implies, false, {left, truth(b, true)});
  };
  for (const auto effect : {ir::Effect::Permit, ir::Effect::Forbid}) {
    expect_denied(effect, plain);
    expect_denied(effect, negated);
    expect_denied(effect, or_true);
    expect_denied(effect, and_false);
    expect_denied(effect, implies_true);
  }
}

TEST(Errors, DoNotComeFromTheSideThatIsNotReached) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto left = truth(b, true);
  const auto when = b.expr(Op::Or, false, {left, error(b)});
  b.permit(agent, Right::Read, files({{ir::kOwnRoot, "/**"}}), when);
  EXPECT_FALSE(answers(b, agent).never);
  EXPECT_TRUE(answers(b, agent).allowed);
}

/// A may write a volume, B may read it, C has nothing to do with them; Hub shares a namespace with A.
struct Flow {
  WorldBuilder b;
  ir::VolumeId volume = b.volume("V");
  ir::SubjectId a = b.subject("A");
  ir::SubjectId c = b.subject("C");
  ir::SubjectId reader = b.subject("B");
  ir::SubjectId hub = b.subject("Hub");
  ir::FileObject file{volume, "/box/x"};
  ir::FileObject folder{volume, "/box"};

  Flow() {
    b.permit(a, Right::Write, files({{volume, "/box/*"}, {ir::kOwnRoot, "/**"}}));
    b.permit(reader, Right::Read, files({{volume, "/box"}, {ir::kOwnRoot, "/**"}}));
    b.permit(reader, Right::Execute, files({{volume, "/box/x"}, {volume, "/box"}}));
    b.permit(c, Right::Execute, files({{volume, "/box"}}));
    auto& setting = b.world.subjects[hub.index()].namespaces[0];
    setting.mode = ir::NamespaceSetting::Mode::With;
    setting.with = a;
  }
  ir::FlowStep step(ir::SubjectId from, ir::SubjectId to, const ir::Object& changed, Right right,
                    const ir::Object& seen) {
    return {from, to, FlowCause::SharedObject, {{from, Right::Write, changed, {}}, {to, right, seen, {}}}};
  }
  bool shows(ir::SubjectId from, ir::SubjectId to, std::vector<ir::FlowStep> path) const {
    return !ir::replay_flow(b.world, {{from}, {}, {to}, false, {}}, {{}, std::move(path)}).has_value();
  }
};

TEST(ReplayFlow, NeedsTheObjectOrTheFolderOfItsName) {
  Flow f;
  EXPECT_TRUE(f.shows(f.a, f.reader, {f.step(f.a, f.reader, f.file, Right::Read, f.folder)}));
  EXPECT_TRUE(f.shows(f.a, f.reader, {f.step(f.a, f.reader, f.file, Right::Execute, f.file)}));
  EXPECT_FALSE(f.shows(f.a, f.reader, {f.step(f.a, f.reader, f.file, Right::Execute, f.folder)}));
  EXPECT_FALSE(f.shows(f.a, f.c, {f.step(f.a, f.c, f.file, Right::Execute, f.folder)}));
  const ir::FileObject root{f.volume, "/"};
  EXPECT_FALSE(f.shows(f.a, f.reader, {f.step(f.a, f.reader, f.file, Right::Read, root)}));
}

TEST(ReplayFlow, NeverGoesThroughPrivateRoots) {
  Flow f;
  const ir::FileObject own{ir::kOwnRoot, "/x"};
  EXPECT_FALSE(f.shows(f.a, f.reader, {f.step(f.a, f.reader, own, Right::Read, own)}));
}

TEST(ReplayFlow, IsOnePathFromASourceToATarget) {
  Flow f;
  const auto good = f.step(f.a, f.reader, f.file, Right::Read, f.folder);
  const ir::FlowStep shared{f.hub, f.a, FlowCause::SharedNamespace, {}};
  EXPECT_TRUE(f.shows(f.hub, f.reader, {shared, good}));
  EXPECT_FALSE(f.shows(f.hub, f.reader, {good}));
  EXPECT_FALSE(f.shows(f.hub, f.a, {shared, good}));
  EXPECT_FALSE(f.shows(f.hub, f.reader, {}));
  const ir::FlowStep invented{f.c, f.hub, FlowCause::SharedNamespace, {}};
  EXPECT_FALSE(f.shows(f.c, f.hub, {invented}));
  EXPECT_FALSE(
      f.shows(f.hub, f.reader,
              {{f.hub, f.a, FlowCause::SharedNamespace, {}}, {f.hub, f.a, FlowCause::SharedNamespace, {}}, good}));
}

TEST(Paths, TheFolderOfAnObjectIsWhereItsNameStands) {
  const ir::VolumeId v{2};
  EXPECT_EQ(ir::folder_of({v, "/a/b"}), (ir::FileObject{v, "/a"}));
  EXPECT_EQ(ir::folder_of({v, "/a"}), (ir::FileObject{v, "/"}));
  EXPECT_FALSE(ir::folder_of({v, "/"}).has_value());
}

/// What a liar says of `claim`: nothing but these nodes can be reached.
certificate::Checked check_closed(const WorldBuilder& b, ir::ClaimId claim, std::vector<obligation::GraphNode> closed) {
  verdict::Certificate certificate;
  certificate.evidence = verdict::ClosedEvidence{std::move(closed), {}};
  return certificate::check_certificate(b.world, claim, {}, certificate, {});
}

TEST(ClosedSets, HaveEverySourceNoTargetAndNoWayOut) {
  Flow f;
  const auto apart = f.b.claim(ir::Protected{{{f.reader}}, {{f.c}}});
  const auto together = f.b.claim(ir::Protected{{{f.hub}}, {{f.a}}});
  EXPECT_EQ(check_closed(f.b, apart, {{f.c}}).outcome, Outcome::Accepted);
  EXPECT_EQ(check_closed(f.b, apart, {}).outcome, Outcome::Rejected);                   // lacks the source
  EXPECT_EQ(check_closed(f.b, apart, {{f.c}, {f.reader}}).outcome, Outcome::Rejected);  // has the target
  EXPECT_EQ(check_closed(f.b, apart, {{f.c}, {ir::SubjectId{9}}}).outcome, Outcome::Rejected);
  EXPECT_EQ(check_closed(f.b, together, {{f.a}}).outcome, Outcome::Rejected);  // a namespace leads out
  EXPECT_EQ(check_closed(f.b, together, {{f.a}, {f.reader}}).outcome, Outcome::Rejected);
  EXPECT_EQ(check_closed(f.b, together, {{f.c}}).outcome, Outcome::Rejected);
}

TEST(ClosedSets, EveryConditionOnTheWayOutNeedsEvidence) {
  Flow f;
  const auto claim = f.b.claim(ir::Protected{{{f.reader}}, {{f.a}}});
  EXPECT_EQ(check_closed(f.b, claim, {{f.a}, {f.hub}}).outcome, Outcome::Rejected);
}

TEST(Cases, ThatTheClaimDoesNotHaveAreNotJudged) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto claim = b.claim(cannot(agent, Right::Read, objects(ir::Plane::File, files({{ir::kOwnRoot, "/x"}}))));
  const auto made = obligation::obligation(b.world, claim, {});
  verdict::Certificate good;
  good.not_vacuous.push_back(ir::FileObject{ir::kOwnRoot, "/x"});
  verdict::Verdict holds = verdict::Holds{good};
  std::get<verdict::Holds>(holds).certificate.evidence = verdict::EmptyEvidence{{verdict::QueryEvidence{}}};
  certificate::seal(b.world, claim, {}, holds);
  const auto judge = [&](obligation::Instance instance) {
    return certificate::check(b.world, {{claim, instance, &holds}}, {}).front().outcome;
  };
  EXPECT_EQ(judge({}), Outcome::Accepted);
  EXPECT_EQ(judge({agent, obligation::Direction::Forward}), Outcome::Rejected);
  EXPECT_EQ(judge({std::nullopt, obligation::Direction::Backward}), Outcome::Rejected);
}

TEST(Sums, ThatAreExceededAreNotHeldByMultipliers) {
  WorldBuilder b;
  const auto host = b.subject("Node", ir::SubjectKind::Host);
  const auto agent = b.subject("Agent");
  b.world.subjects[host.index()].capacity.memory = ir::Quantity{10, {}};
  b.world.subjects[agent.index()].reserve.memory = ir::Quantity{11, {}};
  const auto claim = b.claim(ir::Fits{host});
  const auto judge = [&](std::vector<std::vector<std::uint64_t>> multipliers) {
    verdict::Certificate certificate;
    certificate.evidence = verdict::LinearEvidence{std::move(multipliers)};
    return certificate::check_certificate(b.world, claim, {}, certificate, {}).outcome;
  };
  EXPECT_EQ(judge({{1, 1}}), Outcome::Rejected);
  EXPECT_EQ(judge({{0, 1}}), Outcome::Rejected);
  EXPECT_EQ(judge({{1, 2}}), Outcome::Rejected);
  EXPECT_EQ(judge({}), Outcome::Rejected);
  b.world.subjects[agent.index()].reserve.memory = ir::Quantity{10, {}};
  EXPECT_EQ(judge({{1, 1}}), Outcome::Accepted);
  EXPECT_EQ(judge({{2, 2}}), Outcome::Rejected);
}

TEST(Addresses, OfTheOldFamilyHaveThirtyTwoBits) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  b.permit(agent, Right::Connect, [] {
    ir::ObjectPatterns any;
    any.everything = true;
    return any;
  }());
  b.forbid(agent, Right::Connect, nets("0.0.0.0/0"));
  b.forbid(agent, Right::Connect, nets("::/0"));
  const auto claim = b.claim(cannot(agent, Right::Connect, objects(ir::Plane::Net, nets("0.0.0.0/0"))));
  verdict::Verdict holds = verdict::Holds{};
  std::get<verdict::Holds>(holds).certificate.evidence = verdict::EmptyEvidence{{verdict::QueryEvidence{}}};
  std::get<verdict::Holds>(holds).certificate.not_vacuous.push_back(ir::NetObject{});
  certificate::seal(b.world, claim, {}, holds);
  EXPECT_EQ(certificate::check(b.world, {{claim, {}, &holds}}, {}).front().outcome, Outcome::Accepted);
}

}  // namespace
}  // namespace bulkhead
