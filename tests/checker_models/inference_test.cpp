// Lemmas that nobody wrote: found, carried by the evidence, and believed no more than what somebody wrote.
#include <gmock/gmock.h>

#include "lang/system/formula.h"
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

using From = verdict::Conjunct::From;
using verdict::InductiveEvidence;

/// The first conjunct that was inferred.
verdict::Conjunct& inferred(verdict::Verdict& verdict) {
  for (verdict::Conjunct& one : evidence_of<InductiveEvidence>(verdict).conjuncts) {
    if (one.from == From::Inferred) return one;
  }
  throw std::logic_error("nothing was inferred");
}

TEST(Inference, FindsTheLemmaThatAnInvariantNeeds) {
  const Claims claims(memory("prove Memory.exclusive;"));
  auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "inference");
  EXPECT_EQ(system::spell(claims.system(), inferred(verdict).formula),
            "forall f1: Frame, c1: Container, c2: Container. !((c1 != c2) && (owner(f1) == c1) && mapped(c2, f1))");
  expect_accepted(claims, verdict);
}

TEST(Inference, IntegersThatTheClaimDoesNotNeedAreForgottenForGuesses) {
  const Claims claims(R"bh(
model Shelf {
    sort Item;
    enum Place { Out, Near, On }
    var place: Item -> Place = Out;
    var paid: Item -> bool = false;
    var room: int = 9;
    var limit: Item -> int;
    action pay(i: Item) when place(i) == Out do paid(i) := true;
    action bring(i: Item) when paid(i) && place(i) == Out do place(i) := Near;
    action put(i: Item) when place(i) == Near && room > 0 && room < limit(i) do place(i) := On, room := room - 1;
    invariant bought: forall i: Item. place(i) == On -> paid(i);
}
prove Shelf.bought;)bh");
  const auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  EXPECT_EQ(engine_of(verdict), "inference");
  expect_accepted(claims, verdict);
}

TEST(Inference, IntegersThatTheClaimNeedsAreNotForgotten) {
  const Claims claims(R"bh(
model Shelf {
    sort Item;
    var room: int = 0;
    var full: Item -> bool = false;
    action put(i: Item) when room > 0 do full(i) := true;
    invariant empty: forall i: Item. !full(i);
}
prove Shelf.empty;)bh");
  const auto verdict = claims.decide();
  EXPECT_FALSE(std::holds_alternative<verdict::Holds>(verdict));
  EXPECT_FALSE(std::holds_alternative<verdict::Violated>(verdict)) << "there is no run";
}

TEST(Inference, IsNotAskedWhereTheLemmaIsWritten) {
  const Claims claims(
      memory("prove Memory.exclusive;", "lemma owned: forall c: Container, f: Frame. mapped(c, f) -> owner(f) == c;"));
  EXPECT_EQ(engine_of(claims.decide()), "induction");
}

TEST(Inference, FindsTheSameEveryTime) {
  const Claims claims(memory("prove Memory.exclusive;"));
  const auto text = [&] { return certificate::write({"claim", {}, claims.decide()}); };
  EXPECT_EQ(text(), text());
}

TEST(Inference, ShowsNothingWhereTheLemmaIsFalse) {
  const Claims claims(memory("refute Memory.Stale.exclusive;"));
  const auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Violated>(verdict)) << told(verdict);
  EXPECT_EQ(std::get<verdict::Violated>(verdict).trace.runs.at(0).steps.size(), 3u);
  expect_accepted(claims, verdict);
}

TEST(Inference, EvidenceIsForItsOwnSystemAlone) {
  const auto verdict = Claims(memory("prove Memory.exclusive;")).decide();
  expect_rejected(Claims(memory("prove Memory.Stale.exclusive;")), verdict);
}

TEST(Inference, FormulasThatWereTamperedWithAreRejected) {
  const Claims claims(memory("prove Memory.exclusive;"));
  const auto good = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(good)) << told(good);
  const auto with = [&](const auto& change) {
    auto bad = good;
    change(inferred(bad).formula);
    expect_rejected(claims, bad);
  };
  with([](system::Formula& formula) { formula.terms.clear(); });
  with([](system::Formula& formula) { formula.terms.pop_back(); });  // a binder is free
  with([](system::Formula& formula) {                                // true, and of no use
    formula.terms = {{}};
    formula.terms[0].value = 1;
  });
  with([](system::Formula& formula) {  // false
    formula.terms = {{}};
  });
  with([](system::Formula& formula) { formula.terms.back().args[0] = system::TermId{4'000'000'000}; });
  with([](system::Formula& formula) { formula.terms.back().args[0] = system::TermId{formula.terms.size() - 1}; });
  with([](system::Formula& formula) { formula.terms.back().binders[0] = system::BinderId{77}; });
  with([](system::Formula& formula) { formula.binders[0].type.sort = system::SortId{9}; });
  with([](system::Formula& formula) {
    for (system::Term& term : formula.terms) {
      if (term.function.valid()) term.function = system::FunctionId{50};
    }
  });
  auto fewer = good;
  std::erase_if(evidence_of<InductiveEvidence>(fewer).conjuncts,
                [](const verdict::Conjunct& one) { return one.from == From::Inferred; });
  expect_rejected(claims, fewer);
}

TEST(Inference, GivesUpWhenItIsStopped) {
  const Claims claims(memory("prove Memory.exclusive;"));
  std::stop_source stop;
  stop.request_stop();
  for (const auto& engine : engine::make_engines()) {
    if (engine->name() != "inference" && engine->role() != engine::Role::Refutes) continue;
    if (!engine->decides(claims.obligation().goal)) continue;
    engine::Session session(claims.world());
    const auto verdict = engine->solve(claims.obligation(), session, stop.get_token());
    EXPECT_TRUE(std::holds_alternative<verdict::Unknown>(verdict)) << engine->name();
  }
}

TEST(Inference, ADeadlineThatHasPassedMakesItUnknown) {
  const Claims claims(memory("prove Memory.exclusive;"));
  engine::Budget budget;
  budget.deadline = engine::Clock::now() - std::chrono::hours(1);
  engine::Session session(claims.world(), budget);
  const auto verdict = engine::solve(claims.obligation(), session);
  EXPECT_THAT(told(verdict), testing::HasSubstr("the time of the run was up"));
}

}  // namespace
}  // namespace bulkhead::test
