// A production policy whose assertions all hold: each is proved, and an allow rule that crosses one is always told.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>

#include "checker/selinux/assertion.h"
#include "checker/selinux/assertion_objection.h"
#include "policy_text.h"

namespace bulkhead::test {
namespace {

using selinux::AssertionVerdict;
using selinux::Policy;
using selinux::Rule;

std::string android_policy() {
  const char* corpora = std::getenv("BULKHEAD_CORPORA");
  const std::string file = std::string(corpora == nullptr ? "" : corpora) + "/selinux/android-sepolicy.conf.xz";
  if (corpora == nullptr || !std::filesystem::exists(file)) return "";
  std::string text;
  char buffer[1 << 16];
  std::FILE* pipe = ::popen(("xz -dc '" + file + "'").c_str(), "r");
  if (pipe == nullptr) return "";
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, count);
  return ::pclose(pipe) == 0 ? text : "";
}

TEST(Android, EveryAssertionHoldsWithEvidence) {
  const std::string text = android_policy();
  if (text.empty()) GTEST_SKIP() << "needs corpora: BULKHEAD_CORPORA with selinux/android-sepolicy.conf.xz, and xz";
  const ReadPolicy read(text);
  ASSERT_TRUE(read.policy) << read.mistake();
  const auto verdicts = selinux::decide_assertions(*read.policy, selinux::assertions(*read.policy), 2);
  EXPECT_EQ(verdicts.size(), 1964u) << "1943 neverallow and 21 neverallowxperm";
  const selinux::AssertionJudge judge(*read.policy);
  for (const AssertionVerdict& verdict : verdicts) {
    EXPECT_TRUE(verdict.holds()) << read.sources.place(read.policy->span(read.policy->rule(verdict.assertion)));
    EXPECT_EQ(judge.objection(verdict), std::nullopt);
  }
}

/// An allow rule that gives one thing that some assertion denies, as text; "" where the assertion is about nothing.
std::string crossing_rule(const Policy& policy, const std::vector<Bitset>& sets, const Rule& assertion,
                          std::mt19937& random) {
  const auto pick = [&](const Bitset& set) {
    std::vector<std::size_t> members;
    set.for_each([&](std::size_t i) { members.push_back(i); });
    return members.empty() ? policy.types.size() : members[random() % members.size()];
  };
  const std::size_t source = pick(sets[assertion.sources.index()]);
  const std::size_t target = assertion.self ? source : pick(sets[assertion.targets.index()]);
  const auto accesses = policy.accesses_of(assertion);
  if (source == policy.types.size() || target == policy.types.size() || accesses.empty()) return "";
  const selinux::Access& access = accesses[random() % accesses.size()];
  const selinux::ObjectClass& object_class = policy.object_class(access.object_class);
  const std::string permissions = spell(object_class, access.permissions);
  if (permissions.empty()) return "";
  return "allow " + policy.types[source].name + " " + policy.types[target].name + ":" + object_class.name + " " +
         permissions.substr(0, permissions.find(' ')) + ";";
}

/// Whether a crossed assertion names the rule that was written below the policy.
bool names(const ReadPolicy& read, const AssertionVerdict& verdict, const std::string& text, std::uint32_t first_line) {
  const auto& crossings = std::get<selinux::Crossed>(verdict.evidence).crossings;
  return std::any_of(crossings.begin(), crossings.end(), [&](const selinux::Crossing& crossing) {
    const Rule& rule = read.policy->rule(crossing.rule);
    return read.sources.slice(read.policy->span(rule)) == text && read.line(rule) >= first_line;
  });
}

TEST(Android, EachOfTwoHundredMutantsIsRefutedNamingBothRules) {
  std::string text = android_policy();
  if (text.empty()) GTEST_SKIP() << "needs corpora: BULKHEAD_CORPORA with selinux/android-sepolicy.conf.xz, and xz";
  const ReadPolicy base(text);
  ASSERT_TRUE(base.policy) << base.mistake();
  const Policy& policy = *base.policy;
  const std::vector<Bitset> sets = selinux::expand_sets(policy);
  std::mt19937 random(200);
  std::vector<std::size_t> assertions;  // of plain assertions, by number of the rule
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    if (policy.rules[i].kind == selinux::RuleKind::NeverAllow) assertions.push_back(i);
  }
  // All two hundred in one text, each on a line of its own below the policy: whatever one hides of another would show.
  struct Mutant {
    std::size_t assertion;
    std::string rule;
  };
  std::vector<Mutant> mutants;
  std::string mutated = text + "\n";
  std::set<std::string> distinct;
  while (mutants.size() < 200) {
    const std::size_t assertion = assertions[random() % assertions.size()];
    const std::string rule = crossing_rule(policy, sets, policy.rules[assertion], random);
    if (rule.empty() || !distinct.insert(rule).second) continue;
    mutants.push_back({assertion, rule});
    mutated += rule + "\n";
  }
  const ReadPolicy read(mutated);
  ASSERT_TRUE(read.policy) << read.mistake();
  const selinux::AssertionJudge judge(*read.policy);
  const auto verdicts = selinux::decide_assertions(*read.policy, selinux::assertions(*read.policy), 2);
  const std::uint32_t first_line = base.sources.line_number(policy.file, static_cast<std::uint32_t>(text.size()));
  std::size_t crossed = 0;
  for (const AssertionVerdict& verdict : verdicts) {
    EXPECT_EQ(judge.objection(verdict), std::nullopt);
    crossed += verdict.holds() ? 0 : 1;
  }
  EXPECT_LT(crossed, verdicts.size() / 2) << "what is not crossed still holds";
  for (std::size_t i = 0; i < mutants.size(); ++i) {
    const auto found = std::find_if(verdicts.begin(), verdicts.end(), [&](const AssertionVerdict& verdict) {
      return verdict.assertion == selinux::RuleId(mutants[i].assertion);
    });
    ASSERT_NE(found, verdicts.end());
    ASSERT_FALSE(found->holds()) << mutants[i].rule;
    EXPECT_TRUE(names(read, *found, mutants[i].rule, first_line)) << mutants[i].rule;
  }
}

TEST(Android, OneMutantAloneIsRefutedByItselfAndCrossesNothingElse) {
  const std::string text = android_policy();
  if (text.empty()) GTEST_SKIP() << "needs corpora: BULKHEAD_CORPORA with selinux/android-sepolicy.conf.xz, and xz";
  const ReadPolicy base(text);
  ASSERT_TRUE(base.policy) << base.mistake();
  const Policy& policy = *base.policy;
  const std::vector<Bitset> sets = selinux::expand_sets(policy);
  const std::uint32_t first_line = base.sources.line_number(policy.file, static_cast<std::uint32_t>(text.size()));
  std::mt19937 random(201);
  std::set<std::string> tried;
  while (tried.size() < 12) {  // a policy each; that two hundred are refuted is the test above
    const std::size_t assertion = random() % policy.rules.size();
    if (policy.rules[assertion].kind != selinux::RuleKind::NeverAllow) continue;
    const std::string rule = crossing_rule(policy, sets, policy.rules[assertion], random);
    if (rule.empty() || !tried.insert(rule).second) continue;
    const ReadPolicy read(text + "\n" + rule + "\n");
    ASSERT_TRUE(read.policy) << read.mistake();
    const selinux::AssertionJudge judge(*read.policy);
    bool found = false;
    for (const AssertionVerdict& verdict :
         selinux::decide_assertions(*read.policy, selinux::assertions(*read.policy), 2)) {
      EXPECT_EQ(judge.objection(verdict), std::nullopt);
      if (verdict.holds()) continue;
      EXPECT_EQ(std::get<selinux::Crossed>(verdict.evidence).crossings.size(), 1u) << rule;
      EXPECT_TRUE(names(read, verdict, rule, first_line)) << rule;
      found = found || verdict.assertion == selinux::RuleId(assertion);
    }
    EXPECT_TRUE(found) << rule;
  }
}

}  // namespace
}  // namespace bulkhead::test
