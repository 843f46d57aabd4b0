#include "checker/story/story.h"

#include <algorithm>

#include "lang/base/check.h"
#include "lang/system/step.h"

namespace bulkhead::story {

using namespace bulkhead::system;

namespace {

/// The name of a table's entry: "mapped(Container 1, Frame 2)".
std::string entry_name(const System& system, const Scope& scope, FunctionId id, std::size_t entry) {
  const Function& function = system.at(id);
  std::vector<std::string> arguments(function.arguments.size());
  for (std::size_t i = arguments.size(); i-- > 0;) {  // the last one runs fastest
    const std::size_t count = *cardinality(system, scope, function.arguments[i]);
    arguments[i] = show(system, function.arguments[i], static_cast<Value>(entry % count));
    entry /= count;
  }
  std::string name = function.name;
  for (std::size_t i = 0; i < arguments.size(); ++i) name += (i == 0 ? "(" : ", ") + arguments[i];
  return arguments.empty() ? name : name + ")";
}

std::string scope_text(const System& system, const Scope& scope) {
  std::string text;
  for (std::size_t i = 0; i < scope.sizes.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(scope.sizes[i]) + " " + system.sorts[i].name;
  }
  return text;
}

/// What is not declared: of relations the places where they hold, of other functions each value.
std::vector<std::string> first_lines(const System& system, const Scope& scope, const State& first) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    const Function& function = system.functions[i];
    if (function.initial.valid()) continue;
    const bool is_relation = function.result == kBool && !function.arguments.empty();
    bool nowhere = true;
    for (std::size_t entry = 0; entry < first.tables[i].size(); ++entry) {
      const Value value = first.tables[i][entry];
      if (is_relation && value == 0) continue;
      nowhere = false;
      const std::string name = entry_name(system, scope, FunctionId(i), entry);
      lines.push_back(is_relation ? name : name + " = " + show(system, function.result, value));
    }
    if (is_relation && nowhere) lines.push_back(function.name + " holds nowhere");
  }
  return lines;
}

std::vector<std::string> changes(const System& system, const Scope& scope, const State& before, const State& after) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < system.functions.size(); ++i) {
    const Type& type = system.functions[i].result;
    for (std::size_t entry = 0; entry < before.tables[i].size(); ++entry) {
      const Value old = before.tables[i][entry], now = after.tables[i][entry];
      if (old == now) continue;
      lines.push_back(entry_name(system, scope, FunctionId(i), entry) + ": " + show(system, type, old) + " -> " +
                      show(system, type, now));
    }
  }
  return lines;
}

}  // namespace

std::string show(const System& system, const Type& type, Value value) {
  switch (type.kind) {
    case Kind::Bool:
      return value != 0 ? "true" : "false";
    case Kind::Int:
      return std::to_string(value);
    case Kind::Bits:
      return std::to_string(static_cast<std::uint64_t>(value));
    case Kind::Enum:
      return system.at(type.enumeration).members.at(static_cast<std::size_t>(value));
    case Kind::Sort:
      return system.at(type.sort).name + " " + std::to_string(value + 1);
  }
  BH_CHECK(false, "every kind of value has its text");
}

std::string show(const System& system, const Fired& fired) {
  const Action& action = system.at(fired.action);
  std::string text = action.name;
  for (std::size_t i = 0; i < fired.arguments.size(); ++i) {
    text += (i == 0 ? "(" : ", ") + show(system, system.at(action.parameters[i]).type, fired.arguments[i]);
  }
  return fired.arguments.empty() ? text : text + ")";
}

Story tell(const System& system, const Run& run, const source::SourceMap& sources) {
  Story story{scope_text(system, run.scope), first_lines(system, run.scope, run.first), {}, run.loop};
  State state = run.first;
  for (const Fired& fired : run.steps) {
    const source::Span& span = system.at(fired.action).origin.span;
    Step told{show(system, fired), span.file.valid() ? sources.place(span) : "", {}, false};
    Stepped next = step(system, run.scope, state, fired);
    told.refused = next.fires != Answer::Yes;
    if (!told.refused) {
      told.changes = changes(system, run.scope, state, next.state);
      state = std::move(next.state);
    }
    story.steps.push_back(std::move(told));
  }
  return story;
}

std::string text(const Story& story) {
  std::string text = "at first";
  if (!story.scope.empty()) text += ", with " + story.scope;
  text += story.first.empty() ? "\n" : ":\n";
  for (const std::string& line : story.first) text += "     " + line + "\n";
  for (std::size_t i = 0; i < story.steps.size(); ++i) {
    const Step& step = story.steps[i];
    const std::string number = std::to_string(i + 1);
    if (story.loop == i) text += "for ever:\n";
    text += std::string(number.size() < 3 ? 3 - number.size() : 0, ' ') + number + "  " + step.action;
    if (!step.place.empty()) text += "  [" + step.place + "]";
    text += step.refused ? "  refused\n" : "\n";
    for (const std::string& line : step.changes) text += "     " + line + "\n";
  }
  if (story.loop == story.steps.size()) text += "and nothing happens any more\n";
  return text;
}

}  // namespace bulkhead::story
