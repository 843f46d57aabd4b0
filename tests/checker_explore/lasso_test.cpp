#include <gtest/gtest.h>

#include "checker/explore/explore.h"
#include "lang/system/replay.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;
using explore::Exhausted;
using explore::Found;

/// Looks for a violation, replays what is found; true where one was.
bool is_violated(const System& system, const LeadsTo& claim, const Scope& scope) {
  const Theorem theorem{claim, {}};
  const explore::Outcome outcome = explore::search(system, theorem, scope, {});
  if (std::holds_alternative<Exhausted>(outcome)) return false;
  EXPECT_TRUE(std::holds_alternative<Found>(outcome));
  EXPECT_EQ(replay_violation(system, theorem, std::get<Found>(outcome).run), std::nullopt);
  return true;
}

TEST(Lasso, ARunMayStopWhereNothingIsFair) {
  const Ring ring;
  EXPECT_TRUE(is_violated(ring.system, ring.served({}), {}));
  EXPECT_TRUE(is_violated(ring.system, ring.served({{ring.rest, true}}), {}));
  EXPECT_FALSE(is_violated(ring.system, ring.served({{ring.pass, false}}), {}));
}

/// A lamp that blinks; the door opens while it is lit, where somebody pushes.
struct Door {
  Door() {
    Builder b(system);
    const FunctionId lit = b.function("lit", Change::State, {}, kBool);
    const FunctionId open = b.function("open", Change::State, {}, kBool);
    b.initial(lit, {}, b.truth(false));
    b.initial(open, {}, b.truth(false));
    blink = b.action("blink", {}, b.truth(true), {{lit, {}, {}, b.negation(b.apply(lit)), {}}});
    push = b.action("push", {}, b.apply(lit), {{open, {}, {}, b.truth(true), {}}});
    claim = {{}, b.truth(true), b.apply(open), {}};
  }
  System system;
  ActionId blink, push;
  LeadsTo claim;
};

TEST(Lasso, TellsWeakFromStrongFairness) {
  Door door;
  door.claim.fair = {{door.blink, false}, {door.push, false}};
  EXPECT_TRUE(is_violated(door.system, door.claim, {}));
  door.claim.fair = {{door.blink, false}, {door.push, true}};
  EXPECT_FALSE(is_violated(door.system, door.claim, {}));
  door.claim.fair = {{door.push, true}};
  EXPECT_TRUE(is_violated(door.system, door.claim, {})) << "it may stay dark";
}

/// Requests that are served one at a time, in any order.
struct Requests {
  Requests() {
    Builder b(system);
    sort = b.sort("Client");
    const FunctionId waits = b.function("waits", Change::State, {of_sort(sort)}, kBool);
    b.initial(waits, {b.binder("c", of_sort(sort))}, b.truth(false));
    const BinderId c = b.binder("c", of_sort(sort)), d = b.binder("d", of_sort(sort)), e = b.binder("e", of_sort(sort));
    b.action("ask", {c}, b.truth(true), {{waits, {}, {b.bound(c)}, b.truth(true), {}}});
    serve = b.action("serve", {d}, b.apply(waits, {b.bound(d)}), {{waits, {}, {b.bound(d)}, b.truth(false), {}}});
    claim = {{e}, b.apply(waits, {b.bound(e)}), b.negation(b.apply(waits, {b.bound(e)})), {}};
  }
  System system;
  SortId sort;
  ActionId serve;
  LeadsTo claim;
};

TEST(Lasso, FairnessIsOfEachInstance) {
  Requests requests;
  EXPECT_TRUE(is_violated(requests.system, requests.claim, {{2}}));
  requests.claim.fair = {{requests.serve, false}};
  EXPECT_FALSE(is_violated(requests.system, requests.claim, {{2}}));
  EXPECT_FALSE(is_violated(requests.system, requests.claim, {{3}}));
}

}  // namespace
}  // namespace bulkhead::test
