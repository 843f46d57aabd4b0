// Whole proofs: each claim form holds, is violated, is vacuous; a mutant breaks it; every verdict is checked.
#include <gtest/gtest.h>

#include <algorithm>

#include "checker/certificate/file.h"
#include "checker/query/difference.h"
#include "checker/query/proved_policy.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using query::Status;
using testing::can;
using testing::cannot;
using testing::files;
using testing::nets;
using testing::objects;
using testing::WorldBuilder;

query::ProveOptions certified() {
  query::ProveOptions options;
  options.certify = query::Certify::On;
  return options;
}

std::string describe(const query::ClaimResult& result) {
  std::string out(query::to_string(result.status));
  for (const auto& one : result.cases) {
    out += " " + std::string(verdict::word(one.verdict)) + (one.checked ? " [" + one.checked->reason + "]" : "");
  }
  return out + " " + result.reason;
}

/// The statuses of all claims, every verdict of which has been accepted.
std::vector<Status> statuses(const ir::World& world) {
  const query::Proof proof = query::prove(world, certified());
  std::vector<Status> list;
  for (const auto& result : proof.claims) {
    for (const auto& one : result.cases) {
      const bool unknown = std::holds_alternative<verdict::Unknown>(one.verdict);
      EXPECT_TRUE(unknown || (one.checked && one.checked->outcome == certificate::Outcome::Accepted))
          << describe(result);
    }
    list.push_back(result.status);
  }
  return list;
}

struct Two {
  WorldBuilder b;
  ir::SubjectId a = b.subject("A");
  ir::SubjectId c = b.subject("C");
  ir::SubjectId host = b.subject("Node", ir::SubjectKind::Host);
  ir::VolumeId data = b.volume("Data");
  ir::ClaimObjects all_data = objects(ir::Plane::File, files({{data, "/**"}}));
  ir::ClaimObjects nothing = objects(ir::Plane::File, {});
};

TEST(Proof, AccessClaimsHoldAreViolatedAndVacuous) {
  Two t;
  t.b.permit(t.a, ir::Right::Read, files({{t.data, "/pub/**"}}));
  t.b.permit(t.c, ir::Right::Read, files({{t.data, "/**"}}));
  const auto secret = objects(ir::Plane::File, files({{t.data, "/secret/*"}}));
  t.b.claim(cannot(t.a, ir::Right::Read, secret));
  t.b.claim(cannot(t.c, ir::Right::Read, secret));
  t.b.claim(ir::NotGranted{{t.a}, ir::Right::Read, secret});
  t.b.claim(ir::NotGranted{{t.c}, ir::Right::Read, secret});
  t.b.claim(can(t.c, ir::Right::Read, secret));
  t.b.claim(can(t.a, ir::Right::Read, secret));
  t.b.claim(can(t.c, ir::Right::Read, secret, true));
  t.b.claim(can(t.a, ir::Right::Read, t.all_data, true));
  t.b.claim(cannot(t.a, ir::Right::Read, t.nothing));
  t.b.claim(can(t.a, ir::Right::Read, t.nothing));
  t.b.claim(cannot(t.a, ir::Right::Read, objects(ir::Plane::File, files({{t.data, "//"}}))));
  EXPECT_EQ(statuses(t.b.world),
            (std::vector<Status>{Status::Satisfied, Status::Failed, Status::Satisfied, Status::Failed,
                                 Status::Satisfied, Status::Failed, Status::Satisfied, Status::Failed, Status::Vacuous,
                                 Status::Vacuous, Status::Vacuous}));
}

TEST(Proof, AMutatedForbidBreaksTheClaim) {
  Two t;
  t.b.permit(t.a, ir::Right::Read, files({{t.data, "/**"}}));
  t.b.forbid(t.a, ir::Right::Read, files({{t.data, "/secret/**"}}));
  t.b.claim(cannot(t.a, ir::Right::Read, objects(ir::Plane::File, files({{t.data, "/secret/k?y"}}))));
  EXPECT_EQ(statuses(t.b.world), std::vector<Status>{Status::Satisfied});
  t.b.world.rules[1].objects.files[0].glob = "/secret/a**";
  EXPECT_EQ(statuses(t.b.world), std::vector<Status>{Status::Failed});
}

TEST(Proof, RefuteNeedsAViolation) {
  Two t;
  t.b.permit(t.a, ir::Right::Read, files({{t.data, "/**"}}));
  t.b.claim(cannot(t.a, ir::Right::Read, t.all_data), ir::ClaimMode::Refute);
  t.b.claim(cannot(t.c, ir::Right::Read, t.all_data), ir::ClaimMode::Refute);
  t.b.claim(cannot(t.c, ir::Right::Read, t.nothing), ir::ClaimMode::Refute);
  EXPECT_EQ(statuses(t.b.world), (std::vector<Status>{Status::Satisfied, Status::Failed, Status::Vacuous}));
}

TEST(Proof, QuantifiersAskAboutEveryMember) {
  Two t;
  t.b.permit(t.c, ir::Right::Read, files({{t.data, "/**"}}));
  const ir::Cannot form{{ir::SubjectId{}}, ir::Right::Read, t.all_data};
  t.b.claim(form, ir::ClaimMode::Prove, ir::Quantifier{"c", {t.a, t.c}});
  t.b.claim(form, ir::ClaimMode::Prove, ir::Quantifier{"c", {t.a}});
  t.b.claim(form, ir::ClaimMode::Prove, ir::Quantifier{"c", {}});
  EXPECT_EQ(statuses(t.b.world), (std::vector<Status>{Status::Failed, Status::Satisfied, Status::Vacuous}));
}

TEST(Proof, ConditionsAreSymbolic) {
  Two t;
  const auto mfa = t.b.attribute("mfa", ir::Source::Context, ir::TypeKind::Bool, true);
  const auto level = t.b.attribute("level", ir::Source::Context, ir::TypeKind::Int, false);
  const auto high = t.b.expr(ir::Op::Greater, false, {t.b.read(level), t.b.number(3)});
  const auto low = t.b.expr(ir::Op::Less, false, {t.b.read(level), t.b.number(3)});
  t.b.permit(t.a, ir::Right::Connect, nets("10.0.0.0/8"), high);
  t.b.forbid(t.a, ir::Right::Connect, nets("10.0.0.0/9"), t.b.expr(ir::Op::Not, false, {low}));
  t.b.permit(t.c, ir::Right::Connect, nets("10.0.0.0/8"), t.b.read(mfa));
  t.b.claim(cannot(t.a, ir::Right::Connect, objects(ir::Plane::Net, nets("10.1.0.0/16"))));
  t.b.claim(cannot(t.a, ir::Right::Connect, objects(ir::Plane::Net, nets("10.0.0.0/8"))));
  t.b.claim(can(t.c, ir::Right::Connect, objects(ir::Plane::Net, nets("10.0.0.0/8")), true));
  t.b.claim(can(t.c, ir::Right::Connect, objects(ir::Plane::Net, nets("0.0.0.0/0")), true));
  t.b.claim(can(t.a, ir::Right::Connect, objects(ir::Plane::Net, nets("10.0.0.0/8")), true));
  EXPECT_EQ(statuses(t.b.world), (std::vector<Status>{Status::Satisfied, Status::Failed, Status::Satisfied,
                                                      Status::Failed, Status::Failed}));
}

TEST(Proof, InfluenceGoesThroughSharedObjectsAndNetworks) {
  Two t;
  const auto isolated = [](ir::SubjectId x, ir::SubjectId y) { return ir::Isolated{{{x}}, {{y}}}; };
  t.b.permit(t.a, ir::Right::Write, files({{t.data, "/out/**"}, {ir::kOwnRoot, "/**"}}));
  t.b.permit(t.c, ir::Right::Read, files({{t.data, "/in/**"}, {ir::kOwnRoot, "/**"}}));
  t.b.claim(isolated(t.a, t.c));
  t.b.claim(isolated(t.a, t.host));
  t.b.claim(ir::Protected{{{t.a}}, {{t.host}}});
  EXPECT_EQ(statuses(t.b.world), (std::vector<Status>(3, Status::Satisfied)));
  t.b.world.rules[1].objects.files[0].glob = "/o*/**";
  EXPECT_EQ(statuses(t.b.world), (std::vector<Status>{Status::Failed, Status::Satisfied, Status::Satisfied}));
  t.b.world.rules[1].objects.files[0].glob = "/in/**";
  t.b.world.subjects[t.a.index()].namespaces[0] = {ir::NamespaceSetting::Mode::Host, {}, t.b.sentence("pid: host")};
  EXPECT_EQ(statuses(t.b.world), (std::vector<Status>{Status::Satisfied, Status::Failed, Status::Failed}));
  t.b.permit(t.c, ir::Right::Bind, nets("0.0.0.0/0", 80, 80));
  t.b.permit(t.a, ir::Right::Connect, nets("10.0.0.0/8", 443, 443));
  EXPECT_EQ(statuses(t.b.world)[0], Status::Failed);
}

TEST(Proof, RefinementAndEquivalence) {
  Two t;
  t.b.permit(t.a, ir::Right::Read, files({{t.data, "/x/{a,b}"}}));
  t.b.permit(t.c, ir::Right::Read, files({{t.data, "/x/*"}}));
  t.b.claim(ir::Refines{{t.a}, {t.c}});
  t.b.claim(ir::Refines{{t.c}, {t.a}});
  t.b.claim(ir::Equivalent{{t.a}, {t.c}});
  t.b.claim(ir::Equivalent{{t.a}, {t.a}});
  EXPECT_EQ(statuses(t.b.world),
            (std::vector<Status>{Status::Satisfied, Status::Failed, Status::Failed, Status::Satisfied}));
}

TEST(Proof, QuantitiesAreAddedUp) {
  Two t;
  t.b.claim(ir::Fits{t.host});
  EXPECT_EQ(statuses(t.b.world), std::vector<Status>{Status::Vacuous});
  t.b.world.subjects[t.host.index()].capacity.memory = ir::Quantity{100, t.b.sentence("capacity")};
  t.b.world.subjects[t.a.index()].reserve.memory = ir::Quantity{60, t.b.sentence("reserve")};
  t.b.claim(ir::Guaranteed{{t.a}, {{ir::Resource::Memory, 60}}});
  t.b.claim(ir::Guaranteed{{t.a}, {{ir::Resource::Memory, 61}}});
  EXPECT_EQ(statuses(t.b.world), (std::vector<Status>{Status::Satisfied, Status::Satisfied, Status::Failed}));
  t.b.world.subjects[t.c.index()].reserve.memory = ir::Quantity{41, t.b.sentence("reserve")};
  EXPECT_EQ(statuses(t.b.world), (std::vector<Status>(3, Status::Failed)));
}

TEST(Proof, NamesTheLinesThatSuffice) {
  Two t;
  t.b.permit(t.a, ir::Right::Read, files({{t.data, "/x"}}));
  const auto one = t.b.permit(t.a, ir::Right::Read, files({{t.data, "/s"}}));
  t.b.claim(cannot(t.a, ir::Right::Read, objects(ir::Plane::File, files({{t.data, "/s"}}))));
  const auto proof = query::prove(t.b.world, certified());
  const auto& violated = std::get<verdict::Violated>(proof.claims[0].cases[0].verdict);
  EXPECT_EQ(violated.trace.minimal, std::vector<ir::SentenceId>{t.b.world.at(one).sentence});
}

TEST(Proof, DynamicSentencesAreRefused) {
  Two t;
  t.b.claim(cannot(t.a, ir::Right::Read, t.all_data));
  t.b.world.dynamic.push_back(t.b.sentence("channel x"));
  const auto proof = query::prove(t.b.world, certified());
  EXPECT_TRUE(proof.refused);
  EXPECT_FALSE(proof.all_satisfied());
}

TEST(ProvedPolicy, NeedsEveryClaimAndOneForEachContainer) {
  Two t;
  t.b.permit(t.a, ir::Right::Read, files({{t.data, "/pub/**"}}));
  t.b.claim(cannot(t.a, ir::Right::Write, t.all_data));
  query::ProveOptions options;
  EXPECT_FALSE(query::certify(t.b.world, query::prove(t.b.world, options), {}).ok());
  const auto world = query::with_default_claims(t.b.world);
  ASSERT_EQ(world.claims.size(), 2u);
  const auto proof = query::prove(world, options);
  const auto proved = query::certify(world, proof, {});
  ASSERT_TRUE(proved.ok()) << proved.error().reason;
  EXPECT_EQ(proved->claims_about(t.c), std::vector<ir::ClaimId>{ir::ClaimId{1}});
  query::Proof forged = proof;
  forged.claims[0].cases[0].verdict = forged.claims[1].cases[0].verdict;
  EXPECT_FALSE(query::certify(world, forged, {}).ok());
  forged = proof;
  forged.claims.pop_back();
  EXPECT_FALSE(query::certify(world, forged, {}).ok());
  certificate::SolverOptions without;
  without.cvc5 = "/nonexistent";
  EXPECT_EQ(query::certify(world, proof, without).ok(), true) << "nothing of these claims needs the second solver";
}

TEST(Difference, NamesWhatIsAddedAndRemoved) {
  Two older;
  older.b.permit(older.a, ir::Right::Read, files({{older.data, "/pub/**"}}));
  older.b.permit(older.c, ir::Right::Connect, nets("10.0.0.0/8"));
  Two newer;
  newer.b.permit(newer.a, ir::Right::Read, files({{newer.data, "/**"}}));
  newer.b.permit(newer.c, ir::Right::Connect, nets("10.0.0.0/8", 1, 65535));
  const auto changes = query::difference(older.b.world, newer.b.world, {});
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].change, query::Change::Added);
  EXPECT_EQ(changes[0].subject, "A");
  EXPECT_EQ(changes[1].change, query::Change::Removed);
  EXPECT_EQ(std::get<ir::NetObject>(changes[1].witness->object).port, 0);
  EXPECT_TRUE(query::adds_access(changes));
  EXPECT_TRUE(query::difference(older.b.world, older.b.world, {}).empty());
}

TEST(Difference, NamesEverySyscallAndCapabilityThatDiffers) {
  Two older;
  Two newer;
  for (const char* name : {"read", "mount", "bpf", "clone3"}) {
    older.b.syscall(name);
    newer.b.syscall(name);
  }
  const auto calls = [](std::vector<ir::SyscallId> list) {
    ir::ObjectPatterns patterns;
    patterns.syscalls = std::move(list);
    return patterns;
  };
  const ir::SyscallId read{0}, mount{1}, bpf{2}, clone3{3};
  older.b.permit(older.a, ir::Right::Invoke, calls({read, clone3}));
  newer.b.permit(newer.a, ir::Right::Invoke, calls({read, mount, bpf}));
  ir::ObjectPatterns capabilities;
  capabilities.capabilities = {3, 21};
  newer.b.permit(newer.a, ir::Right::Hold, capabilities);
  const auto changes = query::difference(older.b.world, newer.b.world, {});
  std::vector<std::size_t> invoked;
  std::vector<int> held;
  for (const auto& change : changes) {
    ASSERT_TRUE(change.witness) << change.reason;
    if (const auto* call = std::get_if<ir::SyscallObject>(&change.witness->object)) {
      invoked.push_back(call->syscall.index());
      EXPECT_EQ(change.change, call->syscall == clone3 ? query::Change::Removed : query::Change::Added);
    } else {
      held.push_back(std::get<ir::CapabilityObject>(change.witness->object).number);
    }
  }
  EXPECT_EQ(invoked, (std::vector<std::size_t>{1, 2, 3}));
  EXPECT_EQ(held, (std::vector<int>{3, 21}));
}

TEST(Difference, NamesEveryArgumentConditionThatDiffers) {
  Two older;
  Two newer;
  const ir::SyscallId call = older.b.syscall("personality");
  newer.b.syscall("personality");
  ir::ObjectPatterns only;
  only.syscalls = {call};
  const auto when = [](WorldBuilder& b, std::int64_t value) {
    const auto argument = b.field(ir::ObjectField::Argument0);
    return b.expr(ir::Op::Equal, false, {argument, b.number(value)});
  };
  for (const std::int64_t value : {8, 0}) newer.b.permit(newer.a, ir::Right::Invoke, only, when(newer.b, value));
  newer.b.permit(newer.a, ir::Right::Invoke, only, when(newer.b, 0x20));
  older.b.permit(older.a, ir::Right::Invoke, only, when(older.b, 0x20));
  std::vector<std::uint64_t> arguments;
  for (const auto& change : query::difference(older.b.world, newer.b.world, {})) {
    ASSERT_TRUE(change.witness) << change.reason;
    EXPECT_EQ(change.change, query::Change::Added);
    EXPECT_EQ(change.sentences.size(), 1u);
    arguments.push_back(std::get<ir::SyscallObject>(change.witness->object).arguments[0]);
  }
  std::sort(arguments.begin(), arguments.end());
  EXPECT_EQ(arguments, (std::vector<std::uint64_t>{0, 8}));
}

TEST(Difference, NamesEverySentenceThatGrantsMore) {
  Two older;
  Two newer;
  const auto both = files({{older.data, "/pub/**"}});
  older.b.permit(older.a, ir::Right::Read, both);
  newer.b.permit(newer.a, ir::Right::Read, both);
  const auto first = newer.b.permit(newer.a, ir::Right::Read, files({{newer.data, "/one/**"}}));
  const auto second = newer.b.permit(newer.a, ir::Right::Read, files({{newer.data, "/two/*"}, {newer.data, "/pub/x"}}));
  std::vector<ir::SentenceId> sentences;
  for (const auto& change : query::difference(older.b.world, newer.b.world, {})) {
    ASSERT_TRUE(change.witness) << change.reason;
    sentences.insert(sentences.end(), change.sentences.begin(), change.sentences.end());
  }
  std::sort(sentences.begin(), sentences.end());
  EXPECT_EQ(sentences,
            (std::vector<ir::SentenceId>{newer.b.world.at(first).sentence, newer.b.world.at(second).sentence}));
}

TEST(CertificateFile, IsReadBackAndEveryTruncationIsRefused) {
  Two t;
  t.b.permit(t.a, ir::Right::Read, files({{t.data, "/**"}}));
  t.b.forbid(t.a, ir::Right::Read, files({{t.data, "/s/**"}}));
  t.b.claim(cannot(t.a, ir::Right::Read, objects(ir::Plane::File, files({{t.data, "/s/x"}}))));
  t.b.claim(cannot(t.a, ir::Right::Read, t.all_data));
  t.b.claim(ir::Isolated{{{t.a}}, {{t.c}}});
  t.b.claim(cannot(t.a, ir::Right::Read, t.nothing));
  const auto proof = query::prove(t.b.world, certified());
  for (const auto& claim : proof.claims) {
    const std::string text = certificate::write({"name", claim.cases[0].instance, claim.cases[0].verdict});
    const auto read = certificate::read(text);
    ASSERT_TRUE(read.ok()) << read.error();
    EXPECT_EQ(certificate::write(*read), text);
    for (std::size_t size = 0; size < text.size(); size += 1 + size / 50) {
      EXPECT_FALSE(certificate::read(text.substr(0, size)).ok()) << size;
    }
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < text.size(); i += 1 + text.size() / 200) {
      std::string mutant = text;
      mutant[i] = static_cast<char>(mutant[i] ^ 1);
      const auto forged = certificate::read(mutant);
      if (!forged || certificate::write(*forged) != mutant) continue;  // refused, or never written like this
      const verdict::Verdict& verdict = forged->verdict;
      const auto checked = certificate::check(t.b.world, {{claim.claim, forged->instance, &verdict}}, {}).front();
      if (checked.outcome == certificate::Outcome::Accepted && verdict.index() != claim.cases[0].verdict.index())
        ++accepted;
    }
    EXPECT_EQ(accepted, 0u) << "a mutant turned one verdict into another";
  }
}

}  // namespace
}  // namespace bulkhead
