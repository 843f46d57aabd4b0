// The files of other tools' formats, each decided by a program that reads it, beside explicit search.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "checker/explore/explore.h"
#include "checker/finite/finite.h"
#include "checker/interchange/btor2.h"
#include "checker/interchange/horn.h"
#include "checker/interchange/read_horn.h"
#include "checker/interchange/vmt.h"
#include "checker/machine/unfold.h"
#include "lang/base/file.h"
#include "tests/interchange/searched.h"
#include "tests/support/random_system.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

bool runs(const char* program) {
  return std::system((std::string("command -v ") + program + " >/dev/null 2>&1").c_str()) == 0;
}

/// What the program prints about a file with this text.
std::string told_of(const std::string& text, const std::string& command) {
  const std::string name = "bulkhead_formats_test_" + std::to_string(getpid()) + ".smt2";  // tests run side by side
  const std::filesystem::path file = std::filesystem::temp_directory_path() / name;
  EXPECT_TRUE(write_file(file.string(), text).ok());
  std::string said;
  std::FILE* pipe = popen((command + " " + file.string() + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return said;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    said.append(buffer.data(), got);
  pclose(pipe);
  std::filesystem::remove(file);
  return said;
}

/// A machine whose verdict explicit search knows.
struct Judged {
  machine::Machine machine;
  bool violated;
};
std::vector<Judged> judged(std::uint64_t seeds, Flavour flavour,
                           machine::Elements elements = machine::Elements::Words) {
  std::vector<Judged> all;
  explore::Options options;
  options.work = 1u << 20;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const RandomSystem made(seed, flavour);
    const auto expected = explore::search(made.system, made.always, made.scope, options);
    if (std::holds_alternative<explore::Stopped>(expected)) continue;
    const finite::Claim claim = finite::claim_of(made.system, made.always);
    auto unfolded = machine::unfold(made.system, made.scope, claim.formula, claim.always, elements);
    EXPECT_TRUE(unfolded.ok());
    if (!unfolded.ok()) continue;
    all.push_back({std::move(unfolded.value().machine), std::holds_alternative<explore::Found>(expected)});
  }
  EXPECT_GT(std::count_if(all.begin(), all.end(), [](const Judged& one) { return one.violated; }), 5);
  EXPECT_GT(std::count_if(all.begin(), all.end(), [](const Judged& one) { return !one.violated; }), 5);
  return all;
}

TEST(Horn, IsDecidedBySpacerAsByExplicitSearch) {
  if (!runs("z3")) GTEST_SKIP() << "needs z3: to read Horn clauses";
  std::size_t decided = 0;
  const auto machines = judged(50, {}, machine::Elements::Integers);
  for (const Judged& one : machines) {
    const std::string said = told_of(interchange::to_horn(one.machine), "z3 -T:5");
    if (said.starts_with("unknown") || said.starts_with("timeout")) continue;
    ASSERT_EQ(said, one.violated ? "unsat\n" : "sat\n") << interchange::to_horn(one.machine);
    ++decided;
  }
  EXPECT_GT(decided, machines.size() * 9 / 10);
}

TEST(Horn, ReadAgainIsTheSameMachine) {
  for (const bool words : {false, true}) {
    for (const Judged& one : judged(60, {words, false})) {
      const std::string text = interchange::to_horn(one.machine);
      const auto again = interchange::read_horn(text);
      ASSERT_TRUE(again.ok()) << again.error().place.line << ": " << again.error().reason << "\n" << text;
      EXPECT_EQ(by_ic3(again->machine), one.violated) << text;
    }
  }
}

TEST(Horn, IntegersAreDecidedToo) {
  if (!runs("z3")) GTEST_SKIP() << "needs z3: to read Horn clauses";
  const Counter counter(Wrap::Never);
  const auto never = machine::unfold(counter.system, {}, counter.is_zero, false);
  const auto soon = machine::unfold(counter.system, {}, counter.is_ten, false);
  ASSERT_TRUE(never.ok() && soon.ok());
  EXPECT_EQ(told_of(interchange::to_horn(never->machine), "z3 -T:20"), "sat\n");
  EXPECT_EQ(told_of(interchange::to_horn(soon->machine), "z3 -T:20"), "unsat\n");
}

/// `(assert (= name value))` for each variable of the moment; `prefix` names the state after a step.
std::string fixed(const machine::Machine& machine, const machine::Moment& moment, const std::string& prefix) {
  std::string text;
  const auto fix = [&](machine::TermId variable, term::Word value) {
    const term::Sort sort = machine.store.sort(variable);
    std::string bits = "#b";
    for (unsigned bit = sort.width; bit-- > 0;) bits += (value.low >> bit & 1u) != 0 ? '1' : '0';
    if (sort == term::kBool) bits = value.low != 0 ? "true" : "false";
    text += "(assert (= " + prefix + machine.store.name(variable) + " " + bits + "))\n";
  };
  for (std::size_t i = 0; i < moment.state.size(); ++i) fix(machine.state[i].now, moment.state[i]);
  for (std::size_t i = 0; i < moment.inputs.size() && prefix.empty(); ++i) fix(machine.inputs[i], moment.inputs[i]);
  return text;
}

TEST(Vmt, EachRunOfTheMachineIsOneOfTheFile) {
  if (!runs("z3")) GTEST_SKIP() << "needs z3: to read SMT-LIB";
  std::size_t steps = 0;
  std::vector<Judged> machines = judged(30, {true, false});
  const Counter counter(Wrap::At256);
  auto wraps = machine::unfold(counter.system, {}, counter.is_zero, false);
  ASSERT_TRUE(wraps.ok());
  machines.push_back({std::move(wraps.value().machine), true});
  for (const Judged& one : machines) {
    if (!one.violated) continue;
    const auto bits = machine::to_bits(one.machine);
    const auto found = finite::unroll(bits->net, {.depth = 100});
    ASSERT_TRUE(std::holds_alternative<finite::NetRun>(found));
    const machine::Run run = machine::lift(*bits, std::get<finite::NetRun>(found));
    std::string script = interchange::to_vmt(one.machine), expected;
    const auto ask = [&](const std::string& assertions, const char* answer) {
      script += "(push)\n" + assertions + "(check-sat)\n(pop)\n";
      expected += answer;
    };
    ask(fixed(one.machine, run.moments.front(), "") + "(assert init)\n", "sat\n");
    ask(fixed(one.machine, run.moments.back(), "") + "(assert (not property.0))\n", "sat\n");
    for (std::size_t at = 0; at + 1 < run.moments.size(); ++at, ++steps) {
      const std::string now = fixed(one.machine, run.moments[at], "") + "(assert trans)\n";
      machine::Moment other = run.moments[at + 1];
      ask(now + fixed(one.machine, other, "n."), "sat\n");
      other.state[at % other.state.size()].low ^= 1u;
      ask(now + fixed(one.machine, other, "n."), "unsat\n");
    }
    EXPECT_EQ(told_of(script, "z3"), expected);
  }
  EXPECT_GT(steps, 80u);
}

TEST(Vmt, UnboundedSortsAreFirstOrder) {
  if (!runs("cvc5")) GTEST_SKIP() << "needs cvc5: to read SMT-LIB";
  for (const Flush flush : {Flush::Done, Flush::Forgotten}) {
    const Memory memory(flush);
    const std::string vmt = interchange::to_vmt(memory.system, memory.system.at(memory.exclusive).formula, true);
    EXPECT_NE(vmt.find(":next"), std::string::npos);
    const std::string script = "(set-logic ALL)\n" + vmt;
    EXPECT_EQ(told_of(script + "(assert init)\n(assert (not property.0))\n(check-sat)\n", "cvc5 -q"), "unsat\n");
    EXPECT_EQ(told_of(script + "(assert init)\n(assert trans)\n(check-sat)\n", "cvc5 -q --finite-model-find"), "sat\n");
    EXPECT_EQ(told_of(script + "(assert init)\n(assert (not trans))\n(check-sat)\n", "cvc5 -q --finite-model-find"),
              "sat\n")
        << "not everything is a step; which are is what vmt_test.cpp asks";
  }
}

TEST(Btor2, ReadAgainIsTheSameMachine) {
  for (const bool words : {false, true}) {
    for (const Judged& one : judged(60, {words, false})) {
      const auto text = interchange::to_btor2(one.machine);
      ASSERT_TRUE(text.ok()) << text.error();
      const auto again = interchange::read_btor2(*text);
      ASSERT_TRUE(again.ok()) << again.error().line << ": " << again.error().reason << "\n" << *text;
      EXPECT_EQ(by_ic3(*again), one.violated) << *text;
    }
  }
}

}  // namespace
}  // namespace bulkhead::test
