// The fuzzer's corpus, once, in the ordinary build.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "lang/base/file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace bulkhead::test {
namespace {

TEST(FuzzCorpus, EveryFileKeepsThePromisesOfTheParserAndTheFormatter) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(BULKHEAD_SOURCE_DIR "/tests/fuzz/corpus/parse")) {
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  ASSERT_GT(files.size(), 10u);
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    const auto bytes = read_file(file, std::size_t{1} << 20);
    ASSERT_TRUE(bytes.ok());
    const std::vector<std::uint8_t> data(bytes->begin(), bytes->end());
    EXPECT_EQ(LLVMFuzzerTestOneInput(data.data(), data.size()), 0);
  }
}

}  // namespace
}  // namespace bulkhead::test
