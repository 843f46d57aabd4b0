// Lemmas with integers that nobody wrote: from Spacer, in a child process, and proved like any other.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "checker/engine/portfolio.h"
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

/// With the program of this build as the one that asks Spacer.
engine::Budget asking() {
  engine::Budget budget;
  budget.spacer = std::string(BULKHEAD_BINARY_DIR) + "/cli/bulkhead";
  return budget;
}

verdict::Verdict by_spacer(const Claims& claims, std::size_t claim = 0, const engine::Turn& turn = {}) {
  for (const auto& engine : engine::make_engines()) {
    if (engine->name() != "spacer") continue;
    engine::Session session(claims.world(), asking());
    return engine->solve(claims.obligation(claim), session, turn);
  }
  throw std::logic_error("there is no such engine");
}

/// A model of the library without its lemmas, its module line and its claims.
std::string without_lemmas(const std::string& model) {
  std::ifstream file(std::string(BULKHEAD_SOURCE_DIR) + "/models/" + model + ".bh");
  std::stringstream text;
  text << file.rdbuf();
  const std::string whole = std::regex_replace(text.str(), std::regex("module [a-z]+;"), "");
  const std::string bare = std::regex_replace(whole, std::regex("\n +lemma [^;]*;"), "");
  EXPECT_NE(bare, whole);
  return std::regex_replace(bare, std::regex("\n(prove|refute) [^;]*;"), "");
}

void expect_found(const Claims& claims, const verdict::Verdict& verdict) {
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  expect_accepted(claims, verdict);
}

constexpr const char* kPool = R"bh(
model Pool {
    sort Node;
    var given: Node -> int = 0;
    var kept: Node -> int = 0;
    action give(n: Node) do given(n) := given(n) + 2, kept(n) := kept(n) + 1;
    action lose(n: Node) when kept(n) > 0 do kept(n) := kept(n) - 1;
    action empty(n: Node) when given(n) == 0 && kept(n) > 0 do given(n) := -1;
    invariant some: forall n: Node. given(n) >= 0;
}
prove Pool.some;)bh";

constexpr const char* kTickets = R"bh(
model Tickets {
    var next: int = 0;
    var served: int = 0;
    var waiting: int = 0;
    action come() do next := next + 1, waiting := waiting + 1;
    action serve() when waiting > 0 do served := served + 1, waiting := waiting - 1;
    invariant no_more_than_came: served <= next;
    invariant few: served <= 3;
}
)bh";

TEST(Spacer, FindsLemmasForAnyNumberOfElements) {
  const Claims claims(kPool);
  EXPECT_TRUE(std::holds_alternative<verdict::Unknown>(
      engine::solve(claims.obligation(), *std::make_unique<engine::Session>(claims.world()))))
      << "nobody else decides it";
  expect_found(claims, by_spacer(claims));
}

TEST(Spacer, ALimitNeedsNoLemma) {
  const Claims claims(without_lemmas("quota") + "\nprove Quota.limited;");
  expect_found(claims, by_spacer(claims));
}

TEST(Spacer, ShowsNothingThatIsFalse) {
  for (const char* claim : {"refute Tickets.few;", "refute Tickets unreachable next == 2 && served == 1;"}) {
    const Claims claims(kTickets + std::string(claim));
    EXPECT_TRUE(std::holds_alternative<verdict::Unknown>(by_spacer(claims))) << claim;
  }
  for (const char* variant : {"Greedy.guaranteed", "Overbooked.guaranteed", "Unlimited.limited"}) {
    const Claims claims(without_lemmas("quota") + "\nrefute Quota." + variant + ";");
    EXPECT_TRUE(std::holds_alternative<verdict::Unknown>(by_spacer(claims))) << variant;
  }
}

TEST(Spacer, IsPartOfThePortfolioAndSaysWhoDecided) {
  const Claims claims(kPool);
  engine::Session session(claims.world(), asking());
  const auto verdict = engine::solve(claims.obligation(), session);
  expect_found(claims, verdict);
  EXPECT_EQ(engine_of(verdict), "spacer");
}

TEST(Spacer, GivesUpWhenItIsStopped) {
  const Claims claims(kPool);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(std::holds_alternative<verdict::Unknown>(by_spacer(claims, 0, stop.get_token())));
}

TEST(Spacer, AChildThatLiesIsNotBelieved) {
  const auto path = std::filesystem::temp_directory_path() / ("bulkhead_liar_" + std::to_string(::getpid()));
  {
    std::ofstream liar(path);
    liar
        << "#!/bin/sh\ncat >/dev/null\necho sat\necho '((define-fun Shows ((a Int) (b Int) (c Int)) Bool (<= b 3)))'\n";
  }
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  const Claims claims(kTickets + std::string("refute Tickets.few;"));
  engine::Budget budget;
  budget.spacer = path.string();
  engine::Session session(claims.world(), budget);
  for (const auto& engine : engine::make_engines()) {
    if (engine->name() != "spacer") continue;
    EXPECT_TRUE(std::holds_alternative<verdict::Unknown>(engine->solve(claims.obligation(), session, {})));
  }
  std::filesystem::remove(path);
}

TEST(Spacer, FindsTheSameEveryTime) {
  const Claims claims(kPool);
  const auto text = [&] { return certificate::write({"claim", {}, by_spacer(claims)}); };
  EXPECT_EQ(text(), text());
}

}  // namespace
}  // namespace bulkhead::test
