// Labels of nets: who gets what comes from there, and which paths that begin there exist.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "checker/engine/engine.h"
#include "checker/query/prove.h"
#include "lang/ir/labelled_net.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using ir::FlowCause;
using ir::Right;
using obligation::GraphNode;
using testing::nets;
using testing::WorldBuilder;

const ir::LabelId kPublic{0};
const ir::LabelId kSecret{1};

/// A net with a label, and one subject for each way to receive something.
struct Net {
  WorldBuilder b;
  ir::SubjectId near = b.subject("Near");
  ir::SubjectId far = b.subject("Far");
  ir::SubjectId server = b.subject("Server");
  ir::SubjectId hears = b.subject("Hears");
  ir::SubjectId told = b.subject("Told");
  ir::SubjectId open = b.subject("Open");
  ir::SubjectId idle = b.subject("Idle");

  explicit Net(bool remote) {
    b.labels({"Public", "Secret"});
    b.label_set(kSecret, nets("10.0.0.0/8"));
    b.world.sets.back().plane = ir::Plane::Net;
    b.world.flow.between_hosts = remote;
    b.permit(near, Right::Connect, nets("10.1.0.0/16"));
    b.permit(far, Right::Connect, nets("192.168.0.0/16"));
    b.permit(server, Right::Bind, nets("192.168.0.1/32"));
    channel("in", {}, {hears}, "10.7.0.0/16", false, true);
    channel("elsewhere", {}, {idle}, "192.168.0.0/16", false, true);
    channel("out", {told}, {}, "10.7.0.0/16", true, true);
    channel("wire", {near}, {open}, "", false, false);
  }
  void channel(std::string name, std::vector<ir::SubjectId> from, std::vector<ir::SubjectId> to, const std::string& net,
               bool bounded, bool intact) {
    ir::Channel made{std::move(name),      std::move(from), std::move(to), {}, false, bounded, intact, true,
                     b.sentence("channel")};
    if (!net.empty()) made.nets = nets(net);
    b.world.channels.push_back(std::move(made));
  }
  /// Whom the label reaches by one edge.
  std::vector<std::string> reached(ir::LabelId label) const {
    engine::Session session(b.world, {});
    const GraphNode data{ir::SubjectId{}, label};
    const auto near_data = session.graph({}).neighbours(data);
    std::vector<std::string> names;
    for (const GraphNode node : obligation::graph_nodes(b.world)) {
      if (!session.edge({}, data, node)->exists) continue;
      EXPECT_TRUE(std::find(near_data.begin(), near_data.end(), node) != near_data.end());
      names.push_back(node.network() ? "network" : b.world.at(node.subject).name);
    }
    return names;
  }
  ir::Objection replayed(ir::FlowStep step) const {
    ir::FlowEnds ends;
    ends.source_data = kSecret;
    for (std::size_t i = 0; i < b.world.subjects.size(); ++i) ends.targets.push_back(ir::SubjectId{i});
    ends.target_network = true;
    step.data = kSecret;
    return ir::replay_flow(b.world, ends, {{}, {std::move(step)}});
  }
};

ir::Request request(ir::SubjectId who, Right right, const std::string& address) {
  return {who, right, ir::NetObject{*ir::parse_address(address), 443, ir::Proto::Tcp}, {}};
}

TEST(LabelledNets, ReachWhoReceivesFromThem) {
  const std::vector<std::string> receivers{"Near", "Server", "Hears", "Told", "Open"};
  EXPECT_EQ(Net(false).reached(kSecret), receivers);
  EXPECT_EQ(Net(false).reached(kPublic), receivers) << "what is above it has it too";
  std::vector<std::string> with_network = receivers;
  with_network.emplace_back("network");
  EXPECT_EQ(Net(true).reached(kSecret), with_network);
}

TEST(LabelledNets, AnUnlabelledNetBringsNothing) {
  Net net(true);
  net.b.world.sets.back().label.reset();
  EXPECT_TRUE(net.reached(kSecret).empty());
  EXPECT_TRUE(net.reached(kPublic).empty()) << "not even the least label";
}

TEST(LabelledNets, ReplayTakesTheWaysThatThereAre) {
  const Net net(false), remote(true);
  EXPECT_FALSE(
      net.replayed({{}, net.near, FlowCause::LabelledObject, {request(net.near, Right::Connect, "10.1.0.1")}}));
  EXPECT_FALSE(
      net.replayed({{}, net.server, FlowCause::LabelledObject, {request(net.server, Right::Bind, "192.168.0.1")}}));
  EXPECT_FALSE(net.replayed({{}, net.hears, FlowCause::Channel, {}, ir::ChannelId{0}}));
  EXPECT_FALSE(net.replayed({{}, net.told, FlowCause::Backpressure, {}, ir::ChannelId{2}}));
  EXPECT_FALSE(net.replayed({{}, net.open, FlowCause::Forged, {}, ir::ChannelId{3}}));
  EXPECT_FALSE(remote.replayed({{}, {}, FlowCause::LabelledObject, {}}));
}

TEST(LabelledNets, ReplayTakesNoOthers) {
  const Net net(false), remote(true);
  const auto far = request(net.far, Right::Connect, "192.168.0.1");
  EXPECT_TRUE(net.replayed({{}, net.far, FlowCause::LabelledObject, {far}})) << "no label there";
  EXPECT_TRUE(net.replayed({{}, net.far, FlowCause::NetworkReceive, {far}})) << "data is no network";
  EXPECT_TRUE(remote.replayed({{}, remote.far, FlowCause::NetworkReceive, {far}}));
  EXPECT_TRUE(net.replayed({{}, net.near, FlowCause::LabelledObject, {request(net.near, Right::Connect, "10.2.0.1")}}))
      << "not permitted";
  EXPECT_TRUE(net.replayed({{}, {}, FlowCause::LabelledObject, {}})) << "remote hosts tell each other nothing";
  EXPECT_TRUE(remote.replayed({{}, {}, FlowCause::Overheard, {}, ir::ChannelId{3}}));
  EXPECT_TRUE(net.replayed({{}, net.idle, FlowCause::Channel, {}, ir::ChannelId{1}})) << "from another net";
  EXPECT_TRUE(net.replayed({{}, net.hears, FlowCause::Forged, {}, ir::ChannelId{0}})) << "it is intact";
  EXPECT_TRUE(net.replayed({{}, net.open, FlowCause::LabelledSubject, {}}));
}

/// One subject that reads other labelled data and connects to `range`; whether no claim turns on the label
/// of 10.0.0.0/8.
bool label_is_unproved(const std::string& range, const std::function<void(WorldBuilder&, ir::SubjectId)>& claim) {
  const ir::LabelId other{2};
  WorldBuilder b;
  b.world.labels = {{"Public", {kPublic, kSecret, other}}, {"Secret", {kSecret}}, {"Other", {other}}};
  b.world.flow.between_hosts = false;
  const ir::VolumeId vault = b.volume("Vault");
  const ir::SubjectId agent = b.subject("Agent");
  b.label_set(kSecret, nets("10.0.0.0/8"));
  b.world.sets.back().plane = ir::Plane::Net;
  const ir::SentenceId labelled = b.world.sets.back().sentence;
  b.label_set(other, testing::files({{vault, "/**"}}));
  b.permit(agent, Right::Read, testing::files({{vault, "/**"}}));
  b.permit(agent, Right::Connect, nets(range));
  claim(b, agent);
  query::ProveOptions options;
  options.coverage = query::Coverage::On;
  const query::Proof proof = query::prove(b.world, options);
  EXPECT_EQ(proof.claims.at(0).status, query::Status::Satisfied);
  EXPECT_TRUE(proof.unproved && proof.not_judged.empty());
  return std::find(proof.unproved->begin(), proof.unproved->end(), labelled) != proof.unproved->end();
}

TEST(LabelledNets, ALabelIsCoveredByAClaimThatTurnsOnIt) {
  const auto keeps = [](ir::ClaimMode mode) {
    return [mode](WorldBuilder& b, ir::SubjectId agent) {
      b.claim(ir::KeepsApart{{agent}, kSecret, ir::LabelId{2}}, mode);
    };
  };
  EXPECT_FALSE(label_is_unproved("192.168.0.0/16", keeps(ir::ClaimMode::Prove))) << "were more labelled, it would not";
  EXPECT_FALSE(label_is_unproved("10.0.0.0/16", keeps(ir::ClaimMode::Refute))) << "without the label it would not";
  EXPECT_TRUE(label_is_unproved("10.0.0.0/16", [](WorldBuilder& b, ir::SubjectId agent) {
    b.claim(testing::cannot(agent, Right::Bind, testing::objects(ir::Plane::Net, nets("10.0.0.0/8"))));
  }));
}

}  // namespace
}  // namespace bulkhead
