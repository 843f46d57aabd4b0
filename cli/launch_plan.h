// What a command line really starts: the program, its arguments, the script if there is one, and the runtime closure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lang/base/result.h"
#include "runtime-bridge/closure/closure.h"

namespace bulkhead::cli {

/// The folder in the sandbox that the script stands in, and the program's working folder.
inline constexpr const char* kWorkingFolder = "/work";
/// Where programs without a slash are looked up; the sandbox's PATH is the same.
inline constexpr const char* kSearchPath = "/usr/local/bin:/usr/bin:/bin";

struct PlacedScript {
  std::string path;  // in the sandbox
  std::string contents;
};

struct LaunchPlan {
  std::vector<std::string> command;  // command[0] is the resolved program
  std::optional<PlacedScript> script;
  closure::Closure closure;
};

/// Plans `command`. A first word that is a script (it begins with `#!`, or `interpreter` is given, or `needs_script`)
/// is read and placed in the working folder; its interpreter is `interpreter`, else what `#!` names, else
/// /usr/bin/python3. Python is started with -I -B.
///
/// Errors: ENOENT, EACCES, ENOEXEC, ELIBACC as runtime_closure; ENOEXEC where the interpreter is itself a script (a
/// shim).
enum class FirstWord { ProgramOrScript, Script };
Result<LaunchPlan> plan_launch(const std::vector<std::string>& command, const std::string& interpreter,
                               FirstWord first);

/// The closure and the script as policy text: a named set and an `extend container` that grants reading it. Executing
/// is not granted: the start is the runtime's own exec, and a later one needs a rule of the policy.
std::string closure_policy(const LaunchPlan& plan, const std::string& module, const std::string& container);

}  // namespace bulkhead::cli
