// A program that stands where the child that asks Spacer does, and says what it is told to.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace bulkhead::test {

class LyingChild {
 public:
  /// Reads what it is asked, then answers. Requires: no `'` in the answer.
  explicit LyingChild(const std::string& answer)
      : path_(::testing::TempDir() + "bulkhead_lying_child_" + std::to_string(getpid())) {
    std::FILE* file = std::fopen(path_.c_str(), "w");
    EXPECT_NE(file, nullptr);
    if (file == nullptr) return;
    std::fprintf(file, "#!/bin/sh\ncat >/dev/null\necho '%s'\n", answer.c_str());
    std::fclose(file);
    EXPECT_EQ(::chmod(path_.c_str(), 0700), 0);
  }
  ~LyingChild() { std::remove(path_.c_str()); }
  LyingChild(const LyingChild&) = delete;
  LyingChild& operator=(const LyingChild&) = delete;

  const std::string& program() const { return path_; }

 private:
  std::string path_;
};

}  // namespace bulkhead::test
