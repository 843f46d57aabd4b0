// Reports: what they say about a violated, a vacuous and an unproved sentence, and that they parse.
#include "checker/report/report.h"
#include "checker/report/findings.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "checker/query/prove.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using testing::cannot;
using testing::files;
using testing::objects;

struct Fixture {
  testing::WorldBuilder b;
  source::SourceMap sources;
  query::Proof proof;

  Fixture() {
    const auto file = sources.add("specs/my policy.bh", "may read Data;\nprove a: A cannot read Data;\n");
    const auto agent = b.subject("A");
    const auto data = b.volume("Data");
    const auto rule = b.permit(agent, ir::Right::Read, files({{data, "/**"}}));
    b.world.sentences[b.world.at(rule).sentence.index()].span = {file, 0, 14};
    const auto claim = b.claim(cannot(agent, ir::Right::Read, objects(ir::Plane::File, files({{data, "/**"}}))));
    b.world.sentences[b.world.at(claim).sentence.index()].span = {file, 15, 43};
    b.claim(cannot(agent, ir::Right::Write, objects(ir::Plane::File, files({{data, "/**"}}))));
    b.claim(cannot(agent, ir::Right::Write, objects(ir::Plane::File, {})));
    proof = query::prove(b.world, {});
  }
  report::Subject subject() const { return {b.world, sources, proof}; }
};

TEST(Report, TextTellsTheStoryWithItsLines) {
  const Fixture f;
  const std::string text = report::text(f.subject());
  EXPECT_NE(text.find("FAIL  claim_0: violated"), std::string::npos) << text;
  EXPECT_NE(text.find("A may read Data:"), std::string::npos) << text;
  EXPECT_NE(text.find("specs/my policy.bh:1: rule 0"), std::string::npos) << text;
  EXPECT_NE(text.find("ok    claim_1: holds"), std::string::npos) << text;
  EXPECT_NE(text.find("FAIL  claim_2: vacuous"), std::string::npos) << text;
  EXPECT_NE(text.find("assuming: no alias outside the declared mounts"), std::string::npos) << text;
  EXPECT_EQ(report::exit_status(f.proof), 1);
}

TEST(Report, JsonNamesItsSchema) {
  const Fixture f;
  const auto json = nlohmann::json::parse(report::json(f.subject()));
  EXPECT_EQ(json["schema"], "bulkhead.verdict/v1");
  EXPECT_EQ(json["claims"][0]["status"], "failed");
  EXPECT_EQ(json["claims"][0]["cases"][0]["minimal"][0]["line"], 1);
  EXPECT_EQ(json["claims"][1]["status"], "satisfied");
  EXPECT_EQ(report::json(f.subject()), report::json(f.subject()));
}

TEST(Report, SarifHasRelativePlacesAndStableFingerprints) {
  Fixture f;
  const auto before = nlohmann::json::parse(report::sarif(report::findings(f.subject())));
  EXPECT_EQ(before["version"], "2.1.0");
  EXPECT_EQ(before["runs"][0]["columnKind"], "unicodeCodePoints");
  const auto& result = before["runs"][0]["results"][0];
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "specs/my%20policy.bh");
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
  f.b.world.sentences[f.b.world.claims[0].sentence.index()].span.begin = 0;  // the claim moves to another line
  const auto after = nlohmann::json::parse(report::sarif(report::findings(f.subject())));
  EXPECT_EQ(after["runs"][0]["results"][0]["partialFingerprints"], result["partialFingerprints"]);
}

TEST(Report, JUnitCountsFailuresAndErrors) {
  const Fixture f;
  const std::string xml = report::junit(report::findings(f.subject()));
  EXPECT_NE(xml.find("tests=\"3\" failures=\"1\" errors=\"1\""), std::string::npos) << xml;
  EXPECT_NE(xml.find("&quot;"), std::string::npos) << "objects are quoted";
}

TEST(Report, GithubAnnotatesTheClaimsLine) {
  const Fixture f;
  const std::string text = report::github(report::findings(f.subject()));
  EXPECT_EQ(text.rfind("::error file=specs/my policy.bh,line=2,col=1,title=claim_0 violated::claim_0%0A", 0), 0u)
      << text;
}

/// What each format says of a sentence that no claim depends on, and of one that was not judged.
TEST(Report, EveryFormatNamesUnprovedPolicyAndWhatWasNotJudged) {
  Fixture f;
  const auto rule = f.b.world.rules[0].sentence;
  f.proof.unproved = std::vector<ir::SentenceId>{rule};
  f.proof.not_judged = {f.b.world.claims[0].sentence, f.b.world.claims[1].sentence};
  const auto results = nlohmann::json::parse(report::sarif(report::findings(f.subject())))["runs"][0]["results"];
  std::map<std::string, int> levels;
  for (const auto& result : results) ++levels[std::string(result["ruleId"]) + " " + std::string(result["level"])];
  EXPECT_EQ(levels["unproved-policy warning"], 1);
  EXPECT_EQ(levels["policy-not-judged note"], 2);
  const std::string xml = report::junit(report::findings(f.subject()));
  EXPECT_NE(xml.find("unproved policy: specs/my policy.bh:1: rule 0"), std::string::npos) << xml;
  EXPECT_NE(xml.find("not judged: specs/my policy.bh:2: claim_0"), std::string::npos) << xml;
  EXPECT_LT(xml.find("</testcase>"), xml.find("<system-out>"));
  EXPECT_LT(xml.find("</system-out>"), xml.find("</testsuite>"));
  EXPECT_NE(xml.find("tests=\"3\" failures=\"1\" errors=\"1\""), std::string::npos) << "coverage is no test case";
  const std::string github = report::github(report::findings(f.subject()));
  EXPECT_NE(github.find("::warning file=specs/my policy.bh,line=1,col=1,title=unproved policy::"), std::string::npos);
  EXPECT_NE(github.find("::notice file=specs/my policy.bh,line=2,col=1,title=policy not judged::"), std::string::npos)
      << github;
  const auto json = nlohmann::json::parse(report::json(f.subject()));
  EXPECT_EQ(json["unproved"].size(), 1u);
  EXPECT_EQ(json["not_judged"].size(), 2u);
  const std::string text = report::text(f.subject());
  EXPECT_NE(text.find("unproved policy"), std::string::npos);
  EXPECT_NE(text.find("not judged"), std::string::npos);
}

TEST(Report, StatusSaysWhatIsWorst) {
  query::Proof proof;
  EXPECT_EQ(report::exit_status(proof), 3) << "no claim is no proof";
  const auto with = [](std::initializer_list<query::Status> list) {
    query::Proof made;
    for (const auto status : list) made.claims.push_back({ir::ClaimId{0}, status, {}, 0, ""});
    return report::exit_status(made);
  };
  EXPECT_EQ(with({query::Status::Satisfied}), 0);
  EXPECT_EQ(with({query::Status::Satisfied, query::Status::Vacuous}), 3);
  EXPECT_EQ(with({query::Status::Unknown, query::Status::Failed}), 1);
  EXPECT_EQ(with({query::Status::Failed, query::Status::Rejected}), 4);
}

}  // namespace
}  // namespace bulkhead
