#include "checker/universe/net_cells.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "lang/ir/glob.h"

namespace bulkhead::universe {
namespace {

ir::Address v4(std::uint8_t last) {
  return {ir::Family::V4, {10, 0, 0, last}};
}
ir::Address v6(std::uint8_t last) {
  ir::Address address{ir::Family::V6, {0xFD}};
  address.bytes[15] = last;
  return address;
}

TEST(NetCells, ShowEveryMembershipOfEveryObjectInASmallWorld) {
  std::mt19937 random(5);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::vector<ir::NetPattern>> sets(3);
    for (auto& set : sets)
      for (int i = 0; i < 3; ++i) {
        const auto low = static_cast<std::uint8_t>(random() % 8), high = static_cast<std::uint8_t>(low + random() % 4);
        const auto port = static_cast<std::uint16_t>(random() % 8);
        const bool six = random() % 2 == 0;
        set.push_back({six ? v6(low) : v4(low), six ? v6(high) : v4(high), port,
                       static_cast<std::uint16_t>(port + random() % 4), static_cast<std::uint8_t>(1 + random() % 7)});
      }
    std::set<std::vector<bool>> shown;
    const auto end = visit_net_cells(sets, {}, 1'000'000, [&](const NetCell& cell) {
      for (std::size_t i = 0; i < sets.size(); ++i) {
        ir::ObjectPatterns patterns;
        patterns.nets = sets[i];
        EXPECT_EQ(cell.members[i], ir::patterns_match(patterns, cell.witness));
      }
      shown.insert(cell.members);
      return Visit::Continue;
    });
    ASSERT_EQ(end, CellsEnd::All);
    for (unsigned last = 0; last < 14; ++last)
      for (unsigned port = 0; port < 14; ++port)
        for (const bool six : {false, true})
          for (const auto proto : {ir::Proto::Tcp, ir::Proto::Udp, ir::Proto::Other}) {
            const auto byte = static_cast<std::uint8_t>(last);
            const ir::NetObject object{six ? v6(byte) : v4(byte), static_cast<std::uint16_t>(port), proto};
            std::vector<bool> members;
            for (const auto& set : sets) {
              ir::ObjectPatterns patterns;
              patterns.nets = set;
              members.push_back(ir::patterns_match(patterns, object));
            }
            ASSERT_TRUE(shown.contains(members));
          }
  }
}

TEST(NetCells, KnowTheLastAddressAndTheLastPort) {
  ir::NetPattern all;
  all.last.bytes.fill(0);
  for (std::size_t i = 0; i < 4; ++i) all.last.bytes[i] = 255;
  const std::vector<std::vector<ir::NetPattern>> sets{{all}};
  std::set<std::pair<ir::Family, bool>> seen;
  const auto end = visit_net_cells(sets, {}, 1000, [&](const NetCell& cell) {
    seen.emplace(cell.witness.address.family, cell.members[0]);
    return Visit::Continue;
  });
  EXPECT_EQ(end, CellsEnd::All);
  const std::set<std::pair<ir::Family, bool>> expected{{ir::Family::V4, true}, {ir::Family::V6, false}};
  EXPECT_EQ(seen, expected);
}

TEST(NetCells, SaysWhenTheBudgetRunsOut) {
  std::vector<std::vector<ir::NetPattern>> sets(1);
  for (int i = 0; i < 100; ++i) sets[0].push_back({v4(0), v4(static_cast<std::uint8_t>(i)), 0, 65535, 7});
  EXPECT_EQ(visit_net_cells(sets, {}, 50, [](const NetCell&) { return Visit::Continue; }), CellsEnd::Exhausted);
}

}  // namespace
}  // namespace bulkhead::universe
