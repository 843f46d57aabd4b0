// Role policies: read with the place of each mistake; reduced without changing the answer, as explicit search sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "lang/import/arbac/policy_text.h"
#include "lang/import/arbac/read.h"
#include "lang/import/arbac/reduce.h"
#include "tests/import/arbac_search.h"

namespace bulkhead::arbac {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Case {
  source::SourceMap sources;
  diag::DiagnosticList list;
  std::optional<Policy> policy;

  explicit Case(const std::string& text) { policy = read(sources, sources.add("p.arbac", text), list); }
  std::string complaint() const {
    if (list.all().empty()) return "";
    const diag::Diagnostic& first = list.all().front();
    const source::Position at = sources.position(first.span.file, first.span.begin);
    return std::to_string(at.line) + ":" + std::to_string(at.column) + " " + first.message;
  }
};

const char* const kSmall =
    "Roles Doctor Patient Manager Unused;\nUsers ann bob carl;\n"
    "UA <ann,Manager> <bob,Patient> <bob,Patient>;\n"
    "CA <Manager,-Patient&TRUE,Doctor> <FALSE,TRUE,Doctor> <TRUE,Doctor,Unused>;\n"
    "CR <Manager,Patient> /* the only\none */ ;  // done\nGoal Doctor;";

TEST(ArbacRead, UnderstandsEverySection) {
  const Case in(kSmall);
  ASSERT_TRUE(in.policy) << in.complaint();
  EXPECT_EQ(in.policy->roles.size(), 4u);
  EXPECT_EQ(in.policy->held[1].size(), 1u);  // said twice
  ASSERT_EQ(in.policy->assigns.size(), 2u);
  EXPECT_EQ(in.policy->assigns[0].text, "<Manager,-Patient&TRUE,Doctor>");
  EXPECT_EQ(in.policy->assigns[0].condition.size(), 1u);
  EXPECT_FALSE(in.policy->assigns[0].condition[0].held);
  EXPECT_FALSE(in.policy->assigns[1].admin);
  ASSERT_EQ(in.policy->left_out.size(), 1u);
  EXPECT_EQ(in.sources.place(in.policy->left_out[0].span), "p.arbac:4");
  EXPECT_FALSE(in.policy->goal_user);
}

TEST(ArbacRead, AsksAboutOneUserAndSaysWhatAListOfAdministratorsIsTakenFor) {
  const Case in("Users u; Roles r s; ADMIN u; SPEC u s;");
  ASSERT_TRUE(in.policy) << in.complaint();
  EXPECT_EQ(in.policy->goal_user, UserId(0));
  EXPECT_EQ(in.policy->goal, RoleId(1));
  ASSERT_EQ(in.policy->left_out.size(), 1u);
  EXPECT_THAT(in.policy->left_out[0].what, HasSubstr("more can happen"));
}

TEST(ArbacRead, PointsAtEveryMistake) {
  const std::pair<const char*, const char*> kMistakes[] = {
      {"", "1:1 there are no `Roles`"},
      {"Roles r;\nUsers u; UA <u,\n x>; Goal r;", "3:2 there is no role `x`"},
      {"Roles r;\nUsers u;\n  UA u;", "3:6 `u` stands where `<` or `;` is expected"},
      {"Roles r; Users u; CA <r,TRUE>; Goal r;", "1:29 `>` stands where `,` is expected"},
      {"Roles r; Users u; CA <r,r&,r>; Goal r;", "1:27 `,` stands where a name is expected"},
      {"Roles r; Users u; CR <-r,r>; Goal r;", "1:24 one name stands here, without `-` and `&`"},
      {"Roles r; Users u; UA <u,r&r>; Goal r;", "1:25 one name stands here, without `-` and `&`"},
      {"Roles r r; Users u; Goal r;", "1:9 `r` is declared twice"},
      {"Roles r; Users u; Goal r; Roles s;", "1:27 section `Roles` stands twice"},
      {"Roles r; Users u; SMER r; Goal r;",
       "1:19 there is no section `SMER`; what it would change is not known, so nothing is imported"},
      {"Roles r; Users u;", "1:18 a policy has either a `Goal` or a `SPEC`"},
      {"Roles r; Users u; Goal r r;", "1:19 `Goal` names one role"},
      {"Roles r; Users u; SPEC r;", "1:19 `SPEC` names a user and a role"},
      {"Roles r; Users u; Goal r", "1:25 the end of the file stands where a name or `;` is expected"},
      {"Roles r; Users u; Goal r /* ;", "1:26 `/` stands where a name or `;` is expected"},
      {"Roles \xff;", "1:7 `?` stands where a name or `;` is expected"},
  };
  for (const auto& [text, complaint] : kMistakes) {
    const Case in(text);
    EXPECT_FALSE(in.policy) << text;
    EXPECT_EQ(in.complaint(), complaint);
  }
}

TEST(ArbacRead, RefusesWhatIsTooLarge) {
  std::string text = "Roles";
  for (std::size_t i = 0; i <= kMaxEntries; ++i) text += " r" + std::to_string(i);
  const Case in(text + "; Users u; Goal r0;");
  EXPECT_FALSE(in.policy);
  ASSERT_EQ(in.list.all().size(), 1u);
  EXPECT_EQ(in.list.all().front().code, diag::Code::ArbacTooLarge);
}

/// The fenced blocks of `page` that are marked ```arbac KIND.
std::vector<std::string> blocks(const std::string& page, const std::string& kind) {
  const std::string fence = "```arbac " + kind + "\n";
  std::vector<std::string> found;
  for (std::size_t at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
    at += fence.size();
    found.push_back(page.substr(at, page.find("```", at) - at));
  }
  return found;
}

TEST(ArbacRead, ThePagesOfItsMistakesHaveTrueExamples) {
  for (const diag::Code code : {diag::Code::ArbacSyntax, diag::Code::ArbacUnknownName}) {
    const std::optional<std::string> page = diag::explain_page(code);
    ASSERT_TRUE(page) << diag::to_string(code);
    const std::vector<std::string> wrong = blocks(*page, "fail"), right = blocks(*page, "ok");
    ASSERT_FALSE(wrong.empty() || right.empty()) << diag::to_string(code);
    for (const std::string& text : wrong) {
      const Case in(text);
      ASSERT_EQ(in.list.all().size(), 1u) << text;
      EXPECT_EQ(in.list.all().front().code, code) << text;
    }
    for (const std::string& text : right) EXPECT_TRUE(Case(text).policy) << text;
  }
}

TEST(ArbacReduce, AnswersAsTheWholePolicyDoes) {
  std::size_t reached = 0, unreached = 0, fewer_users = 0, fewer_rules = 0;
  for (std::uint32_t seed = 0; seed < 4'000; ++seed) {
    const Policy policy = random_policy(seed);
    const Reduced all = whole(policy), smaller = reduce(policy);
    const bool answer = Search(policy, all).reaches();
    EXPECT_EQ(Search(policy, smaller).reaches(), answer) << "seed " << seed;
    (answer ? reached : unreached) += 1;
    // Of policies whose every rule is still there the users alone have to carry the answer.
    fewer_users += smaller.users.size() < all.users.size() && !smaller.assigns.empty() ? 1 : 0;
    fewer_rules += smaller.assigns.size() < all.assigns.size() ? 1 : 0;
  }
  EXPECT_GT(reached, 400u);
  EXPECT_GT(unreached, 400u);
  EXPECT_GT(fewer_users, 400u);
  EXPECT_GT(fewer_rules, 400u);
}

TEST(ArbacReduce, NoRunNeedsMoreUsersThanItSays) {
  // The bound itself, of policies that nothing else has made smaller: some k + 1 users reach what all reach.
  std::size_t tried = 0;
  for (std::uint32_t seed = 0; seed < 4'000 && tried < 300; ++seed) {
    const Policy policy = random_policy(seed);
    const Reduced smaller = reduce(policy);
    if (smaller.together >= policy.users.size() || !Search(policy, smaller).reaches()) continue;
    ++tried;
    bool some = false;
    for (std::uint32_t chosen = 1; chosen < (1u << policy.users.size()) && !some; ++chosen) {
      Reduced few = smaller;
      few.users.clear();
      for (std::size_t u = 0; u < policy.users.size(); ++u) {
        if ((chosen >> u & 1) != 0) few.users.push_back(UserId(u));
      }
      some = few.users.size() <= smaller.together && Search(policy, few).reaches();
    }
    EXPECT_TRUE(some) << "seed " << seed;
  }
  EXPECT_EQ(tried, 300u);
}

TEST(ArbacReduce, LeavesOutWhatTheAnswerDoesNotDependOn) {
  const Case in(kSmall);
  const Reduced smaller = reduce(*in.policy);
  // Doctor, and Patient which a doctor must not hold; the manager stays one for ever. ann and carl begin with nothing
  // that matters, bob with what is in the way, so ann stands for all three.
  EXPECT_EQ(smaller.roles, (std::vector<RoleId>{RoleId(0), RoleId(1)}));
  EXPECT_EQ(smaller.users, (std::vector<UserId>{UserId(0)}));
  EXPECT_EQ(smaller.holders.count(2), 1u);
  EXPECT_EQ(smaller.together, 1u);
  EXPECT_EQ(smaller.assigns.size(), 1u);
  EXPECT_EQ(smaller.revokes.size(), 1u);
}

TEST(ArbacText, NamesTheRuleOfEachAction) {
  const Case in(kSmall);
  const std::string text = policy_text(*in.policy, whole(*in.policy), in.sources, {});
  EXPECT_THAT(text,
              HasSubstr("/// p.arbac:4:4 <Manager,-Patient&TRUE,Doctor>\n    action can_assign_Doctor_4_4(admin: "
                        "User, user: User)\n        when has(admin, Role.Manager) && !has(user, Role.Patient)\n"));
  EXPECT_THAT(text, HasSubstr("action can_revoke_Patient_5_4(admin: User, user: User)"));
  EXPECT_THAT(text, HasSubstr("prove goal_unreachable: Roles unreachable exists u: User. has(u, Role.Doctor);"));
  const std::string smaller = policy_text(*in.policy, reduce(*in.policy), in.sources, {});
  EXPECT_THAT(smaller, HasSubstr("Nobody can take `Manager` from `ann`"));
  EXPECT_THAT(smaller, HasSubstr("action can_assign_Doctor_4_4(user: User)"));
  EXPECT_THAT(smaller, Not(HasSubstr("Unused")));
}

TEST(ArbacText, MakesIdentifiersOfNamesThatAreNone) {
  const Case in("Roles a-b a.b true 1st; Users u@x; UA <u@x,a-b>; CA <a-b,-true,1st>; Goal 1st;");
  ASSERT_TRUE(in.policy) << in.complaint();
  EXPECT_THAT(policy_text(*in.policy, whole(*in.policy), in.sources, {}),
              HasSubstr("enum User { u_x }\n    enum Role { a_b, a_b_2, true_, n1st }\n"));
}

}  // namespace
}  // namespace bulkhead::arbac
