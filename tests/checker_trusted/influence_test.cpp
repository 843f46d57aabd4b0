// The influence graph: neighbours leave out nobody that an edge leads to, and the rules of a subject are all of them.
#include <gtest/gtest.h>

#include <algorithm>

#include "checker/certificate/check.h"
#include "checker/obligation/obligation.h"
#include "tests/checker_trusted/world_builder.h"

namespace bulkhead {
namespace {

using ir::Right;
using obligation::GraphNode;
using testing::files;
using testing::nets;
using testing::WorldBuilder;

/// One container for each way to influence another, two of which do nothing at all, and two hosts.
struct Ways {
  WorldBuilder b;
  ir::VolumeId volume = b.volume("V");
  ir::VolumeId kept = b.volume("Kept", ir::VolumeKind::Declared, "/srv/kept");
  ir::SubjectId writer = b.subject("Writer");
  ir::SubjectId reader = b.subject("Reader");
  ir::SubjectId host = b.subject("Node", ir::SubjectKind::Host);
  ir::SubjectId profile = b.subject("p", ir::SubjectKind::Profile);
  ir::SubjectId idle = b.subject("Idle");
  ir::SubjectId with = b.subject("With");
  ir::SubjectId of_host = b.subject("OfHost");
  ir::SubjectId client = b.subject("Client");
  ir::SubjectId server = b.subject("Server");
  ir::SubjectId keeper = b.subject("Keeper");
  ir::SubjectId mover = b.subject("Mover");
  ir::SubjectId other_host = b.subject("Other", ir::SubjectKind::Host);

  Ways() {
    b.permit(writer, Right::Write, files({{volume, "/**"}, {ir::kOwnRoot, "/**"}}));
    b.permit(reader, Right::Read, files({{volume, "/**"}, {ir::kOwnRoot, "/**"}}));
    b.permit(profile, Right::Read, files({{volume, "/**"}}));
    b.permit(client, Right::Connect, nets("127.0.0.0/8"));
    b.permit(server, Right::Bind, nets("0.0.0.0/0"));
    b.permit(keeper, Right::Read, files({{kept, "/**"}}));
    b.permit(mover, Right::Rename, files({{volume, "/**"}, {kept, "/**"}}));
    set(with, {ir::NamespaceSetting::Mode::With, idle, b.sentence("ipc: with Idle")});
    set(of_host, {ir::NamespaceSetting::Mode::Host, {}, b.sentence("pid: host")});
  }
  void set(ir::SubjectId subject, ir::NamespaceSetting setting) {
    b.world.subjects[subject.index()].namespaces[0] = setting;
  }
};

void expect_complete(const ir::World& world) {
  const obligation::Rules rules(world);
  const obligation::InfluenceGraph graph(rules);
  const std::vector<GraphNode> nodes = obligation::graph_nodes(world);
  EXPECT_TRUE(std::is_sorted(nodes.begin(), nodes.end()));
  for (const GraphNode u : nodes) {
    const std::vector<GraphNode> near = graph.neighbours(u);
    EXPECT_TRUE(std::is_sorted(near.begin(), near.end()));
    for (const GraphNode v : nodes) {
      const auto edges = graph.edges(u, v);
      ASSERT_TRUE(edges.ok());
      const bool listed = std::binary_search(near.begin(), near.end(), v);
      EXPECT_TRUE(edges->empty() || listed) << u.subject.index() << " to " << v.subject.index();
    }
    for (const GraphNode v : near) EXPECT_TRUE(std::binary_search(nodes.begin(), nodes.end(), v)) << "no such node";
  }
}

TEST(Influence, EveryEdgeLeadsToANeighbour) {
  Ways w;
  expect_complete(w.b.world);
  const obligation::Rules rules(w.b.world);
  const obligation::InfluenceGraph graph(rules);
  const auto leads = [&](ir::SubjectId u, std::optional<ir::SubjectId> v) {
    const auto edges = graph.edges({u}, v ? GraphNode{*v} : GraphNode{});
    return edges.ok() && !edges->empty();
  };
  // That there are edges to be missed at all:
  EXPECT_TRUE(leads(w.writer, w.reader));
  EXPECT_TRUE(leads(w.mover, w.reader));
  EXPECT_TRUE(leads(w.writer, w.mover));
  EXPECT_TRUE(leads(w.with, w.idle) && leads(w.idle, w.with));
  EXPECT_TRUE(leads(w.of_host, w.host) && leads(w.host, w.of_host) && leads(w.other_host, w.of_host));
  EXPECT_TRUE(leads(w.client, w.host) && leads(w.host, w.client));
  EXPECT_TRUE(leads(w.server, std::nullopt) && leads(w.client, std::nullopt));
  EXPECT_TRUE(leads(w.host, w.keeper) && leads(w.mover, w.host));
  EXPECT_FALSE(leads(w.reader, w.writer));
}

TEST(Influence, ARuleForEveryContainerConnectsEveryContainer) {
  Ways w;
  w.b.rule(ir::Effect::Permit, std::nullopt, Right::Connect, ir::Plane::Net, nets("0.0.0.0/0"));
  w.b.rule(ir::Effect::Permit, std::nullopt, Right::Write, ir::Plane::File, files({{w.kept, "/**"}}));
  expect_complete(w.b.world);
  const obligation::Rules rules(w.b.world);
  const obligation::InfluenceGraph graph(rules);
  EXPECT_EQ(graph.neighbours({}).size(), 9u) << "every container, no host, no profile";
}

TEST(Influence, OthersAreNoNeighbours) {
  Ways w;
  const obligation::Rules rules(w.b.world);
  const obligation::InfluenceGraph graph(rules);
  EXPECT_TRUE(graph.neighbours({w.reader}).empty());
  EXPECT_EQ(graph.neighbours({w.idle}), std::vector<GraphNode>{{w.with}});
}

TEST(Rules, OfASubjectAreItsOwnAndThoseOfEveryContainer) {
  WorldBuilder b;
  const auto a = b.subject("A");
  const auto host = b.subject("Node", ir::SubjectKind::Host);
  const auto c = b.subject("C");
  const auto all = files({{ir::kOwnRoot, "/**"}});
  const auto common = b.rule(ir::Effect::Forbid, std::nullopt, Right::Read, ir::Plane::File, all);
  const auto of_c = b.permit(c, Right::Read, all);
  const auto of_a = b.permit(a, Right::Read, all);
  const auto of_host = b.permit(host, Right::Read, all);
  const auto common_too = b.rule(ir::Effect::Permit, std::nullopt, Right::Write, ir::Plane::File, all);
  const auto of_a_too = b.permit(a, Right::Read, all);
  const obligation::Rules rules(b.world);
  EXPECT_EQ(rules.of(a), (std::vector<ir::RuleId>{common, of_a, common_too, of_a_too}));
  EXPECT_EQ(rules.of(c), (std::vector<ir::RuleId>{common, of_c, common_too}));
  EXPECT_EQ(rules.of(host), std::vector<ir::RuleId>{of_host});
}

TEST(ClosedSets, AreInOrder) {
  Ways w;
  const auto claim = w.b.claim(ir::Protected{{{w.writer}}, {{w.with}}});
  const auto judge = [&](std::vector<GraphNode> closed) {
    verdict::Certificate certificate;
    certificate.evidence = verdict::ClosedEvidence{std::move(closed), {}};
    return certificate::check_certificate(w.b.world, claim, {}, certificate, {}).outcome;
  };
  EXPECT_EQ(judge({{w.idle}, {w.with}}), certificate::Outcome::Accepted);
  EXPECT_EQ(judge({{w.with}, {w.idle}}), certificate::Outcome::Rejected);
  EXPECT_EQ(judge({{w.idle}, {w.with}, {w.with}}), certificate::Outcome::Rejected);
  EXPECT_EQ(judge({{w.with}}), certificate::Outcome::Rejected) << "a namespace leads out";
}

}  // namespace
}  // namespace bulkhead
