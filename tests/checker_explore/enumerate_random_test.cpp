// The enumeration that evidence rests on beside the explicit search, on random systems: two programs that share the
// bounds of integers and nothing else.
#include <gtest/gtest.h>

#include <map>

#include "checker/explore/explore.h"
#include "lang/system/exhaust.h"
#include "lang/system/ranges.h"
#include "tests/support/random_system.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;

struct Tally {
  int found = 0, exhausted = 0, stopped = 0;
};

RandomSystem system_of(std::uint64_t seed) {
  return RandomSystem(seed, {seed % 4 == 1, seed % 4 >= 2, seed % 4 >= 2});
}

/// What both say of a claim.
void compare(const RandomSystem& made, const Theorem& theorem, const Reachable& all, std::uint64_t seed, Tally& tally) {
  explore::Options options;
  options.work = 1u << 22;
  const auto outcome = explore::search(made.system, theorem, made.scope, options);
  if (std::holds_alternative<explore::Stopped>(outcome)) {
    ++tally.stopped;
    return;
  }
  const auto objection = exhaust_objection(made.system, theorem, all);
  const auto* exhausted = std::get_if<explore::Exhausted>(&outcome);
  ASSERT_EQ(objection.has_value(), exhausted == nullptr) << seed << " " << objection.value_or("none") << "\n"
                                                         << describe(made.system);
  ++(exhausted != nullptr ? tally.exhausted : tally.found);
  if (exhausted != nullptr) {
    ASSERT_EQ(exhausted->states, all.states.size()) << seed << "\n" << describe(made.system);
  }
}

TEST(RandomSystems, AreEnumeratedAsTheyAreSearched) {
  std::map<int, Tally> tallies;
  int enumerated = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const RandomSystem made = system_of(seed);
    const auto all = enumerate(made.system, made.scope);
    if (!all || all->states.size() > 200) continue;
    ++enumerated;
    int kind = 0;
    for (const Theorem* theorem : {&made.always, &made.never, &made.leads_to, &made.leaks_nothing})
      compare(made, *theorem, *all, seed, tallies[kind++]);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(enumerated, 800);
  for (const auto& [kind, tally] : tallies) {
    EXPECT_GT(tally.found, 60) << kind;
    EXPECT_GT(tally.exhausted, 100) << kind;
  }
}

/// With every integer from -6 to 6 in place of what the ranges say.
TEST(RandomSystems, StartInTheRangesThatAreReadOffThem) {
  int starts = 0;
  for (std::uint64_t seed = 2; seed < 2000; seed += 4) {
    const RandomSystem made(seed, {false, true, true});
    const auto ranges = initial_ranges(made.system, made.scope);
    if (ranges.size() > 5) continue;
    State state;
    std::vector<Value*> entries;
    std::vector<Range> tried;
    for (std::size_t i = 0; i < made.system.functions.size(); ++i)
      state.tables.emplace_back(table_size(made.system, made.scope, FunctionId(i)), 0);
    for (std::size_t i = 0; i < made.system.functions.size(); ++i) {
      const auto count = cardinality(made.system, made.scope, made.system.functions[i].result);
      for (Value& entry : state.tables[i]) {
        entries.push_back(&entry);
        tried.push_back(count ? Range{0, static_cast<Value>(*count) - 1} : Range{-6, 6});
        entry = tried.back().least;
      }
    }
    for (bool more = true; more;) {
      if (is_initial(made.system, made.scope, state) == Answer::Yes) {
        ++starts;
        for (std::size_t i = 0; i < entries.size(); ++i) {
          if (!ranges[i]) continue;
          ASSERT_GE(*entries[i], ranges[i]->least) << seed << "\n" << describe(made.system);
          ASSERT_LE(*entries[i], ranges[i]->most) << seed << "\n" << describe(made.system);
        }
      }
      more = false;
      for (std::size_t i = entries.size(); i-- > 0 && !more;) {
        more = *entries[i] < tried[i].most;
        *entries[i] = more ? *entries[i] + 1 : tried[i].least;
      }
    }
  }
  EXPECT_GT(starts, 500);
}

}  // namespace
}  // namespace bulkhead::test
