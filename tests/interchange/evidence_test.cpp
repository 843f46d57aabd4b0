// Evidence of `solve` as text: what is written is read and accepted, what was tampered with is not.
#include <gtest/gtest.h>

#include "checker/term/smt2.h"
#include "tests/interchange/solving.h"

namespace bulkhead::test {
namespace {

using safety::Format;

/// Counts up to `last` in steps that an input allows, and turns back; bad where it is `bad`.
std::string counter(const std::string& last, const std::string& bad) {
  return "1 sort bitvec 1\n2 sort bitvec 6\n3 zero 2\n4 state 2 n\n5 init 2 4 3\n6 input 1 up\n7 inc 2 4\n8 constd 2 " +
         last + "\n9 eq 1 4 8\n10 ite 2 9 3 7\n11 ite 2 6 10 4\n12 next 2 4 11\n13 constd 2 " + bad +
         "\n14 eq 1 4 13\n15 bad 14 reached\n";
}
std::string grows(const std::string& bad) {
  return "(set-logic HORN)\n(declare-fun |the loop| (Int Bool) Bool)\n(assert (|the loop| (- 2) true))\n"
         "(assert (forall ((x Int) (b Bool)) (=> (|the loop| x b) (|the loop| (+ x 3) (not b)))))\n"
         "(assert (forall ((x Int) (b Bool)) (=> (and (|the loop| x b) " +
         bad + ") false)))\n(check-sat)\n";
}
std::string fibonacci(const std::string& bad) {
  return "(set-logic HORN)\n(declare-fun fib (Int Int) Bool)\n"
         "(assert (forall ((n Int)) (=> (and (>= n 0) (<= n 1)) (fib n n))))\n"
         "(assert (forall ((n Int) (a Int) (b Int)) (=> (and (> n 1) (fib (- n 1) a) (fib (- n 2) b)) (fib n (+ a "
         "b)))))\n(assert (forall ((n Int) (r Int)) (=> (and (fib n r) " +
         bad + ") false)))\n(check-sat)\n";
}

/// What `solve` writes of the problem, which it decides.
std::string evidence_of(Format format, const std::string& text) {
  auto problem = safety::read_problem(format, text);
  EXPECT_TRUE(problem.ok()) << problem.error();
  const auto decision = safety::decide(problem.value(), patient());
  const auto* shown = std::get_if<safety::Shown>(&decision.answer);
  EXPECT_NE(shown, nullptr);
  return shown == nullptr ? "" : safety::write_evidence(*problem, shown->evidence);
}

/// The text with the first of these words in the place of the second.
std::string with(std::string text, const std::string& word, const std::string& other) {
  const auto at = text.find(word);
  EXPECT_NE(at, std::string::npos) << word << " in " << text;
  return at == std::string::npos ? text : text.replace(at, word.size(), other);
}

TEST(Evidence, AnInvariantOfWordsIsOneOfItsProblemAlone) {
  const std::string text = counter("20", "33");
  const std::string evidence = evidence_of(Format::Btor2, text);
  EXPECT_EQ(rejected(Format::Btor2, text, evidence), "");
  EXPECT_NE(rejected(Format::Btor2, counter("40", "33"), evidence), "") << "33 is reached";
  EXPECT_NE(rejected(Format::Horn, grows("(> x 9)"), evidence), "") << "of other sorts";
  const auto said = [&](const std::string& formula) {
    return rejected(Format::Btor2, text,
                    "(evidence 1 invariant 0)\n(define-fun invariant ((n (_ BitVec 6))) Bool " + formula + ")\n");
  };
  EXPECT_EQ(said("(bvule n #b010100)"), "");
  EXPECT_EQ(said("true"), "not so: the invariant excludes what is bad");
  EXPECT_EQ(said("(bvule n #b010000)"), "not so: each step keeps the invariant");
  EXPECT_EQ(said("false"), "not so: the invariant holds at first");
  for (const char* formula : {"(bvule m #b010100)", "(forall ((m Bool)) m)", "n", "(bvule n #b1)", "(f n)"}) {
    EXPECT_EQ(said(formula), "1:23: the invariant is no formula over the state") << formula;
  }
}

TEST(Evidence, ADepthOfInductionIsNotBelieved) {
  const auto said = [](const std::string& k, const std::string& bad = "4") {
    return rejected(Format::Btor2, counter("3", bad),
                    "(evidence 1 invariant " + k + ")\n(define-fun invariant ((n (_ BitVec 6))) Bool true)\n");
  };
  EXPECT_EQ(said("1"), "") << "only 4 itself leads to 4";
  EXPECT_EQ(said("0"), "not so: the invariant excludes what is bad");
  EXPECT_EQ(said("3", "5"), "not so: nothing is bad after 3 states that are not") << "4 may stay where it is";
  for (const char* k : {"-1", "x", "99999999999999999999", "1000000000"}) {
    EXPECT_EQ(said(k), "1:23: this is no depth of an induction") << k;
  }
}

TEST(Evidence, ARunReplaysInItsProblemAlone) {
  const std::string text = counter("20", "3");
  const std::string evidence = evidence_of(Format::Btor2, text);
  bool safe = true;
  EXPECT_EQ(rejected(Format::Btor2, text, evidence, &safe), "");
  EXPECT_FALSE(safe);
  EXPECT_EQ(rejected(Format::Btor2, counter("20", "4"), evidence), "the last moment is not bad");
  EXPECT_EQ(rejected(Format::Btor2, counter("2", "3"), evidence), "step 2 does not lead to the next state");
  EXPECT_NE(rejected(Format::Btor2, text, with(evidence, "#b000001", "#b000010")), "");
  EXPECT_NE(rejected(Format::Btor2, text, with(evidence, "#b000000", "#b000001")), "");
  EXPECT_NE(rejected(Format::Btor2, text, with(evidence, "(state (s0.n))", "(state (s0.m))")), "");
  EXPECT_NE(rejected(Format::Btor2, text, with(evidence, "(#b1)", "()")), "");
  EXPECT_NE(rejected(Format::Btor2, text, with(evidence, "(#b1)", "(1)")), "");
  EXPECT_NE(rejected(Format::Btor2, text, "(evidence 1 run)\n(state (s0.n))\n(inputs (i0.up))\n"), "");
}

TEST(Evidence, OfLinearClausesIsAnInvariantARunOrADerivation) {
  const std::string safe = grows("(= x 0)"), unsafe = grows("(= x 10)");
  const std::string invariant = evidence_of(Format::Horn, safe), run = evidence_of(Format::Horn, unsafe);
  EXPECT_EQ(rejected(Format::Horn, safe, invariant), "");
  EXPECT_EQ(rejected(Format::Horn, unsafe, run), "");
  EXPECT_NE(rejected(Format::Horn, safe, run), "");
  EXPECT_NE(rejected(Format::Horn, unsafe, invariant), "");
  const std::string derivation =
      "(evidence 1 derivation)\n(step 0 () ())\n(step 1 (-2 true) (0))\n(step 1 (1 false) (1))\n(step 1 (4 true) (2))\n"
      "(step 1 (7 false) (3))\n(step 2 (10 true) (4))\n";
  EXPECT_EQ(rejected(Format::Horn, unsafe, derivation), "");
  EXPECT_EQ(rejected(Format::Horn, safe, derivation), "step 5 does not do what the clause asks for");
  EXPECT_EQ(rejected(Format::Horn, unsafe, with(derivation, "(4 true)", "(5 true)")),
            "step 3 has a premise about other values");
  EXPECT_EQ(rejected(Format::Horn, unsafe, with(derivation, "(3))", "(7))")),
            "step 4 has a premise that is not earlier");
  EXPECT_EQ(rejected(Format::Horn, unsafe, with(derivation, "step 2", "step 3")), "7:7: there is no such clause");
  const std::string meaning =
      "(evidence 1 interpretation)\n(define-fun |the loop| ((x Int) (b Bool)) Bool (not (= x 0)))\n";
  EXPECT_EQ(rejected(Format::Horn, safe, meaning), "not so: the clause of line 4");
}

TEST(Evidence, OfOtherClausesIsAnInterpretationOrADerivation) {
  const std::string safe = fibonacci("(< r (- n 1))"), unsafe = fibonacci("(= r 5)");
  const std::string interpretation = evidence_of(Format::Horn, safe), derivation = evidence_of(Format::Horn, unsafe);
  EXPECT_EQ(rejected(Format::Horn, safe, interpretation), "");
  EXPECT_EQ(rejected(Format::Horn, unsafe, derivation), "");
  EXPECT_NE(rejected(Format::Horn, unsafe, interpretation), "");
  EXPECT_NE(rejected(Format::Horn, safe, derivation), "");
  EXPECT_NE(rejected(Format::Horn, safe, "(evidence 1 invariant 0)\n(define-fun invariant () Bool true)\n"), "");
  EXPECT_NE(rejected(Format::Horn, safe, "(evidence 1 run)\n(state ())\n(inputs ())\n(moment () ())\n"), "");
  EXPECT_NE(rejected(Format::Btor2, counter("3", "5"), derivation), "");
  EXPECT_NE(rejected(Format::Btor2, counter("3", "5"), interpretation), "");
}

TEST(Evidence, WhatIsNoEvidenceIsTold) {
  for (const char* text : {"", "(", "x", "()", "(evidence)", "(evidence 2 run)", "(evidence 1 belief)",
                           "(evidence 1 invariant 0)", "(evidence 1 derivation)", "(evidence 1 derivation)(step)",
                           "(evidence 1 derivation)(step 0 () (x))", "(evidence 1 interpretation)"}) {
    EXPECT_NE(rejected(Format::Horn, grows("(= x 10)"), text), "") << text;
  }
}

TEST(Evidence, ARefutationIsOneOfItsConditionAlone) {
  auto problem = safety::read_problem(Format::Btor2, counter("20", "33"));
  ASSERT_TRUE(problem.ok());
  const auto evidence = safety::read_evidence(
      problem.value(), "(evidence 1 invariant 0)\n(define-fun invariant ((n (_ BitVec 6))) Bool (bvule n #b010100))\n");
  ASSERT_TRUE(evidence.ok());
  const auto all = safety::conditions(problem.value(), *evidence);
  ASSERT_EQ(all->size(), 3u);
  const term::Store& store = safety::arena(*problem, *evidence);
  const auto made = safety::refute(store, all->at(1));
  ASSERT_TRUE(made.ok()) << made.error();
  EXPECT_EQ(safety::objection(store, all->at(1), made->proof), std::nullopt);
  EXPECT_NE(safety::objection(store, all->at(2), made->proof), std::nullopt);
  EXPECT_NE(safety::objection(store, all->at(1), ""), std::nullopt);
  EXPECT_NE(
      safety::objection(store, all->at(1), made->proof.substr(0, made->proof.rfind('\n', made->proof.size() - 2))),
      std::nullopt);
}

TEST(Evidence, SharedTermsStaySharedInText) {
  auto problem = safety::read_problem(Format::Horn, grows("(= x 0)"));
  ASSERT_TRUE(problem.ok());
  machine::Machine& machine = problem.value().machine->machine;
  term::TermId sum = machine.state[0].now;
  if (machine.store.sort(sum) != term::kInt) sum = machine.state[1].now;
  for (int i = 0; i < 40; ++i) sum = machine.store.apply(term::Op::Add, {sum, sum});
  const auto formula = machine.store.apply(term::Op::Less, {sum, machine.store.number(0)});
  const std::string text = safety::write_evidence(*problem, safety::Invariant{formula, 0});
  EXPECT_LT(text.size(), 5000u);
  const auto read = safety::read_evidence(problem.value(), text);
  ASSERT_TRUE(read.ok()) << read.error();
  EXPECT_EQ(std::get<safety::Invariant>(*read).formula, formula);
}

}  // namespace
}  // namespace bulkhead::test
