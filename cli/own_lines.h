// Where the sentences of a policy that was made in memory come from: the lines of the user's own file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime-bridge/table/table.h"

namespace bulkhead::cli {

/// One line of the text that was made, and the place that it was made from.
struct OwnLine {
  std::uint32_t line = 0;
  std::string file;  // "caps.json", "--grant"
  std::uint32_t own_line = 0;
  std::string pointer;  // "/capabilities/0/paths/1", or ""
};

struct OwnLines {
  std::string text_name;  // under which the text was loaded
  std::vector<OwnLine> lines;
};

/// Gives each sentence of `table` that stands on one of these lines the user's own place instead, so that a denial
/// names the file that the user wrote. Only provenance changes, never a decision.
void name_own_lines(table::Table& table, const OwnLines& own);

}  // namespace bulkhead::cli
