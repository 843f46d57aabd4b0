#include "checker/selinux/transitions.h"

#include <gtest/gtest.h>

#include "policy_text.h"

namespace bulkhead::test {
namespace {

/// "a -e-> b -> c": the entrypoint where a program is run; "none".
std::string way(const std::string& rules, const char* from, const char* to) {
  const ReadPolicy read(kClasses +
                        "attribute domain; type a, domain; type b, domain; type c, domain; type e; type f;\n" + rules);
  EXPECT_TRUE(read.policy) << read.mistake();
  const selinux::Policy& policy = *read.policy;
  const auto graph = selinux::TransitionGraph::make(policy);
  EXPECT_TRUE(graph.ok());
  const auto path = graph->shortest_path(*policy.find_type(from), *policy.find_type(to));
  if (!path) return "none";
  std::string told = from;
  for (const selinux::Transition& step : *path) {
    told += step.entry.valid() ? " -" + policy.type(step.entry).name + "-> " : " -> ";
    told += policy.type(step.to).name;
  }
  return told;
}

const std::string kRun = "allow a b:process transition; allow a e:file execute; allow b e:file entrypoint;";

TEST(SelinuxTransitions, NeedAllFourPermissions) {
  EXPECT_EQ(way(kRun + "type_transition a e:process b;", "a", "b"), "a -e-> b");
  EXPECT_EQ(way(kRun + "allow a self:process setexec;", "a", "b"), "a -e-> b");
  EXPECT_EQ(way(kRun, "a", "b"), "none") << "neither chosen nor by default";
  EXPECT_EQ(way(kRun + "type_transition a e:process c;", "a", "b"), "none");
  EXPECT_EQ(way(kRun + "type_transition a f:process b;", "a", "b"), "none");
  EXPECT_EQ(way(kRun + "type_transition a e:file b;", "a", "b"), "none");
  EXPECT_EQ(way("allow a e:file execute; allow b e:file entrypoint; allow a self:process setexec;", "a", "b"), "none");
  EXPECT_EQ(way("allow a b:process transition; allow b e:file entrypoint; allow a self:process setexec;", "a", "b"),
            "none");
  EXPECT_EQ(way("allow a b:process transition; allow a e:file execute; allow a self:process setexec;", "a", "b"),
            "none");
  EXPECT_EQ(way("allow a b:process transition; allow a e:file execute; allow b f:file entrypoint; allow a self:process "
                "setexec;",
                "a", "b"),
            "none");
}

TEST(SelinuxTransitions, MayBeByThemselves) {
  EXPECT_EQ(way("allow a b:process dyntransition; allow a self:process setcurrent;", "a", "b"), "a -> b");
  EXPECT_EQ(way("allow a b:process dyntransition;", "a", "b"), "none");
  EXPECT_EQ(way("allow a b:process setcurrent;", "a", "b"), "none");
}

TEST(SelinuxTransitions, FollowEachOther) {
  EXPECT_EQ(
      way(kRun + "type_transition a e:process b; allow b c:process dyntransition; allow b self:process setcurrent;",
          "a", "c"),
      "a -e-> b -> c");
  EXPECT_EQ(way("allow domain domain:process transition; allow domain e:file { execute entrypoint }; allow domain "
                "self:process setexec;",
                "a", "c"),
            "a -e-> c");
}

TEST(SelinuxTransitions, OfAPermissiveDomainAreNotDenied) {
  EXPECT_EQ(way("permissive a; allow b e:file entrypoint;", "a", "b"), "a -e-> b");
  EXPECT_EQ(way("allow b e:file entrypoint;", "a", "b"), "none");
}

TEST(SelinuxTransitions, NameTheirRules) {
  const ReadPolicy read(kClasses + "type a; type b; type e;\n" + kRun + "type_transition a e:process b;");
  const auto graph = selinux::TransitionGraph::make(*read.policy);
  const auto steps = graph->from(selinux::TypeId(0));
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].transition, selinux::RuleId(0));
  EXPECT_EQ(steps[0].execute, selinux::RuleId(1));
  EXPECT_EQ(steps[0].entrypoint, selinux::RuleId(2));
  EXPECT_EQ(steps[0].chosen_by, 0u);
  EXPECT_FALSE(steps[0].choice.valid());
}

}  // namespace
}  // namespace bulkhead::test
