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

}  // namespace
}  // namespace bulkhead::test
