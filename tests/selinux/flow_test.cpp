#include "checker/selinux/flow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>

#include "checker/selinux/flow_objection.h"
#include "policy_text.h"

namespace bulkhead::test {
namespace {

using selinux::FlowGraph;
using selinux::FlowJudge;
using selinux::FlowStep;
using selinux::PermissionFlows;
using selinux::Policy;
using selinux::TypeId;

const char* const kMap =
    "in read execute # a comment\nout write append\nboth ptrace\nnone ioctl entrypoint search process:*\nboth "
    "chr_file:ioctl\n";

PermissionFlows flows_of(const Policy& policy) {
  const auto map = selinux::read_flow_map(kMap);
  EXPECT_TRUE(map.ok());
  return selinux::permission_flows(policy, *map);
}

TEST(FlowMap, TellsWhatItCannotRead) {
  EXPECT_EQ(selinux::read_flow_map("in a\nto b\n").error(), "line 2: expected in, out, both or none, found `to`");
  EXPECT_EQ(selinux::read_flow_map("in a b\nout b").error(), "line 2: `b` stands twice");
  EXPECT_TRUE(selinux::read_flow_map("# nothing\n\n").ok());
}

TEST(FlowMap, APermissionOfAClassCountsMore) {
  const ReadPolicy read(kClasses);
  const PermissionFlows flows = flows_of(*read.policy);
  const auto direction = [&](const char* name, const char* permission) {
    const selinux::ClassId id = *read.policy->find_class(name);
    const selinux::Permissions bit = selinux::permission(read.policy->object_class(id), permission);
    return std::string((flows.in[id.index()] & bit) != 0 ? "in" : "") +
           ((flows.out[id.index()] & bit) != 0 ? "out" : "");
  };
  EXPECT_EQ(direction("file", "read"), "in");
  EXPECT_EQ(direction("file", "write"), "out");
  EXPECT_EQ(direction("file", "ioctl"), "");
  EXPECT_EQ(direction("chr_file", "ioctl"), "inout");
  EXPECT_EQ(direction("process", "fork"), "");
  EXPECT_TRUE(flows.unmapped.empty());
  const ReadPolicy other("class x class x { y }");
  const PermissionFlows unknown = flows_of(*other.policy);
  EXPECT_EQ(unknown.unmapped, std::vector<std::string>{"x:y"});
  EXPECT_EQ(unknown.in[0], 1u) << "what the map does not know counts as both ways";
  EXPECT_EQ(unknown.out[0], 1u);
}

TEST(FlowMap, OfTheModelsKnowsEveryPermissionOfTheKernel) {
  std::ifstream file(BULKHEAD_SOURCE_DIR "/models/selinux_flow.map");
  std::stringstream text;
  text << file.rdbuf();
  const auto map = selinux::read_flow_map(text.str());
  ASSERT_TRUE(map.ok()) << map.error();
  for (const char* word : {"read", "write", "append", "execute", "signal", "sendto", "unlink", "relabelto"}) {
    EXPECT_TRUE(map->directions.contains(word)) << word;
  }
}

std::string path(const std::string& rules, const char* from, const char* to) {
  const ReadPolicy read(kClasses + "attribute ab; type a, ab; type b, ab; type c; type d;\n" + rules);
  EXPECT_TRUE(read.policy) << read.mistake();
  const Policy& policy = *read.policy;
  const PermissionFlows flows = flows_of(policy);
  const FlowGraph graph(policy, flows);
  const FlowJudge judge(policy, flows);
  const TypeId source = *policy.find_type(from), target = *policy.find_type(to);
  const auto found = graph.shortest_path(source, target);
  if (!found) {
    EXPECT_EQ(judge.objection(source, target, graph.reachable(source)), std::nullopt);
    return "none";
  }
  EXPECT_EQ(judge.objection(source, target, *found), std::nullopt);
  std::string told = from;
  for (const FlowStep& step : *found) told += std::string(step.into_subject ? " <" : " >") + policy.type(step.to).name;
  return told;
}

TEST(SelinuxFlow, FollowsReadsAndWrites) {
  EXPECT_EQ(path("allow a c:file write; allow d c:file read;", "a", "d"), "a >c <d");
  EXPECT_EQ(path("allow a c:file write; allow d c:file read;", "d", "a"), "none");
  EXPECT_EQ(path("allow ab c:file write;", "b", "c"), "b >c");
  EXPECT_EQ(path("allow c ab:file read;", "b", "c"), "b <c");
  EXPECT_EQ(path("allow c ab:file read; allow d c:file read; allow a d:chr_file ioctl;", "b", "a"), "b <c <d <a");
  EXPECT_EQ(path("dontaudit a c:file write; auditallow a c:file write;", "a", "c"), "none");
  EXPECT_EQ(path("allow a self:file write; allow a c:process fork;", "a", "c"), "none");
  EXPECT_EQ(path("if (x) { allow a c:file write; }", "a", "c"), "a >c") << "either branch counts";
  EXPECT_EQ(path("", "a", "a"), "a");
}

TEST(SelinuxFlow, APermissiveTypeConnectsEverything) {
  EXPECT_EQ(path("permissive d;", "a", "c"), "a >d >c");
  EXPECT_EQ(path("", "a", "c"), "none");
}

std::string random_policy(std::mt19937& random) {
  std::string text = kClasses + "attribute x; attribute y;\n";
  for (int i = 0; i < 9; ++i) {
    text += "type t" + std::to_string(i) + (random() % 3 == 0 ? ", x" : "") + (random() % 3 == 0 ? ", y" : "") + ";\n";
  }
  const auto one = [&] { return "t" + std::to_string(random() % 9); };
  const auto set = [&]() -> std::string {
    switch (random() % 5) {
      case 0:
        return "x";
      case 1:
        return "{ y -" + one() + " }";
      default:
        return one();
    }
  };
  for (int i = 0; i < 6; ++i) {
    text += "allow " + set() + " " + (random() % 5 == 0 ? "{ self " + one() + " }" : set()) + ":file " +
            (random() % 2 == 0 ? "read" : "{ write ioctl }") + ";\n";
  }
  return text + (random() % 20 == 0 ? "permissive t3;\n" : "");
}

/// Pair by pair: which type gives another one something in one step, then Warshall.
std::vector<std::vector<bool>> naive(const Policy& policy, const PermissionFlows& flows) {
  const std::size_t n = policy.types.size();
  std::vector<std::vector<bool>> reaches(n, std::vector<bool>(n, false));
  const auto sets = selinux::expand_sets(policy);
  for (std::size_t s = 0; s < n; ++s) {
    for (std::size_t t = 0; t < n; ++t) {
      if (s == t) continue;
      if (policy.types[s].permissive || policy.types[t].permissive) reaches[s][t] = true;
      for (const selinux::Rule& rule : policy.rules) {
        if (!sets[rule.sources.index()].test(s) || !sets[rule.targets.index()].test(t)) continue;
        for (const selinux::Access& access : policy.accesses_of(rule)) {
          if ((access.permissions & flows.out[access.object_class.index()]) != 0) reaches[s][t] = true;
          if ((access.permissions & flows.in[access.object_class.index()]) != 0) reaches[t][s] = true;
        }
      }
    }
  }
  return reaches;
}

void close(std::vector<std::vector<bool>>& reaches) {
  const std::size_t n = reaches.size();
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        if (reaches[i][k] && reaches[k][j]) reaches[i][j] = true;
      }
    }
  }
}

TEST(SelinuxFlow, AgreesWithItsMeaning) {
  std::mt19937 random(21);
  std::uint64_t reached = 0, separated = 0;
  for (int round = 0; round < 200; ++round) {
    const std::string text = random_policy(random);
    const ReadPolicy read(text);
    ASSERT_TRUE(read.policy) << read.mistake();
    const PermissionFlows flows = flows_of(*read.policy);
    const FlowGraph graph(*read.policy, flows);
    const FlowJudge judge(*read.policy, flows);
    auto reaches = naive(*read.policy, flows);
    std::uint64_t direct = 0, pairs = 0;
    for (const auto& row : reaches) direct += static_cast<std::uint64_t>(std::count(row.begin(), row.end(), true));
    ASSERT_EQ(graph.direct_flows(), direct) << text;
    close(reaches);
    for (std::size_t s = 0; s < reaches.size(); ++s) {
      for (std::size_t t = 0; t < reaches.size(); ++t) {
        if (s == t) continue;
        pairs += reaches[s][t] ? 1 : 0;
        const auto found = graph.shortest_path(TypeId(s), TypeId(t));
        ASSERT_EQ(found.has_value(), reaches[s][t]) << text;
        ASSERT_EQ(found ? judge.objection(TypeId(s), TypeId(t), *found)
                        : judge.objection(TypeId(s), TypeId(t), graph.reachable(TypeId(s))),
                  std::nullopt);
      }
    }
    const selinux::AllFlows all = selinux::all_flows(graph);
    ASSERT_EQ(all.pairs, pairs) << text;
    ASSERT_TRUE(all.relation);
    ASSERT_EQ(judge.objection(*all.relation), std::nullopt) << text;
    reached += pairs;
    separated += reaches.size() * (reaches.size() - 1) - pairs;
  }
  EXPECT_GT(reached, 1000u);
  EXPECT_GT(separated, 1000u);
}

TEST(FlowEvidence, ThatDeniesAFlowIsRefused) {
  std::mt19937 random(22);
  int refused = 0;
  for (int round = 0; round < 60; ++round) {
    const ReadPolicy read(random_policy(random));
    const PermissionFlows flows = flows_of(*read.policy);
    const FlowGraph graph(*read.policy, flows);
    const FlowJudge judge(*read.policy, flows);
    auto reaches = naive(*read.policy, flows);
    close(reaches);
    const closure::ClosedRelation relation = *selinux::all_flows(graph).relation;
    const std::size_t width = (relation.classes + 63) / 64;
    for (std::size_t s = 0; s < reaches.size(); ++s) {
      for (std::size_t t = 0; t < reaches.size(); ++t) {
        if (s == t || !reaches[s][t]) continue;
        closure::ClosedRelation mutant = relation;
        const std::uint32_t bit = relation.class_of[t];
        mutant.rows[relation.class_of[s] * width + bit / 64] &= ~(std::uint64_t{1} << (bit % 64));
        ASSERT_TRUE(judge.objection(mutant).has_value());
        closure::ClosedSet set = graph.reachable(TypeId(s));
        set.words[0] &= ~(std::uint64_t{1} << t);
        ASSERT_TRUE(judge.objection(TypeId(s), TypeId(t), set).has_value());
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(FlowEvidence, OfAnotherPathIsRefused) {
  const ReadPolicy read(kClasses + "type a; type c; type d; allow a c:file write; allow d c:file { read ioctl };");
  const PermissionFlows flows = flows_of(*read.policy);
  const FlowJudge judge(*read.policy, flows);
  const TypeId a(0), c(1), d(2);
  const std::vector<FlowStep> good{{a, c, selinux::RuleId(0), false}, {c, d, selinux::RuleId(1), true}};
  EXPECT_EQ(judge.objection(a, d, good), std::nullopt);
  EXPECT_TRUE(judge.objection(a, c, good).has_value());
  EXPECT_TRUE(judge.objection(c, d, good).has_value());
  for (const auto& change : std::vector<std::function<void(std::vector<FlowStep>&)>>{
           [](auto& path) { path.pop_back(); }, [](auto& path) { path[0].rule = selinux::RuleId(1); },
           [](auto& path) { path[0].rule = selinux::RuleId(7); }, [](auto& path) { path[0].rule = selinux::RuleId(); },
           [](auto& path) { path[1].into_subject = false; }, [](auto& path) { path[0].into_subject = true; },
           [](auto& path) { path[0].to = TypeId(); }}) {
    std::vector<FlowStep> mutant = good;
    change(mutant);
    EXPECT_TRUE(judge.objection(a, d, mutant).has_value());
  }
}

}  // namespace
}  // namespace bulkhead::test
