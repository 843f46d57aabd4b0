// Claims about models in reports: what changed at each step, and by which lemmas a claim holds.
#include "checker/report/report.h"
#include "checker/report/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checker/query/prove.h"
#include "tests/system_deductive/models.h"

namespace bulkhead {
namespace {

using testing::HasSubstr;

struct Proved {
  explicit Proved(tests::Flush flush) : world(tests::world_of(tests::memory_model(flush))) {
    tests::add_claim(world, "exclusive", tests::always(world.systems[0], "exclusive"));
    query::ProveOptions options;
    options.certify = query::Certify::On;
    options.coverage = query::Coverage::On;
    proof = query::prove(world, options);
  }
  report::Subject subject() const { return {world, sources, proof}; }
  ir::World world;
  source::SourceMap sources;
  query::Proof proof;
};

TEST(ModelReport, AHoldingClaimNamesTheLemmasThatItRestsOn) {
  const Proved proved(tests::Flush::Yes);
  EXPECT_EQ(report::exit_status(proved.proof), 0);
  EXPECT_THAT(report::text(proved.subject()), HasSubstr("ok    exclusive: holds"));
  EXPECT_THAT(report::json(proved.subject()), HasSubstr("\"name\": \"owned\""));
}

TEST(ModelReport, AViolatedClaimTellsWhatEachStepChanged) {
  const Proved proved(tests::Flush::No);
  EXPECT_EQ(report::exit_status(proved.proof), 1);
  for (const std::string& text :
       {report::text(proved.subject()), report::json(proved.subject()),
        report::sarif(report::findings(proved.subject())), report::junit(report::findings(proved.subject())),
        report::github(report::findings(proved.subject()))}) {
    EXPECT_THAT(text, HasSubstr("transfer("));
    EXPECT_THAT(text, HasSubstr("mapped("));
  }
}

}  // namespace
}  // namespace bulkhead
