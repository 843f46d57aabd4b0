// Every diagnostic of names, types and smells has a page whose failing example fails so and whose corrected one does
// not; every page about the language has examples that load.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/lang_frontend/policy.h"

namespace bulkhead::test {
namespace {

namespace fs = std::filesystem;

std::string slurp(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The blocks of a page that are fenced as ```bh WORD.
std::vector<std::string> blocks(const std::string& page, const std::string& word) {
  std::vector<std::string> found;
  const std::string fence = "```bh " + word + "\n";
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
    at += fence.size();
    found.push_back(page.substr(at, page.find("```", at) - at));
  }
  return found;
}

/// Loads an example; `// file: NAME` begins another file beside the first.
Loaded load_example(const std::string& example) {
  std::string folder = (fs::temp_directory_path() / "bulkhead_page_XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return {};
  std::istringstream lines(example);
  std::ofstream out(folder + "/main.bh");
  for (std::string line; std::getline(lines, line);) {
    const std::string mark = "// file: ";
    if (line.rfind(mark, 0) == 0) {
      out = std::ofstream(folder + "/" + line.substr(mark.size()));
    } else {
      out << line << "\n";
    }
  }
  out.close();
  Loaded loaded = load_files({folder + "/main.bh"});
  fs::remove_all(folder);
  return loaded;
}

std::vector<std::string> codes_of_this_area() {
  std::vector<std::string> codes;
#define BH_CODE(name, number, severity, summary) \
  if ((number >= 2000 && number < 4500) || number == 9001) codes.push_back(diag::to_string(diag::Code::name));
#include "lang/diag/codes.def"
#undef BH_CODE
  return codes;
}

class Page : public testing::TestWithParam<std::string> {};

TEST_P(Page, FailsWithItsCodeAndLoadsWhenCorrected) {
  const std::string page = slurp(std::string(BULKHEAD_SOURCE_DIR "/docs/diagnostics/") + GetParam() + ".md");
  ASSERT_FALSE(page.empty());
  EXPECT_EQ(page.rfind("# " + GetParam() + ": ", 0), 0u);
  // These need proofs: what `check` and `prove` say of their examples is a test of the command line.
  const bool needs_proofs = GetParam() == "BH4015" || GetParam() == "BH4016";
  const bool needs_bulk = GetParam() == "BH2007" || GetParam() == "BH3019" || GetParam() == "BH9001";
  if (!needs_bulk) {
    ASSERT_FALSE(blocks(page, "fail").empty());
  }
  for (const std::string& example : blocks(page, "fail")) {
    const Loaded loaded = load_example(example);
    EXPECT_THAT(loaded.codes(), testing::Each(GetParam())) << loaded.text();
    EXPECT_EQ(loaded.codes().empty(), needs_proofs) << example;
    EXPECT_EQ(loaded.program.has_value(), GetParam() >= "BH4000") << loaded.text();
  }
  ASSERT_FALSE(blocks(page, "ok").empty());
  for (const std::string& example : blocks(page, "ok")) {
    const Loaded loaded = load_example(example);
    EXPECT_TRUE(loaded.program.has_value()) << loaded.text();
    EXPECT_TRUE(loaded.codes().empty()) << loaded.text();
  }
}

INSTANTIATE_TEST_SUITE_P(Diagnostics, Page, testing::ValuesIn(codes_of_this_area()),
                         [](const auto& code) { return code.param; });

TEST(LanguagePages, LoadTheirExamples) {
  std::vector<fs::path> pages;
  for (const auto& entry : fs::directory_iterator(BULKHEAD_SOURCE_DIR "/docs/language")) pages.push_back(entry.path());
  std::sort(pages.begin(), pages.end());
  ASSERT_FALSE(pages.empty());
  for (const fs::path& path : pages) {
    const std::vector<std::string> examples = blocks(slurp(path), "ok");
    EXPECT_FALSE(examples.empty()) << path;
    for (const std::string& example : examples) {
      const Loaded loaded = load_example(example);
      EXPECT_TRUE(loaded.program.has_value()) << path << "\n" << loaded.text();
      EXPECT_TRUE(loaded.codes().empty()) << path << "\n" << loaded.text();
    }
  }
}

}  // namespace
}  // namespace bulkhead::test
