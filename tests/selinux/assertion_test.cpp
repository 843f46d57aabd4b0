#include "checker/selinux/assertion.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "checker/certificate/second_solver.h"
#include "checker/selinux/assertion_file.h"
#include "checker/selinux/assertion_objection.h"
#include "checker/selinux/assertion_script.h"
#include "policy_text.h"

namespace bulkhead::test {
namespace {

using selinux::Apart;
using selinux::AssertionJudge;
using selinux::AssertionVerdict;
using selinux::Crossed;
using selinux::Crossing;
using selinux::Kept;
using selinux::Policy;
using selinux::Rule;
using selinux::RuleKind;

const std::string kTypes = "attribute ab; type a, ab; type b, ab; type c; type d;\n";

/// The verdicts of a policy, each checked: "holds", or the lines of the rules that cross the assertion.
std::vector<std::string> verdicts(const std::string& rules) {
  const ReadPolicy read(kClasses + kTypes + rules);
  EXPECT_TRUE(read.policy) << read.mistake();
  if (!read.policy) return {};
  std::vector<std::string> found;
  const AssertionJudge judge(*read.policy);
  for (const AssertionVerdict& verdict : selinux::decide_assertions(*read.policy, selinux::assertions(*read.policy))) {
    EXPECT_EQ(judge.objection(verdict), std::nullopt);
    if (verdict.holds()) {
      found.push_back("holds");
      continue;
    }
    std::string lines;
    for (const Crossing& crossing : std::get<Crossed>(verdict.evidence).crossings) {
      const std::uint32_t first = 8;  // the line of the first rule
      lines += std::to_string(read.line(read.policy->rule(crossing.rule)) - first) + " ";
    }
    found.push_back(lines);
  }
  return found;
}

using Found = std::vector<std::string>;

TEST(Assertions, SpeakOfAllowRulesAlone) {
  EXPECT_EQ(verdicts("allow a c:file read;\nneverallow a c:file read;"), Found{"0 "});
  EXPECT_EQ(verdicts("dontaudit a c:file read; auditallow a c:file read;\nneverallow a c:file read;"), Found{"holds"});
  EXPECT_EQ(verdicts("allow a c:file read; constrain file read (u1 == u2);\nneverallow a c:file read;"), Found{"0 "});
  EXPECT_EQ(
      verdicts(
          "if (x) { allow a c:file read;\n} else {\nallow a c:file write;\n}\nneverallow a c:file { read write };"),
      Found{"0 2 "});
}

TEST(Assertions, HoldWhereAnythingDiffers) {
  EXPECT_EQ(verdicts("allow a c:file read;\nneverallow b c:file read;"), Found{"holds"});
  EXPECT_EQ(verdicts("allow a c:file read;\nneverallow a d:file read;"), Found{"holds"});
  EXPECT_EQ(verdicts("allow a c:file read;\nneverallow a c:dir read;"), Found{"holds"});
  EXPECT_EQ(verdicts("allow a c:file read;\nneverallow a c:file write;"), Found{"holds"});
  EXPECT_EQ(verdicts("allow ab c:file read;\nneverallow { ab -a -b } c:file read;"), Found{"holds"});
}

TEST(Assertions, KnowWhatSelfMeans) {
  EXPECT_EQ(verdicts("allow ab self:file read;\nneverallow a a:file read;"), Found{"0 "});
  EXPECT_EQ(verdicts("allow ab self:file read;\nneverallow a b:file read;"), Found{"holds"});
  EXPECT_EQ(verdicts("allow ab ab:file read;\nneverallow c self:file read;"), Found{"holds"});
  EXPECT_EQ(verdicts("allow ab ab:file read;\nneverallow ab self:file read;"), Found{"0 "});
  EXPECT_EQ(verdicts("allow a b:file read;\nneverallow ab self:file read;"), Found{"holds"});
  EXPECT_EQ(verdicts("allow ab self:file read;\nneverallow ab self:file read;"), Found{"0 "});
  EXPECT_EQ(verdicts("allow a { self c }:file read;\nneverallow a c:file read;"), Found{"0 "});
}

TEST(Assertions, AboutCommandsNeedARuleThatLimitsThem) {
  const std::string denied = "\nneverallowxperm a c:chr_file ioctl 0x10;";
  EXPECT_EQ(verdicts("allow a c:chr_file read;" + denied), Found{"holds"});
  EXPECT_EQ(verdicts("allow a c:chr_file ioctl;" + denied), Found{"0 "}) << "no extended rule: every command is given";
  EXPECT_EQ(verdicts("allow a c:chr_file ioctl; allowxperm a c:chr_file ioctl { 1-5 };" + denied), Found{"holds"});
  EXPECT_EQ(verdicts("allow a c:chr_file ioctl; allowxperm a c:chr_file ioctl { 1-0x10 };" + denied), Found{"0 "});
  EXPECT_EQ(verdicts("allow a c:chr_file ioctl; allowxperm b c:chr_file ioctl 1;" + denied), Found{"0 "});
  EXPECT_EQ(verdicts("allow a c:chr_file ioctl; allowxperm a c:file ioctl 1;" + denied), Found{"0 "});
  EXPECT_EQ(verdicts("allowxperm a c:chr_file ioctl 0x10;" + denied), Found{"holds"})
      << "without allow it gives nothing";
  EXPECT_EQ(verdicts("allow ab self:chr_file ioctl; allowxperm ab self:chr_file ioctl 1;\nneverallowxperm ab "
                     "ab:chr_file ioctl 2;"),
            Found{"holds"});
}

TEST(Assertions, SayWhenTheyAreAboutNoType) {
  const ReadPolicy read(kClasses + kTypes + "neverallow { ab -a -b } c:file read;\nneverallow a c:file read;");
  const auto all = selinux::decide_assertions(*read.policy, selinux::assertions(*read.policy));
  EXPECT_TRUE(std::get<Kept>(all.at(0).evidence).about_nothing);
  EXPECT_FALSE(std::get<Kept>(all.at(1).evidence).about_nothing);
}

/// A policy of a few rules over a few types; every form that a rule can have.
std::string random_policy(std::mt19937& random) {
  const auto pick = [&](std::vector<std::string> from) { return from[random() % from.size()]; };
  const auto set = [&] { return pick({"a", "b", "c", "ab", "{ a c }", "{ ab -a }", "{ b d }"}); };
  const auto target = [&] { return random() % 4 == 0 ? "{ self " + pick({"a", "c", "d"}) + " }" : set(); };
  const auto classes = [&] { return pick({"file", "{ file chr_file }", "chr_file"}); };
  std::string text = kClasses + kTypes;
  for (int i = 0; i < 3; ++i)
    text += "allow " + set() + " " + target() + ":" + classes() + " { " +
            pick({"read", "ioctl read", "write", "ioctl"}) + " };\n";
  for (int i = 0; i < 2; ++i)
    text +=
        "allowxperm " + set() + " " + target() + ":" + classes() + " ioctl " + pick({"1", "{ 1-3 }", "~{ 2 }"}) + ";\n";
  for (int i = 0; i < 2; ++i)
    text += "neverallow " + pick({"*", "~a", "ab", "c"}) + " " + target() + ":" + classes() + " { " +
            pick({"read", "write", "ioctl"}) + " };\n";
  for (int i = 0; i < 2; ++i)
    text += "neverallowxperm " + set() + " " + pick({"*", "~c", "d", "self"}) + ":" + classes() + " ioctl " +
            pick({"1", "2", "{ 2-3 }"}) + ";\n";
  return text;
}

/// What an assertion denies, pair by pair, as plainly as it can be said.
bool naive_holds(const Policy& policy, const Rule& assertion) {
  const auto sets = selinux::expand_sets(policy);
  const auto gives = [&](const Rule& rule, std::size_t s, std::size_t t) {
    return sets[rule.sources.index()].test(s) && (sets[rule.targets.index()].test(t) || (rule.self && s == t));
  };
  for (std::size_t s = 0; s < policy.types.size(); ++s) {
    for (std::size_t t = 0; t < policy.types.size(); ++t) {
      if (!gives(assertion, s, t)) continue;
      for (const selinux::Access& denied : policy.accesses_of(assertion)) {
        selinux::Permissions given = 0;
        bool limited = false, command = false;
        for (const Rule& rule : policy.rules) {
          for (const selinux::Access& access : policy.accesses_of(rule)) {
            if (access.object_class != denied.object_class || !gives(rule, s, t)) continue;
            if (rule.kind == RuleKind::Allow) given |= access.permissions;
            if (rule.kind != RuleKind::AllowExtended) continue;
            limited = true;
            for (unsigned number = 0; number < 8; ++number) {
              const auto in = [&](const Rule& one) {
                for (const auto& [first, last] : policy.extended[one.extended.index()].ranges) {
                  if (first <= number && number <= last) return true;
                }
                return false;
              };
              if (assertion.kind == RuleKind::NeverAllowExtended && in(rule) && in(assertion)) command = true;
            }
          }
        }
        if ((given & denied.permissions) == 0) continue;
        if (assertion.kind == RuleKind::NeverAllow || !limited || command) return false;
      }
    }
  }
  return true;
}

TEST(Assertions, AgreeWithTheirMeaningPairByPair) {
  std::mt19937 random(11);
  int held = 0, crossed = 0;
  for (int round = 0; round < 400; ++round) {
    const std::string text = random_policy(random);
    const ReadPolicy read(text);
    ASSERT_TRUE(read.policy) << read.mistake() << "\n" << text;
    const AssertionJudge judge(*read.policy);
    for (const AssertionVerdict& verdict :
         selinux::decide_assertions(*read.policy, selinux::assertions(*read.policy))) {
      ASSERT_EQ(verdict.holds(), naive_holds(*read.policy, read.policy->rule(verdict.assertion))) << text;
      ASSERT_EQ(judge.objection(verdict), std::nullopt) << text;
      (verdict.holds() ? held : crossed) += 1;
    }
  }
  EXPECT_GT(held, 300);
  EXPECT_GT(crossed, 300);
}

TEST(AssertionScripts, AreAnsweredAsTheirAssertionsAreDecided) {
  if (!certificate::solver_version({})) GTEST_SKIP() << "needs cvc5: it answers the scripts";
  std::mt19937 random(13);
  std::vector<std::string> texts;
  std::vector<bool> held;
  for (int round = 0; round < 25; ++round) {
    const ReadPolicy read(random_policy(random));
    const selinux::AssertionScripts scripts(*read.policy);
    for (const AssertionVerdict& verdict :
         selinux::decide_assertions(*read.policy, selinux::assertions(*read.policy))) {
      texts.push_back(scripts.script(verdict.assertion));
      held.push_back(verdict.holds());
    }
  }
  const auto answers = certificate::ask({texts.begin(), texts.end()}, {});
  ASSERT_TRUE(answers);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_EQ((*answers)[i], held[i] ? certificate::Answer::Unsat : certificate::Answer::Sat) << texts[i];
  }
  EXPECT_GT(std::count(held.begin(), held.end(), true), 20);
  EXPECT_GT(std::count(held.begin(), held.end(), false), 20);
}

/// As the file says them; a file that was written is read as the same evidence.
TEST(AssertionFile, KeepsEveryVerdict) {
  std::mt19937 random(14);
  for (int round = 0; round < 100; ++round) {
    const ReadPolicy read(random_policy(random));
    const AssertionJudge judge(*read.policy);
    const selinux::AssertionNames names(*read.policy, read.sources);
    const auto verdicts = selinux::decide_assertions(*read.policy, names.rules());
    const Digest digest = sha256("policy");
    const std::string text = selinux::write_assertions(names, digest, verdicts);
    const auto again = selinux::read_assertions(text, *read.policy, names, judge, digest);
    ASSERT_TRUE(again) << again.error();
    ASSERT_EQ(again->size(), verdicts.size());
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
      ASSERT_EQ((*again)[i].assertion, verdicts[i].assertion);
      ASSERT_EQ(judge.objection((*again)[i]), std::nullopt);
      ASSERT_EQ((*again)[i].holds(), verdicts[i].holds());
    }
    ASSERT_EQ(selinux::write_assertions(names, digest, *again), text);
  }
}

TEST(AssertionEvidence, WithoutARuleIsRefused) {
  std::mt19937 random(12);
  int refused = 0;
  for (int round = 0; round < 100; ++round) {
    const ReadPolicy read(random_policy(random));
    const AssertionJudge judge(*read.policy);
    for (const AssertionVerdict& verdict :
         selinux::decide_assertions(*read.policy, selinux::assertions(*read.policy))) {
      if (!verdict.holds()) {
        // A crossed assertion is not kept, whatever reasons are given.
        for (const Apart why : {Apart::Sources, Apart::Targets, Apart::Extended}) {
          Kept kept;
          for (std::size_t i = 0; i < read.policy->rules.size(); ++i)
            kept.separations.push_back({selinux::RuleId(i), why});
          ASSERT_TRUE(judge.objection({verdict.assertion, kept}).has_value());
        }
        continue;
      }
      const Kept& kept = std::get<Kept>(verdict.evidence);
      for (std::size_t i = 0; i < kept.separations.size(); ++i) {
        Kept mutant = kept;
        mutant.separations.erase(mutant.separations.begin() + static_cast<std::ptrdiff_t>(i));
        ASSERT_TRUE(judge.objection({verdict.assertion, mutant}).has_value());
        ++refused;
      }
      for (std::size_t i = 0; i < kept.separations.size(); ++i) {
        if (kept.separations[i].why == Apart::Sources) continue;
        Kept mutant = kept;
        mutant.separations[i].why = Apart::Sources;
        ASSERT_TRUE(judge.objection({verdict.assertion, mutant}).has_value());
      }
    }
  }
  EXPECT_GT(refused, 100);
}

TEST(AssertionEvidence, OfAnotherCrossingIsRefused) {
  const ReadPolicy read(kClasses + kTypes +
                        "allow a c:file { read write };\nallow a d:dir read;\nneverallow a c:file read;");
  const AssertionJudge judge(*read.policy);
  const AssertionVerdict verdict = selinux::decide_assertions(*read.policy, selinux::assertions(*read.policy)).at(0);
  ASSERT_FALSE(verdict.holds());
  const auto objection = [&](auto change) {
    AssertionVerdict mutant = verdict;
    change(std::get<Crossed>(mutant.evidence).crossings.at(0));
    return judge.objection(mutant).has_value();
  };
  EXPECT_FALSE(objection([](Crossing&) {}));
  EXPECT_TRUE(objection([](Crossing& one) { one.rule = selinux::RuleId(1); }));
  EXPECT_TRUE(objection([](Crossing& one) { one.rule = selinux::RuleId(2); })) << "the assertion is no allow rule";
  EXPECT_TRUE(objection([](Crossing& one) { one.rule = selinux::RuleId(9); }));
  EXPECT_TRUE(objection([](Crossing& one) { one.rule = selinux::RuleId(); }));
  EXPECT_TRUE(objection([](Crossing& one) { one.source = selinux::TypeId(1); }));
  EXPECT_TRUE(objection([](Crossing& one) { one.target = selinux::TypeId(3); }));
  EXPECT_TRUE(objection([](Crossing& one) { one.target = selinux::TypeId(99); }));
  EXPECT_TRUE(objection([](Crossing& one) { one.object_class = selinux::ClassId(1); }));
  EXPECT_TRUE(objection([](Crossing& one) { one.permissions = 0; }));
  EXPECT_TRUE(objection([](Crossing& one) { one.permissions = 4; })) << "write is given and not denied";
  EXPECT_TRUE(judge.objection({verdict.assertion, Crossed{}}).has_value());
  EXPECT_TRUE(judge.objection({selinux::RuleId(0), verdict.evidence}).has_value());
  EXPECT_TRUE(judge.objection({selinux::RuleId(77), verdict.evidence}).has_value());
}

}  // namespace
}  // namespace bulkhead::test
