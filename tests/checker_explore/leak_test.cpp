#include <gtest/gtest.h>

#include "checker/explore/explore.h"
#include "lang/system/replay.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;
using explore::Exhausted;
using explore::Found;

bool is_violated(const System& system, const LeaksNothing& claim, const Scope& scope) {
  const Theorem theorem{claim, {}};
  const explore::Outcome outcome = explore::search(system, theorem, scope, {});
  if (std::holds_alternative<Exhausted>(outcome)) return false;
  EXPECT_TRUE(std::holds_alternative<Found>(outcome));
  const auto& found = std::get<Found>(outcome);
  EXPECT_TRUE(found.second);
  EXPECT_EQ(replay_leak(system, theorem, found.run, *found.second), std::nullopt);
  return true;
}

TEST(Leak, FindsWhatWasNotWiped) {
  const Cells forgotten(Wipe::Forgotten), done(Wipe::Done);
  EXPECT_TRUE(is_violated(forgotten.system, forgotten.leaks_nothing, {{2, 1}}));
  EXPECT_TRUE(is_violated(forgotten.system, forgotten.except_trusted, {{2, 1}})) << "not everybody is trusted";
  EXPECT_FALSE(is_violated(done.system, done.leaks_nothing, {{2, 1}}));
  EXPECT_FALSE(is_violated(done.system, done.leaks_nothing, {{2, 2}}));
}

TEST(Leak, StopsAtTheBudgetOfWork) {
  const Cells done(Wipe::Done);
  int stopped = 0;
  for (std::uint64_t work = 1u << 12; work < 1u << 24; work *= 2) {
    explore::Options options;
    options.work = work;
    const auto outcome = explore::search(done.system, {done.leaks_nothing, {}}, {{2, 2}}, options);
    const auto* stop = std::get_if<explore::Stopped>(&outcome);
    stopped += stop != nullptr && stop->why == "the budget of work is spent on pairs of states" ? 1 : 0;
  }
  EXPECT_GT(stopped, 0);
}

/// Two levels: `high` writes h, `low` copies it to l, which all see; `relay` lets it pass through a middle one.
struct Levels {
  Levels() {
    Builder b(system);
    level = b.enumeration("Level", {"low", "middle", "high"});
    store = b.function("store", Change::State, {of_enum(level)}, kBool);
    b.initial(store, {b.binder("x", of_enum(level))}, b.truth(false));
    const auto step = [&](const char* name, std::size_t who, std::vector<Update> updates) {
      const BinderId self = b.binder("self", of_enum(level));
      b.action(name, {self}, b.equal(b.bound(self), b.member(level, who)), std::move(updates));
    };
    const auto at = [&](std::size_t i) { return b.member(level, i); };
    step("write", 2, {{store, {}, {at(2)}, b.truth(true), {}}});
    step("fetch", 1, {{store, {}, {at(1)}, b.apply(store, {at(2)}), {}}});
    step("read", 0, {{store, {}, {at(0)}, b.apply(store, {at(1)}), {}}});
    View view;
    view.observer = b.binder("o", of_enum(level));
    view.items.push_back({{}, b.truth(true), b.apply(store, {b.bound(view.observer)}), "store(o)"});
    system.views.push_back(view);
    claim = {ViewId(0), b.binder("o", of_enum(level)), b.binder("d", of_enum(level)), {}};
    const auto o = b.bound(claim.observer), d = b.bound(claim.source);
    down_one = b.disjunction(
        {b.conjunction({b.equal(d, at(2)), b.equal(o, at(1))}), b.conjunction({b.equal(d, at(1)), b.equal(o, at(0))})});
    only_last = b.conjunction({b.equal(d, at(1)), b.equal(o, at(0))});
  }
  System system;
  EnumId level;
  FunctionId store;
  LeaksNothing claim;
  TermId down_one, only_last;
};

TEST(Leak, GoesOnlyThroughThoseWhomTheClaimExcepts) {
  Levels levels;
  EXPECT_TRUE(is_violated(levels.system, levels.claim, {}));
  levels.claim.except = levels.only_last;
  EXPECT_TRUE(is_violated(levels.system, levels.claim, {})) << "the middle level sees the high one";
  levels.claim.except = levels.down_one;
  EXPECT_FALSE(is_violated(levels.system, levels.claim, {})) << "high may tell middle, middle may tell low";
}

TEST(Leak, SeesThatARefusalTells) {
  System system;
  Builder b(system);
  const EnumId who = b.enumeration("Who", {"a", "b"});
  const FunctionId taken = b.function("taken", Change::State, {}, kBool);
  const FunctionId got = b.function("got", Change::State, {}, kBool);
  b.initial(taken, {}, b.truth(false));
  b.initial(got, {}, b.truth(false));
  const BinderId p = b.binder("p", of_enum(who)), q = b.binder("q", of_enum(who));
  b.action("take", {p}, b.equal(b.bound(p), b.member(who, 1)), {{taken, {}, {}, b.truth(true), {}}});
  const TermId free = b.conjunction({b.equal(b.bound(q), b.member(who, 0)), b.negation(b.apply(taken))});
  b.action("try", {q}, free, {{got, {}, {}, b.truth(true), {}}});
  View view;
  view.observer = b.binder("o", of_enum(who));
  const TermId is_a = b.equal(b.bound(view.observer), b.member(who, 0));
  view.items.push_back({{}, is_a, b.apply(got), "got"});
  system.views.push_back(view);
  const LeaksNothing claim{ViewId(0), b.binder("o", of_enum(who)), b.binder("d", of_enum(who)), {}};
  EXPECT_TRUE(is_violated(system, claim, {}));
}

TEST(Leak, PairsOfManyInitialStatesAreWorkToo) {
  using namespace system;
  System many;
  Builder b(many);
  const Type user = of_sort(b.sort("User"));
  const FunctionId secret = b.function("secret", Change::State, {user, user}, kBool);
  const FunctionId seen = b.function("seen", Change::State, {user}, kBool);
  b.initial(seen, {b.binder("u", user)}, b.truth(false));
  const BinderId who = b.binder("u", user), from = b.binder("v", user);
  b.action("set", {who, from}, b.truth(true), {{secret, {}, {b.bound(who), b.bound(from)}, b.truth(true), {}}});
  View view;
  view.observer = b.binder("o", user);
  view.items.push_back({{}, b.truth(true), b.apply(seen, {b.bound(view.observer)}), "seen(o)"});
  many.views.push_back(view);
  const LeaksNothing claim{ViewId(0), b.binder("o", user), b.binder("d", user), {}};
  explore::Options options;
  options.work = 1'000'000;
  const auto outcome = explore::search(many, {claim, {}}, {{4}}, options);  // 2^16 initial states: 2^31 pairs
  ASSERT_TRUE(std::holds_alternative<explore::Stopped>(outcome));
}

}  // namespace
}  // namespace bulkhead::test
