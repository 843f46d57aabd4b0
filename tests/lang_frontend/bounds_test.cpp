// Policies that want too much memory are refused, and say so.
#include <gmock/gmock.h>

#include "tests/lang_frontend/folder.h"
#include "tests/lang_frontend/policy.h"

namespace bulkhead::test {
namespace {

using testing::ElementsAre;

TEST(Bounds, StopAnImportBombByBytes) {
  const Folder folder;
  const std::string filler(std::size_t{24} << 20, ' ');
  const std::string main = folder.put("main.bh", "import a; import b; import c;");
  for (const char* name : {"a", "b", "c"})
    folder.put(std::string(name) + ".bh", "module " + std::string(name) + ";" + filler);
  const Loaded loaded = load_files({main});
  EXPECT_THAT(loaded.codes(), ElementsAre("BH2007")) << loaded.text();
}

TEST(Bounds, RefusesProfilesThatMultiplyBeyondTheBound) {
  std::string text = "profile big { ";
  for (int i = 0; i < 2000; ++i) text += "may read \"/" + std::to_string(i) + "/{a,b}/**\";\n";
  text += "}\n";
  for (int i = 0; i < 1100; ++i) text += "container C" + std::to_string(i) + " uses big { }\n";
  EXPECT_THAT(load_text(text).codes(), ElementsAre("BH3019"));
}

TEST(Bounds, CompositionsThatDoubleAreStopped) {
  std::string text = "model M0 { sort S; var a: S -> bool; action x(s: S) do a(s) := true; }\n";
  for (int i = 1; i < 60; ++i) {
    const std::string n = std::to_string(i);
    const std::string before = std::to_string(i - 1);
    text += "model K" + n + " = M" + before + ";\nmodel M" + n + " = M" + before + " || K" + n + ";\n";
  }
  const Loaded loaded = load_text(text);
  EXPECT_FALSE(loaded.program.has_value());
  EXPECT_THAT(loaded.codes(), testing::ElementsAre("BH3019"));
}

TEST(Bounds, ManyChannelsAreOneClaim) {
  std::string text = "subject A, B;\n";
  for (int i = 0; i < 20000; ++i) text += "channel c" + std::to_string(i) + ": A -> B;\n";
  const Loaded loaded = load_text(text + "refute p: every channel uses strength >= category 5;");
  EXPECT_TRUE(loaded.program.has_value()) << loaded.text().substr(0, 400);
}

}  // namespace
}  // namespace bulkhead::test
