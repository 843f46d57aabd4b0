// Address blocks: as text, and the exact complement of what was granted.
#include "lang/import/capabilities/address.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace bulkhead::capabilities {
namespace {

Block block(std::string_view text) {
  bool host_bits = false;
  const auto out = parse_block(text, host_bits);
  EXPECT_TRUE(out) << text;
  EXPECT_FALSE(host_bits) << text;
  return out.value_or(Block{});
}

TEST(AddressBlock, RoundTripsThroughText) {
  for (const char* text : {"10.0.7.0/24", "0.0.0.0/0", "192.0.2.1", "::/0", "::1", "fd00:7::/48", "2001:db8::1:0:0:1",
                           "1:2:3:4:5:6:7:8", "1::", "::ffff:102:304"}) {
    EXPECT_EQ(to_string(block(text)), text);
  }
  EXPECT_EQ(to_string(block("::ffff:1.2.3.4")), "::ffff:102:304");
}
TEST(AddressBlock, RefusesWhatReadersDisagreeOn) {
  bool host_bits = false;
  for (const char* text :
       {"", "10.0.0", "10.0.0.0.0", "010.0.0.1", "256.0.0.1", "10.0.0.1/33", "10.0.0.1/", "1::2::3", ":::", ":1",
        "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::/129", "10.0.0.1/-1", "0x7f.1", "1:2:3:4:5:6:7::8"}) {
    EXPECT_FALSE(parse_block(text, host_bits)) << text;
  }
}

bool holds(const ir::NetPattern& grant, const ir::NetObject& object) {
  return object.address.family == grant.first.family && grant.first <= object.address && object.address <= grant.last &&
         grant.first_port <= object.port && object.port <= grant.last_port &&
         ((grant.protos >> static_cast<unsigned>(object.proto)) & 1) != 0;
}
bool outside(const std::vector<Outside>& complement, const ir::NetObject& object) {
  for (const auto& part : complement) {
    for (const auto& each : part.blocks) {
      if (each.first.family != object.address.family || object.address < each.first || each.last < object.address)
        continue;
      if (part.services.empty()) return true;
      for (const auto& service : part.services) {
        if (service.proto != object.proto) continue;
        for (const auto& [first, last] : service.ports) {
          if (first <= object.port && object.port <= last) return true;
        }
      }
    }
  }
  return false;
}

TEST(AddressBlock, OutsideIsTheExactComplementForTcpAndUdp) {
  std::mt19937 random(11);
  for (int round = 0; round < 60; ++round) {
    std::vector<ir::NetPattern> grants;
    for (auto i = 1 + random() % 6; i > 0; --i) {
      const bool v6 = random() % 3 == 0;
      const auto bits = static_cast<unsigned>(v6 ? 8 + random() % 121 : random() % 33);
      bool cut = false;
      std::string address;
      if (v6) {
        address = "fd" + std::string(random() % 2 ? "00" : "01") + "::" + std::to_string(random() % 4);
      } else {
        address = "10.0." + std::to_string(random() % 4) + "." + std::to_string(random() % 256);
      }
      const auto at = parse_block(address + "/" + std::to_string(bits), cut);
      ASSERT_TRUE(at);
      ir::NetPattern grant{at->first, at->last, 0, 0, static_cast<std::uint8_t>(1u << (random() % 2))};
      grant.first_port = static_cast<std::uint16_t>(random() % 4 == 0 ? 0 : 440 + random() % 8);
      grant.last_port = static_cast<std::uint16_t>(random() % 4 == 0 ? 65535 : grant.first_port + random() % 3);
      grants.push_back(grant);
    }
    const auto complement = outside_of(grants);
    for (int probe = 0; probe < 400; ++probe) {
      ir::NetObject object;
      const auto& grant = grants[random() % grants.size()];
      object.address = random() % 2 ? grant.first : grant.last;
      const std::size_t last = object.address.family == ir::Family::V4 ? 3 : 15;
      if (random() % 2)
        object.address.bytes[last] = static_cast<std::uint8_t>(object.address.bytes[last] + random() % 3 - 1);
      object.port = static_cast<std::uint16_t>(438 + random() % 12);
      if (random() % 8 == 0) object.port = static_cast<std::uint16_t>(random());
      object.proto = random() % 2 ? ir::Proto::Tcp : ir::Proto::Udp;
      const bool granted = std::any_of(grants.begin(), grants.end(), [&](const auto& g) { return holds(g, object); });
      EXPECT_EQ(outside(complement, object), !granted) << to_string(object.address) << " port " << object.port;
    }
  }
}

TEST(AddressBlock, GrantingEverythingLeavesNothingOutside) {
  std::vector<ir::NetPattern> all;
  for (const char* text : {"0.0.0.0/0", "::/0"}) {
    const auto each = block(text);
    all.push_back({each.first, each.last, 0, 65535, 7});
  }
  EXPECT_TRUE(outside_of(all).empty());
}

}  // namespace
}  // namespace bulkhead::capabilities
