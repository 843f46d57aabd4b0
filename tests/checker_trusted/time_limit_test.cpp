// The time of a run: what it cuts off is unknown, with the reason, and the run ends.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

#include "checker/query/prove.h"
#include "checker/report/report.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using testing::cannot;
using testing::files;
using testing::objects;
using testing::WorldBuilder;

using std::chrono::milliseconds;

TEST(TimeLimit, WhatItCutsOffIsUnknownAndSaysSo) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto other = b.subject("Other");
  const auto data = b.volume("Data");
  b.permit(agent, ir::Right::Write, files({{data, "/a/**"}}));
  b.permit(other, ir::Right::Read, files({{data, "/[ab]/**"}}));
  b.claim(cannot(agent, ir::Right::Write, objects(ir::Plane::File, files({{data, "/a/x"}}))));
  b.claim(ir::Isolated{{{agent}}, {{other}}});
  for (const auto certify : {query::Certify::Off, query::Certify::On}) {
    query::ProveOptions options;
    options.timeout = milliseconds(0);
    options.certify = certify;
    options.coverage = query::Coverage::On;
    const auto proof = query::prove(b.world, options);
    for (const auto& claim : proof.claims) {
      EXPECT_EQ(claim.status, query::Status::Unknown);
      EXPECT_NE(claim.reason.find("the time of the run was up"), std::string::npos) << claim.reason;
    }
    EXPECT_EQ(report::exit_status(proof), 3);
    EXPECT_TRUE(proof.unproved && proof.unproved->empty()) << "nobody knows what no claim depends on";
  }
}

/// Many patterns whose automata explode together: without a limit the search takes its whole budget of work.
TEST(TimeLimit, IsKeptWithinOneSearch) {
  WorldBuilder b;
  const auto agent = b.subject("Agent");
  const auto data = b.volume("Data");
  std::vector<std::pair<ir::VolumeId, std::string>> permitted;
  std::vector<std::pair<ir::VolumeId, std::string>> forbidden;
  for (char c = 'a'; c <= 'p'; ++c) {
    const std::string letter(1, c);
    permitted.emplace_back(data, "/*" + letter + "??????????????" + letter + "*");
    forbidden.emplace_back(data, "/*" + letter + "*" + letter + "*" + letter + "????????????");
  }
  b.permit(agent, ir::Right::Read, files(permitted));
  for (const auto& pattern : forbidden) b.forbid(agent, ir::Right::Read, files({pattern}));
  b.forbid(agent, ir::Right::Read, files({{data, "/**"}}));
  b.world.rules.back().when = b.expr(ir::Op::Like, std::string("/*q*"), {b.field(ir::ObjectField::Path)});
  b.claim(cannot(agent, ir::Right::Read, objects(ir::Plane::File, files({{data, "/*r*r????????????????"}}))));
  query::ProveOptions options;
  options.timeout = milliseconds(1);
  const auto start = std::chrono::steady_clock::now();
  const auto proof = query::prove(b.world, options);
  const auto spent = std::chrono::steady_clock::now() - start;
  std::printf("cut off after %.0f ms\n", std::chrono::duration<double, std::milli>(spent).count());
  const auto& claim = proof.claims.at(0);
  if (claim.status == query::Status::Unknown) {
    EXPECT_NE(claim.reason.find("the time of the run was up"), std::string::npos) << claim.reason;
  } else {
    EXPECT_EQ(claim.status, query::Status::Failed) << "found before anybody looked at the clock";
  }
  EXPECT_LT(spent, std::chrono::seconds(10));
}

}  // namespace
}  // namespace bulkhead
