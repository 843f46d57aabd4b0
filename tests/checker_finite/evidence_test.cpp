#include "checker/finite/evidence.h"

#include <gtest/gtest.h>

#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;
using finite::Claim;
using finite::Evidence;
using finite::Invariant;

struct Proved {
  Proved() : memory(Flush::Done), claim{memory.system.at(memory.exclusive).formula, true} {
    const auto outcome = finite::reachability(memory.system, scope, claim, {});
    invariant = std::get<Invariant>(outcome);
    evidence = finite::certify(memory.system, scope, claim, invariant, {}).value();
  }
  Memory memory;
  Scope scope{{2, 2}};
  Claim claim;
  Invariant invariant;
  Evidence evidence;
};

TEST(Evidence, IsAcceptedForTheSystemThatItIsOf) {
  const Proved one;
  EXPECT_EQ(finite::objection(one.memory.system, one.scope, one.claim, one.evidence), std::nullopt);
}

TEST(Evidence, IsRefusedForASystemWithTheMistake) {
  const Proved one;
  const Memory stale(Flush::Forgotten);
  const Claim claim{stale.system.at(stale.exclusive).formula, true};
  EXPECT_NE(finite::objection(stale.system, one.scope, claim, one.evidence), std::nullopt);
}

TEST(Evidence, IsRefusedOnceItIsTamperedWith) {
  const Proved one;
  const auto refused = [&](const Evidence& evidence) {
    return finite::objection(one.memory.system, one.scope, one.claim, evidence).has_value();
  };
  for (std::size_t i = 0; i < one.evidence.invariant.excluded.size(); ++i) {
    Evidence tampered = one.evidence;
    tampered.invariant.excluded[i][0].value = !tampered.invariant.excluded[i][0].value;
    EXPECT_TRUE(refused(tampered)) << "cube " << i;
  }
  Evidence tampered = one.evidence;
  tampered.proofs.pop_back();
  EXPECT_TRUE(refused(tampered));
  tampered = one.evidence;
  tampered.invariant.excluded.clear();
  EXPECT_TRUE(refused(tampered)) << "the claim is not its own invariant";
  tampered = one.evidence;
  tampered.invariant.excluded[0][0].entry = 1000;
  EXPECT_TRUE(refused(tampered));
  tampered = one.evidence;
  tampered.invariant.k = 0;
  EXPECT_TRUE(refused(tampered));
  tampered.invariant.k = ~std::size_t{0};
  EXPECT_TRUE(refused(tampered));
}

TEST(Evidence, RestsOnItsProofs) {
  System system;
  Builder b(system);
  std::vector<TermId> words;
  for (const char* name : {"x", "y", "z"}) words.push_back(b.apply(b.function(name, Change::Rigid, {}, bits(8))));
  const TermId left = b.add(b.add(words[0], words[1]), words[2]), right = b.add(words[0], b.add(words[1], words[2]));
  const Claim claim{b.equal(left, right), true};
  const auto evidence = finite::certify(system, {}, claim, {{}, 1}, {});
  ASSERT_TRUE(evidence.ok());
  EXPECT_EQ(finite::objection(system, {}, claim, *evidence), std::nullopt);
  Evidence empty = *evidence;
  for (std::string& proof : empty.proofs) proof.clear();
  EXPECT_NE(finite::objection(system, {}, claim, empty), std::nullopt);
}

TEST(Evidence, OfKInductionCountsItsStates) {
  // North, east, south, and round: never twice in a row.
  Ring ring;
  Builder b(ring.system);
  const FunctionId before = b.function("before", Change::State, {}, of_enum(ring.place));
  b.initial(before, {}, b.member(ring.place, 2));
  b.initial(ring.at, {}, b.member(ring.place, 0));
  ring.system.actions[ring.pass.index()].updates.push_back({before, {}, {}, b.apply(ring.at), {}});
  ring.system.actions.pop_back();
  const Claim claim{b.equal(b.apply(before), b.apply(ring.at)), false};
  const auto outcome = finite::k_induction(ring.system, {}, claim, {});
  ASSERT_TRUE(std::holds_alternative<Invariant>(outcome));
  const Invariant& invariant = std::get<Invariant>(outcome);
  const auto evidence = finite::certify(ring.system, {}, claim, invariant, {});
  ASSERT_TRUE(evidence.ok());
  EXPECT_EQ(finite::objection(ring.system, {}, claim, *evidence), std::nullopt);
}

}  // namespace
}  // namespace bulkhead::test
