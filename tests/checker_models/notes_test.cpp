// What `prove` says about models besides the claims: actions that never fire, conditions outside of the fragment.
#include <gmock/gmock.h>

#include "checker/query/prove.h"
#include "checker/report/report.h"
#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

query::Proof prove(const Claims& claims, query::Coverage coverage = query::Coverage::On) {
  query::ProveOptions options;
  options.coverage = coverage;
  return query::prove(claims.world(), options);
}

std::string report(const Claims& claims, const query::Proof& proof) {
  return report::text({claims.world(), claims.loaded.sources, proof});
}

TEST(Notes, AnActionThatCanNeverFireIsSaidToWithProof) {
  const Claims claims(R"bh(
model Door {
    sort Guest;
    var open: bool = false;
    var inside: Guest -> bool = false;
    action enter(g: Guest) when open do inside(g) := true;
    action knock() do open := false;
    invariant closed: !open;
}
prove Door.closed;)bh");
  const auto proof = prove(claims);
  ASSERT_THAT(proof.idle, SizeIs(1));
  EXPECT_TRUE(proof.idle[0].never);
  EXPECT_THAT(report(claims, proof), HasSubstr("idle action (BH4016): `enter` of Door can never fire"));
  EXPECT_THAT(report::json({claims.world(), claims.loaded.sources, proof}), HasSubstr("\"can_fire\": \"never\""));
  EXPECT_THAT(prove(claims, query::Coverage::Off).idle, IsEmpty());
}

TEST(Notes, AnActionThatOnlyAVariantCannotTakeIsSaidOfTheVariant) {
  const Claims claims(R"bh(
model Door {
    sort Guest;
    var open: bool = false;
    var inside: Guest -> bool = false;
    action enter(g: Guest) when open do inside(g) := true;
    action leave(g: Guest) when inside(g) && !inside(g) do inside(g) := false;
    action unlock() do open := true;
    invariant any: true;
    variant Stuck { replace update open in unlock with open := false; }
}
prove Door.any;)bh");
  const auto proof = prove(claims);
  ASSERT_THAT(proof.idle, SizeIs(2)) << "of the model and once more of the variant would be three";
  EXPECT_THAT(report(claims, proof), HasSubstr("`leave` of Door can never fire"));
  EXPECT_THAT(report(claims, proof), HasSubstr("`enter` of Door.Stuck can never fire"));
}

TEST(Notes, AnActionThatFiresLateOrInLargeScopesIsNotIdle) {
  const Claims claims(R"bh(
model Gate {
    sort Guest;
    var here: Guest -> bool = false;
    var count: int = 0;
    var limit: int;
    action come(g: Guest) when !here(g) do here(g) := true, count := count + 1;
    action close() when exists a, b, c: Guest. a != b && a != c && b != c && here(a) && here(b) && here(c) do count := 0;
    invariant any: true;
}
prove Gate.any;)bh");
  EXPECT_THAT(prove(claims).idle, IsEmpty());
}

TEST(Notes, ACircleOfSortsIsToldBeforehand) {
  const Claims claims(R"bh(
model Chain {
    sort Node;
    var next: Node -> Node;
    var mark: Node -> bool = false;
    action pass(n: Node) when mark(n) do mark(next(n)) := true;
    invariant none: forall n: Node. !mark(n);
}
prove Chain.none;)bh");
  const auto proof = prove(claims);
  ASSERT_THAT(proof.undecidable, Not(IsEmpty()));
  EXPECT_THAT(report(claims, proof), HasSubstr("Node -> Node (by `next`)"));
  EXPECT_TRUE(proof.all_satisfied()) << "which does not keep it from being decided";
}

TEST(Notes, TheEngineThatDecidedIsNamed) {
  const Claims claims(memory("prove Memory.exclusive;"));
  const auto proof = prove(claims);
  EXPECT_THAT(report(claims, proof), HasSubstr("holds, by inference"));
  EXPECT_THAT(report::json({claims.world(), claims.loaded.sources, proof}), HasSubstr("\"engine\": \"inference\""));
}

}  // namespace
}  // namespace bulkhead::test
