// Runs at level maximum, and what must not remain of them.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "lang/base/file.h"
#include "tests/runtime/sandbox_fixture.h"

namespace bulkhead::test {

inline constexpr const char* kPython = "/usr/bin/python3";

class Maximum : public SandboxTest {
 protected:
  void SetUp() override {
    SandboxTest::SetUp();
    if (geteuid() != 0) GTEST_SKIP() << "needs root: level maximum takes it";
    if (access("/usr/bin/runsc", X_OK) != 0) GTEST_SKIP() << "needs runsc: it is not installed";
    ASSERT_TRUE(write_file(folder_ + "/allowed.txt", "allowed").ok());
    ASSERT_TRUE(write_file(folder_ + "/other.txt", "other").ok());
    std::filesystem::permissions(folder_, std::filesystem::perms(0755));
  }
  void TearDown() override {
    for (const std::string& id : run_ids_) {
      EXPECT_FALSE(std::filesystem::exists("/run/bulkhead/maximum-" + id));
      EXPECT_EQ(capture("pgrep -f '[r]unsc.*" + id + "'"), "");
    }
    SandboxTest::TearDown();
  }
  TableBuilder table() const { return TableBuilder({kPython}, table::Level::Maximum); }
  /// FILE_READ on /data/allowed.txt alone, the folder mounted.
  table::Table one_file() const {
    table::Table out = table().build();
    const auto number = static_cast<std::uint32_t>(out.volumes.size());
    out.volumes.push_back({"data", folder_, 0});
    out.mounts.push_back({number, "/data", true, 0});
    table::Row row;
    row.rights = table::kRead;
    row.literals = {{false, false, {{number, "/allowed.txt", ""}}, {}, {}}};
    row.sentence = 0;
    out.rows.push_back(row);
    out.landlock.rules.push_back({"/data/allowed.txt", 4, 0});
    return out;
  }
};

}  // namespace bulkhead::test
