// Certificates by hand: what is accepted, and that every forged part is rejected.
#include <gtest/gtest.h>

#include <algorithm>

#include "checker/certificate/check.h"
#include "checker/certificate/cover.h"
#include "checker/certificate/smtlib.h"
#include "lang/base/sha256.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using certificate::Outcome;
using testing::cannot;
using testing::files;
using testing::nets;
using testing::objects;
using testing::WorldBuilder;

std::string digest(const obligation::Query& query) {
  return to_hex(sha256(obligation::to_text(query)));
}

/// Agent may read /d/** but never /d/s*; it cannot read /d/s*.
struct Fixture {
  WorldBuilder b;
  ir::SubjectId agent = b.subject("Agent");
  ir::ClaimId claim;
  verdict::Certificate good;
  obligation::Query query;

  Fixture() {
    b.permit(agent, ir::Right::Read, files({{ir::kOwnRoot, "/d/**"}}));
    b.forbid(agent, ir::Right::Read, files({{ir::kOwnRoot, "/d/s*"}}));
    claim = b.claim(cannot(agent, ir::Right::Read, objects(ir::Plane::File, files({{ir::kOwnRoot, "/d/sa"}}))));
    query = std::get<obligation::AllEmpty>(obligation::obligation(b.world, claim, {})->goal).queries[0].query;
    verdict::QueryEvidence evidence;
    evidence.digest = digest(query);
    evidence.atoms.covers.push_back({ir::kOwnRoot, {"", "/", "/d", "/d/", "/d/s", "/d/sa"}});
    good.evidence = verdict::EmptyEvidence{{evidence}};
    good.not_vacuous.push_back(ir::FileObject{ir::kOwnRoot, "/d/sa"});
  }

  verdict::QueryEvidence& evidence(verdict::Certificate& certificate) const {
    return std::get<verdict::EmptyEvidence>(certificate.evidence).queries[0];
  }
  certificate::Checked check(const verdict::Certificate& certificate) const {
    return certificate::check_certificate(b.world, claim, {}, certificate, {});
  }
};

TEST(Certificate, AcceptsWhatHolds) {
  const Fixture f;
  const auto checked = f.check(f.good);
  EXPECT_EQ(checked.outcome, Outcome::Accepted) << checked.reason;
}

TEST(Certificate, RejectsEveryForgedPart) {
  const Fixture f;
  const auto forged = [&](auto change) {
    verdict::Certificate copy = f.good;
    change(copy);
    return f.check(copy);
  };
  const std::vector<certificate::Checked> results = {
      forged([&](auto& c) { f.evidence(c).digest[0] ^= 1; }),
      forged([&](auto& c) { f.evidence(c).smt2 = "(check-sat)\n"; }),
      forged([&](auto& c) { f.evidence(c).atoms.covers.clear(); }),
      forged([&](auto& c) { f.evidence(c).atoms.covers[0].volume = ir::kHost; }),
      forged([&](auto& c) { f.evidence(c).atoms.covers[0].words.erase(f.evidence(c).atoms.covers[0].words.begin()); }),
      forged(
          [&](auto& c) { f.evidence(c).atoms.covers[0].words.erase(f.evidence(c).atoms.covers[0].words.begin() + 4); }),
      forged([&](auto& c) {
        std::reverse(f.evidence(c).atoms.covers[0].words.begin(), f.evidence(c).atoms.covers[0].words.end());
      }),
      forged([&](auto& c) { f.evidence(c).atoms.covers.push_back(f.evidence(c).atoms.covers[0]); }),
      forged([&](auto& c) { std::get<verdict::EmptyEvidence>(c.evidence).queries.clear(); }),
      forged([&](auto& c) { c.not_vacuous.clear(); }),
      forged([&](auto& c) {
        c.not_vacuous[0] = ir::FileObject{ir::kOwnRoot, "/elsewhere"};
      }),
      forged([&](auto& c) {
        c.not_vacuous[0] = ir::FileObject{ir::kOwnRoot, "/d/../d/sa"};
      }),
      forged([&](auto& c) { c.evidence = verdict::WitnessEvidence{}; }),
      forged([&](auto& c) { c.evidence = verdict::ClosedEvidence{}; }),
      forged([&](auto& c) { c.evidence = verdict::LinearEvidence{}; }),
  };
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].outcome, Outcome::Rejected) << "mutant " << i;
    EXPECT_FALSE(results[i].reason.empty()) << "mutant " << i;
  }
}

TEST(Certificate, RejectsAClaimThatTheForbidNoLongerSupports) {
  Fixture f;
  f.b.world.rules.pop_back();
  f.query = std::get<obligation::AllEmpty>(obligation::obligation(f.b.world, f.claim, {})->goal).queries[0].query;
  f.evidence(f.good).digest = digest(f.query);  // the forger is careful
  const auto checked = f.check(f.good);
  EXPECT_EQ(checked.outcome, Outcome::Rejected);
  EXPECT_EQ(checked.reason, "the second solver finds a solution");
}

TEST(Certificate, IsUnavailableWithoutTheSecondSolver) {
  const Fixture f;
  certificate::SolverOptions options;
  options.cvc5 = "/nonexistent/solver";
  EXPECT_EQ(certificate::check_certificate(f.b.world, f.claim, {}, f.good, options).outcome, Outcome::Unavailable);
  options.cvc5 = "true";  // runs, and says nothing
  EXPECT_EQ(certificate::check_certificate(f.b.world, f.claim, {}, f.good, options).outcome, Outcome::Unavailable);
  options.cvc5 = "cat";  // answers with its own options' error
  EXPECT_EQ(certificate::check_certificate(f.b.world, f.claim, {}, f.good, options).outcome, Outcome::Unavailable);
}

TEST(Certificate, SealingWritesTheScriptThatIsChecked) {
  const Fixture f;
  verdict::Verdict holds = verdict::Holds{f.good};
  certificate::seal(f.b.world, f.claim, {}, holds);
  const auto& sealed = std::get<verdict::Holds>(holds).certificate;
  EXPECT_NE(std::get<verdict::EmptyEvidence>(sealed.evidence).queries[0].smt2.find("(check-sat)"), std::string::npos);
  EXPECT_EQ(f.check(sealed).outcome, Outcome::Accepted);
}

TEST(Certificate, ReplaysAViolation) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  b.permit(agent, ir::Right::Connect, nets("10.0.0.0/8", 443, 443));
  const auto claim = b.claim(cannot(agent, ir::Right::Connect, objects(ir::Plane::Net, nets("0.0.0.0/0"))));
  verdict::Step step;
  step.requests.push_back(
      {agent, ir::Right::Connect, ir::NetObject{*ir::parse_address("10.1.1.1"), 443, ir::Proto::Tcp}, {}});
  verdict::Violated violated;
  violated.trace.steps.push_back(step);
  verdict::Verdict verdict = violated;
  EXPECT_EQ(certificate::check(b.world, {{claim, {}, &verdict}}, {})[0].outcome, Outcome::Accepted);
  std::get<ir::NetObject>(std::get<verdict::Violated>(verdict).trace.steps[0].requests[0].object).port = 80;
  EXPECT_EQ(certificate::check(b.world, {{claim, {}, &verdict}}, {})[0].outcome, Outcome::Rejected);
}

TEST(Certificate, ChecksNetsAndContextsInTheSecondSolver) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto low = b.attribute("low", ir::Source::Context, ir::TypeKind::Int, false);
  const auto when = b.expr(ir::Op::Less, false, {b.field(ir::ObjectField::Port), b.read(low)});
  b.permit(agent, ir::Right::Connect, nets("10.0.0.0/8"), when);
  b.forbid(agent, ir::Right::Connect, nets("0.0.0.0/0", 1, 65535));
  const auto claim = b.claim(cannot(agent, ir::Right::Connect, objects(ir::Plane::Net, nets("0.0.0.0/0", 1, 65535))));
  const auto made = obligation::obligation(b.world, claim, {});
  ASSERT_TRUE(made.ok());
  const auto& query = std::get<obligation::AllEmpty>(made->goal).queries[0].query;
  verdict::Certificate certificate;
  certificate.evidence = verdict::EmptyEvidence{{{digest(query), {}}}};
  certificate.not_vacuous.push_back(ir::NetObject{{}, 1, ir::Proto::Udp});
  const auto checked = certificate::check_certificate(b.world, claim, {}, certificate, {});
  EXPECT_EQ(checked.outcome, Outcome::Accepted) << checked.reason;
  b.world.rules.pop_back();
  EXPECT_EQ(certificate::check_certificate(b.world, claim, {}, certificate, {}).outcome, Outcome::Rejected);
}

TEST(Certificate, UnderstandsThatNoContextAllows) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto port = b.attribute("port", ir::Source::Context, ir::TypeKind::Int, true);
  const auto when = b.expr(ir::Op::And, false,
                           {b.has(port), b.expr(ir::Op::Equal, false, {b.field(ir::ObjectField::Port), b.read(port)})});
  b.permit(agent, ir::Right::Connect, nets("10.0.0.0/8"), when);
  const auto claim =
      b.claim(testing::can(agent, ir::Right::Connect, objects(ir::Plane::Net, nets("10.1.0.0/16")), true));
  const auto wrong =
      b.claim(testing::can(agent, ir::Right::Connect, objects(ir::Plane::Net, nets("11.0.0.0/8")), true));
  for (const auto id : {claim, wrong}) {
    const auto made = obligation::obligation(b.world, id, {});
    ASSERT_TRUE(made.ok());
    verdict::Certificate certificate;
    certificate.evidence =
        verdict::EmptyEvidence{{{digest(std::get<obligation::AllEmpty>(made->goal).queries[0].query), {}}}};
    certificate.not_vacuous.push_back(
        ir::NetObject{*ir::parse_address(id == claim ? "10.1.0.0" : "11.0.0.0"), 1, ir::Proto::Udp});
    const auto checked = certificate::check_certificate(b.world, id, {}, certificate, {});
    EXPECT_EQ(checked.outcome, id == claim ? Outcome::Accepted : Outcome::Rejected) << checked.reason;
  }
}

TEST(Cover, KeepsExplodingPatternsSmallByPolarity) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  b.permit(agent, ir::Right::Read, files({{ir::kOwnRoot, "/d/**"}}));
  const auto claim =
      b.claim(cannot(agent, ir::Right::Read, objects(ir::Plane::File, files({{ir::kOwnRoot, "/e/*a???"}}))));
  const auto made = obligation::obligation(b.world, claim, {});
  const auto& query = std::get<obligation::AllEmpty>(made->goal).queries[0].query;
  const verdict::AtomTable atoms{{{ir::kOwnRoot, {"", "/"}}}};  // after the first letter one of the two sets is empty
  const auto members = certificate::memberships(b.world, query, atoms);
  EXPECT_TRUE(members.ok()) << members.error();
}

}  // namespace
}  // namespace bulkhead
