// VMT of systems whose sorts have any size: `init`, `trans` and the property, in scopes whose states are known.
#include "checker/interchange/vmt.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "lang/base/file.h"
#include "lang/system/choices.h"
#include "lang/system/enumerate.h"
#include "tests/support/random_system.h"
#include "tests/support/system_samples.h"

namespace bulkhead::test {
namespace {

using namespace bulkhead::system;

/// What the solver prints about a script.
std::string answers(const std::string& script) {
  const auto file = std::filesystem::temp_directory_path() / ("bulkhead_vmt_test_" + std::to_string(getpid()));
  EXPECT_TRUE(write_file(file.string(), script).ok());
  std::string said;
  std::FILE* pipe = popen(("z3 -T:60 " + file.string() + " 2>/dev/null").c_str(), "r");
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; pipe != nullptr && (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    said.append(buffer.data(), got);
  if (pipe != nullptr) pclose(pipe);
  std::filesystem::remove(file);
  return said;
}

/// The text of a system, questions about its states, and what they have to be answered.
class Questions {
 public:
  Questions(const System& system, const Scope& scope, TermId formula, bool always)
      : system_(system), scope_(scope), text_(interchange::to_vmt(system, formula, always)) {
    for (std::size_t i = 0; i < system.sorts.size(); ++i) elements(i);
  }

  void ask(const std::string& assertions, bool is_true) {
    text_ += "(push)\n" + assertions + "(check-sat)\n(pop)\n";
    expected_ += is_true ? "sat\n" : "unsat\n";
  }
  std::string now(const State& state) const { return fixed(state, false); }
  std::string next(const State& state) const { return fixed(state, true); }

  const std::string& text() const { return text_; }
  const std::string& expected() const { return expected_; }

 private:
  bool declares(const std::string& what) const { return text_.find("(declare-" + what) != std::string::npos; }

  /// The sort has these elements and no others.
  void elements(std::size_t sort) {
    const std::string name = "t!sort" + std::to_string(sort);
    if (!declares("sort " + name + " ")) return;
    std::string all, one_of;
    for (std::uint32_t i = 0; i < scope_.sizes[sort]; ++i) {
      const std::string element = value(of_sort(SortId(sort)), i);
      text_ += "(declare-fun " + element + " () " + name + ")\n";
      all += " " + element;
      one_of += " (= x " + element + ")";
    }
    if (scope_.sizes[sort] > 1) text_ += "(assert (distinct" + all + "))\n";
    text_ += "(assert (forall ((x " + name + ")) (or false" + one_of + ")))\n";
  }

  std::string value(const Type& type, Value number) const {
    switch (type.kind) {
      case Kind::Bool:
        return number != 0 ? "true" : "false";
      case Kind::Int:
        return number < 0 ? "(- " + std::to_string(-number) + ")" : std::to_string(number);
      case Kind::Bits: {
        std::string bits = "#b";
        for (unsigned bit = type.width; bit-- > 0;)
          bits += (static_cast<std::uint64_t>(number) >> bit & 1u) != 0 ? '1' : '0';
        return bits;
      }
      case Kind::Enum:
        return "t!member" + std::to_string(number) + "of" + std::to_string(system_.at(type.enumeration).members.size());
      case Kind::Sort:
        return "element" + std::to_string(type.sort.index()) + "." + std::to_string(number);
    }
    return "";
  }

  /// The comments say which function is which one's copy after a step.
  std::string copy_of(const std::string& function) const {
    const std::string before = "\n; " + function + " is `";
    const std::size_t line = text_.find(before), at = text_.find("`, f", line + before.size());
    EXPECT_NE(line, std::string::npos);
    return text_.substr(at + 3, text_.find(' ', at + 3) - at - 3);
  }

  std::string fixed(const State& state, bool after) const {
    std::string text;
    for (std::size_t i = 0; i < system_.functions.size(); ++i) {
      const Function& function = system_.functions[i];
      std::string name = "f" + std::to_string(i);
      if (after && function.change == Change::Rigid) continue;
      if (after) name = copy_of(name);
      if (!declares("fun " + name + " ")) continue;  // nothing reads it
      std::vector<BinderId> binders;
      System with = system_;
      Builder builder(with);
      for (const Type& type : function.arguments) binders.push_back(builder.binder("x", type));
      const Choices choices(with, scope_, binders);
      Binding binding;
      std::size_t entry = 0;
      for (bool more = choices.first(binding); more; more = choices.next(binding)) {
        std::string applied = name;
        for (const BinderId binder : binders) applied += " " + value(with.at(binder).type, binding.at(binder));
        if (!binders.empty()) applied = "(" + applied + ")";
        text += "(assert (= " + applied + " " + value(function.result, state.tables[i][entry++]) + "))\n";
      }
    }
    return text;
  }

  const System& system_;
  const Scope& scope_;
  std::string text_, expected_;
};

bool same_rigid(const System& system, const State& a, const State& b) {
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    if (system.functions[i].change == Change::Rigid && a.tables[i] != b.tables[i]) return false;
  }
  return true;
}

/// Of some reachable states: whether they are initial, whether they are good, and to which of some others a step leads.
/// How many steps there are, and how many are none.
std::pair<int, int> ask_about(Questions& questions, const System& system, const Reachable& all, TermId formula) {
  std::pair<int, int> asked;
  for (std::size_t a = 0; a < std::min<std::size_t>(all.states.size(), 4); ++a) {
    const State& from = all.states[a];
    const Answer good = holds(system, all.scope, from, formula, {});
    if (good == Answer::Beyond) continue;
    questions.ask(questions.now(from) + "(assert init)\n", a < all.first);
    questions.ask(questions.now(from) + "(assert (not property.0))\n", good == Answer::No);
    for (std::size_t b = 0; b < all.states.size() && b < 8; ++b) {
      if (!same_rigid(system, from, all.states[b])) continue;
      const auto& after = all.after[a];
      const bool leads = a == b || std::find(after.begin(), after.end(), b) != after.end();  // or nothing happens
      ++(leads ? asked.first : asked.second);
      questions.ask(questions.now(from) + questions.next(all.states[b]) + "(assert trans)\n", leads);
    }
  }
  return asked;
}

struct Compared {
  int alike = 0, unknown = 0, different = 0;
};
/// Line by line. Quantifiers may be too much for the solver: it says so, and has contradicted nobody.
Compared compare(const std::string& said, const std::string& expected) {
  Compared compared;
  std::istringstream lines(said), wanted(expected);
  for (std::string line, want; std::getline(wanted, want);) {
    if (!std::getline(lines, line)) line.clear();
    ++(line == want ? compared.alike : line == "unknown" ? compared.unknown : compared.different);
  }
  return compared;
}

TEST(VmtOfSystems, SaysOfKnownStatesWhatTheReferenceSaysOfThem) {
  if (std::system("command -v z3 >/dev/null 2>&1") != 0) GTEST_SKIP() << "needs z3: to read SMT-LIB";
  int steps = 0, no_steps = 0, systems = 0, alike = 0, unknown = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const RandomSystem made(seed, {seed % 3 == 1, seed % 3 == 2, seed % 3 == 2});
    const auto all = enumerate(made.system, made.scope);
    if (!all || all->states.empty() || all->states.size() > 60) continue;
    const TermId formula = made.system.at(std::get<Always>(made.always.statement).property).formula;
    Questions questions(made.system, made.scope, formula, true);
    const auto asked = ask_about(questions, made.system, *all, formula);
    steps += asked.first;
    no_steps += asked.second;
    ++systems;
    const Compared compared = compare(answers(questions.text()), questions.expected());
    alike += compared.alike;
    unknown += compared.unknown;
    ASSERT_EQ(compared.different, 0) << seed << "\n" << describe(made.system) << questions.text();
  }
  EXPECT_GT(systems, 20);
  EXPECT_GT(steps, 100);
  EXPECT_GT(no_steps, 60);
  EXPECT_LT(unknown, alike / 5);
}

TEST(VmtOfSystems, OfMemoryHasItsStepsInAScope) {
  if (std::system("command -v z3 >/dev/null 2>&1") != 0) GTEST_SKIP() << "needs z3: to read SMT-LIB";
  for (const Flush flush : {Flush::Done, Flush::Forgotten}) {
    const Memory memory(flush);
    const Scope scope{{2, 1}};
    const auto all = enumerate(memory.system, scope);
    ASSERT_TRUE(all.ok());
    const TermId formula = memory.system.at(memory.exclusive).formula;
    Questions questions(memory.system, scope, formula, true);
    ask_about(questions, memory.system, *all, formula);
    EXPECT_EQ(answers(questions.text()), questions.expected()) << questions.text();
  }
}

}  // namespace
}  // namespace bulkhead::test
