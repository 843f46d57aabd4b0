#include "cli/text_edit.h"

#include <algorithm>
#include <string_view>

#include "lang/base/check.h"

namespace bulkhead::cli {
namespace {

constexpr std::size_t kContext = 3;
/// Of the table below; what differs in more places is written as one change.
constexpr std::size_t kMaxCells = std::size_t{1} << 24;

using Lines = std::vector<std::string_view>;  // each with its line end, if it has one

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::size_t length = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

/// ' ' stays, '-' goes, '+' comes.
struct Step {
  char sign;
  std::string_view line;
};

/// The middle that differs, by a longest common subsequence.
void compare(const Lines& before, const Lines& after, std::vector<Step>& steps) {
  const std::size_t rows = before.size(), columns = after.size();
  std::size_t i = 0, j = 0;
  if (rows != 0 && columns != 0 && (rows + 1) <= kMaxCells / (columns + 1)) {
    std::vector<std::uint32_t> common((rows + 1) * (columns + 1), 0);  // of what begins at row, column
    const auto at = [&](std::size_t row, std::size_t column) -> std::uint32_t& {
      return common[row * (columns + 1) + column];
    };
    for (std::size_t row = rows; row-- > 0;) {
      for (std::size_t column = columns; column-- > 0;) {
        at(row, column) = before[row] == after[column] ? at(row + 1, column + 1) + 1
                                                       : std::max(at(row + 1, column), at(row, column + 1));
      }
    }
    while (i < rows && j < columns) {
      if (before[i] == after[j]) {
        steps.push_back({' ', before[i++]});
        ++j;
      } else if (at(i + 1, j) >= at(i, j + 1)) {
        steps.push_back({'-', before[i++]});
      } else {
        steps.push_back({'+', after[j++]});
      }
    }
  }
  while (i < rows) steps.push_back({'-', before[i++]});
  while (j < columns) steps.push_back({'+', after[j++]});
}

std::vector<Step> steps_of(const Lines& before, const Lines& after) {
  std::size_t head = 0, tail = 0;
  const std::size_t shorter = std::min(before.size(), after.size());
  while (head < shorter && before[head] == after[head]) ++head;
  while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) ++tail;
  std::vector<Step> steps;
  for (std::size_t i = 0; i < head; ++i) steps.push_back({' ', before[i]});
  const auto middle = [&](const Lines& lines) {
    return Lines(lines.begin() + static_cast<std::ptrdiff_t>(head), lines.end() - static_cast<std::ptrdiff_t>(tail));
  };
  compare(middle(before), middle(after), steps);
  for (std::size_t i = before.size() - tail; i < before.size(); ++i) steps.push_back({' ', before[i]});
  return steps;
}

std::string range(std::size_t begin, std::size_t count) {
  // A range without lines is named by the line before it.
  return std::to_string(count == 0 ? begin : begin + 1) + (count == 1 ? "" : "," + std::to_string(count));
}

}  // namespace

std::string apply(const std::string& text, std::vector<Edit> edits) {
  std::sort(edits.begin(), edits.end(), [](const Edit& one, const Edit& other) { return one.begin < other.begin; });
  std::string out;
  std::size_t done = 0;
  for (const Edit& edit : edits) {
    BH_CHECK(edit.begin >= done && edit.begin <= edit.end && edit.end <= text.size(), "edits do not overlap");
    out += text.substr(done, edit.begin - done) + edit.text;
    done = edit.end;
  }
  return out + text.substr(done);
}

std::string unified_diff(const std::string& name, const std::string& before, const std::string& after) {
  if (before == after) return "";
  const std::vector<Step> steps = steps_of(lines_of(before), lines_of(after));
  std::string out = "--- " + name + "\n+++ " + name + "\n";
  std::size_t old_line = 0, new_line = 0;
  for (std::size_t i = 0; i < steps.size();) {
    if (steps[i].sign == ' ' &&
        std::none_of(steps.begin() + static_cast<std::ptrdiff_t>(i),
                     steps.begin() + static_cast<std::ptrdiff_t>(std::min(i + kContext + 1, steps.size())),
                     [](const Step& step) { return step.sign != ' '; })) {
      ++old_line, ++new_line, ++i;
      continue;
    }
    // To the last change before seven lines that stay.
    std::size_t end = i, quiet = 0;
    for (std::size_t at = i; at < steps.size() && quiet <= 2 * kContext; ++at) {
      quiet = steps[at].sign == ' ' ? quiet + 1 : 0;
      if (quiet == 0) end = at + 1;
    }
    end = std::min(end + kContext, steps.size());
    std::size_t old_count = 0, new_count = 0;
    std::string body;
    for (std::size_t at = i; at < end; ++at) {
      old_count += steps[at].sign != '+' ? 1 : 0;
      new_count += steps[at].sign != '-' ? 1 : 0;
      body += steps[at].sign + std::string(steps[at].line);
      if (steps[at].line.back() != '\n') body += "\n\\ No newline at end of file\n";
    }
    out += "@@ -" + range(old_line, old_count) + " +" + range(new_line, new_count) + " @@\n" + body;
    old_line += old_count;
    new_line += new_count;
    i = end;
  }
  return out;
}

}  // namespace bulkhead::cli
