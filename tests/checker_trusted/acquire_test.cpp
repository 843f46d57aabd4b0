// Steps of an acquisition and edges over channels, judged one by one: each is refused when one thing about it is wrong.
#include <gtest/gtest.h>

#include <algorithm>

#include "checker/obligation/obligation.h"
#include "lang/ir/acquire.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using ir::FlowCause;
using ir::Right;
using testing::files;
using testing::nets;
using testing::WorldBuilder;

/// Giver has a right by itself and Holder by a sentence; Middle is handed it with `delegate`, End without.
struct Chain {
  WorldBuilder b;
  ir::VolumeId volume = b.volume("V");
  ir::SubjectId giver = b.subject("Giver");
  ir::SubjectId holder = b.subject("Holder");
  ir::SubjectId middle = b.subject("Middle");
  ir::SubjectId end = b.subject("End");
  ir::SubjectId barred = b.subject("Barred");
  ir::FileObject file{volume, "/d/x"};
  ir::DelegationId first = delegate(giver, middle, true, "/d/**");
  ir::DelegationId second = delegate(middle, end, false, "/**");
  ir::DelegationId third = delegate(end, giver, true, "/**");
  ir::DelegationId to_barred = delegate(giver, barred, true, "/**");
  ir::DelegationId held = delegate(holder, end, false, "/**");

  Chain() {
    b.permit(giver, Right::Read, files({{volume, "/**"}}));
    b.rule(ir::Effect::Forbid, barred, Right::Read, ir::Plane::File, files({{volume, "/d/**"}}));
    // What a container does not mount it cannot name; what it was handed needs no name.
    b.rule(ir::Effect::Forbid, end, Right::Read, ir::Plane::File, files({{volume, "/**"}}));
    b.world.rules.back().of_names = true;
    b.world.holdings.push_back({holder, Right::Read, true, ir::Plane::File, files({{volume, "/d/**"}}), {}});
  }
  ir::DelegationId delegate(ir::SubjectId from, ir::SubjectId to, bool onward, const std::string& glob) {
    b.world.delegations.push_back(
        {from, to, Right::Read, onward, ir::Plane::File, files({{volume, glob}}), ir::ChannelId{0}, {}});
    return ir::DelegationId{b.world.delegations.size() - 1};
  }
  ir::Handover step(ir::DelegationId by) const { return {by, Right::Read, file, {}, {}}; }
  bool goes(const std::vector<ir::Handover>& steps) const {
    return !ir::Acquired(b.world).hand_over(steps).has_value();
  }
};

TEST(Acquire, GoesStepByStepFromWhoHasTheRight) {
  Chain c;
  EXPECT_TRUE(c.goes({c.step(c.first), c.step(c.second)}));
  EXPECT_TRUE(c.goes({c.step(c.held)})) << "by a `holds` sentence with `delegate`";
  EXPECT_FALSE(c.goes({c.step(c.second)})) << "Middle has nothing yet";
  EXPECT_FALSE(c.goes({c.step(c.first), c.step(c.second), c.step(c.third)})) << "End was not given `delegate`";
  EXPECT_FALSE(c.goes({c.step(c.to_barred)})) << "never beats delegation";
  ir::Acquired acquired(c.b.world);
  EXPECT_FALSE(acquired.may({c.end, Right::Read, c.file, {}}));
  EXPECT_FALSE(acquired.hand_over(std::vector{c.step(c.first), c.step(c.second)}).has_value());
  EXPECT_TRUE(acquired.may({c.end, Right::Read, c.file, {}})) << "though it does not mount the volume";
  EXPECT_FALSE(acquired.may({c.end, Right::Write, c.file, {}}));
  EXPECT_FALSE(acquired.may({c.end, Right::Read, ir::FileObject{c.volume, "/d/y"}, {}}));
}

TEST(Acquire, RefusesStepsThatTheSentenceDoesNotSay) {
  Chain c;
  ir::Handover wrong = c.step(c.first);
  wrong.right = Right::Write;
  EXPECT_FALSE(c.goes({wrong}));
  wrong = c.step(c.first);
  wrong.object = ir::FileObject{c.volume, "/e"};
  EXPECT_FALSE(c.goes({wrong})) << "Giver may read it, and the sentence does not speak of it";
  wrong.delegation = ir::DelegationId{99};
  EXPECT_FALSE(c.goes({wrong}));
  EXPECT_FALSE(c.goes({ir::Handover{}}));
  c.b.world.subjects[c.giver.index()].trusted = true;
  EXPECT_TRUE(c.goes({c.step(c.first)})) << "trusted to follow nothing";
  c.b.world.subjects[c.giver.index()].follows = "Protocol";
  EXPECT_FALSE(c.goes({c.step(c.first)}));
}

TEST(Acquire, HoldsOnlyWhatNoSentenceForbids) {
  Chain c;
  c.b.rule(ir::Effect::Forbid, c.holder, Right::Read, ir::Plane::File, files({{c.volume, "/**"}}));
  EXPECT_FALSE(c.goes({c.step(c.held)}));
  const auto able = ir::ever_may(c.b.world, Right::Read, c.file, {}, ir::Actors::Everybody);
  EXPECT_EQ(able, (std::set<ir::SubjectId>{c.giver, c.middle, c.end}));
}

/// A channel from A to B, both ends of another one to the network, and what may be said of them.
struct Wires {
  WorldBuilder b;
  ir::SubjectId a = b.subject("A");
  ir::SubjectId c = b.subject("B");
  Wires() {
    b.labels({"Public", "Secret"});
    b.world.channels.push_back({"quiet", {a}, {c}, {}, false, false, true, true, b.sentence("quiet")});
    b.world.channels.push_back({"full", {a}, {c}, {}, false, true, false, false, b.sentence("full")});
    b.world.channels.push_back({"out", {a}, {}, nets("10.0.0.0/8"), false, false, true, true, b.sentence("out")});
    b.permit(a, Right::Connect, nets("10.0.0.0/8"));
  }
  static ir::FlowStep step(std::optional<ir::SubjectId> from, std::optional<ir::SubjectId> to, FlowCause cause,
                           std::size_t channel) {
    return {from, to, cause, {}, ir::ChannelId{channel}, {}};
  }
  bool exists(const ir::FlowStep& edge, std::vector<ir::ChannelCut> cuts = {}) const {
    ir::FlowEnds ends;
    if (edge.from) ends.sources = {*edge.from};
    if (edge.to) ends.targets = {*edge.to};
    ends.target_network = !edge.to;
    ends.cuts = std::move(cuts);
    if (edge.from) return !ir::replay_flow(b.world, ends, {{}, {edge}}).has_value();
    ends.sources = {a};  // the network is no source: it hears A first
    return !ir::replay_flow(b.world, ends, {{}, {step(a, {}, FlowCause::Channel, 2), edge}}).has_value();
  }
};

TEST(ReplayFlow, OverChannelsGoesTheirWay) {
  const Wires w;
  EXPECT_TRUE(w.exists(Wires::step(w.a, w.c, FlowCause::Channel, 0)));
  EXPECT_FALSE(w.exists(Wires::step(w.c, w.a, FlowCause::Channel, 0)));
  EXPECT_FALSE(w.exists(Wires::step(w.a, w.c, FlowCause::Channel, 2))) << "it leads to the network";
  EXPECT_FALSE(w.exists(Wires::step(w.a, w.c, FlowCause::Channel, 7))) << "there is none";
  EXPECT_TRUE(w.exists(Wires::step(w.c, w.a, FlowCause::Backpressure, 1)));
  EXPECT_FALSE(w.exists(Wires::step(w.c, w.a, FlowCause::Backpressure, 0))) << "it is never full";
  EXPECT_TRUE(w.exists(Wires::step(w.a, {}, FlowCause::Overheard, 1)));
  EXPECT_FALSE(w.exists(Wires::step(w.a, {}, FlowCause::Overheard, 0)));
  EXPECT_TRUE(w.exists(Wires::step({}, w.c, FlowCause::Forged, 1)));
  EXPECT_FALSE(w.exists(Wires::step({}, w.c, FlowCause::Forged, 0)));
}

TEST(ReplayFlow, StopsAtWhatIsCut) {
  const Wires w;
  const ir::ChannelCut quiet{ir::ChannelId{0}, {}}, full{ir::ChannelId{1}, {}}, by_a{ir::ChannelId{2}, w.a},
      by_b{ir::ChannelId{2}, w.c};
  EXPECT_FALSE(w.exists(Wires::step(w.a, w.c, FlowCause::Channel, 0), {quiet}));
  EXPECT_TRUE(w.exists(Wires::step(w.a, w.c, FlowCause::Channel, 0), {full}));
  EXPECT_FALSE(w.exists(Wires::step(w.c, w.a, FlowCause::Backpressure, 1), {full}));
  EXPECT_TRUE(w.exists(Wires::step(w.a, {}, FlowCause::Overheard, 1), {full})) << "what others hear is never allowed";
  EXPECT_FALSE(w.exists(Wires::step(w.a, {}, FlowCause::Channel, 2), {by_a}));
  EXPECT_TRUE(w.exists(Wires::step(w.a, {}, FlowCause::Channel, 2), {by_b})) << "another subject's release";
  const ir::Request connect{w.a, Right::Connect, ir::NetObject{*ir::parse_address("10.1.2.3"), 80, ir::Proto::Tcp}, {}};
  const ir::FlowStep sends{w.a, std::nullopt, FlowCause::NetworkSend, {connect}, {}, {}};
  EXPECT_TRUE(w.exists(sends));
  EXPECT_FALSE(w.exists(sends, {by_a})) << "connecting is how the channel is spoken over";
}

TEST(ReplayFlow, StopsAtWhatIsHeardOverAChannelWithANet) {
  Wires w;
  const ir::ObjectPatterns web = nets("10.0.0.0/8");
  w.b.permit(w.a, Right::Bind, web);
  w.b.permit(w.a, Right::Connect, nets("192.0.2.0/24"));
  const auto channel = [&](std::vector<ir::SubjectId> from, std::vector<ir::SubjectId> to, bool both) {
    w.b.world.channels.push_back({"web", std::move(from), std::move(to), web, both, false, true, true, {}});
    return ir::ChannelCut{ir::ChannelId{w.b.world.channels.size() - 1}, {}};
  };
  const auto both = channel({w.a}, {}, true), turned = channel({}, {w.a}, true), in = channel({}, {w.a}, false);
  const auto away = channel({w.a}, {}, false), of_another = channel({w.c}, {}, true);
  const auto hears = [&](Right right, const char* address) {
    const ir::Request request{w.a, right, ir::NetObject{*ir::parse_address(address), 80, ir::Proto::Tcp}, {}};
    return ir::FlowStep{std::nullopt, w.a, FlowCause::NetworkReceive, {request}, {}, {}};
  };
  ir::FlowStep says = hears(Right::Connect, "10.1.2.3");
  std::swap(says.from, says.to);
  says.cause = FlowCause::NetworkSend;
  for (const ir::ChannelCut& cut : {both, turned, in}) {
    EXPECT_FALSE(w.exists(hears(Right::Connect, "10.1.2.3"), {cut}));
    EXPECT_TRUE(w.exists(hears(Right::Connect, "192.0.2.1"), {cut})) << "another address";
    EXPECT_TRUE(w.exists(hears(Right::Bind, "10.1.2.3"), {cut})) << "who waits hears anybody";
    EXPECT_TRUE(w.exists(hears(Right::Connect, "10.1.2.3"), {{cut.channel, w.a}})) << "a release is of what is said";
    EXPECT_EQ(w.exists(says, {cut}), cut == in);
  }
  for (const ir::ChannelCut& cut : {away, of_another}) {
    EXPECT_TRUE(w.exists(hears(Right::Connect, "10.1.2.3"), {cut})) << "over which A hears nothing";
  }
}

TEST(Influence, NeighboursLeaveNobodyOutOverChannels) {
  Wires w;
  w.b.subject("Idle");
  w.b.label_set(ir::LabelId{1}, files({{ir::kOwnRoot, "/s"}}));
  w.b.permit(w.c, Right::Read, files({{ir::kOwnRoot, "/**"}}));
  const obligation::Rules rules(w.b.world);
  for (const ir::Actors actors : {ir::Actors::Everybody, ir::Actors::Free}) {
    const obligation::InfluenceGraph graph(rules, {actors, {{ir::ChannelId{0}, std::nullopt}}});
    auto nodes = obligation::graph_nodes(w.b.world);
    nodes.push_back({ir::SubjectId{}, ir::LabelId{1}});
    std::size_t count = 0;
    for (const auto u : nodes) {
      const auto near = graph.neighbours(u);
      EXPECT_TRUE(std::is_sorted(near.begin(), near.end()));
      for (const auto v : nodes) {
        const auto edges = graph.edges(u, v);
        ASSERT_TRUE(edges.ok());
        count += edges->size();
        EXPECT_TRUE(edges->empty() || std::binary_search(near.begin(), near.end(), v));
        for (const auto& edge : *edges) EXPECT_NE(edge.channel, ir::ChannelId{0}) << "it is left out";
      }
    }
    EXPECT_GT(count, 5u);
  }
}

}  // namespace
}  // namespace bulkhead
