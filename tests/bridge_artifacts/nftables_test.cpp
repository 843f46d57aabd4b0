// nftables rulesets: emitted, decoded from the JSON alone, equal to the policy; every mutant refuted.
#include "runtime-bridge/emit/nftables/nftables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "runtime-bridge/decode/nftables/nftables.h"
#include "tests/bridge_artifacts/json_mutants.h"
#include "tests/bridge_artifacts/nft.h"
#include "tests/bridge_artifacts/small_world.h"

namespace bulkhead {
namespace {

using ir::Effect;
using ir::Right;
using testing::SmallWorld;

constexpr std::uint8_t kTcp = 1, kUdp = 2, kAll = 7;

SmallWorld example() {
  SmallWorld in;
  in.net(Effect::Permit, Right::Connect, "10.0.7.0/24", 443, 443, kTcp);
  in.net(Effect::Permit, Right::Connect, "10.0.0.0/16", 8000, 9000, kTcp | kUdp);
  in.net(Effect::Forbid, Right::Connect, "10.0.7.9", 0, 65535, kAll);
  in.net(Effect::Permit, Right::Connect, "fd00:7::/48", 443, 443, kTcp);
  return in;
}
std::string emitted(const SmallWorld& in) {
  const auto made = emit::nftables::emit(in.world, in.container);
  EXPECT_TRUE(made.ok());
  return made.ok() ? made->json : "";
}
/// Nothing: not even understood.
std::optional<decode::Comparison> compared(const SmallWorld& in, const std::string& json) {
  const auto meaning = decode::nftables::decode(json);
  if (!meaning.ok()) return std::nullopt;
  return decode::nftables::compare(*meaning, in.world, in.container);
}
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(NftablesEmission, DecodesToThePolicy) {
  const auto in = example();
  const auto comparison = compared(in, emitted(in));
  ASSERT_TRUE(comparison);
  EXPECT_TRUE(comparison->equal()) << (comparison->narrower.empty() ? "" : comparison->narrower[0].witness);
  EXPECT_FALSE(comparison->assumptions.empty()) << "neighbour discovery is said";
}

TEST(NftablesEmission, NothingGrantedLetsNothingOut) {
  const SmallWorld in;
  const auto meaning = decode::nftables::decode(emitted(in));
  ASSERT_TRUE(meaning.ok());
  EXPECT_TRUE(meaning->allowed.empty());
  EXPECT_FALSE(meaning->neighbour_discovery);
}

TEST(NftablesEmission, ProtocolsWithoutPortsAreAnamedGap) {
  SmallWorld in;
  in.net(Effect::Permit, Right::Connect, "10.0.0.0/8", 0, 65535, kAll);
  const auto made = emit::nftables::emit(in.world, in.container);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->gaps.size(), 1u);
  const auto comparison = compared(in, made->json);
  ASSERT_TRUE(comparison);
  EXPECT_TRUE(comparison->accepted());
  EXPECT_FALSE(comparison->narrower.empty());
}

TEST(NftablesEmission, RandomPoliciesAreEqualAfterDecoding) {
  std::mt19937 random(5);
  for (int round = 0; round < 80; ++round) {
    SmallWorld in;
    for (auto rules = 1 + random() % 7; rules > 0; --rules) {
      const std::string range = random() % 3 == 0 ? "fd0" + std::to_string(random() % 3) + "::/" + std::to_string(16)
                                                  : std::to_string(10 + random() % 2) + ".0.0.0/8";
      const auto first = static_cast<std::uint16_t>(random() % 3 == 0 ? 0 : 20 + random() % 10);
      const auto last = static_cast<std::uint16_t>(random() % 4 == 0 ? 65535 : first + random() % 5);
      in.net(random() % 3 == 0 ? Effect::Forbid : Effect::Permit, Right::Connect, range, first, last,
             static_cast<std::uint8_t>(1 + random() % 3));
    }
    const auto comparison = compared(in, emitted(in));
    ASSERT_TRUE(comparison);
    EXPECT_TRUE(comparison->equal()) << round;
  }
}

TEST(NftablesDecoding, EveryMutantIsRefuted) {
  const auto in = example();
  const auto json = emitted(in);
  const std::pair<std::string, std::string> kMutants[] = {
      {"\"policy\":\"drop\"", "\"policy\":\"accept\""},
      {"\"hook\":\"output\"", "\"hook\":\"input\""},
      {"\"tcp\",443", "\"udp\",443"},
      {"\"tcp\",443", "\"tcp\",444"},
      {"\"range\":[8000,9000]", "\"range\":[8000,9001]"},
      {"10.0.7.255", "10.0.8.255"},
      {"\"daddr\"", "\"saddr\""},
      {"\"dport\"", "\"sport\""},
      {"\"op\":\"==\"", "\"op\":\"!=\""},
      {"\"nd-router-solicit\"", "\"echo-request\""},
      {"{\"reject\":{\"type\":\"tcp reset\"}}", "{\"accept\":null}"},
      {"\"inet_service\"", "\"mark\""},
      {"\"@allow4\"", "\"@allow6\""},
      {"\"key\":\"l4proto\"", "\"key\":\"mark\""},
      {"\"name\":\"bulkhead\"", "\"name\":\"other\""}};
  for (const auto& [from, to] : kMutants) {
    const auto comparison = compared(in, replaced(json, from, to));
    EXPECT_TRUE(!comparison || !comparison->accepted()) << from << " -> " << to;
  }
  EXPECT_FALSE(decode::nftables::decode("{}").ok());
  EXPECT_FALSE(decode::nftables::decode("{\"nftables\":[]}").ok());
  EXPECT_FALSE(decode::nftables::decode("[").ok());
}

/// Wherever one thing is changed, the ruleset is not understood any more or lets something else out.
TEST(NftablesDecoding, EveryMutantOfTheTextIsRefuted) {
  const auto in = example();
  const auto json = emitted(in);
  std::size_t refuted = 0;
  for (const auto& mutant : testing::json_mutants(json)) {
    const auto comparison = compared(in, mutant.text);
    const bool equal = comparison && comparison->equal();
    refuted += equal ? 0 : 1;
    // Left over: what nft itself does not read, the rejections after the last accept (the chain drops anyway), rules
    // and elements that stand there twice, and neighbour discovery, which carries nothing of the program's.
    const auto is = [&](const char* part) { return mutant.where.find(part) != std::string::npos; };
    const bool harmless = is("metainfo") || is("twice") || is("reject") || is("icmpv6") ||
                          is("/nftables item 0 dropped") || is("/nftables item 1 dropped") || is("flags") ||
                          is("/nftables/7") || is("/nftables item 7") || is("/nftables item 8") ||
                          is("/nftables item 9") || is("/nftables/8/add/rule/expr item 0 dropped") || is("/accept") ||
                          is("expr/1");
    EXPECT_TRUE(!equal || harmless) << mutant.where;
    EXPECT_TRUE(!comparison || comparison->accepted() || !equal) << mutant.where;
  }
  EXPECT_GT(refuted, 200u);
}

TEST(NftablesDecoding, ASetThatIsFilledAfterItsRuleIsRefused) {
  const auto in = example();
  const auto json = emitted(in);
  const std::string later =
      R"({"add":{"set":{"family":"inet","table":"bulkhead","name":"allow4","type":["ipv4_addr",)"
      R"("inet_proto","inet_service"],"flags":["interval"],"elem":[{"concat":["8.8.8.8","tcp",53]}]}}})";
  const auto comparison = compared(in, replaced(json, "]}\n", "," + later + "]}\n"));
  EXPECT_FALSE(comparison && comparison->accepted());
  const std::string one = R"("elem":{"concat":["8.8.8.8","tcp",53]},"unused":[)";
  EXPECT_FALSE(compared(in, replaced(json, "\"elem\":[", one)));
  EXPECT_FALSE(compared(in, replaced(json, "[\"interval\"]", "[\"interval\",\"dynamic\"]")));
  EXPECT_FALSE(compared(in, replaced(json, "\"10.0.7.0\"", "\"any\"")));
}

/// What nft lists on a machine that has no /etc/protocols.
TEST(NftablesDecoding, ProtocolsAreReadByTheirNumbersToo) {
  const auto in = example();
  std::string json = emitted(in);
  for (const auto& [name, number] : {std::pair{"\"tcp\"", "6"}, std::pair{"\"udp\"", "17"}}) {
    while (json.find(name) != std::string::npos) json = replaced(json, name, number);
  }
  const auto comparison = compared(in, json);
  ASSERT_TRUE(comparison) << json;
  EXPECT_TRUE(comparison->equal());
  const auto other = compared(in, replaced(json, "6,443", "17,443"));
  EXPECT_TRUE(other && !other->accepted());
  for (const char* unread : {"\"6\",443", "6.0,443", "132,443", "true,443"})
    EXPECT_FALSE(compared(in, replaced(json, "6,443", unread))) << unread;
}

TEST(NftablesRuntime, TheKernelGivesBackTheSamePolicy) {
  const auto in = example();
  const auto listing = testing::load_and_list(emitted(in));
  if (!listing) GTEST_SKIP() << "needs nft: no network namespace with nftables can be made here";
  const auto comparison = compared(in, *listing);
  ASSERT_TRUE(comparison) << *listing;
  EXPECT_TRUE(comparison->equal());
}

TEST(NftablesRuntime, TheWholeWorldIsGivenBackToo) {
  SmallWorld in;
  in.net(Effect::Permit, Right::Connect, "0.0.0.0/0", 0, 65535, kTcp | kUdp);
  in.net(Effect::Permit, Right::Connect, "::/0", 1, 65535, kTcp);
  const auto listing = testing::load_and_list(emitted(in));
  if (!listing) GTEST_SKIP() << "needs nft: no network namespace with nftables can be made here";
  const auto comparison = compared(in, *listing);
  ASSERT_TRUE(comparison) << *listing;
  EXPECT_TRUE(comparison->equal()) << *listing;
}

}  // namespace
}  // namespace bulkhead
