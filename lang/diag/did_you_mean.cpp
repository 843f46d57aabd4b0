#include <algorithm>
#include <cctype>
#include <numeric>

#include "lang/diag/diagnostic.h"

namespace bulkhead::diag {
namespace {

constexpr std::size_t kMaxWord = 64;  // longer words are not typing mistakes, and the distance costs their product

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`; letters that differ in case cost
/// nothing.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

}  // namespace

std::optional<std::string> did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty() || word.size() > kMaxWord) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    if (candidate == word || candidate.size() > kMaxWord) continue;
    const std::size_t longer = std::max(word.size(), candidate.size());
    const std::size_t allowed =
        longer <= 2 ? (lower(word[0]) == lower(candidate[0]) ? 1 : 0) : std::max<std::size_t>(1, longer / 3);
    const std::size_t found = distance(word, candidate);
    if (found > allowed || found >= longer) continue;
    if (!best || found < best_distance) {
      best = candidate;
      best_distance = found;
    }
  }
  return best;
}

}  // namespace bulkhead::diag
