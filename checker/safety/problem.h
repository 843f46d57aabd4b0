// A problem of another tool's format as it is decided: a machine, Horn clauses, or Horn clauses that are a machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "checker/interchange/read_horn.h"
#include "lang/base/result.h"

namespace bulkhead::safety {

enum class Format : std::uint8_t { Btor2, Horn };

struct Problem {
  Format format;
  std::string text;                             // Horn clauses as assertions: of the file, or what BTOR2 is in them
  std::optional<interchange::Clauses> clauses;  // of Horn clauses
  std::optional<interchange::Horn> machine;     // of BTOR2, and of linear clauses without arrays
};

/// `.btor2` and `.btor`; every other file is Horn clauses.
Format format_of(std::string_view file);

/// "safe", "unsafe"; of Horn clauses "sat", "unsat".
std::string_view answer_word(Format format, bool safe);

/// Fails with the place of what is not read: "4:17: ...", of BTOR2 "4: ...". From anywhere.
Result<Problem, std::string> read_problem(Format format, std::string text);

}  // namespace bulkhead::safety
