// BTOR2: every operator beside its value, what is refused and where.
#include "checker/interchange/btor2.h"

#include <gtest/gtest.h>

#include "tests/interchange/searched.h"

namespace bulkhead::test {
namespace {

using interchange::read_btor2;

/// Whether `op` of two words of 4 bits is the value that is expected, by a machine that is bad where it is not.
void expect_value(const std::string& op, unsigned a, unsigned b, unsigned width, unsigned expected) {
  const std::string text = "1 sort bitvec 4\n2 sort bitvec " + std::to_string(width) + "\n3 constd 1 " +
                           std::to_string(a) + "\n4 constd 1 " + std::to_string(b) + "\n5 " + op + "\n6 constd 2 " +
                           std::to_string(expected) + "\n7 sort bitvec 1\n8 neq 7 5 6\n9 bad 8\n";
  const auto machine = read_btor2(text);
  ASSERT_TRUE(machine.ok()) << machine.error().reason << "\n" << text;
  EXPECT_EQ(machine->bad[0].condition, machine->store.truth(false)) << op << " " << a << " " << b;
}

/// The same with the operands as latches, by the gates of the circuit.
void expect_gates(const std::string& op, unsigned a, unsigned b, unsigned width, unsigned expected) {
  const std::string text = "1 sort bitvec 4\n2 sort bitvec " + std::to_string(width) +
                           "\n3 state 1 a\n4 state 1 b\n5 " + op + "\n6 constd 2 " + std::to_string(expected) +
                           "\n7 sort bitvec 1\n8 neq 7 5 6\n9 bad 8\n10 constd 1 " + std::to_string(a) +
                           "\n11 constd 1 " + std::to_string(b) +
                           "\n12 init 1 3 10\n13 init 1 4 11\n14 next 1 3 3\n15 next 1 4 4\n";
  const auto machine = read_btor2(text);
  ASSERT_TRUE(machine.ok()) << machine.error().reason << "\n" << text;
  EXPECT_EQ(by_ic3(*machine), false) << op << " " << a << " " << b;
}

int as_signed(unsigned word) {
  return word >= 8 ? static_cast<int>(word) - 16 : static_cast<int>(word);
}
unsigned cut(int value) {
  return static_cast<unsigned>(value) & 15u;
}

TEST(Btor2, EveryOperatorHasItsValue) {
  for (unsigned a = 0; a < 16; a += 3) {
    for (unsigned b = 0; b < 16; ++b) {
      const int x = as_signed(a), y = as_signed(b);
      const auto check = [&](const std::string& op, unsigned width, unsigned expected) {
        expect_value(op, a, b, width, expected);
        if ((a + b) % 5 == 0) expect_gates(op, a, b, width, expected);
      };
      check("and 2 3 4", 4, a & b);
      check("nor 2 3 4", 4, cut(static_cast<int>(~(a | b))));
      check("xor 2 3 -4", 4, (a ^ ~b) & 15u);
      check("add 2 3 4", 4, (a + b) & 15u);
      check("sub 2 3 4", 4, (a - b) & 15u);
      check("mul 2 3 4", 4, (a * b) & 15u);
      check("udiv 2 3 4", 4, b == 0 ? 15 : a / b);
      check("urem 2 3 4", 4, b == 0 ? a : a % b);
      check("sdiv 2 3 4", 4, b == 0 ? (x < 0 ? 1 : 15) : cut(x / y));
      check("srem 2 3 4", 4, b == 0 ? a : cut(x % y));
      check("smod 2 3 4", 4, b == 0 ? a : cut(((x % y) + y) % y));
      check("sll 2 3 4", 4, b > 3 ? 0 : (a << b) & 15u);
      check("srl 2 3 4", 4, b > 3 ? 0 : a >> b);
      check("sra 2 3 4", 4, cut(x >> std::min(b, 3u)));
      check("rol 2 3 4", 4, ((a << b % 4) | (a >> (4 - b % 4))) & 15u);
      check("ror 2 3 4", 4, ((a >> b % 4) | (a << (4 - b % 4))) & 15u);
      check("ult 2 3 4", 1, a < b);
      check("ugte 2 3 4", 1, a >= b);
      check("slt 2 3 4", 1, x < y);
      check("sgte 2 3 4", 1, x >= y);
      check("eq 2 3 4", 1, a == b);
      check("uaddo 2 3 4", 1, a + b > 15);
      check("saddo 2 3 4", 1, x + y > 7 || x + y < -8);
      check("usubo 2 3 4", 1, a < b);
      check("ssubo 2 3 4", 1, x - y > 7 || x - y < -8);
      check("umulo 2 3 4", 1, a * b > 15);
      check("smulo 2 3 4", 1, x * y > 7 || x * y < -8);
      check("sdivo 2 3 4", 1, x == -8 && y == -1);
      check("concat 2 3 4", 8, a * 16 + b);
      check("uext 2 3 2", 6, a);
      check("sext 2 3 2", 6, static_cast<unsigned>(x) & 63u);
      check("slice 2 3 2 1", 2, a >> 1 & 3u);
      check("inc 2 3", 4, (a + 1) & 15u);
      check("neg 2 3", 4, cut(-x));
      check("redand 2 3", 1, a == 15);
      check("redor 2 3", 1, a != 0);
      check("redxor 2 3", 1, static_cast<unsigned>(__builtin_parity(a)));
    }
  }
}

constexpr const char* kCounter =
    "1 sort bitvec 1\n2 sort bitvec 3\n3 zero 2\n4 state 2 n\n5 init 2 4 3\n6 input 1 up\n7 inc 2 4\n8 ite 2 6 7 4\n"
    "9 next 2 4 8\n10 constd 2 6\n11 ugt 1 4 10\n";

TEST(Btor2, ConstraintsHoldInTheLastMomentToo) {
  const auto reaches = read_btor2(std::string(kCounter) + "12 bad 11 seven\n");
  ASSERT_TRUE(reaches.ok());
  EXPECT_EQ(by_ic3(*reaches), true);
  EXPECT_EQ(reaches->bad[0].name, "seven");
  const auto bounded = read_btor2(std::string(kCounter) + "12 constraint -11\n13 bad 11\n");
  ASSERT_TRUE(bounded.ok());
  EXPECT_EQ(by_ic3(*bounded), false);
  const auto stuck = read_btor2(std::string(kCounter) + "12 constraint -6\n13 bad 11\n");
  ASSERT_TRUE(stuck.ok());
  EXPECT_EQ(by_ic3(*stuck), false);
}

TEST(Btor2, SmallArraysAreReadCellByCell) {
  const std::string text =
      "1 sort bitvec 1\n2 sort bitvec 2\n3 sort bitvec 4\n4 sort array 2 3\n5 zero 3\n6 state 4 mem\n7 init 4 6 5\n"
      "8 input 2 at\n9 input 3 value\n10 constd 3 12\n11 ult 1 9 10\n12 constraint 11\n13 write 4 6 8 9\n14 next 4 6 "
      "13\n"
      "15 read 3 6 8\n16 constd 3 11\n";
  const auto reached = read_btor2(text + "17 eq 1 15 16\n18 bad 17\n");
  ASSERT_TRUE(reached.ok()) << reached.error().reason;
  EXPECT_EQ(by_ic3(*reached), true);
  const auto never = read_btor2(text + "17 ugt 1 15 16\n18 bad 17\n");
  ASSERT_TRUE(never.ok());
  EXPECT_EQ(by_ic3(*never), false);
}

TEST(Btor2, StatesWithoutAValueMayHaveAny) {
  const auto free = read_btor2("1 sort bitvec 4\n2 state 1\n3 ones 1\n4 sort bitvec 1\n5 eq 4 2 3\n6 bad 5\n");
  ASSERT_TRUE(free.ok());
  EXPECT_EQ(by_ic3(*free), true);
  const auto held = read_btor2(
      "1 sort bitvec 4\n2 state 1\n3 ones 1\n4 sort bitvec 1\n5 zero 1\n6 init 1 2 5\n7 next 1 2 2\n8 eq 4 2 3\n9 bad "
      "8\n");
  ASSERT_TRUE(held.ok());
  EXPECT_EQ(by_ic3(*held), false);
}

TEST(Btor2, WhatIsNotUnderstoodIsRefusedWithItsLine) {
  const std::pair<const char*, std::pair<std::size_t, const char*>> cases[] = {
      {"1 sort bitvec 200\n", {1, "words wider than 128 bits are not read"}},
      {"1 sort bitvec 4\n2 state 7\n", {2, "there is no sort 7"}},
      {"1 sort bitvec 4\n2 zero 1\n3 add 1 2 9\n", {3, "there is no node 9"}},
      {"1 sort bitvec 4\n1 zero 1\n", {2, "the number 1 is used twice"}},
      {"1 sort bitvec 16\n2 sort array 1 1\n", {2, "arrays of more than 256 cells are not read"}},
      {"1 sort bitvec 4\n2 zero 1\n3 justice 1 2\n", {3, "`justice` is liveness; only safety is read"}},
      {"1 sort bitvec 4\n2 zero 1\n3 frobnicate 1 2 2\n", {3, "`frobnicate` is no operator that is read"}},
      {"1 sort bitvec 4\n2 zero 1\n3 bad 2\n", {3, "a single bit is needed"}},
      {"1 sort bitvec 4\n2 zero 1\n3 slice 1 2 4 1\n", {3, "the slice has bits that are not there"}},
      {"1 sort bitvec 4\n2 zero 1\n3 uext 1 2 99999999999\n", {3, "the sort of the line is not that of its value"}},
      {"1 sort bitvec 1\n2 zero 1\n3 eq 1 2 2 \n4 state 1\n5 next 1 3 2\n", {5, "there is no state 3"}},
      {"1 sort bitvec 4\n", {1, "the file has no `bad`"}},
      {"x\n", {1, "a number is needed where `x` stands"}},
      {"1\n", {1, "the line is too short"}},
  };
  for (const auto& [text, expected] : cases) {
    const auto machine = read_btor2(text);
    ASSERT_FALSE(machine.ok()) << text;
    EXPECT_EQ(machine.error().reason, expected.second);
    EXPECT_EQ(machine.error().line, expected.first) << text;
  }
}

}  // namespace
}  // namespace bulkhead::test
