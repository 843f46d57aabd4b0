// Engines side by side: who counts, who is stopped, and that threads change nothing.
#include "checker/engine/portfolio.h"

#include <gmock/gmock.h>

#include <thread>

#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

using engine::Engine;
using engine::Role;

/// Answers at once, or only when it is stopped.
class Told final : public Engine {
 public:
  Told(std::string name, Role role, std::optional<verdict::Verdict> answer)
      : name_(std::move(name)), role_(role), answer_(std::move(answer)) {}

  std::string_view name() const override { return name_; }
  Role role() const override { return role_; }
  bool decides(const obligation::Goal&) const override { return true; }
  verdict::Verdict solve(const obligation::Obligation&, engine::Session&, const engine::Turn& turn) const override {
    if (answer_) return *answer_;
    while (!turn.stop.stop_requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return verdict::Unknown{name_ + " was stopped"};
  }

 private:
  std::string name_;
  Role role_;
  std::optional<verdict::Verdict> answer_;
};

verdict::Verdict race(std::vector<std::unique_ptr<Engine>> engines, const engine::Budget& budget = {}) {
  const ir::World world;
  engine::Session session(world, budget);
  return engine::solve_by(engines, {}, session);
}

template <typename... Engines>
std::vector<std::unique_ptr<Engine>> list(Engines... engines) {
  std::vector<std::unique_ptr<Engine>> made;
  (made.push_back(std::make_unique<Told>(std::move(engines))), ...);
  return made;
}

TEST(Portfolio, WhoeverDecidesAloneIsAskedFirst) {
  const auto verdict = race(list(Told("a", Role::Decides, verdict::Unknown{"no"}),
                                 Told("b", Role::Decides, verdict::Holds{}), Told("c", Role::Refutes, std::nullopt)));
  EXPECT_EQ(engine_of(verdict), "b");
}

TEST(Portfolio, AProofStopsThoseThatRefute) {
  const auto verdict =
      race(list(Told("proves", Role::Proves, verdict::Holds{}), Told("waits", Role::Refutes, std::nullopt)));
  EXPECT_EQ(engine_of(verdict), "proves");
}

TEST(Portfolio, AViolationStopsThoseThatProve) {
  const auto verdict =
      race(list(Told("waits", Role::Proves, std::nullopt), Told("refutes", Role::Refutes, verdict::Violated{})));
  EXPECT_EQ(engine_of(verdict), "refutes");
}

TEST(Portfolio, TheFirstOfThoseThatRefuteCounts) {
  const auto verdict =
      race(list(Told("first", Role::Refutes, verdict::Violated{}), Told("second", Role::Refutes, verdict::Violated{}),
                Told("third", Role::Refutes, std::nullopt)));
  EXPECT_EQ(engine_of(verdict), "first");
}

TEST(Portfolio, WhatAProofCameAcrossCountsLast) {
  const auto came_across = [] { return Told("proves", Role::Proves, verdict::Violated{}); };
  EXPECT_EQ(engine_of(race(list(came_across(), Told("refutes", Role::Refutes, verdict::Violated{})))), "refutes");
  EXPECT_EQ(engine_of(race(list(came_across(), Told("refutes", Role::Refutes, verdict::Unknown{"no"})))), "proves");
}

TEST(Portfolio, NobodyKnowsForEveryReason) {
  const auto verdict =
      race(list(Told("a", Role::Decides, verdict::Unknown{"one"}), Told("b", Role::Proves, verdict::Unknown{"two"}),
                Told("c", Role::Refutes, verdict::Unknown{"three"})));
  EXPECT_EQ(told(verdict), "unknown: one; two; three");
}

TEST(Portfolio, TheDeadlineStopsEverybody) {
  engine::Budget budget;
  budget.deadline = engine::Clock::now() + std::chrono::milliseconds(30);
  const auto verdict = race(list(Told("a", Role::Decides, std::nullopt), Told("b", Role::Proves, std::nullopt),
                                 Told("c", Role::Refutes, std::nullopt), Told("d", Role::Refutes, std::nullopt)),
                            budget);
  EXPECT_THAT(told(verdict), testing::HasSubstr("the time of the run was up"));
}

}  // namespace
}  // namespace bulkhead::test
