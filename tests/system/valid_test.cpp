#include "lang/system/valid.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;

TEST(Valid, AcceptsTheSamples) {
  EXPECT_EQ(objection(Memory(Flush::Done).system), std::nullopt);
  EXPECT_EQ(objection(Counter(Wrap::At256).system), std::nullopt);
  EXPECT_EQ(objection(Ring().system), std::nullopt);
  EXPECT_EQ(objection(Cells(Wipe::Done).system), std::nullopt);
}

struct Mutant {
  const char* name;
  std::function<void(Memory&)> spoil;
};

TermId first_of(const Memory& memory, Op op) {
  for (std::size_t i = 0; i < memory.system.terms.size(); ++i) {
    if (memory.system.terms[i].op == op) return TermId(i);
  }
  return {};
}
Term& term(Memory& memory, Op op) {
  return memory.system.terms[first_of(memory, op).index()];
}
Action& transfer(Memory& memory) {
  return memory.system.actions[memory.transfer.index()];
}

const std::vector<Mutant> kMutants{
    {"argument_after_its_user", [](Memory& m) { term(m, Op::Implies).args[0] = TermId(m.system.terms.size() - 1); }},
    {"argument_that_does_not_exist", [](Memory& m) { term(m, Op::Implies).args[0] = TermId(); }},
    {"missing_argument", [](Memory& m) { term(m, Op::Apply).args.clear(); }},
    {"argument_of_another_type", [](Memory& m) { term(m, Op::And).args[0] = first_of(m, Op::Bound); }},
    {"equal_of_two_types", [](Memory& m) { term(m, Op::Equal).args[0] = first_of(m, Op::Constant); }},
    {"function_that_does_not_exist", [](Memory& m) { term(m, Op::Apply).function = FunctionId(99); }},
    {"binder_that_does_not_exist", [](Memory& m) { term(m, Op::Bound).binder = BinderId(99); }},
    {"binder_of_another_type", [](Memory& m) { term(m, Op::Bound).type = of_sort(m.frame); }},
    {"constant_out_of_range", [](Memory& m) { term(m, Op::Constant).value = 2; }},
    {"constant_of_a_sort", [](Memory& m) { term(m, Op::Constant).type = of_sort(m.frame); }},
    {"type_written_in_two_ways", [](Memory& m) { term(m, Op::Constant).type.width = 8; }},
    {"quantifier_without_binders", [](Memory& m) { term(m, Op::ForAll).binders.clear(); }},
    {"two_quantifiers_of_one_binder",
     [](Memory& m) {
       Term copy = term(m, Op::ForAll);
       copy.op = Op::Exists;
       m.system.terms.push_back(copy);
     }},
    {"parameter_used_by_another_action", [](Memory& m) { transfer(m).guard = m.system.actions[0].guard; }},
    {"parameter_of_two_actions", [](Memory& m) { transfer(m).parameters = m.system.actions[0].parameters; }},
    {"guard_that_is_no_formula", [](Memory& m) { transfer(m).guard = transfer(m).updates[0].value; }},
    {"guard_that_does_not_exist", [](Memory& m) { transfer(m).guard = TermId(); }},
    {"update_with_a_place_too_few", [](Memory& m) { transfer(m).updates[0].at.clear(); }},
    {"update_of_another_type", [](Memory& m) { transfer(m).updates[0].value = transfer(m).updates[1].value; }},
    {"update_of_what_is_rigid", [](Memory& m) { m.system.functions[m.owner.index()].change = Change::Rigid; }},
    {"update_without_its_binder_as_a_place",
     [](Memory& m) { transfer(m).updates[1].at[0] = transfer(m).updates[0].value; }},
    {"rigid_function_with_an_initial_value",
     [](Memory& m) { m.system.functions[m.mapped.index()].change = Change::Rigid; }},
    {"assumption_over_what_changes",
     [](Memory& m) { m.system.properties[m.owned.index()].kind = PropertyKind::Assumption; }},
    {"open_property", [](Memory& m) { m.system.properties[0].formula = m.system.actions[0].guard; }},
    {"initially_that_does_not_exist", [](Memory& m) { m.system.initially = TermId(500); }},
    {"enum_without_members",
     [](Memory& m) {
       m.system.enums.push_back({"E", {}, {}});
     }},
    {"function_of_a_sort_that_does_not_exist", [](Memory& m) { m.system.functions[0].result = of_sort(SortId(9)); }},
    {"word_of_an_odd_width",
     [](Memory& m) {
       m.system.binders.push_back({"w", bits(7)});
     }},
};

class ValidRefuses : public testing::TestWithParam<Mutant> {};
TEST_P(ValidRefuses, ASystemThatBreaksAPromise) {
  Memory memory(Flush::Done);
  GetParam().spoil(memory);
  EXPECT_NE(objection(memory.system), std::nullopt);
}
std::string name_of(const testing::TestParamInfo<Mutant>& mutant) {
  return mutant.param.name;
}
INSTANTIATE_TEST_SUITE_P(EachPromise, ValidRefuses, testing::ValuesIn(kMutants), name_of);

TEST(Valid, RefusesTermsNestedTooDeeply) {
  System system;
  Builder b(system);
  TermId deep = b.truth(true);
  for (std::size_t i = 1; i < kMaxTermDepth; ++i) deep = b.negation(deep);
  EXPECT_EQ(objection(system), std::nullopt);
  b.negation(deep);
  EXPECT_NE(objection(system), std::nullopt);
}

TEST(ValidTheorem, RefusesWhatItsSystemDoesNotHave) {
  Memory memory(Flush::Done);
  Builder b(memory.system);
  const TermId open = memory.system.actions[0].guard;
  EXPECT_TRUE(is_valid(memory.system, {Always{memory.owned}, {}}));
  EXPECT_FALSE(is_valid(memory.system, {Always{PropertyId(9)}, {}}));
  EXPECT_FALSE(is_valid(memory.system, {Never{open}, {}}));
  EXPECT_FALSE(is_valid(memory.system, {Never{TermId()}, {}}));
  const TermId yes = b.truth(true);
  EXPECT_FALSE(is_valid(memory.system, {LeadsTo{{}, yes, yes, {{ActionId(9), false}}}, {}}));
  EXPECT_FALSE(is_valid(memory.system, {LeadsTo{{BinderId(0)}, yes, yes, {}}, {}})) << "a parameter of an action";
  EXPECT_FALSE(is_valid(memory.system, {Always{memory.owned}, {{{memory.frame, 0}}, {}}}));
  EXPECT_FALSE(is_valid(memory.system, {LeaksNothing{ViewId(0), {}, {}, {}}, {}}));
}

TEST(ValidTheorem, RefusesExceptionsThatChange) {
  Cells cells(Wipe::Done);
  Builder b(cells.system);
  LeaksNothing claim = cells.except_trusted;
  EXPECT_TRUE(is_valid(cells.system, {claim, {}}));
  const BinderId k = b.binder("k", of_sort(cells.cell));
  claim.except = b.exists({k}, b.equal(b.apply(cells.holder, {b.bound(k)}), b.bound(claim.source)));
  EXPECT_FALSE(is_valid(cells.system, {claim, {}}));
}

}  // namespace
}  // namespace bulkhead::test
