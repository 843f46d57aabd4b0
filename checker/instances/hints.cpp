#include "checker/instances/hints.h"

#include <charconv>

namespace bulkhead::instances {
namespace {

/// " 17" at the front is taken off.
std::optional<std::size_t> number(std::string_view& text) {
  if (text.empty() || text.front() != ' ') return std::nullopt;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

/// Up to its semicolon, which is taken off as well.
std::optional<Hint> hint(std::string_view& text) {
  const char kind = text.front();
  text.remove_prefix(1);
  const auto quantified = number(text);
  if ((kind != 'w' && kind != 'i') || !quantified) return std::nullopt;
  Hint made{*quantified, kind == 'w'};
  while (!text.empty() && text.front() != ';') {
    const auto value = number(text);
    if (!value || made.witness) return std::nullopt;
    made.values.push_back(*value);
  }
  if (text.empty()) return std::nullopt;
  text.remove_prefix(1);
  return made;
}

}  // namespace

std::string write(const std::vector<Hint>& hints) {
  if (hints.empty()) return "-";
  std::string text;
  for (const Hint& hint : hints) {
    text += (hint.witness ? "w " : "i ") + std::to_string(hint.quantified);
    for (const std::size_t value : hint.values) text += " " + std::to_string(value);
    text += ";";
  }
  return text;
}

std::optional<std::vector<Hint>> read(std::string_view text) {
  std::vector<Hint> hints;
  if (text == "-") return hints;
  if (text.empty() || text.size() > kMostText) return std::nullopt;
  while (!text.empty()) {
    auto next = hint(text);
    if (!next || hints.size() == kMostHints) return std::nullopt;
    hints.push_back(std::move(*next));
  }
  return hints;
}

}  // namespace bulkhead::instances
