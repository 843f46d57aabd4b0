// Modules: what is found, what is refused, and how it is told.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "lang/resolve/modules.h"
#include "tests/lang_frontend/folder.h"
#include "tests/lang_frontend/policy.h"

namespace bulkhead::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Modules, TellAnImportCycleAsAChain) {
  const Folder folder;
  const std::string main = folder.put("main.bh", "module main; import a;");
  folder.put("a.bh", "module a; import b;");
  folder.put("b.bh", "module b; import c;");
  folder.put("c.bh", "module c; import a;");
  const Loaded loaded = load_files({main});
  ASSERT_THAT(loaded.codes(), ElementsAre("BH2006")) << loaded.text();
  EXPECT_THAT(loaded.diagnostics.all()[0].message, HasSubstr("`a` -> `b` -> `c` -> `a`"));
  EXPECT_EQ(loaded.diagnostics.all()[0].labels.size(), 2u);
  EXPECT_FALSE(loaded.program.has_value());
}

TEST(Modules, AreFoundBesideTheImporterBeforeTheModels) {
  const Folder folder;
  const std::string main = folder.put("main.bh", "import linux; import kai.shared; container Agent uses calm { }");
  folder.put("linux.bh", "module linux; syscalls tiny { read 0 63; }");
  folder.put("kai/shared.bh", "module kai.shared; profile calm { rootfs readonly; }");
  const Loaded loaded = load_files({main});
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  EXPECT_EQ(loaded.program->world.syscalls.size(), 1u);
}

TEST(Modules, StopAnImportBombByCount) {
  const Folder folder;
  std::string imports;
  for (std::size_t i = 0; i < resolve::kMaxModules + 10; ++i) {
    const std::string name = "m" + std::to_string(i);
    folder.put(name + ".bh", "module " + name + "; import m" + std::to_string(i + 1) + ";");
  }
  const Loaded loaded = load_files({folder.put("main.bh", "import m0;")});
  ASSERT_THAT(loaded.codes(), ElementsAre("BH2007")) << loaded.text();
  EXPECT_LE(loaded.sources.size(), resolve::kMaxModules);
}

TEST(Modules, AreReadOnceHoweverTheyAreNamed) {
  const Folder folder;
  const std::string main = folder.put("main.bh", "import a; import b; container Agent uses calm { }");
  folder.put("a.bh", "module a; import shared;");
  folder.put("b.bh", "module b; import shared;");
  folder.put("shared.bh", "module shared; profile calm { }");
  const Loaded loaded = load_files({main, folder.path() + "/./main.bh"});
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  EXPECT_EQ(loaded.sources.size(), 4u);
}

TEST(Modules, RefuseFoldersPipesAndWhatIsNotThere) {
  const Folder folder;
  const std::string pipe = folder.path() + "/pipe.bh";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const Loaded loaded = load_files({folder.path(), pipe, folder.path() + "/none.bh", "/dev/zero"});
  ASSERT_THAT(loaded.codes(), ElementsAre("BH9001", "BH9001", "BH9001", "BH9001"));
  EXPECT_THAT(loaded.diagnostics.all()[0].message, HasSubstr("is a folder"));
  EXPECT_THAT(loaded.diagnostics.all()[1].message, HasSubstr("device or pipe"));
  EXPECT_THAT(loaded.diagnostics.all()[2].message, HasSubstr("No such file"));
  EXPECT_FALSE(loaded.program.has_value());
}

TEST(Modules, SeeEachOtherWhenTheyAreNamedTogether) {
  const Folder folder;
  const std::string a = folder.put("a.bh", "module a; container Agent { }");
  const std::string b = folder.put("b.bh", "module b; extend container Agent { may read \"/x\"; }");
  const Loaded loaded = load_files({a, b});
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  EXPECT_EQ(loaded.program->world.module, "a");
}

TEST(Modules, DoNotSeeWhatImportsThem) {
  const Folder folder;
  const std::string main = folder.put("main.bh", "import a; container Agent { }");
  folder.put("a.bh", "module a; extend container Agent { }");
  const Loaded loaded = load_files({main});
  ASSERT_THAT(loaded.codes(), ElementsAre("BH2004")) << loaded.text();
  EXPECT_EQ(loaded.diagnostics.all()[0].labels.size(), 1u);
}

TEST(Modules, SayNothingAboutNamesThatASyntaxErrorMayHaveSwallowed) {
  const Loaded loaded = load_text("volume Data from ; container Agent { mount Data at \"/data\"; user 5 MiB; }");
  EXPECT_FALSE(loaded.program.has_value());
  for (const std::string& code : loaded.codes()) EXPECT_NE(code, "BH2001") << loaded.text();
}

TEST(Names, ProposeTheNearestOneAndShowWhereItIsDeclared) {
  const Loaded loaded = load_text("volume DataVol; container Agent { mount DataVl at \"/data\"; }");
  ASSERT_THAT(loaded.codes(), ElementsAre("BH2001"));
  const diag::Diagnostic& report = loaded.diagnostics.all()[0];
  EXPECT_EQ(loaded.marked(report.code), "DataVl");
  EXPECT_THAT(report.help, HasSubstr("`DataVol`"));
  ASSERT_EQ(report.fixes.size(), 1u);
  EXPECT_EQ(report.fixes[0].replacement, "DataVol");
  ASSERT_EQ(report.labels.size(), 1u);
  EXPECT_EQ(loaded.sources.slice(report.labels[0].span), "DataVol");
}

TEST(Names, PointAtTheEarlierDeclarationOfADuplicate) {
  const Loaded loaded = load_text("container Agent { }\npod Agent = Agent;");
  ASSERT_THAT(loaded.codes(), testing::Contains("BH2002")) << loaded.text();
  EXPECT_EQ(loaded.sources.position(loaded.diagnostics.all()[0].span.file, loaded.diagnostics.all()[0].span.begin).line,
            2u);
  ASSERT_EQ(loaded.diagnostics.all()[0].labels.size(), 1u);
}

TEST(Program, HasADigestOfTextsAndOptionsButNotOfFolders) {
  const Folder one;
  const Folder two;
  const std::string text = "module a; volume V; container Agent { mount V at \"/v\"; }";
  const Loaded a = load_files({one.put("a.bh", text)});
  const Loaded b = load_files({two.put("a.bh", text)});
  const Loaded c = load_files({two.put("a.bh", text + " ")});
  frontend::LoadOptions options = options_with_models();
  options.volume_sources["V"] = "/srv/v";
  const Loaded d = load_files({one.path() + "/a.bh"}, options);
  ASSERT_TRUE(a.program && b.program && c.program && d.program);
  EXPECT_EQ(a.program->digest, b.program->digest);
  EXPECT_NE(a.program->digest, c.program->digest);
  EXPECT_NE(a.program->digest, d.program->digest);
}

}  // namespace
}  // namespace bulkhead::test
