// A hundred containers with a hundred claims: everything certified, and no claim lost on the way.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

#include "checker/query/prove.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using testing::files;

TEST(Scale, AHundredContainersAreProvedWithCertificates) {
  testing::WorldBuilder b;
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    const auto agent = b.subject("Agent" + n);
    const auto data = b.volume("Data" + n);
    b.permit(agent, ir::Right::Read,
             files({{data, "/in" + n + "/**"}, {ir::kOwnRoot, "/usr/**"}, {ir::kOwnRoot, "/lib/*.so*"}}));
    b.permit(agent, ir::Rights(ir::Right::Read) | ir::Right::Write, files({{data, "/tmp/**"}}));
    b.forbid(agent, ir::Right::Write, files({{ir::kOwnRoot, "/{proc,sys,dev,boot}/**"}}));
    b.forbid(agent, ir::Rights(ir::Right::Read) | ir::Right::Write, files({{ir::kOwnRoot, "/etc/{passwd,shadow}"}}));
    b.claim(testing::cannot(
        agent, ir::Right::Read,
        testing::objects(ir::Plane::File, files({{ir::kOwnRoot, "/etc/{passwd,shadow}"}, {data, "/key*"}}))));
  }
  query::ProveOptions options;
  options.certify = query::Certify::On;
  const auto start = std::chrono::steady_clock::now();
  const auto proof = query::prove(b.world, options);
  const auto spent = std::chrono::steady_clock::now() - start;
  std::printf("100 claims, certified: %.0f ms\n", std::chrono::duration<double, std::milli>(spent).count());
  EXPECT_EQ(proof.claims.size(), 100u);
  EXPECT_TRUE(proof.all_satisfied());
  EXPECT_LT(spent, std::chrono::seconds(20));
}

}  // namespace
}  // namespace bulkhead
