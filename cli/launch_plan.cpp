#include "cli/launch_plan.h"

#include <unistd.h>

#include <cerrno>

#include "lang/base/file.h"
#include "lang/ir/glob.h"

namespace bulkhead::cli {

namespace {

constexpr std::size_t kMaxScriptBytes = std::size_t{16} << 20;

std::string base_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// "#!/usr/bin/env python3 -u" -> {"python3", "-u"}; empty where there is no such line.
std::vector<std::string> shebang(const std::string& script) {
  if (script.rfind("#!", 0) != 0) return {};
  const std::string line = script.substr(2, script.find('\n') - 2);
  std::vector<std::string> words;
  std::size_t begin = 0;
  while ((begin = line.find_first_not_of(" \t\r", begin)) != std::string::npos) {
    const std::size_t end = std::min(line.find_first_of(" \t\r", begin), line.size());
    words.push_back(line.substr(begin, end - begin));
    begin = end;
  }
  if (words.size() > 1 && base_of(words[0]) == "env") {
    words.erase(words.begin());
    if (words[0] == "-S" && words.size() > 1) words.erase(words.begin());
  }
  return words;
}

bool has_slash(const std::string& word) {
  return word.find('/') != std::string::npos;
}

Result<closure::Closure> closure_of_interpreter(const std::string& interpreter) {
  Result<closure::Closure> found = closure::runtime_closure(interpreter, kSearchPath);
  if (!found.ok() && found.error().error == ENOEXEC) {
    return fail(SystemError{"use interpreter", interpreter, ENOEXEC,
                            "it is itself a script (a shim that starts the real one); name the real one with "
                            "--interpreter, for example /usr/bin/python3"});
  }
  return found;
}

/// Words between the interpreter and the script.
std::vector<std::string> interpreter_options(const std::string& program, const std::vector<std::string>& line) {
  std::vector<std::string> options;
  if (base_of(program).rfind("python", 0) == 0) options = {"-I", "-B"};
  for (std::size_t i = 1; i < line.size(); ++i) options.push_back(line[i]);
  return options;
}

Result<LaunchPlan> plan_script(const std::vector<std::string>& command, const std::string& interpreter,
                               std::string contents) {
  std::vector<std::string> line = shebang(contents);
  if (!interpreter.empty()) line = {interpreter};
  if (line.empty()) line = {"/usr/bin/python3"};
  Result<closure::Closure> found = closure_of_interpreter(line[0]);
  if (!found.ok()) return fail(found.error());
  LaunchPlan plan;
  plan.closure = std::move(*found);
  plan.command.push_back(plan.closure.program);
  for (std::string& option : interpreter_options(plan.closure.program, line)) plan.command.push_back(std::move(option));
  const std::string placed = std::string(kWorkingFolder) + "/" + base_of(command[0]);
  plan.command.push_back(placed);
  plan.command.insert(plan.command.end(), command.begin() + 1, command.end());
  plan.script = PlacedScript{placed, std::move(contents)};
  return plan;
}

/// A string literal of the language whose glob matches exactly `path`, followed by `suffix`.
std::string as_pattern(const std::string& path, const std::string& suffix) {
  std::string text = "\"";
  for (const char c : ir::escape_glob(path) + suffix) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

}  // namespace

Result<LaunchPlan> plan_launch(const std::vector<std::string>& command, const std::string& interpreter,
                               FirstWord first) {
  const std::string& word = command.at(0);
  if (first == FirstWord::Script || has_slash(word)) {
    Result<std::string> contents = read_file(word, kMaxScriptBytes);
    const bool too_large = !contents.ok() && contents.error().error == EFBIG;
    if (!contents.ok() && !(too_large && first == FirstWord::ProgramOrScript)) return fail(contents.error());
    const bool script =
        first == FirstWord::Script || !interpreter.empty() || (contents.ok() && contents->rfind("#!", 0) == 0);
    if (script && contents.ok() && contents->rfind("\177ELF", 0) == 0) {
      return fail(SystemError{"read script", word, ENOEXEC, "it is a program; `bulkhead run` starts programs"});
    }
    if (script) return plan_script(command, interpreter, std::move(*contents));
  }
  Result<closure::Closure> found = closure::runtime_closure(word, kSearchPath);
  if (!found.ok()) return fail(found.error());
  LaunchPlan plan;
  plan.closure = std::move(*found);
  plan.command = command;
  plan.command[0] = plan.closure.program;
  return plan;
}

std::string closure_policy(const LaunchPlan& plan, const std::string& module, const std::string& container) {
  std::vector<std::string> shown;
  for (const closure::Entry& entry : plan.closure.entries)
    shown.push_back(as_pattern(entry.path, entry.folder ? "/**" : ""));
  if (plan.script) shown.push_back(as_pattern(plan.script->path, ""));
  std::vector<std::string> probed;
  for (const closure::Probe& probe : plan.closure.probes)
    probed.push_back(as_pattern(probe.path, probe.folder ? "/**" : ""));
  const auto joined = [](const std::vector<std::string>& patterns) {
    std::string text;
    for (const std::string& pattern : patterns) text += (text.empty() ? "\n    " : ",\n    ") + pattern;
    return text;
  };
  return "module " + module + ";\nfile RuntimeClosure =" + joined(shown) + ";\nfile RuntimeProbes =" + joined(probed) +
         ";\nextend container " + container + " {\n    may read RuntimeClosure;\n    may read RuntimeProbes;\n}\n";
}

}  // namespace bulkhead::cli
