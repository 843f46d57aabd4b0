// All states of a scope by the reference semantics: what bounds integers, what is listed, and what that shows.
#include "lang/system/enumerate.h"

#include <gtest/gtest.h>

#include <limits>

#include "lang/system/exhaust.h"
#include "lang/system/ranges.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;

/// One number for each of some nodes, and a constant.
struct Numbers {
  Numbers() : b(system) {
    node = of_sort(b.sort("Node"));
    number = b.function("number", Change::State, {node}, kInt);
    limit = b.function("limit", Change::Rigid, {}, kInt);
    each = b.binder("n", node);
  }
  TermId of_each() { return b.apply(number, {b.bound(each)}); }
  TermId all(TermId body) { return b.for_all({each}, body); }
  std::vector<std::optional<Range>> ranges(TermId initially) {
    system.initially = initially;
    return initial_ranges(system, scope);
  }

  System system;
  Builder b;
  Type node;
  FunctionId number, limit;
  BinderId each;
  Scope scope{{2}};
};

void expect_range(const std::optional<Range>& range, Value least, Value most) {
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(range->least, least);
  EXPECT_EQ(range->most, most);
}

TEST(Ranges, AreWhatComparisonsLeave) {
  Numbers m;
  const TermId limit = m.b.apply(m.limit);
  const TermId known = m.b.equal(limit, m.b.integer(3));
  const auto ranges = m.ranges(m.b.conjunction(
      {m.all(m.b.conjunction({m.b.less(m.b.integer(-2), m.of_each()), m.b.less_equal(m.of_each(), limit)})), known}));
  ASSERT_EQ(ranges.size(), 3u);
  expect_range(ranges[0], -1, 3);  // by way of the limit, which is read after it
  expect_range(ranges[1], -1, 3);
  expect_range(ranges[2], 3, 3);
}

TEST(Ranges, OfAlternativesHoldAllOfThem) {
  Numbers m;
  const auto is = [&](Value value) { return m.b.equal(m.of_each(), m.b.integer(value)); };
  const auto either = m.ranges(m.all(m.b.disjunction({is(7), is(2)})));
  expect_range(either[0], 2, 7);
  EXPECT_EQ(either[2], std::nullopt) << "of the constant nothing is said";
  const auto negated = m.ranges(m.all(
      m.b.negation(m.b.disjunction({m.b.less(m.of_each(), m.b.integer(0)), m.b.less(m.b.integer(5), m.of_each())}))));
  expect_range(negated[0], 0, 5);
  EXPECT_EQ(m.ranges(m.all(m.b.negation(is(2))))[0], std::nullopt);
  EXPECT_EQ(m.ranges(m.b.exists({m.each}, is(2)))[0], std::nullopt) << "it may be the other one";
  EXPECT_EQ(m.ranges(m.all(m.b.less(m.of_each(), m.b.integer(2))))[0], std::nullopt) << "there is no least one";
  const auto far = m.ranges(
      m.all(m.b.conjunction({m.b.less(m.b.integer(0), m.of_each()), m.b.less(m.of_each(), m.b.integer(100'000))})));
  EXPECT_EQ(far[0], std::nullopt) << "too many to be listed";
  const auto none = m.ranges(m.all(m.b.conjunction({is(1), is(2)})));
  ASSERT_TRUE(none[0].has_value());
  EXPECT_LT(none[0]->most, none[0]->least);
}

TEST(Ranges, OfParametersAreWhatTheGuardAsks) {
  Numbers m;
  const BinderId by = m.b.binder("k", kInt), other = m.b.binder("m", m.node), word = m.b.binder("w", bits(16));
  const TermId guard =
      m.b.conjunction({m.b.less(m.b.integer(0), m.b.bound(by)), m.b.less_equal(m.b.bound(by), m.b.integer(2)),
                       m.b.less(m.b.bound(word), m.b.word(16, 5))});
  const ActionId add = m.b.action(
      "add", {other, by, word}, guard,
      {{m.number, {}, {m.b.bound(other)}, m.b.add(m.b.apply(m.number, {m.b.bound(other)}), m.b.bound(by)), {}}});
  const auto ranges = parameter_ranges(m.system, m.scope, add);
  expect_range(ranges[0], 0, 1);
  expect_range(ranges[1], 1, 2);
  expect_range(ranges[2], 0, 4);
  const auto instances = instances_of(m.system, m.scope, add);
  ASSERT_TRUE(instances.has_value());
  EXPECT_EQ(instances->size(), 2u * 2u * 5u);
  EXPECT_EQ(instances->front().arguments, (std::vector<Value>{0, 1, 0}));
  m.system.actions[0].guard = m.b.less(m.b.integer(0), m.b.bound(by));
  EXPECT_EQ(instances_of(m.system, m.scope, add), std::nullopt);
}

/// Integers end nowhere: what lies beyond 64 bits is not listed, and is not nothing.
TEST(Ranges, DoNotEndWhereValuesDo) {
  Numbers m;
  constexpr Value kLast = std::numeric_limits<Value>::max(), kFirst = std::numeric_limits<Value>::min();
  const TermId limit = m.b.apply(m.limit), last = m.b.integer(kLast), first = m.b.integer(kFirst);
  EXPECT_EQ(m.ranges(m.b.less(last, limit))[2], std::nullopt);
  EXPECT_EQ(m.ranges(m.b.less(limit, first))[2], std::nullopt);
  EXPECT_EQ(m.ranges(m.b.negation(m.b.less_equal(limit, last)))[2], std::nullopt);
  EXPECT_EQ(m.ranges(m.b.conjunction({m.b.equal(limit, last), m.all(m.b.less(limit, m.of_each()))}))[0], std::nullopt);
  const auto none =
      m.ranges(m.b.conjunction({m.b.less(m.b.integer(kLast - 2), limit), m.b.less(limit, m.b.integer(kLast - 1))}));
  ASSERT_TRUE(none[2].has_value());
  EXPECT_LT(none[2]->most, none[2]->least);
  const BinderId by = m.b.binder("k", kInt);
  const ActionId far = m.b.action("far", {by}, m.b.less(last, m.b.bound(by)), {});
  EXPECT_EQ(instances_of(m.system, m.scope, far), std::nullopt);
}

/// What evidence makes its reader list is bounded in room too: here by 31 states of a million entries.
TEST(Enumeration, RefusesStatesThatTogetherAreTooLarge) {
  System system;
  Builder b(system);
  const Type node = of_sort(b.sort("Node"));
  const FunctionId big = b.function("big", Change::State, {node, node}, kBool);
  const std::vector<BinderId> place{b.binder("n", node), b.binder("m", node)};
  system.functions[big.index()].parameters = place;
  system.functions[big.index()].initial = b.truth(false);
  const FunctionId count = b.function("count", Change::State, {}, kInt);
  system.functions[count.index()].initial = b.integer(0);
  const TermId more = b.less(b.apply(count), b.integer(40));
  b.action("tick", {}, more, {{count, {}, {}, b.add(b.apply(count), b.integer(1)), {}}});
  EXPECT_EQ(most_states(system, {{1}}, 1), kMaxAttempts / 2);
  EXPECT_EQ(most_states(system, {{1024}}, 1), 31u);
  const auto small = enumerate(system, {{2}});
  ASSERT_TRUE(small.ok()) << small.error();
  EXPECT_EQ(small->states.size(), 41u);
  const auto large = enumerate(system, {{1024}});
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error(), "there are too many states");
}

TEST(Enumeration, ListsEveryStateOnceAndWhatFires) {
  const Counter counter(Wrap::At256);
  const auto all = enumerate(counter.system, {{}});
  ASSERT_TRUE(all.ok()) << all.error();
  EXPECT_EQ(all->states.size(), 256u);
  EXPECT_EQ(all->first, 1u);
  EXPECT_EQ(all->after[0][0], 1u);
  EXPECT_EQ(all->after[255][0], 0u) << "it goes round";
  const auto few = enumerate(counter.system, {{}}, 3);
  ASSERT_TRUE(few.ok());
  EXPECT_EQ(few->states.size(), 4u);
  const auto endless = enumerate(Counter(Wrap::Never).system, {{}});
  ASSERT_FALSE(endless.ok());
  EXPECT_EQ(endless.error(), "there are too many states");
}

TEST(Enumeration, ShowsWhatHoldsAndNothingElse) {
  const Counter counter(Wrap::At256);
  const Theorem zero{Never{counter.is_zero}, {}};
  const auto few = enumerate(counter.system, {{}}, 84), all = enumerate(counter.system, {{}});
  EXPECT_EQ(exhaust_objection(counter.system, zero, *few), std::nullopt);
  EXPECT_NE(exhaust_objection(counter.system, zero, *all), std::nullopt);
  const Ring ring;
  const auto places = enumerate(ring.system, {{}});
  ASSERT_TRUE(places.ok());
  EXPECT_EQ(exhaust_objection(ring.system, {ring.served({{ring.pass}}), {}}, *places), std::nullopt);
  EXPECT_NE(exhaust_objection(ring.system, {ring.served({{ring.rest}}), {}}, *places), std::nullopt);
  EXPECT_NE(exhaust_objection(ring.system, {ring.served({}), {}}, *places), std::nullopt);
  const auto one = enumerate(ring.system, {{}}, 0);
  EXPECT_NE(exhaust_objection(ring.system, {ring.served({{ring.pass}}), {}}, *one), std::nullopt)
      << "some states were not left";
}

TEST(Enumeration, ShowsThatNothingLeaksOnlyWhereNothingDoes) {
  const Scope two{{2, 1}}, three{{3, 1}};
  for (const Wipe wipe : {Wipe::Done, Wipe::Forgotten}) {
    const Cells cells(wipe);
    const auto small = enumerate(cells.system, two);
    ASSERT_TRUE(small.ok()) << small.error();
    const auto objection = exhaust_objection(cells.system, {cells.except_trusted, {}}, *small);
    EXPECT_EQ(objection.has_value(), wipe == Wipe::Forgotten) << objection.value_or("none");
  }
}

TEST(Enumeration, IsSpelledWithItsNumberAlone) {
  EXPECT_EQ(read_enumeration(spell_enumeration(12)), 12u);
  EXPECT_EQ(read_enumeration("enumeration of 012 states"), std::nullopt);
  EXPECT_EQ(read_enumeration("enumeration of 12 states "), std::nullopt);
  EXPECT_EQ(read_enumeration("enumeration of  states"), std::nullopt);
  EXPECT_EQ(read_enumeration("enumeration of 99999999999999999999999 states"), std::nullopt);
  EXPECT_EQ(read_enumeration("1 0 2 0"), std::nullopt);
}

}  // namespace
}  // namespace bulkhead::test
