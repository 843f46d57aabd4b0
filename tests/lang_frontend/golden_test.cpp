// `--dump=ir` of whole policies, compared with files; BULKHEAD_UPDATE_GOLDENS=1 writes them anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "lang/base/file.h"
#include "lang/frontend/dump.h"
#include "tests/lang_frontend/policy.h"

namespace bulkhead::test {
namespace {

class Golden : public testing::TestWithParam<const char*> {};

TEST_P(Golden, DumpIsAsRecorded) {
  const std::string policy = std::string(BULKHEAD_SOURCE_DIR "/tests/policies/") + GetParam() + ".bh";
  const std::string golden = std::string(BULKHEAD_SOURCE_DIR "/tests/lang_frontend/golden/") + GetParam() + ".ir";
  const Loaded loaded = load_files({policy});
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  const std::string dumped = frontend::dump(loaded.program->world, loaded.sources);
  if (std::getenv("BULKHEAD_UPDATE_GOLDENS") != nullptr) {
    ASSERT_TRUE(write_file(golden, dumped).ok());
  }
  std::ifstream file(golden);
  std::stringstream recorded;
  recorded << file.rdbuf();
  EXPECT_EQ(dumped, recorded.str());
}

INSTANTIATE_TEST_SUITE_P(Policies, Golden, testing::Values("agent", "office"),
                         [](const auto& policy) { return std::string(policy.param); });

}  // namespace
}  // namespace bulkhead::test
