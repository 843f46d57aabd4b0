// The models that are made of role policies, decided by the engines with checked evidence, against explicit search.
#include <gtest/gtest.h>

#include "checker/query/prove.h"
#include "lang/frontend/load.h"
#include "lang/import/arbac/policy_text.h"
#include "lang/import/arbac/read.h"
#include "tests/import/arbac_search.h"

namespace bulkhead::arbac {
namespace {

/// The policy as a file has it.
std::string written(const Policy& policy) {
  std::string roles, users, held, gives, takes;
  const auto name = [&](const std::optional<RoleId>& role) { return role ? policy.at(*role).text : "TRUE"; };
  for (const Name& role : policy.roles) roles += " " + role.text;
  for (std::size_t u = 0; u < policy.users.size(); ++u) {
    users += " " + policy.users[u].text;
    for (const RoleId role : policy.held[u]) held += " <" + policy.users[u].text + "," + name(role) + ">";
  }
  for (const Assign& rule : policy.assigns) {
    std::string condition;
    for (const Literal& asked : rule.condition)
      condition += std::string(condition.empty() ? "" : "&") + (asked.held ? "" : "-") + name(asked.role);
    gives += " <" + name(rule.admin) + "," + (condition.empty() ? "TRUE" : condition) + "," + name(rule.target) + ">";
  }
  for (const Revoke& rule : policy.revokes) takes += " <" + name(rule.admin) + "," + name(rule.target) + ">";
  const std::string goal = policy.goal_user ? "SPEC " + policy.at(*policy.goal_user).text + " " : "Goal ";
  return "Roles" + roles + ";\nUsers" + users + ";\nUA" + held + ";\nCA" + gives + ";\nCR" + takes + ";\n" + goal +
         name(policy.goal) + ";\n";
}

/// Whether the claim of the text is violated; nothing where it was not decided, or the evidence was not accepted.
std::optional<bool> reached(const std::string& text) {
  source::SourceMap sources;
  diag::DiagnosticList diagnostics;
  frontend::LoadOptions options;
  options.extra_texts.emplace_back("made.bh", text);
  const auto program = frontend::load({}, options, sources, diagnostics);
  if (!program) return std::nullopt;
  query::ProveOptions prove;
  prove.certify = query::Certify::On;
  const query::Proof proof = query::prove(program->world, prove);
  const query::Status status = proof.claims.at(0).status;
  if (status != query::Status::Satisfied && status != query::Status::Failed) return std::nullopt;
  return status == query::Status::Failed;
}

TEST(ArbacModel, IsDecidedAsExplicitSearchDoes) {
  std::size_t reachable = 0, with_parts = 0;
  for (std::uint32_t seed = 0; seed < 120; ++seed) {
    const Policy drawn = random_policy(seed);
    source::SourceMap sources;
    diag::DiagnosticList diagnostics;
    const auto policy = read(sources, sources.add("p.arbac", written(drawn)), diagnostics);
    ASSERT_TRUE(policy) << written(drawn);
    const bool answer = Search(drawn, whole(drawn)).reaches();
    reachable += answer ? 1 : 0;
    for (const Reduced& system : {whole(*policy), reduce(*policy)}) {
      const std::string text = policy_text(*policy, system, sources, {});
      with_parts += text.find("enum Part") != std::string::npos ? 1 : 0;
      EXPECT_EQ(reached(text), std::optional(answer)) << "seed " << seed << "\n" << text;
    }
  }
  EXPECT_GT(reachable, 20u);
  EXPECT_LT(reachable, 100u);
  EXPECT_GT(with_parts, 10u);
}

}  // namespace
}  // namespace bulkhead::arbac
