// One enforced run in a test: captured output, its own log and folders, and the check that nothing of it remains.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime-bridge/sandbox/run.h"
#include "tests/runtime/table_builder.h"

namespace bulkhead::test {

struct Ran {
  sandbox::RunOutcome outcome;
  int status = 0;
  std::string out, err, log;
};

class SandboxTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;  // nothing named by this test's runs is left

  Ran run(const table::Table& table, const std::vector<std::string>& command, sandbox::RunOptions options = {});
  /// python3 -I -S -c CODE
  Ran python(const table::Table& table, const std::string& code, sandbox::RunOptions options = {});
  /// The same without any sandbox: the first arm of every denial.
  static std::string unsandboxed_python(const std::string& code);

  std::string folder_;  // of this test, on the host
  std::vector<std::string> run_ids_;
  std::vector<std::uint32_t> outer_ids_;
};

/// Runs this very test again as a numeric user that nobody else is, when it was started by root; true where the caller
/// is done.
bool ran_as_user();

/// The cgroups that are left of `run_id`, one a line.
std::string remains_of(const std::string& run_id);
std::string capture(const std::string& command);

}  // namespace bulkhead::test
