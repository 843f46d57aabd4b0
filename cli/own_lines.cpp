#include "cli/own_lines.h"

#include <algorithm>

namespace bulkhead::cli {

void name_own_lines(table::Table& table, const OwnLines& own) {
  for (table::Sentence& sentence : table.sentences) {
    if (sentence.file != own.text_name) continue;
    const auto found = std::find_if(own.lines.begin(), own.lines.end(),
                                    [&](const OwnLine& each) { return each.line == sentence.line; });
    if (found == own.lines.end()) continue;
    sentence.file = found->file;
    sentence.line = found->own_line;
    if (!found->pointer.empty()) sentence.text += "  (" + found->pointer + ")";
  }
}

}  // namespace bulkhead::cli
