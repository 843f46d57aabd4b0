// The corpus of one fuzz target, once, in the ordinary build: what a fuzzer once found stays found.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "lang/base/file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace bulkhead::test {
namespace {

TEST(FuzzCorpus, EverySeedKeepsThePromisesOfTheTarget) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(BULKHEAD_CORPUS)) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  ASSERT_FALSE(files.empty());
  for (const std::string& file : files) {
    std::printf("%s\n", file.c_str());  // a broken promise aborts: the last name is the culprit's
    std::fflush(stdout);
    const auto bytes = read_file(file, std::size_t{1} << 20);
    ASSERT_TRUE(bytes.ok());
    const std::vector<std::uint8_t> data(bytes->begin(), bytes->end());
    EXPECT_EQ(LLVMFuzzerTestOneInput(data.data(), data.size()), 0);
  }
}

}  // namespace
}  // namespace bulkhead::test
