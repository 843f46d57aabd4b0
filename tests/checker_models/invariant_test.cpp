// What a claim rests on, in the words of its model: it can be read back, and what nobody had written then proves it.
#include "checker/report/invariant.h"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/checker_models/models.h"

namespace bulkhead::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string invariant(const Claims& claims, const verdict::Verdict& verdict, std::size_t claim = 0) {
  return report::invariant(claims.world(), claims.world().claims.at(claim), verdict);
}

std::string lemmas_of(const std::string& text) {
  std::istringstream lines(text);
  std::string lemmas;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("lemma ", 0) == 0) lemmas += line + "\n";
  }
  return lemmas;
}

/// The claim is decided, its lemmas are put into the model, and it is decided again by those alone.
void expect_round_trip(const std::string& before, const std::string& after) {
  const Claims claims(before + after);
  const auto verdict = claims.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(verdict)) << told(verdict);
  ASSERT_EQ(engine_of(verdict), "inference");
  const std::string lemmas = lemmas_of(invariant(claims, verdict));
  ASSERT_NE(lemmas, "");
  const Claims helped(before + lemmas + after);
  ASSERT_TRUE(helped.loaded.program) << lemmas;
  EXPECT_TRUE(helped.loaded.codes().empty()) << helped.loaded.text();
  const auto again = helped.decide();
  EXPECT_EQ(engine_of(again), "induction") << lemmas << told(again);
  expect_accepted(helped, again);
}

TEST(Invariant, OfLemmasThatNobodyWroteProvesTheClaimOnceTheyAreWritten) {
  const std::string text = memory("prove Memory.exclusive;");
  const std::size_t place = text.find("    invariant exclusive");
  expect_round_trip(text.substr(0, place), text.substr(place));
}

TEST(Invariant, SpeaksOfRecordsSetsAndEnumsInTheirOwnNames) {
  expect_round_trip(R"bh(
model Pages {
    sort Domain;  sort Page;
    enum State { Free, Used }
    record Entry { state: State; readers: set of Domain; }
    var page: Page -> Entry;
    var d1: Page -> Domain;
    var gave: (Domain, Page) -> bool = false;
    initially forall p: Page. page(p).state == Free && page(p).readers == {};
    action take(d: Domain, p: Page) when page(p).state == Free do page(p).state := Used, d1(p) := d, gave(d, p) := true;
    action read(d: Domain, p: Page) when page(p).state == Used && d1(p) == d do insert d into page(p).readers;
    action leave(d: Domain, p: Page) when page(p).state == Used && d1(p) == d
        do page(p).state := Free, page(p).readers := {}, gave(d, p) := false;
)bh",
                    R"bh(
    invariant one_reader: forall c, d: Domain, p: Page. c in page(p).readers && d in page(p).readers -> c == d;
}
prove Pages.one_reader;)bh");
}

TEST(Invariant, NamesWhatIsWrittenInTheModel) {
  const Claims claims(
      memory("prove Memory.exclusive;", "lemma owned: forall c: Container, f: Frame. mapped(c, f) -> owner(f) == c;"));
  const std::string text = invariant(claims, claims.decide());
  EXPECT_THAT(text, HasSubstr(": Memory.exclusive, in `model Memory`\n"));
  EXPECT_THAT(text, HasSubstr("// k = 1, for sorts of any size"));
  EXPECT_THAT(text, HasSubstr("// of the model: owned: forall c: Container, f: Frame. "));
  EXPECT_THAT(text, Not(HasSubstr("\nlemma")));
}

TEST(Invariant, OfOneScopeSaysWhatIsExcludedThere) {
  const std::string bounded = memory("prove Memory.exclusive for 2 Container, 2 Frame;");
  const Claims claims(bounded);
  const auto verdict = claims.decide();
  ASSERT_EQ(engine_of(verdict), "scope: ic3");
  const std::string text = invariant(claims, verdict);
  EXPECT_THAT(text, HasSubstr("k = 1, for 2 Container, 2 Frame: "));
  const std::string lemmas = lemmas_of(text);
  ASSERT_NE(lemmas, "");
  const std::size_t place = bounded.find("    invariant exclusive");
  const Claims helped(bounded.substr(0, place) + lemmas + bounded.substr(place));
  EXPECT_TRUE(helped.loaded.codes().empty()) << helped.loaded.text();
}

TEST(Invariant, OfAModelWithoutSortsIsExact) {
  const std::string before = R"bh(
model Lights {
    enum Colour { Red, Amber, Green }
    var north: Colour = Red;
    var east: Colour = Red;
    var turn: bool = false;
    action ready(n: bool) when n == turn && north == Red && east == Red do turn := n, north := if n then Amber else Red,
        east := if n then Red else Amber;
    action go() when north == Amber || east == Amber do north := if north == Amber then Green else Red,
        east := if east == Amber then Green else Red;
    action stop() when north == Green || east == Green do north := Red, east := Red, turn := !turn;
)bh";
  const std::string after = R"bh(
    invariant safe: !(north == Green && east == Green);
}
prove Lights.safe;)bh";
  const Claims claims(before + after);
  const auto verdict = claims.decide();
  ASSERT_EQ(engine_of(verdict), "scope: ic3");
  const std::string lemmas = lemmas_of(invariant(claims, verdict));
  ASSERT_NE(lemmas, "");
  const Claims helped(before + lemmas + after);
  EXPECT_TRUE(helped.loaded.codes().empty()) << helped.loaded.text();
  // Each action keeps them all together: the model with these claimed has an invariant of nothing more.
  const auto again = helped.decide();
  ASSERT_TRUE(std::holds_alternative<verdict::Holds>(again)) << told(again);
  expect_accepted(helped, again);
}

TEST(Invariant, OfLivenessSaysWhatIsPendingAndWhoHelps) {
  const Claims claims(
      memory("prove in Memory: forall c: Container, f: Frame. owner(f) == c leads to "
             "mapped(c, f) || owner(f) != c under fair { map };"));
  const std::string text = invariant(claims, claims.decide());
  EXPECT_THAT(text, HasSubstr("// pending: "));
  EXPECT_THAT(text, HasSubstr("map(c, f)"));
}

/// It speaks of a model that nobody wrote: nothing of it can be put into the one that somebody did.
TEST(Invariant, OfRoundsIsToldInComments) {
  const std::string text = R"bh(
model Servers {
    sort Job;
    sort Server;
    var server: Job -> Server;
    var waits: Job -> bool = false;
    action submit(j: Job, s: Server) when !waits(j) do waits(j) := true, server(j) := s;
    action serve(s: Server, j: Job) when waits(j) && server(j) == s do waits(j) := false;
}
prove in Servers: forall j: Job. waits(j) leads to !waits(j) under fair { serve })bh";
  const Claims any(text + ";"), scope(text + " for 2 Job, 2 Server;");
  const std::string of_any = invariant(any, any.decide()), of_scope = invariant(scope, scope.decide());
  EXPECT_EQ(lemmas_of(of_any), "");
  EXPECT_THAT(of_any, HasSubstr("// k = 8 rounds"));
  EXPECT_THAT(of_any, HasSubstr("// !round 1\n"));
  EXPECT_THAT(of_scope, HasSubstr("// k = 8 rounds"));
  EXPECT_THAT(of_scope, HasSubstr("for 2 Job, 2 Server"));
  EXPECT_THAT(of_scope, HasSubstr("clauses about the model that counts them"));
}

TEST(Invariant, OfWhatDoesNotHoldIsEmpty) {
  const Claims claims(memory("refute Memory.Stale.exclusive;"));
  EXPECT_EQ(invariant(claims, claims.decide()), "");
}

}  // namespace
}  // namespace bulkhead::test
