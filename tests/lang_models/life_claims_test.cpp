// Claims about the lives of containers: the instances that they are about, and for which open containers they speak.
#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string_view>

#include "lang/system/dump.h"
#include "tests/lang_frontend/policy.h"

namespace bulkhead::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kClaim = "prove p: no container runs before its image is verified;";

std::string system_of(const Loaded& loaded, const std::string& name) {
  if (!loaded.program) return loaded.text();
  for (const system::System& one : loaded.program->world.systems) {
    if (one.name == name) return system::dump(one, loaded.sources);
  }
  return "no system " + name;
}

TEST(LifeClaims, AreAboutThePolicysOwnContainers) {
  const Loaded loaded = load_text("import lifecycle; key K {} container A { image \"a\" signed by K; } container B {}" +
                                  std::string(kClaim));
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  const auto& claim = std::get<ir::TheoremClaim>(loaded.program->world.claims.at(0).form);
  const std::string name = loaded.program->world.at(claim.system).name;
  EXPECT_THAT(name, HasSubstr("Launch_"));
  const std::string dump = system_of(loaded, name);
  EXPECT_THAT(dump, HasSubstr("enum Container { A, B }"));
  EXPECT_THAT(dump, AllOf(HasSubstr("signed_from_policy"), HasSubstr("signed(Container.A) && !signed(Container.B)"),
                          HasSubstr("verified_before_run")));
  EXPECT_THAT(system_of(loaded, name + ".AnySignature"), HasSubstr("no system"));
}

TEST(LifeClaims, OfTwoFormsHaveTheirOwnModels) {
  const Loaded loaded = load_text("import lifecycle; container A {} " + std::string(kClaim) +
                                  "prove q: revoked leads to purged; prove r: revoked leads to purged;");
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  std::vector<std::string> names;
  for (const ir::Claim& claim : loaded.program->world.claims) {
    names.push_back(loaded.program->world.at(std::get<ir::TheoremClaim>(claim.form).system).name);
  }
  EXPECT_THAT(names[0], HasSubstr("Launch_"));
  EXPECT_THAT(names[1], HasSubstr("Lifecycle_"));
  EXPECT_EQ(names[1], names[2]);
}

TEST(LifeClaims, NeedContainers) {
  const Loaded loaded = load_text("import lifecycle; " + std::string(kClaim));
  ASSERT_THAT(loaded.codes(), ElementsAre("BH2001"));
  EXPECT_EQ(loaded.marked(diag::Code::UnknownName), "no container runs before its image is verified");
}

/// `revoked leads to purged`, with an open container, where the library's model is another one.
Loaded with_model(const std::string& more) {
  const std::string_view test = testing::UnitTest::GetInstance()->current_test_info()->name();
  std::filesystem::path library = std::filesystem::path(testing::TempDir()) / ("lives_" + std::to_string(getpid()));
  library /= std::string(test.substr(test.rfind('/') + 1));
  std::filesystem::create_directories(library);
  std::ofstream(library / "lifecycle.bh")
      << "module lifecycle;\n"
         "model Lifecycle(sort Container) { enum Mode { Awake, Purged } var mode: Container -> Mode = Mode.Awake;\n"
         "var told: Container -> bool = false; define lives(c: Container) = mode(c) == Mode.Awake;\n"
         "action tell(c: Container) do told(c) := true;\n" +
             more + "action purge(c: Container) when told(c) do mode(c) := Mode.Purged; }\n";
  frontend::LoadOptions options;
  options.model_paths = {library.string()};
  const Loaded loaded = load_text(
      "import lifecycle; profile Guest {} open container peer: Guest; container A {}\nprove p: revoked leads to "
      "purged;",
      options);
  std::filesystem::remove_all(library.parent_path());
  return loaded;
}

TEST(OneAtATime, OpenContainersAreElementsOfModelsThatLookAtOne) {
  const Loaded loaded = with_model(
      "relation near: Container -> bool; const limit: int; lemma two: forall c, d: Container. told(c) || !told(d) || c "
      "!= d || true; action look(c: Container, m: Mode) when near(c) && m == mode(c) do told(c) := told(c);");
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  const auto& claim = std::get<ir::TheoremClaim>(loaded.program->world.claims.at(0).form);
  EXPECT_THAT(system_of(loaded, loaded.program->world.at(claim.system).name), HasSubstr("enum Container { A, peer }"));
}

class Relates : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Relates, AndSoOpenContainersAreRefused) {
  const Loaded loaded = with_model(GetParam().second);
  EXPECT_THAT(loaded.codes(), testing::Contains("BH3025")) << loaded.text();  // and that some variable never changes
  EXPECT_EQ(loaded.marked(diag::Code::BadComposition), "revoked leads to purged");
}

INSTANTIATE_TEST_SUITE_P(
    OneAtATime, Relates,
    testing::Values(
        std::pair{"Action", "action both(c: Container, d: Container) when told(c) do told(d) := true; "},
        std::pair{"NobodysAction", "var n: Container -> bool; action none() do n(*) := false; "},
        std::pair{"Global", "var busy: bool = false; action use(c: Container) when !busy do busy := true; "},
        std::pair{"Pair", "var near: (Container, Container) -> bool = false; "},
        std::pair{"Relation", "relation near: (Container, Container); "},
        std::pair{"Value", "const other: Container -> Container; "},
        std::pair{"Set", "var known: Container -> set of Container; "},
        std::pair{"Guard",
                  "action one(c: Container) when forall d: Container. d == c || !told(d) do told(c) := true; "},
        std::pair{"Effect", "action all(c: Container) do forall d: Container. told(d) := true; "},
        std::pair{"Star", "action all(c: Container) do told(*) := true; "},
        std::pair{
            "Definition",
            "define any() = exists d: Container. told(d); action one(c: Container) when any() do told(c) := true; "},
        std::pair{"Start", "var more: Container -> bool; initially exists d: Container. more(d); "},
        std::pair{"Assumption", "relation far: Container -> bool; assume one: exists d: Container. far(d); "},
        std::pair{"Record", "record Pair { left: Container; } "}),
    [](const auto& each) { return std::string(each.param.first); });

TEST(OneAtATime, WhatAPersonWritesMayRelateTwoContainers) {
  const Loaded loaded = load_text(
      "import lifecycle; profile Guest {} open container peer: Guest; container A {} model Mine = Launch(containers);");
  EXPECT_THAT(loaded.codes(), ElementsAre("BH3025")) << loaded.text();
}

}  // namespace
}  // namespace bulkhead::test
