// Keys, images and lifecycles: their mistakes, what they become, and that a dump of them reads again.
#include <gmock/gmock.h>

#include "lang/frontend/dump.h"
#include "tests/lang_frontend/policy.h"

namespace bulkhead::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Mistake {
  const char* name;
  const char* text;
  const char* code;
  const char* marked;  // what the marker stands under
  const char* help;    // a part of it
};

class LifeMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(LifeMistakes, AreReportedWhereTheyStand) {
  const Mistake& mistake = GetParam();
  const Loaded loaded =
      load_text("container A { image \"a\"; } container B {} pod P = A, B; host H {} " + std::string(mistake.text));
  ASSERT_THAT(loaded.codes(), ElementsAre(mistake.code)) << loaded.text();
  const diag::Diagnostic& report = loaded.diagnostics.all()[0];
  EXPECT_EQ(loaded.marked(report.code), mistake.marked) << loaded.text();
  EXPECT_THAT(report.help, HasSubstr(mistake.help));
}

INSTANTIATE_TEST_SUITE_P(
    Lifecycles, LifeMistakes,
    testing::Values(
        Mistake{"Trigger", "lifecycle A { revokd -> purge; }", "BH2012", "revokd", "did you mean `revoked`"},
        Mistake{"Answer", "lifecycle A { revoked -> purg; }", "BH2012", "purg", "did you mean `purge`"},
        Mistake{"NoTime", "lifecycle A { idle -> sleep; }", "BH3031", "idle", "idle 10 min -> sleep"},
        Mistake{"TooMuchTime", "lifecycle A { revoked 5 s -> purge; }", "BH3031", "5 s", "leave the time out"},
        Mistake{"NoDuration", "lifecycle A { idle 10 MiB -> sleep; }", "BH3001", "10 MiB", "ms, s, min or h"},
        Mistake{"NoTimeAtAll", "lifecycle A { idle 0 s -> sleep; }", "BH3002", "0 s", ""},
        Mistake{"TwoAnswers", "lifecycle A { revoked -> purge; revoked -> sleep; }", "BH3031", "revoked -> sleep;",
                "keep one"},
        Mistake{"TwoSentences", "lifecycle P { expired -> purge; } lifecycle B { expired -> sleep; }", "BH3031",
                "expired -> sleep;", "keep one"},
        Mistake{"TwoTimes", "lifecycle A { idle 1 s -> sleep; idle 2 s -> sleep; }", "BH3031", "idle 2 s -> sleep;",
                "keep one"},
        Mistake{"NoContainer", "lifecycle C { revoked -> purge; }", "BH2001", "C", ""},
        Mistake{"Host", "lifecycle H { revoked -> purge; }", "BH2003", "H", ""}),
    [](const auto& mistake) { return mistake.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Images, LifeMistakes,
    testing::Values(
        Mistake{"Channel", "image \"a\" { channel stabel; }", "BH2012", "stabel", "did you mean `stable`"},
        Mistake{"Trust", "image \"a\" { trust hihg; }", "BH2012", "hihg", "did you mean `high`"},
        Mistake{"Property", "image \"a\" { chanel stable; }", "BH2012", "chanel", "did you mean `channel`"},
        Mistake{"ChannelTwice", "image \"a\" { channel stable; channel fast; }", "BH3011", "channel fast;", ""},
        Mistake{"NumberForAWord", "image \"a\" { channel 3; }", "BH3008", "3", ""},
        Mistake{"WordForAFile", "image \"a\" { contract behavior; }", "BH3008", "behavior", ""},
        Mistake{"ShortDigest", "image \"a\" { digest sha256:00ff; }", "BH3031", "sha256:00ff", "sha256:..."},
        Mistake{"OtherDigest", "image \"a\" { digest sha1:...; }", "BH3031", "sha1:...", "sha512"},
        Mistake{"DigestTwice", "image \"a\" { digest sha256:...; digest sha512:...; }", "BH3011", "sha512:...", ""},
        Mistake{"ImageTwice", "image \"a\" {} image \"a\" {}", "BH2002", "\"a\"", ""},
        Mistake{"ImageOfNobody", "image \"aa\" {}", "BH4004", "\"aa\"", "did you mean `a`"},
        Mistake{"Algorithm", "key K { alg ml_dsa_78; }", "BH2001", "ml_dsa_78", "did you mean `ml_dsa_87`"},
        Mistake{"KeyProperty", "key K { algorithm ml_dsa_87; }", "BH2012", "algorithm", "alg"}),
    [](const auto& mistake) { return mistake.param.name; });

constexpr const char* kPolicy = R"bh(
import lifecycle;
key Board { alg ml_dsa_87; }
image "a" {
    digest sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef;
    channel experimental;
    trust low;
    contract "behavior \"one\".json";
}
profile guest { image "guest" signed by Board; }
open container peer: guest;
container A { image "a" signed by Board; level maximum; }
container B {}
pod Both = A, B;
lifecycle Both { idle 1500 ms -> sleep; expired -> purge; }
lifecycle A { revoked -> purge; expired -> purge; }
pod Guests = peer;
lifecycle Guests { revoked -> purge; }
prove verified: no container runs before its image is verified;
prove purged: revoked leads to purged;
)bh";

const ir::Subject& subject(const ir::World& world, const std::string& name) {
  for (const ir::Subject& one : world.subjects) {
    if (one.name == name) return one;
  }
  throw std::out_of_range(name);
}

std::vector<std::string> life(const ir::Subject& subject) {
  std::vector<std::string> rules;
  for (const ir::LifeRule& rule : subject.life) {
    rules.push_back(std::string(ir::kTriggers[static_cast<std::size_t>(rule.trigger)]) + " " +
                    std::to_string(rule.after_ms) + " " +
                    std::string(ir::kAnswers[static_cast<std::size_t>(rule.answer)]));
  }
  return rules;
}

void expect_the_policy(const ir::World& world) {
  EXPECT_THAT(life(subject(world, "A")), ElementsAre("idle 1500 sleep", "revoked 0 purge", "expired 0 purge"));
  EXPECT_THAT(life(subject(world, "B")), ElementsAre("idle 1500 sleep", "expired 0 purge"));
  EXPECT_THAT(life(subject(world, "peer")), ElementsAre("revoked 0 purge"));
  EXPECT_EQ(life(subject(world, "another peer")), life(subject(world, "peer")));
  ASSERT_EQ(world.images.size(), 1u);
  const ir::Image& image = world.images[0];
  EXPECT_EQ(image.name, "a");
  EXPECT_EQ(image.digest.size(), 71u);
  EXPECT_EQ(image.channel, ir::UpdateChannel::Experimental);
  EXPECT_EQ(image.trust, ir::ImageTrust::Low);
  EXPECT_EQ(image.contract, "behavior \"one\".json");
  ASSERT_EQ(world.keys.size(), 1u);
  EXPECT_EQ(world.keys[0].algorithm, "ml_dsa_87");
  EXPECT_EQ(world.claims.size(), 2u);
  EXPECT_TRUE(world.dynamic.empty());
}

TEST(Lives, AreLoweredForEachContainerAndReadAgainFromTheirDump) {
  const Loaded loaded = load_text(kPolicy);
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  expect_the_policy(loaded.program->world);
  const std::string dumped = frontend::dump(loaded.program->world, loaded.sources);
  const Loaded again = load_text(dumped);
  ASSERT_TRUE(again.program.has_value()) << again.text() << dumped;
  expect_the_policy(again.program->world);
}

TEST(Lives, SaidTwiceAreSaidOnce) {
  const Loaded loaded = load_text("container A {} lifecycle A { revoked -> purge; } lifecycle A { revoked -> purge; }");
  ASSERT_TRUE(loaded.program.has_value()) << loaded.text();
  EXPECT_THAT(life(subject(loaded.program->world, "A")), ElementsAre("revoked 0 purge"));
}

}  // namespace
}  // namespace bulkhead::test
