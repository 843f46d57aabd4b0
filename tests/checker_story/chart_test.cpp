#include "checker/story/chart.h"

#include <gtest/gtest.h>

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;

/// Two roles with their states, and actions named as docs/language/protocols.md says.
struct Exchange {
  System system;
  Exchange() {
    system.sorts.push_back({"Nonce", {}});
    for (const char* role : {"client", "server"}) {
      const EnumId states(system.enums.size());
      system.enums.push_back({std::string(role) + "_State", {"Idle", "Busy"}, {}});
      Function state;
      state.name = role;
      state.arguments = {sort()};
      state.result = enumeration(states);
      system.functions.push_back(state);
    }
    for (const char* name : {"client_Idle_send_Read", "server_Idle_accept_Read", "lose_Read", "attacker_forges_Data",
                             "client_Busy_accept_Data_from_attacker", "client_Busy_timeout", "somebody_sends_Data"}) {
      Action action;
      action.name = name;
      action.parameters = {BinderId(system.binders.size())};
      system.binders.push_back({"n", sort()});
      system.actions.push_back(action);
    }
  }
  static Type sort() {
    Type type;
    type.kind = Kind::Sort;
    type.sort = SortId(0);
    return type;
  }
  static Type enumeration(EnumId id) {
    Type type;
    type.kind = Kind::Enum;
    type.enumeration = id;
    return type;
  }
  Run run() const {
    Run run{{{2}}, {}, {}, std::nullopt};
    for (std::size_t i = 0; i < system.actions.size(); ++i) run.steps.push_back({ActionId(i), {0}});
    return run;
  }
};

TEST(Chart, HasALaneForEachRoleAndOneForTheWireBetween) {
  const Exchange exchange;
  const auto chart = story::chart_of(exchange.system, exchange.run());
  ASSERT_TRUE(chart);
  EXPECT_EQ(chart->lanes, (std::vector<std::string>{"client", "wire", "server"}));
  const std::vector<std::string> wanted{
      "client                              wire                                server",
      "|-- Read(Nonce 1) ----------------->|                                   |",
      "|                                   |-- Read(Nonce 1) ----------------->|",
      "|                                   X lost: Read(Nonce 1)",
      "|                                   * attacker forges Data(Nonce 1)",
      "|<- Data(Nonce 1) by the attacker --|                                   |",
      "* timeout(Nonce 1)",
      "|                                   * somebody_sends_Data(Nonce 1)",
  };
  EXPECT_EQ(story::lines(*chart), wanted);
}

TEST(Chart, IsWrittenAsAPictureWithItsTextEscaped) {
  const story::Chart chart{{"a<b", "wire", "\"c\""}, {{story::Chart::Kind::Message, 0, 1, "M(x & y)"}}};
  const std::string picture = story::svg(chart);
  EXPECT_NE(picture.find("a&lt;b"), std::string::npos);
  EXPECT_NE(picture.find("M(x &amp; y)"), std::string::npos);
  EXPECT_EQ(picture.find("a<b"), std::string::npos);
  EXPECT_NE(picture.find("marker-end"), std::string::npos);
}

TEST(Chart, IsMadeOfProtocolsOnly) {
  Exchange exchange;
  for (Action& action : exchange.system.actions) action.name = "step";
  EXPECT_FALSE(story::chart_of(exchange.system, exchange.run()));
}

}  // namespace
}  // namespace bulkhead::test
