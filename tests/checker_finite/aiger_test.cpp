// The AIGER files beside explicit search, decided by another model checker.
#include "checker/finite/aiger.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "checker/explore/explore.h"
#include "lang/base/file.h"
#include "tests/support/random_system.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;

/// What the program prints; empty where it cannot be started.
std::string output_of(const std::string& command) {
  std::string text;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), got);
  pclose(pipe);
  return text;
}

/// By one process of abc for all files: for each whether its output can become true.
std::vector<bool> can_become_true(const std::vector<std::string>& files) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "bulkhead_aiger_test";
  std::filesystem::create_directories(folder);
  std::string commands;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string path = (folder / (std::to_string(i) + ".aig")).string();
    EXPECT_TRUE(write_file(path, files[i]).ok());
    commands += "read_aiger " + path + "; pdr; echo done\n";
  }
  const std::string script = (folder / "script").string();
  EXPECT_TRUE(write_file(script, commands).ok());
  const std::string text = output_of("berkeley-abc -f " + script + " 2>&1");
  std::filesystem::remove_all(folder);
  std::vector<bool> answers;
  for (std::size_t at = text.find("Property proved"), other = 0; answers.size() < files.size();) {
    at = text.find("Property proved", other);
    const std::size_t failed = text.find("was asserted in frame", other);
    if (at == std::string::npos && failed == std::string::npos) break;
    answers.push_back(failed < at);
    other = std::min(at, failed) + 1;
  }
  EXPECT_EQ(answers.size(), files.size()) << text;
  return answers;
}

TEST(Aiger, IsDecidedByAnotherCheckerAsByExplicitSearch) {
  if (std::system("command -v berkeley-abc >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "needs abc: berkeley-abc reads AIGER";
  std::vector<std::string> files;
  std::vector<bool> expected;
  explore::Options options;
  options.work = 1u << 20;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const RandomSystem made(seed);
    const auto outcome = explore::search(made.system, made.always, made.scope, options);
    if (std::holds_alternative<explore::Stopped>(outcome)) continue;
    const auto file = finite::to_aiger(made.system, made.scope, finite::claim_of(made.system, made.always));
    ASSERT_TRUE(file.ok());
    files.push_back(*file);
    expected.push_back(std::holds_alternative<explore::Found>(outcome));
  }
  EXPECT_GT(std::count(expected.begin(), expected.end(), true), 10);
  EXPECT_GT(std::count(expected.begin(), expected.end(), false), 10);
  const auto answers = can_become_true(files);
  ASSERT_EQ(answers.size(), expected.size());
  for (std::size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i], expected[i]) << i;
}

TEST(Aiger, SaysItsSizesAndRefusesWhatHasNoCircuit) {
  const Memory memory(Flush::Done);
  const finite::Claim claim{memory.system.at(memory.exclusive).formula, true};
  const auto file = finite::to_aiger(memory.system, {{2, 1}}, claim);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->substr(0, 4), "aig ");
  EXPECT_NE(file->find(" 4 1 "), std::string::npos) << "begun, an owner, two mappings; one output";
  const Counter exact(Wrap::Never);
  EXPECT_FALSE(finite::to_aiger(exact.system, {}, {exact.is_zero, false}).ok());
}

}  // namespace
}  // namespace bulkhead::test
